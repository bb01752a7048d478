"""The rules for messages whose sending came to no known end, one by one."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.faults import scene
from tests.server.dispatch.twin import DAY, NOW, OPTIONS, Signs, Twin, claim, codes, desk, let_pass
from vesal_server.dispatch import queries
from vesal_server.dispatch.doubts import ask
from vesal_server.dispatch.queries import Settlement
from vesal_server.dispatch.session import worker_session
from vesal_server.dispatch.worker import Worker
from vesal_server.gateways.base import Answer, Outcome
from vesal_server.kit.clock import FixedClock
from vesal_server.kit.db import Database


@pytest.fixture
def due(fresh_database: Database) -> Database:
    """Ten messages that are due."""
    scene.fill(fresh_database, 10, day=DAY, due=NOW)
    return fresh_database


def test_a_dead_session_s_messages_are_asked_about_at_once_and_believed_after_the_quiet_time(
    due: Database,
) -> None:
    twin = Twin()
    with worker_session(due) as dead:
        held = claim(dead)
        twin.held.update(one.message.reference for one in held[:4])
    with worker_session(due) as living:
        mine = desk(living, twin, FixedClock(NOW))
        assert ask(mine) == 10
        assert scene.statuses(due) == {"sent": 4, "sending": 6}
        assert ask(mine) == 0
        let_pass(OPTIONS.quiet_s + 0.1)
        assert ask(mine) == 6
        assert scene.statuses(due) == {"sent": 4, "planned": 6}
        Worker(mine).send_due()
    assert scene.statuses(due) == {"sent": 10}
    assert set(twin.held.values()) == {1}


def test_without_dedup_a_dead_session_s_wait_for_lease_time_out_and_quiet_time(due: Database) -> None:
    twin = Twin(dedup=False)
    with worker_session(due) as dead:
        claim(dead)
    with worker_session(due) as living:
        mine = desk(living, twin, FixedClock(NOW))
        assert ask(mine) == 0
        let_pass()
        assert ask(mine) == 10
    assert scene.statuses(due) == {"planned": 10}


def test_without_dedup_a_living_owner_s_are_never_sent_again(due: Database) -> None:
    signs = Signs()
    with worker_session(due) as sleeper, worker_session(due) as other:
        held = claim(sleeper)
        twin = Twin(dedup=False)
        twin.held.update(one.message.reference for one in held[:3])
        let_pass()
        ask(desk(other, twin, FixedClock(NOW), signs))
        # The sleeper wakes: neither its proof nor its word counts any more.
        ours, _ = queries.still_ours(sleeper[0], held, channel="sms", owner=sleeper[1], timeout_s=0)
        assert ours == []
        assert (
            queries.settle(
                sleeper[0], [Settlement(one, "failed") for one in held], owner=sleeper[1], now=NOW, quiet_s=1
            )
            == []
        )
    assert codes(due) == {("sent", None), ("unknown", "owner_alive")}
    assert signs.told == [("trouble", "unknown")]


def test_an_asker_that_dies_does_not_make_a_living_sender_forgotten(due: Database) -> None:
    twin = Twin(dedup=False)
    with worker_session(due) as sleeper:
        claim(sleeper)
        let_pass()
        with worker_session(due) as asker:
            taken = queries.take_doubts(
                asker[0],
                channel="sms",
                gateway="twin",
                owner=asker[1],
                dead=[],
                dedup=False,
                foreign_s=0.5,
                hold_s=0.2,
                size=50,
            )
            assert len(taken) == 10
        let_pass()
        with worker_session(due) as third:
            ask(desk(third, twin, FixedClock(NOW)))
    assert codes(due) == {("unknown", "owner_alive")}


def test_own_doubts_are_anybody_s_once_their_call_has_ended(due: Database) -> None:
    twin = Twin(dedup=False)
    twin.takes = False
    twin.instead = lambda messages: [Answer(Outcome.DOUBT, code="no_answer")] * len(messages)
    with worker_session(due) as busy, worker_session(due) as other:
        Worker(desk(busy, twin, FixedClock(NOW))).send_due()
        asking = desk(other, twin, FixedClock(NOW))
        assert ask(asking) == 0
        let_pass(OPTIONS.quiet_s + 0.1)
        # The sender lives and is at other work; its call is over, so nothing speaks against a second try.
        assert ask(asking) == 10
    assert codes(due) == {("planned", "never_seen")}


def test_no_answer_leaves_it_in_doubt_until_the_window_closes(due: Database) -> None:
    twin = Twin()
    twin.answers_questions = False
    with worker_session(due) as dead:
        claim(dead)
    clock = FixedClock(NOW)
    with worker_session(due) as living:
        mine = desk(living, twin, clock)
        ask(mine)
        assert codes(due) == {("sending", "no_answer")}
        clock.move(timedelta(hours=11, minutes=54))
        let_pass(OPTIONS.quiet_s + 0.1)
        ask(mine)
        assert codes(due) == {("sending", "no_answer")}
        # Five minutes before the gateway forgets: its clock need not be ours.
        clock.move(timedelta(minutes=2))
        let_pass(OPTIONS.quiet_s + 0.1)
        ask(mine)
    assert codes(due) == {("unknown", "too_late")}


def test_a_gateway_that_can_t_be_asked_gets_no_second_copy(due: Database) -> None:
    twin = Twin(dedup=False, lookup=None)
    with worker_session(due) as dead:
        claim(dead)
    let_pass()
    with worker_session(due) as living:
        ask(desk(living, twin, FixedClock(NOW)))
    assert codes(due) == {("unknown", "cannot_ask")}
    assert twin.calls == 0


def test_what_lies_with_a_gateway_that_is_gone_is_not_asked_of_another(due: Database) -> None:
    with worker_session(due) as dead:
        claim(dead)
    with due.transaction() as connection:
        connection.execute(text("UPDATE notification SET gateway = 'magfa'"))
    let_pass()
    signs = Signs()
    with worker_session(due) as living:
        assert ask(desk(living, Twin(), FixedClock(NOW), signs)) == 0
    assert codes(due) == {("unknown", "other_gateway")}
    assert signs.told == [("trouble", "unknown")]


def test_a_worker_gives_way_to_a_transaction_that_locks_its_messages(due: Database) -> None:
    """Of a deadlock with a cure or a changed workflow, the worker's statement is tried again, not the cure."""
    done = threading.Event()
    with worker_session(due) as mine:
        held = claim(mine)
        last, first = held[-1].id, held[0].id
        with due.transaction() as cure:
            lock = text("SELECT id FROM notification WHERE id = :id FOR UPDATE")
            cure.execute(lock, {"id": last})

            def settle() -> None:
                queries.settle(
                    mine[0], [Settlement(one, "sent") for one in held], owner=mine[1], now=NOW, quiet_s=1
                )
                done.set()

            thread = threading.Thread(target=settle)
            thread.start()
            let_pass(0.1)
            cure.execute(lock, {"id": first})
            assert not done.is_set()
        thread.join()
    assert scene.statuses(due) == {"sent": 10}
