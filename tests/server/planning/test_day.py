"""Planning for date D: who, when, how often, on what; each sentence of domain.md has its test."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.server.planning.bank import TODAY, PlanBank, sms
from vesal_server.kit.clock import tehran_instant
from vesal_server.planning.queries import partitions
from vesal_shared import problems
from vesal_shared.merge_fields import Part, gender_title
from vesal_shared.problems import Refusal


def test_effective_days_are_the_feeds_and_the_days_since(bank: PlanBank) -> None:
    bank.workflow(days_from=22, days_to=22)
    bank.facility("1", bank.customer("1"), days=20)
    assert bank.plan(TODAY).new == 0
    assert bank.plan(TODAY + timedelta(days=1)).new == 0
    assert bank.plan(TODAY + timedelta(days=2)).new == 1
    assert bank.plan(TODAY + timedelta(days=3)).new == 0


@pytest.mark.parametrize(("days", "applies"), [(9, False), (10, True), (15, True), (20, True), (21, False)])
def test_both_ends_of_the_range_are_inclusive(bank: PlanBank, days: int, applies: bool) -> None:
    bank.workflow(days_from=10, days_to=20)
    bank.facility("1", bank.customer("1"), days=days)
    assert bank.plan().new == applies


@pytest.mark.parametrize(
    ("values", "facility", "applies"),
    [
        ({"enabled": False}, {}, False),
        ({"loan_types": ("308",)}, {}, False),
        ({"loan_types": ("307", "308")}, {"loan_type": "308"}, True),
        ({"min_amount": 5_000_001}, {}, False),
        ({"min_amount": 5_000_000}, {}, True),
        ({"branches": ("3101",)}, {}, False),
        ({"branches": ("3101", "6140")}, {}, True),
        ({"every_days": 7, "days_from": 5}, {"days": 19}, True),
        ({"every_days": 7, "days_from": 5}, {"days": 20}, False),
        ({}, {"days": 0}, False),
        ({}, {"is_open": False}, False),
    ],
)
def test_a_workflow_applies(
    bank: PlanBank, values: dict[str, Any], facility: dict[str, Any], applies: bool
) -> None:
    bank.workflow(**values)
    bank.facility("1", bank.customer("1"), **facility)
    assert bank.plan().new == applies


def test_zero_days_stay_without_workflow_whatever_the_effective_days(bank: PlanBank) -> None:
    bank.workflow()
    bank.facility("1", bank.customer("1"), days=0)
    assert bank.plan(TODAY + timedelta(days=3)).new == 0


def test_one_row_a_channel_role_person_and_repeat(bank: PlanBank) -> None:
    bank.workflow(
        channels=("sms", "call", "email"), recipients=("borrower", "guarantor"), per_day=2, repeat_minutes=90
    )
    facility = bank.facility("1", bank.customer("1"))
    bank.guarantor(facility, bank.customer("2"))
    bank.guarantor(facility, bank.customer("3"))
    bank.guarantor(facility, bank.customer("4"), ended_on=TODAY)
    assert bank.plan().new == 3 * 3 * 2
    rows = bank.messages()
    assert {(row.role, row.customer_no) for row in rows} == {
        ("borrower", "1"), ("guarantor", "2"), ("guarantor", "3"),
    }  # fmt: skip
    assert {row.repeat: row.due_at for row in rows} == {
        0: tehran_instant(TODAY, time(9)), 1: tehran_instant(TODAY, time(10, 30)),
    }  # fmt: skip
    assert {row.address for row in rows if row.channel == "email"} == {
        "c1@example.ir", "c2@example.ir", "c3@example.ir",
    }  # fmt: skip
    assert {row.address for row in rows if row.channel != "email"} == {
        "09120000001",
        "09120000002",
        "09120000003",
    }


def test_a_person_who_guarantees_under_two_numbers_is_told_once(bank: PlanBank) -> None:
    bank.workflow(recipients=("guarantor",))
    facility = bank.facility("1", bank.customer("1"))
    first = bank.customer("2")
    bank.guarantor(facility, bank.customer("3", person=first))
    bank.guarantor(facility, bank.customer("4", person=first))
    assert bank.plan().new == 1
    bank.guarantor(facility, first)
    assert bank.plan().new == 0


def test_references_are_random_and_unique(bank: PlanBank) -> None:
    bank.workflow(per_day=10, repeat_minutes=1)
    for number in range(1, 21):
        bank.facility(str(number), bank.customer(str(number)))
    bank.plan()
    references = [row.reference for row in bank.messages()]
    assert len(set(references)) == 200
    assert all(0 <= reference < 2**63 for reference in references)
    # Never a sequence: neighbours differ in their high bits too.
    assert len({reference >> 56 for reference in references}) > 20


def test_planning_again_adds_nothing_and_changes_nothing(bank: PlanBank) -> None:
    bank.workflow(channels=("sms", "warning"), recipients=("borrower", "guarantor"))
    facility = bank.facility("1", bank.customer("1"))
    bank.guarantor(facility, bank.customer("2"))
    first = bank.plan()
    before = [tuple(row) for row in (*bank.messages(), *bank.letters())]
    again = bank.plan()
    assert (first.new, first.existing) == (4, 0)
    assert (again.new, again.existing) == (0, 4)
    assert [tuple(row) for row in (*bank.messages(), *bank.letters())] == before
    assert (again.planned, again.by_channel) == (4, {"sms": 2, "warning": 2})


def test_a_day_is_planned_on_what_has_come_up_since(bank: PlanBank) -> None:
    bank.workflow()
    bank.facility("1", bank.customer("1"))
    bank.plan()
    bank.facility("2", bank.customer("2"))
    again = bank.plan()
    assert (again.new, again.existing) == (1, 1)


def test_a_part_payment_moves_down_the_ladder_and_leaves_what_was_issued(bank: PlanBank) -> None:
    bank.workflow("دو", days_from=30, days_to=60, channels=("warning",))
    bank.workflow("یک", days_from=1, days_to=29)
    facility = bank.facility("1", bank.customer("1"), days=40)
    bank.plan()
    bank.change(facility, overdue_since=TODAY - timedelta(days=10))
    bank.plan()
    assert [row.status for row in bank.letters()] == ["issued"]
    assert len(bank.messages()) == 1


def test_a_past_day_is_refused(bank: PlanBank) -> None:
    with pytest.raises(Refusal) as refused:
        bank.plan(TODAY - timedelta(days=1))
    assert refused.value.problem is problems.PLAN_PAST_DAY


def test_a_stale_feed_plans_nothing_and_raises_an_alert(bank: PlanBank) -> None:
    bank.workflow()
    bank.facility("1", bank.customer("1"))
    assert bank.plan(TODAY + timedelta(days=3)).stale is False
    late = bank.plan(TODAY + timedelta(days=4))
    assert (late.stale, late.as_of, late.new, late.planned) == (True, TODAY, 0, 0)
    kinds = bank.connection.execute(text("SELECT kind FROM alert WHERE resolved_at IS NULL")).scalars()
    assert list(kinds) == ["stale_feed"]


def test_how_stale_is_a_setting(bank: PlanBank) -> None:
    bank.setting("feed.stale_days", "5")
    bank.workflow()
    bank.facility("1", bank.customer("1"))
    assert bank.plan(TODAY + timedelta(days=5)).new == 1
    assert bank.plan(TODAY + timedelta(days=6)).stale


def test_without_a_feed_nothing_is_planned(bank: PlanBank) -> None:
    bank.connection.execute(text("DELETE FROM feed_state"))
    planned = bank.plan()
    assert (planned.as_of, planned.new) == (None, 0)
    kinds = bank.connection.execute(text("SELECT kind FROM alert WHERE resolved_at IS NULL")).scalars()
    assert list(kinds) == ["no_feed"]


def test_a_plan_remembers_its_day(bank: PlanBank) -> None:
    bank.workflow()
    bank.plan(TODAY + timedelta(days=1))
    rows = bank.connection.execute(text("SELECT day, feed_as_of FROM plan_day")).all()
    assert [tuple(row) for row in rows] == [(TODAY + timedelta(days=1), TODAY)]


def test_a_day_has_a_partition_of_its_own(bank: PlanBank) -> None:
    bank.workflow()
    bank.facility("1", bank.customer("1"))
    bank.plan()
    name = partitions.name(TODAY)
    assert bank.connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() == 1
    constraints = set(
        bank.connection.execute(
            text(
                "SELECT conparentid::regclass IS NOT NULL FROM pg_constraint WHERE conrelid = CAST(:t AS regclass)"
            ),
            {"t": name},
        ).scalars()
    )
    assert constraints
    assert partitions.ensure(bank.connection, TODAY) is False
    assert partitions.ensure(bank.connection, date(2027, 1, 1)) is True


@pytest.mark.parametrize(
    "values", [{"gender": "M"}, {"gender": "F"}, {"gender": ""}, {"gender": "M", "legal_person": True}]
)
def test_the_title_is_the_addressed_persons(bank: PlanBank, values: dict[str, Any]) -> None:
    parts = (Part(field="gender_title"), Part(text=" "), Part(field="guarantor_last_name"))
    bank.workflow(recipients=("guarantor",), templates=sms(*parts, recipient="guarantor"))
    facility = bank.facility("1", bank.customer("1"))
    bank.guarantor(facility, bank.customer("2", **values))
    bank.plan()
    title = gender_title(values["gender"], legal_person="legal_person" in values)
    assert [row.text for row in bank.messages()] == [f"{title} نمونهپور"]


def test_a_call_holds_the_title_of_its_audio_and_no_text(bank: PlanBank) -> None:
    bank.workflow(channels=("call",))
    bank.facility("1", bank.customer("1"))
    bank.plan()
    assert [row.text for row in bank.messages()] == ["پیام پیش‌فرض"]
