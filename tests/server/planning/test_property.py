"""Random banks, days and events: the plan's CSV equals the oracle's after every step."""

import csv
import random
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from tests.server.planning.bank import TODAY, PlanBank, notification
from tests.server.planning.oracle import CHANNELS, ROLES, Flow, Loan, Person, World
from vesal_server.kit.clock import tehran_instant
from vesal_server.kit.secrets import Secrets
from vesal_server.planning import events, export

BRANCHES = {"6140": "96", "3101": "31"}


class Pair:
    """A bank in PostgreSQL and its twin in the oracle, made and changed together."""

    def __init__(self, connection: Connection, secrets: Secrets, dice: random.Random, folder: Path) -> None:
        self.dice = dice
        self.bank = PlanBank(connection, secrets)
        self.world = World(as_of=TODAY, provinces=BRANCHES)
        self.file = folder / "plan.csv"
        self.today = TODAY
        self.ids: dict[str, int] = {}
        self._customers()
        self._loans()
        self._rules()
        for rung in range(3):
            self.put_flow(self.flow(rung))

    # Making

    def _customers(self) -> None:
        self.people: list[Person] = []
        for place in range(6):
            number = str(place + 1)
            twin = self.people[0] if place and self.dice.random() < 0.2 else None
            person = Person(
                number,
                twin.identity if twin else number,
                mobile=f"0912000000{self.dice.randrange(4)}",
                mobile_ok=self.dice.random() < 0.85,
                email_ok=self.dice.random() < 0.8,
                address="تهران" if self.dice.random() < 0.8 else "",
            )
            self.ids[number] = self.bank.customer(
                number, person=self.ids[twin.identity] if twin else None, mobile=person.mobile,
                mobile_ok=person.mobile_ok, email_ok=person.email_ok, address=person.address,
            )  # fmt: skip
            self.people.append(person)

    def _loans(self) -> None:
        for place in range(5):
            number = f"8329-{self.dice.randrange(9)}{place}"
            borrower = self.dice.choice(self.people)
            others = [one for one in self.people if one is not borrower]
            guarantors = self.dice.sample(others, self.dice.randrange(3))
            # Two numbers of one person: which of them stands in the CSV is not the oracle's to say.
            guarantors = list({one.identity: one for one in guarantors}.values())
            loan = Loan(
                number, borrower, guarantors, self.dice.choice(list(BRANCHES)), self.dice.choice(["307", "308"]),
                self.dice.choice([0, 1, 5, 10, 11, 20, 21, 29, 30]), TODAY, self.dice.choice([0, 1000, 5000]),
            )  # fmt: skip
            made = self.bank.facility(
                number, self.ids[borrower.number], days=loan.days, amount=loan.amount, branch=loan.branch,
                loan_type=loan.loan_type,
            )  # fmt: skip
            for one in guarantors:
                self.bank.guarantor(made, self.ids[one.number])
            self.ids[number] = made
            self.world.loans.append(loan)

    def _rules(self) -> None:
        world, dice = self.world, self.dice
        if dice.random() < 0.5:
            world.cap = dice.randrange(1, 5)
            self.bank.setting("planning.daily_cap", str(world.cap))
        if dice.random() < 0.5:
            world.skip_promised = True
            self.bank.setting("planning.skip_promised", "true")
        for loan in world.loans:
            if dice.random() < 0.2:
                since = TODAY + timedelta(days=dice.randrange(-2, 3))
                until = since + timedelta(days=dice.randrange(3))
                world.holds.append((loan.number, since, until))
                self.bank.hold(self.ids[loan.number], since, until)
            if dice.random() < 0.15:
                world.promised.add(loan.number)
                self.bank.promise(self.ids[loan.number], self.ids[loan.borrower.number])
        for person in self.people:
            if person.identity == person.number and dice.random() < 0.25:
                kind = dice.choice(["silent", "dead", "wrong"])
                flags: dict[str, dict[str, Any]] = {
                    "silent": {"do_not_contact": True},
                    "dead": {"deceased": True},
                    "wrong": {"wrong_mobile": person.mobile},
                }
                self.bank.flag(self.ids[person.number], **flags[kind])
                if kind == "wrong":
                    world.wrong[person.identity] = person.mobile
                else:
                    (world.silent if kind == "silent" else world.dead).add(person.identity)
        for offset in range(5):
            for province in (None, "96", "31"):
                if dice.random() < 0.12:
                    quiet = dice.random() < 0.5
                    day = TODAY + timedelta(days=offset)
                    world.holidays.append((day, province, quiet))
                    self.bank.holiday(day, province, no_messages=quiet)

    def flow(self, rung: int) -> Flow:
        """A workflow whose range overlaps no other rung's."""
        dice = self.dice
        first = 1 + rung * 10
        some = [one for one in BRANCHES if dice.random() < 0.6]
        return Flow(
            title=f"پله {rung}",
            loan_types=tuple(sorted(dice.sample(["307", "308"], dice.choice([1, 2])))),
            first=first + dice.randrange(3),
            last=first + 9 - dice.randrange(3),
            minimum=dice.choice([0, 0, 1000, 2000]),
            branches=tuple(some) if some and dice.random() < 0.4 else None,
            channels=tuple(one for one in CHANNELS if dice.random() < 0.5) or ("sms",),
            roles=tuple(one for one in ROLES if dice.random() < 0.7) or ("borrower",),
            per_day=dice.randrange(1, 4),
            start=time(dice.randrange(8, 12), dice.choice([0, 30])),
            minutes=dice.choice([1, 45, 120]),
            every=dice.choice([1, 1, 2, 3]),
            after=dice.choice([None, 0, 1, 3]),
            enabled=dice.random() < 0.85,
        )

    def put_flow(self, flow: Flow) -> None:
        if self.world.flows.get(flow.title) == flow:
            return
        self.bank.workflows(
            notification(
                flow.title, loan_types=flow.loan_types, days_from=flow.first, days_to=flow.last,
                min_amount=flow.minimum, branches=flow.branches, channels=flow.channels, recipients=flow.roles,
                per_day=flow.per_day, start=flow.start, repeat_minutes=flow.minutes, every_days=flow.every,
                after_stage_days=flow.after, enabled=flow.enabled,
            )
        )  # fmt: skip
        self.world.change_flow(flow, self.today, self.bank.now)

    # Events

    def step(self) -> None:
        event = self.dice.choice(
            ["plan", "plan", "plan", "flow", "feed", "cure", "settle", "clock", "borrower", "hold"]
        )
        getattr(self, f"do_{event}")()

    def do_plan(self) -> None:
        day = self.today + timedelta(days=self.dice.randrange(5))
        before = self.world.csv(day)
        planned = self.bank.plan(day)
        self.world.plan(day)
        lines = self.world.csv(day)
        export.write_csv(self.bank.connection, day, self.file)
        with self.file.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert rows[0] == [
            "workflow", "loan_no", "channel", "recipient", "person_customer_no", "repeat", "due_at", "status", "reason",
        ]  # fmt: skip
        assert sorted(map(tuple, rows[1:])) == lines
        assert planned.stale == self.world.stale(day)
        assert (planned.new, planned.existing) == (len(lines) - len(before), len(before))
        assert planned.planned == sum(line[7] == "planned" for line in lines)
        assert planned.cancelled == sum(line[7] == "cancelled" for line in lines)
        suppressed = [line[8] for line in lines if line[7] == "suppressed"]
        assert planned.suppressed == {reason: suppressed.count(reason) for reason in set(suppressed)}
        channels = [line[2] for line in lines]
        assert planned.by_channel == {channel: channels.count(channel) for channel in set(channels)}

    def do_flow(self) -> None:
        self.put_flow(self.flow(self.dice.randrange(3)))

    def do_feed(self) -> None:
        """A new picture: days and amounts change, then what no longer applies goes."""
        self.world.as_of = self.today
        self.bank.feed(self.today)
        for loan in self.world.loans:
            if self.dice.random() < 0.5:
                loan.days = self.dice.choice([0, 1, 3, 10, 12, 20, 25, 30])
                loan.state_on = self.today
                loan.amount = self.dice.choice([0, 1000, 5000])
                since = self.today - timedelta(days=loan.days) if loan.days else None
                self.bank.change(self.ids[loan.number], overdue_since=since, overdue_amount=loan.amount)
            if loan.episode is None and self.dice.random() < 0.5:
                loan.episode = self.bank.open_episode(self.ids[loan.number], self.today)
        events.cancel_no_longer_applies(self.bank.connection, now=self.bank.now)
        self.world.no_longer_applies(self.today)

    def do_cure(self) -> None:
        loan = self.dice.choice(self.world.loans)
        if loan.episode is None:
            return
        closed = self.bank.close_episode(self.ids[loan.number], self.today)
        events.episodes_closed(self.bank.connection, [closed], now=self.bank.now)
        self.world.cure(loan, self.today)

    def do_settle(self) -> None:
        loan = self.dice.choice(self.world.loans).number
        state = self.dice.choice(["printed", "served", "returned", "not_found"])
        on = self.today
        self.bank.connection.execute(
            text(
                "UPDATE letter SET status = :state, outcome_on = :on WHERE facility_id = :id "
                "AND status IN ('issued', 'printed') AND NOT (channel = 'declaration' AND :state <> 'printed')"
            ),
            {"state": state, "on": None if state == "printed" else on, "id": self.ids[loan]},
        )
        for key, row in self.world.letters.items():
            if row.loan == loan and row.letter in {"issued", "printed"}:
                if row.channel == "declaration" and state != "printed":
                    continue
                row.letter, row.outcome_on = state, None if state == "printed" else on
                self.world.letters[key] = row

    def do_clock(self) -> None:
        if self.dice.random() < 0.5:
            self.today += timedelta(days=1)
        self.bank.now = tehran_instant(self.today, time(self.dice.randrange(0, 18)))

    def do_borrower(self) -> None:
        """Another borrower or another guarantor stands in the picture."""
        loan = self.dice.choice(self.world.loans)
        person = self.dice.choice(self.people)
        if self.dice.random() < 0.5:
            if person not in loan.guarantors:
                loan.borrower = person
                self.bank.change(self.ids[loan.number], customer_id=self.ids[person.number])
        elif loan.guarantors:
            left = loan.guarantors.pop()
            self.bank.connection.execute(
                text("UPDATE guarantor SET ended_on = :on WHERE facility_id = :f AND customer_id = :c"),
                {"on": self.today, "f": self.ids[loan.number], "c": self.ids[left.number]},
            )
        events.cancel_no_longer_applies(self.bank.connection, now=self.bank.now)
        self.world.no_longer_applies(self.today)

    def do_hold(self) -> None:
        """A hold that only planning sees: it covers days that were not planned yet."""
        loan = self.dice.choice(self.world.loans).number
        since: date = max({self.today, *self.world.planned_days}) + timedelta(days=1)
        self.world.holds.append((loan, since, since))
        self.bank.hold(self.ids[loan], since, since)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(dice=st.randoms(use_true_random=False))
def test_the_plan_is_the_oracles(
    connection: Connection, secrets: Secrets, tmp_path: Path, dice: random.Random
) -> None:
    attempt = connection.begin_nested()
    try:
        pair = Pair(connection, secrets, dice, tmp_path)
        for _ in range(10):
            pair.step()
        pair.do_plan()
    finally:
        attempt.rollback()
