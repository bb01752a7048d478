"""A state machine that lets a bank take made-up feeds night after night, and an oracle say what must come of it."""

from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.server.intake.oracle import Bank, Cell, CustomerRow, FacilityRow, Feed, PairRow
from tests.server.intake.world import (
    BRANCHES,
    DAY,
    LOAN_TYPES,
    expected,
    files_of,
    foretold,
    set_setting,
    stored,
    told,
    world,
)
from vesal_server.kit.db import Database


def plain(*values: str) -> list[Cell]:
    return [Cell(value, value) for value in values]


EMPTY = [Cell("", ""), Cell("  ", "")]
PEOPLE = [Cell("101", "101"), Cell("۱۰۲", "102"), Cell(" 103", "103"), Cell("٠104", "0104")]
NOBODY = [*EMPTY, Cell("10x", None), Cell("999", "999")]
LOANS = [Cell("L-1", "L-1"), Cell("L-۲", "L-2"), Cell("L-3 ", "L-3"), Cell("L/٤", "L/4"), Cell("L-5", "L-5")]
LAST_NAMES = [
    *plain("نمونه", "علی‌زاده"),
    Cell("يزدي", "یزدی"),
    Cell("كـريمي  پور", "کریمی پور"),
    Cell("", ""),
]
MOBILES = [
    Cell("09121111111", "09121111111"), Cell("+989122222222", "09122222222"), Cell("۰۹۱۲۳۳۳۳۳۳۳", "09123333333"),
    Cell("12", "12"), Cell("", ""),
]  # fmt: skip
BRANCH = [*plain("6140", "6145", "6150"), Cell("٦١٤٠", "6140")]
KIND = plain("307", "308")
DAYS = [
    Cell(raw, means) for raw, means in (("0", 0), ("1", 1), ("3", 3), ("۳۰", 30), ("31.000", 31), ("45", 45))
]
AMOUNTS = [Cell("1000000", 1000000), Cell("2500000.0000", 2500000), Cell("۷۰", 70)]
BAD_NUMBERS = [
    Cell(raw, None) for raw in ("1,000", "1.5", "-5", "1e3", "x", "5.", "12 3", "99999999999999999999")
]
UNPAID = [
    *[Cell("", "")] * 4, Cell("2026-10-05", date(2026, 10, 5)), Cell("1405/08/20", date(2026, 11, 11)),
    Cell("1405/13/01", None),
]  # fmt: skip
#: Mostly as it should be.
WIDTH = st.sampled_from([0] * 15 + [1, -1])


def mostly(good: list[Cell], bad: list[Cell], parts: int = 12) -> st.SearchStrategy[Cell]:
    return st.sampled_from(good * max(1, parts // max(1, len(good)) + 1) + bad)


CUSTOMER = st.builds(
    CustomerRow, mostly(PEOPLE, NOBODY[:3]), st.sampled_from(LAST_NAMES), st.sampled_from(MOBILES), WIDTH
)
FACILITY = st.builds(
    FacilityRow,
    mostly(LOANS, EMPTY[:1], 15),
    mostly(PEOPLE, NOBODY, 20),
    mostly(BRANCH, [*EMPTY, Cell("77", "77")], 20),
    mostly(KIND, [Cell("", ""), Cell("9", "9")], 20),
    mostly(DAYS, [*EMPTY, *BAD_NUMBERS[2:4]], 24),
    mostly(AMOUNTS, [*EMPTY, *BAD_NUMBERS], 60),
    st.sampled_from(UNPAID),
    WIDTH,
)
PAIR = st.builds(PairRow, mostly(LOANS, EMPTY[:1], 20), mostly(PEOPLE, NOBODY, 20), WIDTH)
FEED = st.tuples(
    st.sampled_from([0, 0, 1, 1, 1, 2, 6, -1]),
    st.lists(CUSTOMER, max_size=5),
    st.lists(FACILITY, max_size=7),
    st.lists(PAIR, max_size=5),
    st.booleans(),
)


class Nights(RuleBasedStateMachine):
    """Feeds in a row, the same ones again now and then; set `database` before it runs."""

    database: ClassVar[Database]
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.world = self._stack.enter_context(world(self.database))
        self.bank = Bank(BRANCHES, LOAN_TYPES)
        self.last_files: tuple[date, dict[str, bytes], bool] | None = None
        self.as_of = DAY
        #: What every feed was, for whoever has to find out why one was judged wrong.
        self.history: list[str] = []

    def teardown(self) -> None:
        self._stack.close()

    @initialize(percent=st.sampled_from([5, 34, 100, 100]), ratio=st.sampled_from([0, 50]))
    def configure(self, percent: int, ratio: int) -> None:
        set_setting(self.world.connection, "feed.max_bad_percent", percent)
        set_setting(self.world.connection, "feed.min_ratio_percent", ratio)
        self.bank.percent, self.bank.ratio = percent, ratio
        everybody = tuple(CustomerRow(cell, LAST_NAMES[0], MOBILES[0]) for cell in PEOPLE)
        self._take(Feed(DAY, everybody, (), ()), force=False)

    @rule(drawn=FEED)
    def night(self, drawn: tuple[int, list[CustomerRow], list[FacilityRow], list[PairRow], bool]) -> None:
        step, customers, facilities, pairs, force = drawn
        as_of = (self.bank.last or self.as_of) + timedelta(days=step)
        self._take(Feed(as_of, tuple(customers), tuple(facilities), tuple(pairs)), force=force)

    @rule()
    def again(self) -> None:
        if self.last_files is None:
            return
        as_of, files, force = self.last_files
        before = self.world.dump()
        result = self.world.take_files(as_of, files, force=force)
        assert result.status == "unchanged", result
        assert (result.customers.new, result.facilities.new, result.guarantors.new, result.cured) == (
            0,
            0,
            0,
            0,
        )
        assert (result.customers.changed, result.facilities.changed) == (0, 0)
        assert self.world.dump() == before

    def _take(self, feed: Feed, *, force: bool) -> None:
        type(self).steps += 1
        self.world.clock.set(self.world.clock.now() + timedelta(days=10))
        files = files_of(feed)
        answer = self.bank.take(feed, force=force)
        before: dict[str, Any] = {} if answer.status == "taken" else self.world.dump()
        result = self.world.take_files(feed.as_of, files, force=force)
        self.history.append(f"{feed.as_of} {answer.status}: {feed.facilities}")
        same(told(result), foretold(answer), self.history)
        if answer.status == "taken":
            self.last_files = (feed.as_of, files, force)
        else:
            assert self.world.dump() == before
        if self.bank.last is not None:
            same(stored(self.world), expected(self.bank), self.history)


def same(ours: dict[str, Any], right: dict[str, Any], history: list[str]) -> None:
    """Fail with just what differs, and the feeds that brought it."""
    differs = [f"{key}: {ours[key]!r}, should be {right[key]!r}" for key in right if ours[key] != right[key]]
    assert not differs, "\n".join([*differs, *history])
