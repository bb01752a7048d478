"""A page feed asks for what is in sight, keeps a bounded number of pages, and believes no stale answer."""

import random
from typing import Self

import pytest
from pytestqt.qtbot import QtBot

from tests.client.kit.lists import COLUMNS, MILLION, Held, Server
from vesal_client.kit.table.columns import shaper
from vesal_client.kit.table.feed import IN_FLIGHT, ON_THE_WAY_AT_MOST, QUIET_MS, PageFeed, Question
from vesal_client.wire.refusals import Unreachable


class Desk:
    """A feed with its server and its asker."""

    def __init__(self, kept: int = 60) -> None:
        self.server = Server()
        self.held = Held()
        self.feed = PageFeed(
            self.server.fetch, self.held, shaper(COLUMNS, lambda record: record.loan_no), kept=kept
        )

    def opened(self) -> Self:
        self.feed.ask(Question())
        self.held.answer_all()
        self.feed.want(0, 12)
        self.held.answer_all()
        return self

    def pages_asked(self) -> list[int]:
        """Pages asked for since the last call, 0 the first."""
        pages = [page - 1 for _, page in self.server.asked]
        self.server.asked.clear()
        return pages


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk().opened()


def test_the_first_page_brings_the_count_and_the_second_is_read_ahead(qtbot: QtBot) -> None:
    desk = Desk()
    desk.feed.ask(Question())
    assert desk.feed.waiting
    assert desk.feed.total == 0
    desk.held.answer()
    assert not desk.feed.waiting
    assert desk.feed.total == MILLION
    assert desk.feed.scope_total == MILLION
    desk.feed.want(0, 12)
    desk.held.answer_all()
    assert desk.pages_asked() == [0, 1]
    row = desk.feed.row(105)
    assert row is not None
    assert row.record.customer_name == "مشتری شماره 105"


def test_a_row_that_is_not_here_is_none_and_asks_nobody(desk: Desk) -> None:
    desk.pages_asked()
    assert desk.feed.row(777_777) is None
    assert desk.held.jobs == []
    assert desk.pages_asked() == []


def test_a_jump_asks_for_the_page_in_sight_first_and_its_neighbour_after(desk: Desk) -> None:
    desk.pages_asked()
    desk.feed.want(500_040, 500_052)
    desk.held.answer_all()
    assert desk.pages_asked() == [5000, 5001]


def test_a_view_across_two_pages_asks_for_the_one_that_fills_more_of_it_first(desk: Desk) -> None:
    desk.pages_asked()
    desk.feed.want(500_097, 500_120)
    desk.held.answer_all()
    assert desk.pages_asked()[:2] == [5001, 5000]


def test_while_the_view_jumps_about_nothing_is_asked_until_it_rests(desk: Desk, qtbot: QtBot) -> None:
    desk.pages_asked()
    for place in range(100_050, 900_000, 20_000):
        desk.feed.want(place, place + 12)
    desk.held.answer_all()
    # The first jump is answered at once; the others wait for the last one.
    assert desk.pages_asked() == [1000, 1001]
    qtbot.waitUntil(lambda: bool(desk.held.jobs), timeout=QUIET_MS * 50)
    desk.held.answer_all()
    assert desk.pages_asked() == [8800, 8801]


def test_going_backwards_reads_ahead_backwards(desk: Desk) -> None:
    desk.feed.want(500_050, 500_062)
    desk.held.answer_all()
    desk.pages_asked()
    desk.feed.want(500_020, 500_032)
    desk.held.answer_all()
    assert desk.pages_asked() == [4999]


def test_only_a_few_requests_are_on_their_way(desk: Desk, qtbot: QtBot) -> None:
    for place in (200_000, 400_000, 600_000, 800_000):
        desk.feed.want(place, place + 12)
        qtbot.wait(QUIET_MS * 2)
    assert len(desk.held.jobs) <= ON_THE_WAY_AT_MOST
    assert IN_FLIGHT < ON_THE_WAY_AT_MOST


def test_an_answer_to_an_older_question_is_dropped(desk: Desk) -> None:
    desk.feed.ask(Question(q="علی"))
    desk.feed.ask(Question(q="علیر"))
    desk.held.answer(1)
    assert desk.feed.total == MILLION // 2
    assert not desk.feed.waiting
    desk.server.total = 10
    desk.held.answer(0)
    assert desk.feed.total == MILLION // 2


def test_old_rows_stay_until_the_answer_to_the_new_question_is_here(desk: Desk) -> None:
    desk.feed.ask(Question(sort="-overdue_amount"))
    row = desk.feed.row(0)
    assert row is not None
    assert row.record.customer_name == "مشتری شماره 0"
    desk.held.answer_all()
    row = desk.feed.row(0)
    assert row is not None
    assert row.record.customer_name == f"مشتری شماره {MILLION - 1}"


def test_pages_longest_unseen_are_forgotten(qtbot: QtBot) -> None:
    desk = Desk(kept=8).opened()
    for place in range(0, 5_000, 50):
        desk.feed.want(place, place + 12)
        desk.held.answer_all()
    assert len(desk.feed.loaded()) == 8
    assert desk.feed.row(0) is None
    assert desk.feed.row(4_960) is not None


def test_a_refresh_keeps_rows_in_sight_and_reads_only_what_is_seen(desk: Desk) -> None:
    desk.feed.want(340, 352)
    desk.held.answer_all()
    desk.pages_asked()
    desk.feed.refresh()
    assert desk.feed.row(345) is not None
    assert not desk.feed.waiting
    desk.held.answer_all()
    assert desk.pages_asked() == [3, 4]


def test_a_count_that_changed_is_told_and_pages_beyond_the_end_go(desk: Desk) -> None:
    told: list[tuple[int, int]] = []
    desk.feed.counted.connect(lambda old, new: told.append((old, new)))
    desk.server.total = 150
    desk.feed.refresh()
    desk.held.answer_all()
    assert told[0] == (MILLION, 150)
    assert desk.feed.total == 150
    assert max(desk.feed.loaded()) == 1


def test_a_question_that_fails_says_why_and_is_asked_again(desk: Desk, qtbot: QtBot) -> None:
    desk.server.broken = True
    desk.feed.ask(Question(q="رضا"))
    desk.held.answer_all()
    assert isinstance(desk.feed.problem, Unreachable)
    assert desk.feed.retry_ms > 0
    desk.server.broken = False
    desk.feed.retry()
    desk.held.answer_all()
    assert desk.feed.problem is None
    assert desk.feed.total == MILLION // 2


def test_pauses_between_tries_grow(desk: Desk) -> None:
    desk.server.broken = True
    desk.feed.ask(Question(q="رضا"))
    desk.held.answer_all()
    first = desk.feed.retry_ms
    desk.feed.retry()
    desk.held.answer_all()
    assert desk.feed.retry_ms > first


def test_a_page_that_fails_leaves_the_others_and_is_not_hammered(desk: Desk) -> None:
    problems: list[Exception] = []
    desk.feed.page_failed.connect(problems.append)
    desk.server.broken = True
    desk.pages_asked()
    desk.feed.want(500_000, 500_012)
    desk.held.answer_all()
    assert desk.pages_asked() == [5000, 5001, 4999][: len(problems)]
    assert desk.feed.problem is None
    assert desk.feed.row(5) is not None
    desk.feed.want(500_001, 500_013)
    assert desk.held.jobs == []
    desk.server.broken = False
    desk.feed.retry()
    desk.held.answer_all()
    assert desk.feed.row(500_005) is not None


def test_any_walk_over_a_million_rows_ends_with_the_rows_in_sight(qtbot: QtBot) -> None:
    chance = random.Random(7)
    desk = Desk(kept=10).opened()
    place = 0
    for _ in range(300):
        far = chance.random() < 0.2
        place = chance.randrange(MILLION - 40) if far else min(MILLION - 40, place + chance.randrange(40))
        desk.feed.want(place, place + 30)
        if chance.random() < 0.5 and desk.held.jobs:
            desk.held.answer(chance.randrange(len(desk.held.jobs)))
    qtbot.wait(QUIET_MS * 3)
    desk.held.answer_all()
    for number in range(place, place + 31):
        row = desk.feed.row(number)
        assert row is not None
        assert row.record.loan_no == f"6140-307-{1_000_000 + number}-1"
    assert len(desk.feed.loaded()) <= 10
