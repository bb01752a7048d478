"""Planning once more, in plain Python and with nothing of the product: what the property test holds it against."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone

TEHRAN = timezone(timedelta(hours=3, minutes=30))
LETTERS = ("introduction_letter", "warning", "declaration")
CHANNELS = ("sms", "call", "email", *LETTERS)
ROLES = ("borrower", "guarantor")


@dataclass
class Person:
    number: str
    #: Customer numbers with the same valid national id are one person.
    identity: str
    mobile: str = ""
    mobile_ok: bool = True
    email_ok: bool = True
    address: str = "تهران"


@dataclass
class Loan:
    number: str
    borrower: Person
    guarantors: list[Person]
    branch: str
    loan_type: str
    #: Overdue days as of `state_on`, as the feed gave them.
    days: int
    state_on: date
    amount: int
    episode: int | None = 1


@dataclass(frozen=True)
class Flow:
    title: str
    loan_types: tuple[str, ...]
    first: int
    last: int
    minimum: int
    branches: tuple[str, ...] | None
    channels: tuple[str, ...]
    roles: tuple[str, ...]
    per_day: int
    start: time
    minutes: int
    every: int
    after: int | None
    enabled: bool


@dataclass
class Row:
    """A line of the CSV, and what the oracle remembers about it."""

    flow: str
    loan: str
    channel: str
    role: str
    person: Person
    repeat: int
    due: datetime
    day: date
    status: str
    reason: str | None
    #: Letters only: issued, served …; and when the outcome was.
    letter: str = ""
    outcome_on: date | None = None
    serial: int = 0

    def line(self) -> tuple[str, ...]:
        return (
            self.flow, self.loan, self.channel, self.role, self.person.number, str(self.repeat),
            self.due.isoformat(), self.status, self.reason or "",
        )  # fmt: skip


@dataclass
class World:
    """A bank and all its rules, as domain.md tells them."""

    loans: list[Loan] = field(default_factory=list)
    flows: dict[str, Flow] = field(default_factory=dict)
    as_of: date | None = None
    stale_days: int = 3
    cap: int | None = None
    skip_promised: bool = False
    #: (loan, since, until)
    holds: list[tuple[str, date, date]] = field(default_factory=list)
    promised: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    dead: set[str] = field(default_factory=set)
    wrong: dict[str, str] = field(default_factory=dict)
    #: (day, province or None, no_messages)
    holidays: list[tuple[date, str | None, bool]] = field(default_factory=list)
    provinces: dict[str, str] = field(default_factory=dict)
    planned_days: set[date] = field(default_factory=set)
    messages: dict[tuple[object, ...], Row] = field(default_factory=dict)
    letters: dict[tuple[object, ...], Row] = field(default_factory=dict)
    serial: int = 0

    def csv(self, day: date) -> list[tuple[str, ...]]:
        return sorted(
            row.line() for row in (*self.messages.values(), *self.letters.values()) if row.day == day
        )

    def effective(self, loan: Loan, day: date) -> int:
        return loan.days + (day - loan.state_on).days

    def applies(self, flow: Flow, loan: Loan, day: date) -> bool:
        return (
            loan.episode is not None
            and loan.days > 0
            and loan.loan_type in flow.loan_types
            and flow.first <= self.effective(loan, day) <= flow.last
            and loan.amount >= flow.minimum
            and (flow.branches is None or loan.branch in flow.branches)
        )

    def stale(self, day: date) -> bool:
        return self.as_of is None or (day - self.as_of).days > self.stale_days

    def plan(self, day: date, *, only: str | None = None, not_before: datetime | None = None) -> None:
        if self.stale(day):
            return
        if only is None:
            self.planned_days.add(day)
        found: list[tuple[Flow, Loan, str, str, Person]] = []
        for flow in self.flows.values():
            if not flow.enabled or only not in {None, flow.title}:
                continue
            for loan in self.loans:
                if self.applies(flow, loan, day):
                    people = {
                        "borrower": [loan.borrower],
                        "guarantor": list({one.identity: one for one in loan.guarantors}.values()),
                    }
                    found += [
                        (flow, loan, channel, role, person)
                        for channel in flow.channels
                        for role in flow.roles
                        for person in people[role]
                    ]
        self._plan_messages(day, found, not_before)
        self._plan_letters(day, found)

    def _plan_messages(
        self, day: date, found: list[tuple[Flow, Loan, str, str, Person]], not_before: datetime | None
    ) -> None:
        fresh: list[tuple[tuple[object, ...], Row, Loan]] = []
        for flow, loan, channel, role, person in found:
            if channel in LETTERS or (self.effective(loan, day) - flow.first) % flow.every:
                continue
            for repeat in range(flow.per_day):
                key: tuple[object, ...] = (
                    loan.number, flow.title, channel, role, person.identity, day, repeat,
                )  # fmt: skip
                old = self.messages.get(key)
                due = self._due(day, flow, repeat)
                if not_before is not None and due < not_before:
                    continue
                if old is not None and not self._may_come_back(old):
                    continue
                reason = self._reason(loan, person, channel, day)
                row = Row(flow.title, loan.number, channel, role, person, repeat, due, day, "", reason)
                fresh.append((key, row, loan))
        self._cap(day, fresh)
        for key, row, _ in fresh:
            self.messages[key] = row

    def _cap(self, day: date, fresh: list[tuple[tuple[object, ...], Row, Loan]]) -> None:
        """Judge the daily cap one message after the other, in its order."""
        used: dict[tuple[str, str], int] = {}

        def budgets(row: Row) -> list[tuple[str, str]]:
            mobile = [] if row.channel == "email" else [("mobile", row.person.mobile)]
            return [("person", row.person.identity), *mobile]

        for row in self.messages.values():
            if row.day == day and row.status not in {"suppressed", "cancelled"}:
                for budget in budgets(row):
                    used[budget] = used.get(budget, 0) + 1
        fresh.sort(
            key=lambda one: (
                one[1].repeat, -self.effective(one[2], day), -one[2].amount, one[2].number, one[1].channel,
                one[1].role, one[1].person.number,
            )
        )  # fmt: skip
        for _, row, _ in fresh:
            full = self.cap is not None and any(used.get(one, 0) >= self.cap for one in budgets(row))
            if row.reason is None and full:
                row.reason = "daily_cap"
            row.status = "suppressed" if row.reason else "planned"
            if row.reason is None:
                for budget in budgets(row):
                    used[budget] = used.get(budget, 0) + 1

    def _plan_letters(self, day: date, found: list[tuple[Flow, Loan, str, str, Person]]) -> None:
        order = sorted(
            (one for one in found if one[2] in LETTERS),
            key=lambda one: (one[1].number, LETTERS.index(one[2]), one[3], one[4].number),
        )
        for flow, loan, channel, role, person in order:
            key: tuple[object, ...] = (
                loan.number, loan.episode, flow.title, channel, role, person.identity,
            )  # fmt: skip
            old = self.letters.get(key)
            if old is not None and (
                old.day > day or not (old.status == "suppressed" or self._may_come_back(old))
            ):
                continue
            reason = self._reason(loan, person, channel, day, flow=flow)
            self.serial += 1
            self.letters[key] = Row(
                flow.title, loan.number, channel, role, person, 0, self._due(day, flow, 0), day,
                "suppressed" if reason else "planned", reason,
                letter="" if reason else "issued", serial=self.serial,
            )  # fmt: skip

    @staticmethod
    def _due(day: date, flow: Flow, repeat: int) -> datetime:
        return datetime.combine(day, flow.start, TEHRAN) + timedelta(minutes=repeat * flow.minutes)

    @staticmethod
    def _may_come_back(row: Row) -> bool:
        return (
            row.status == "cancelled"
            and row.reason in {"workflow_changed", "no_longer_applies", "cured"}
            and not row.letter
        )

    def _reason(
        self, loan: Loan, person: Person, channel: str, day: date, *, flow: Flow | None = None
    ) -> str | None:
        on_paper = channel in LETTERS
        wrong = self.wrong.get(person.identity)
        checks = {
            "hold": any(one == loan.number and since <= day <= until for one, since, until in self.holds),
            "do_not_contact": person.identity in self.dead
            or (person.identity in self.silent and not on_paper),
            "promise": self.skip_promised and loan.number in self.promised,
            "no_mobile": channel in {"sms", "call"} and (not person.mobile_ok or wrong == person.mobile),
            "no_email": channel == "email" and not person.email_ok,
            "no_address": on_paper and not person.address,
            "earlier_letter": flow is not None and self._too_early(flow, loan, person, channel, day),
            "holiday": self._rests(loan, channel, day),
        }
        return next((reason for reason, holds in checks.items() if holds), None)

    def _too_early(self, flow: Flow, loan: Loan, person: Person, channel: str, day: date) -> bool:
        if channel == "introduction_letter" or flow.after is None:
            return False
        warnings = [
            row
            for key, row in self.letters.items()
            if key[:2] == (loan.number, loan.episode)
            and key[3] == "warning"
            and row.person.identity == person.identity
            and row.letter not in {"", "void"}
        ]
        if not warnings:
            return False
        last = max(warnings, key=lambda row: (row.day, row.serial))
        if last.letter in {"issued", "printed"}:
            return True
        assert last.outcome_on is not None
        return (day - last.outcome_on).days < flow.after

    def _rests(self, loan: Loan, channel: str, day: date) -> bool:
        province = self.provinces[loan.branch]
        here = [quiet for on, where, quiet in self.holidays if on == day and where in {None, province}]
        if channel in {"sms", "email"}:
            return any(here)
        return bool(here) or day.isoweekday() == 5

    # What happens between two plannings

    def change_flow(self, flow: Flow, today: date, now: datetime) -> None:
        self.flows[flow.title] = flow
        for row in self.messages.values():
            if row.flow == flow.title and row.day >= today and row.status in {"planned", "suppressed"}:
                row.status, row.reason = "cancelled", "workflow_changed"
        for row in self.letters.values():
            if row.flow == flow.title and row.status == "suppressed":
                row.status, row.reason = "cancelled", "workflow_changed"
        for day in sorted(self.planned_days):
            if day >= today:
                self.plan(day, only=flow.title, not_before=now)

    def no_longer_applies(self, today: date) -> None:
        for row in self.messages.values():
            if row.day < today or row.status != "planned":
                continue
            loan = next(one for one in self.loans if one.number == row.loan)
            people = [loan.borrower] if row.role == "borrower" else loan.guarantors
            stands = any(one.identity == row.person.identity for one in people)
            if not stands or not self.applies(self.flows[row.flow], loan, row.day):
                row.status, row.reason = "cancelled", "no_longer_applies"

    def cure(self, loan: Loan, today: date) -> None:
        for row in self.messages.values():
            if row.loan == loan.number and row.day >= today and row.status == "planned":
                row.status, row.reason = "cancelled", "cured"
        for key, row in self.letters.items():
            if key[:2] == (loan.number, loan.episode):
                if row.status == "suppressed":
                    row.status, row.reason = "cancelled", "cured"
                elif row.letter in {"issued", "printed"}:
                    row.status, row.reason, row.letter = "cancelled", "cured", "void"
        loan.episode = None

    def settle(self, loan: str, state: str, on: date) -> None:
        for key, row in self.letters.items():
            if row.loan == loan and row.letter in {"issued", "printed"}:
                self.letters[key] = replace(row, letter=state, outcome_on=None if state == "printed" else on)
