"""The rules of «The feed» and «Episodes» once more, in plain Python over small feeds; shares no code with the server.

A feed is made of cells: what stands in the file, and what it means once read (None: it can't be read, '' or
an empty meaning: it is empty). So the oracle needs no reading of text at all.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple


class Cell(NamedTuple):
    """A field of a file and what it means."""

    raw: str
    means: object

    @property
    def empty(self) -> bool:
        return self.means == ""

    @property
    def bad(self) -> bool:
        return self.means is None


@dataclass(frozen=True)
class CustomerRow:
    number: Cell
    last_name: Cell
    mobile: Cell
    #: Fields more or fewer than the header.
    odd_width: int = 0


@dataclass(frozen=True)
class FacilityRow:
    loan: Cell
    customer: Cell
    branch: Cell
    kind: Cell
    days: Cell
    amount: Cell
    unpaid: Cell
    odd_width: int = 0


@dataclass(frozen=True)
class PairRow:
    loan: Cell
    customer: Cell
    odd_width: int = 0


@dataclass(frozen=True)
class Feed:
    as_of: date
    customers: tuple[CustomerRow, ...]
    facilities: tuple[FacilityRow, ...]
    pairs: tuple[PairRow, ...]


@dataclass
class Episode:
    opened_on: date
    closed_on: date | None = None
    reason: str | None = None


@dataclass
class Loan:
    customer: str
    branch: str
    kind: str
    days: int
    amount: int
    unpaid: date | None
    state_on: date
    episodes: list[Episode] = field(default_factory=list)
    written_off: bool = False

    @property
    def open(self) -> Episode | None:
        return next((one for one in self.episodes if one.closed_on is None), None)


@dataclass
class Counts:
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0


@dataclass
class Answer:
    status: str
    customers: Counts = field(default_factory=Counts)
    facilities: Counts = field(default_factory=Counts)
    pairs: Counts = field(default_factory=Counts)
    cured: int = 0
    set_aside: list[tuple[str, int]] = field(default_factory=list)


class Bank:
    """What the bank's picture should be after each feed."""

    def __init__(self, branches: dict[str, str], kinds: set[str], percent: int = 5, ratio: int = 50) -> None:
        self.branches = branches
        self.kinds = kinds
        self.percent = percent
        self.ratio = ratio
        self.last: date | None = None
        self.last_loans = 0
        self.people: dict[str, tuple[object, object]] = {}
        self.loans: dict[str, Loan] = {}
        #: Pair to whether it holds.
        self.pairs: dict[tuple[str, str], bool] = {}
        #: Loans that had an open episode before the first feed of the last date.
        self.open_before: set[str] = set()

    def take(self, feed: Feed, *, force: bool = False) -> Answer:
        if self.last is not None and feed.as_of < self.last:
            return Answer("refused")
        read = _Reading(self, feed)
        if read.bad * 100 > read.rows * self.percent:
            return Answer("refused")
        numbers = {row.loan.means for row in feed.facilities if not row.odd_width and not row.loan.empty}
        if self.last is not None and len(numbers) * 100 < self.last_loans * self.ratio and not force:
            return Answer("refused")
        return self._merge(feed, read, numbers)

    def _merge(self, feed: Feed, read: "_Reading", numbers: set[object]) -> Answer:
        corrects = feed.as_of == self.last
        answer = Answer("taken", set_aside=sorted(read.set_aside, key=lambda one: (_ORDER[one[0]], one[1])))
        if not corrects:
            self.open_before = {loan for loan, held in self.loans.items() if held.open}
        effect = not corrects
        effect |= self._people(read, answer)
        effect |= self._come(feed.as_of, corrects, read, answer)
        waits = any(row.odd_width or row.loan.empty for row in feed.facilities)
        left: set[str] = set()
        if not waits:
            left = {loan for loan, held in self.loans.items() if loan not in numbers}
            effect |= self._leave(feed.as_of, corrects, left, answer)
        effect |= self._pair_up(feed, read, left, numbers, answer)
        for file, counts in (
            ("customers.csv", answer.customers), ("facilities.csv", answer.facilities), ("guarantors.csv", answer.pairs),
        ):  # fmt: skip
            counts.rejected = sum(1 for one, _ in read.set_aside if one == file)
        if effect:
            self.last, self.last_loans = feed.as_of, len(numbers)
        else:
            answer.status = "unchanged"
        return answer

    def _people(self, read: "_Reading", answer: Answer) -> bool:
        for number, values in read.people.items():
            if number not in self.people:
                answer.customers.new += 1
            elif self.people[number] != values:
                answer.customers.changed += 1
            else:
                answer.customers.unchanged += 1
            self.people[number] = values
        return bool(answer.customers.new or answer.customers.changed)

    def _come(self, as_of: date, corrects: bool, read: "_Reading", answer: Answer) -> bool:
        effect = False
        for number, row in read.loans.items():
            held = self.loans.get(number)
            now = _loan(row, as_of, self.branches)
            if held is None:
                answer.facilities.new += 1
                now.episodes.append(Episode(as_of))
                self.loans[number] = now
                effect = True
                continue
            back = held.open is None and not held.written_off
            if back:
                self._return(held, now, as_of, corrects)
            differs = _values(held) != _values(now) or not _same_days(held, now)
            if back or differs:
                answer.facilities.changed += 1
            else:
                answer.facilities.unchanged += 1
            # A state that was an older one is of this feed again: that is written too, though nothing differs.
            effect |= back or differs or (held.state_on != self.last and self.last == as_of)
            now.episodes, now.written_off = held.episodes, held.written_off
            self.loans[number] = now
        return effect

    def _return(self, held: Loan, now: Loan, as_of: date, corrects: bool) -> None:
        last = held.episodes[-1]
        assert last.closed_on is not None
        first_unpaid = now.unpaid or as_of - timedelta(days=now.days)
        undone = corrects and last.reason == "cured" and last.closed_on == as_of
        if first_unpaid < last.closed_on or undone:
            last.closed_on = last.reason = None
        else:
            held.episodes.append(Episode(as_of))

    def _leave(self, as_of: date, corrects: bool, left: set[str], answer: Answer) -> bool:
        effect = False
        for number in left:
            held = self.loans[number]
            episode = held.open
            if episode is None:
                continue
            effect = True
            mistake = corrects and episode.opened_on == as_of
            episode.closed_on, episode.reason = as_of, "feed_error" if mistake else "cured"
            if not corrects or (number in self.open_before and not mistake):
                answer.cured += 1
        return effect

    def _pair_up(
        self, feed: Feed, read: "_Reading", left: set[str], numbers: set[object], answer: Answer
    ) -> bool:
        effect = False
        for pair in read.pairs:
            if self.pairs.get(pair):
                answer.pairs.unchanged += 1
            else:
                answer.pairs.new += 1
                effect = True
            self.pairs[pair] = True
        unreadable = any(row.odd_width or row.loan.empty or row.customer.empty for row in feed.pairs)
        stand = {(row.loan.means, row.customer.means) for row in feed.pairs if not row.odd_width}
        for pair, holds in self.pairs.items():
            if not holds:
                continue
            gone = pair[0] in left
            missing = pair not in stand and pair[0] in numbers and not unreadable
            if gone or missing:
                self.pairs[pair] = False
                effect = True
        return effect


_ORDER = {"customers.csv": 0, "facilities.csv": 1, "guarantors.csv": 2}


def _loan(row: FacilityRow, as_of: date, branches: dict[str, str]) -> Loan:
    days, amount = row.days.means, row.amount.means
    assert isinstance(days, int)
    assert isinstance(amount, int)
    unpaid = row.unpaid.means if isinstance(row.unpaid.means, date) else None
    return Loan(
        str(row.customer.means), branches[str(row.branch.means)], str(row.kind.means), days, amount, unpaid, as_of
    )  # fmt: skip


def _values(loan: Loan) -> tuple[object, ...]:
    return loan.customer, loan.branch, loan.kind, loan.amount, loan.unpaid


def _same_days(held: Loan, now: Loan) -> bool:
    """Equal days, and days that rose by just the days in between."""
    return now.days in {held.days, held.days + (now.state_on - held.state_on).days}


class _Reading:
    """Which rows of a feed are good, which are set aside, and how many of these are bad in themselves."""

    def __init__(self, bank: Bank, feed: Feed) -> None:
        self.bank = bank
        self.people: dict[str, tuple[object, object]] = {}
        self.loans: dict[str, FacilityRow] = {}
        self.pairs: set[tuple[str, str]] = set()
        self.set_aside: list[tuple[str, int]] = []
        self.bad = 0
        self.rows = len(feed.customers) + len(feed.facilities) + len(feed.pairs)
        self._lost_people: Counter[object] = Counter()
        self._lost_loans: Counter[object] = Counter()
        self._read_people(feed)
        self._read_loans(feed)
        self._read_pairs(feed)

    def _put(self, file: str, line: int, *, itself: bool = True) -> None:
        self.set_aside.append((file, line))
        self.bad += itself

    def _known(self, number: object) -> bool:
        return number in self.people or number in self.bank.people

    def _read_people(self, feed: Feed) -> None:
        for line, row in enumerate(feed.customers, 2):
            number = row.number
            if row.odd_width or number.empty or number.bad or number.means in self.people:
                self._put("customers.csv", line)
                if number.bad:
                    self._lost_people[number.raw] += 1
                elif not number.empty:
                    self._lost_people[number.means] += 1
            else:
                self.people[str(number.means)] = (row.last_name.means, row.mobile.means)

    def _read_loans(self, feed: Feed) -> None:
        for line, row in enumerate(feed.facilities, 2):
            if row.odd_width:
                self._put("facilities.csv", line)
                continue
            cells = (row.loan, row.customer, row.branch, row.kind, row.days, row.amount)
            wrong = (
                any(cell.empty for cell in cells)
                or row.days.bad
                or row.amount.bad
                or row.unpaid.bad
                or row.branch.means not in self.bank.branches
                or row.kind.means not in self.bank.kinds
            )
            number = row.customer.raw if row.customer.bad else row.customer.means
            if wrong:
                self._put("facilities.csv", line)
            elif not self._known(number):
                self._put("facilities.csv", line, itself=number not in self._lost_people)
            elif row.loan.means in self.loans:
                self._put("facilities.csv", line)
                continue
            else:
                self.loans[str(row.loan.means)] = row
                continue
            self._lost_loans[row.loan.means] += 1

    def _read_pairs(self, feed: Feed) -> None:
        for line, row in enumerate(feed.pairs, 2):
            if row.odd_width or row.loan.empty or row.customer.empty:
                self._put("guarantors.csv", line)
                continue
            facility = self.loans.get(str(row.loan.means))
            itself = False
            if facility is None:
                itself = row.loan.means not in self._lost_loans
            elif facility.customer.means == row.customer.means:
                itself = True
            known = self._known(row.customer.means)
            number = row.customer.raw if row.customer.bad else row.customer.means
            if not known and number not in self._lost_people:
                itself = True
            if facility is None or not known or facility.customer.means == row.customer.means:
                self._put("guarantors.csv", line, itself=itself)
            else:
                self.pairs.add((str(row.loan.means), str(row.customer.means)))
