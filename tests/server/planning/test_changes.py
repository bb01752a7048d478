"""What a change of a workflow, a cure, a return, a correction, a holiday or a hold does to what is planned."""

from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.server.planning.bank import NOW, TODAY, PlanBank
from vesal_server.kit.clock import tehran_instant
from vesal_server.planning import events

TOMORROW = TODAY + timedelta(days=1)


def set_status(bank: PlanBank, status: str, where: str = "true") -> None:
    bank.connection.execute(text(f"UPDATE notification SET status = '{status}' WHERE {where}"))


# Changes of a workflow


def test_disabling_cancels_what_is_planned_and_says_how_many(bank: PlanBank) -> None:
    bank.workflow(per_day=3, repeat_minutes=60)
    bank.facility("1", bank.customer("1"))
    bank.plan()
    set_status(bank, "sent", "repeat = 0")
    done = bank.workflow(per_day=3, repeat_minutes=60, enabled=False)
    assert (done.cancelled, done.planned) == (2, 0)
    assert bank.statuses() == [
        ("sent", None),
        ("cancelled", "workflow_changed"),
        ("cancelled", "workflow_changed"),
    ]
    assert bank.plan().new == 0


def test_a_change_plans_the_rest_of_the_day_anew(bank: PlanBank) -> None:
    bank.workflow(per_day=2, repeat_minutes=60)
    bank.facility("1", bank.customer("1"))
    bank.plan()
    references = [row.reference for row in bank.messages()]
    done = bank.workflow(per_day=2, repeat_minutes=120, start=time(10))
    assert (done.cancelled, done.planned) == (2, 2)
    rows = bank.messages()
    assert [(row.status, row.due_at) for row in rows] == [
        ("planned", tehran_instant(TODAY, time(10))), ("planned", tehran_instant(TODAY, time(12))),
    ]  # fmt: skip
    # Nothing left under them, so the same rows keep their references.
    assert [row.reference for row in rows] == references


def test_repeats_whose_time_has_passed_wait_until_the_day_is_planned_again(bank: PlanBank) -> None:
    bank.workflow(per_day=2, repeat_minutes=120)
    bank.facility("1", bank.customer("1"))
    bank.plan()
    bank.now = tehran_instant(TODAY, time(10))
    bank.workflow(per_day=3, repeat_minutes=60, start=time(9, 30))
    assert [(row.repeat, row.status, row.reason) for row in bank.messages()] == [
        (0, "cancelled", "workflow_changed"), (1, "planned", None), (2, "planned", None),
    ]  # fmt: skip
    bank.plan()
    assert next((row.status, row.due_at) for row in bank.messages()) == (
        "planned", tehran_instant(TODAY, time(9, 30)),
    )  # fmt: skip


def test_enabling_or_adding_plans_that_workflow_for_the_days_already_planned(bank: PlanBank) -> None:
    bank.facility("1", bank.customer("1"))
    bank.facility("2", bank.customer("2"), loan_type="308")
    bank.workflow("دیگر", loan_types=("308",))
    bank.plan(TODAY)
    bank.plan(TODAY + timedelta(days=2))
    bank.facility("3", bank.customer("3"), loan_type="308")
    done = bank.workflow(channels=("sms", "warning"))
    # Two messages and one letter: of this workflow alone, on the planned days alone, in the order of dates.
    assert (done.cancelled, done.planned) == (0, 3)
    assert [row.loan_no for row in bank.messages(TODAY)] == ["1", "2"]
    assert bank.messages(TOMORROW) == []
    assert [row.loan_no for row in bank.messages(TODAY + timedelta(days=2))] == ["1", "2"]
    assert [row.day for row in bank.letters()] == [TODAY]


def test_a_day_planned_on_what_is_stale_now_is_not_planned_anew(bank: PlanBank) -> None:
    bank.facility("1", bank.customer("1"))
    bank.setting("feed.stale_days", "10")
    bank.plan(TODAY + timedelta(days=8))
    bank.setting("feed.stale_days", "3")
    assert bank.workflow().planned == 0


def test_a_change_cancels_suppressed_rows_too_and_leaves_issued_letters(bank: PlanBank) -> None:
    bank.workflow(channels=("sms", "warning"))
    bank.facility("1", bank.customer("1"))
    bank.facility("2", bank.customer("2", mobile_ok=False, address=""))
    bank.plan()
    bank.workflow(channels=("sms", "warning"), enabled=False)
    assert bank.statuses() == [("cancelled", "workflow_changed")] * 2
    assert [(row.status, row.reason) for row in bank.letters()] == [
        ("issued", None),
        ("cancelled", "workflow_changed"),
    ]
    # Judged as if new when it applies again.
    bank.connection.execute(text("UPDATE customer SET mobile_ok = true, address = 'تهران'"))
    bank.workflow(channels=("sms", "warning"))
    assert bank.statuses() == [("planned", None)] * 2
    assert [row.status for row in bank.letters()] == ["issued", "issued"]


def test_an_import_that_changes_nothing_cancels_nothing(bank: PlanBank) -> None:
    bank.workflow()
    bank.facility("1", bank.customer("1"))
    bank.plan()
    done = bank.workflow()
    assert (done.cancelled, done.planned) == (0, 0)
    assert bank.statuses() == [("planned", None)]


def test_suppressed_messages_stay_suppressed_when_planned_again(bank: PlanBank) -> None:
    bank.workflow()
    bank.facility("1", bank.customer("1", mobile_ok=False))
    bank.plan()
    bank.connection.execute(text("UPDATE customer SET mobile_ok = true"))
    bank.plan()
    assert bank.statuses() == [("suppressed", "no_mobile")]


# What no longer applies


@pytest.mark.parametrize(
    ("change", "applies"),
    [
        ({"overdue_since": TODAY - timedelta(days=61)}, False),
        ({"overdue_since": TODAY - timedelta(days=60)}, True),
        ({"overdue_since": None}, False),
        ({"overdue_amount": 999}, False),
        ({"overdue_amount": 1_000}, True),
        ({"branch_code": "3101"}, False),
        ({"loan_type_code": "308"}, False),
        # k is judged at planning only and cancels nothing.
        ({"overdue_since": TODAY - timedelta(days=21)}, True),
    ],
)
def test_planned_rows_that_no_longer_apply(bank: PlanBank, change: dict[str, Any], applies: bool) -> None:
    bank.workflow(min_amount=1_000, branches=("6140",), every_days=20, days_from=0 + 20, days_to=60)
    facility = bank.facility("1", bank.customer("1"), days=20)
    bank.plan()
    bank.change(facility, **change)
    assert events.cancel_no_longer_applies(bank.connection, now=NOW) == (not applies)
    assert bank.statuses() == [("planned", None) if applies else ("cancelled", "no_longer_applies")]
    # It becomes planned again when the workflow applies again.
    bank.change(
        facility, overdue_since=TODAY - timedelta(days=20), overdue_amount=5_000, branch_code="6140",
        loan_type_code="307",
    )  # fmt: skip
    bank.plan()
    assert bank.statuses() == [("planned", None)]


def test_a_guarantor_who_is_none_any_more_and_a_borrower_who_changed(bank: PlanBank) -> None:
    bank.workflow(recipients=("borrower", "guarantor"), channels=("sms", "warning"))
    facility = bank.facility("1", bank.customer("1"))
    leaver = bank.customer("2", address="")
    bank.guarantor(facility, leaver)
    bank.guarantor(facility, bank.customer("3"))
    bank.plan()
    bank.connection.execute(
        text("UPDATE guarantor SET ended_on = :d WHERE customer_id = :c"), {"d": TODAY, "c": leaver}
    )
    bank.change(facility, customer_id=bank.customer("4"))
    assert events.cancel_no_longer_applies(bank.connection, now=NOW) == 2
    assert {row.customer_no: row.reason for row in bank.messages()} == {
        "1": "no_longer_applies", "2": "no_longer_applies", "3": None,
    }  # fmt: skip
    # Suppressed and issued letters stay, also a leaver's.
    assert {row.customer_no: row.status for row in bank.letters()} == {
        "1": "issued", "2": "suppressed", "3": "issued",
    }  # fmt: skip
    bank.plan()
    assert {row.customer_no: row.status for row in bank.messages()} == {
        "1": "cancelled", "2": "cancelled", "3": "planned", "4": "planned",
    }  # fmt: skip


def test_only_planned_rows_of_today_and_later_are_touched(bank: PlanBank) -> None:
    bank.workflow(per_day=4, repeat_minutes=10)
    facility = bank.facility("1", bank.customer("1"))
    bank.plan()
    for repeat, status in enumerate(("sent", "sending", "suppressed")):
        set_status(bank, status, f"repeat = {repeat}")
    bank.plan(TOMORROW)
    bank.change(facility, loan_type_code="308")
    assert events.cancel_no_longer_applies(bank.connection, now=tehran_instant(TOMORROW)) == 4
    assert [row.status for row in bank.messages()] == ["sent", "sending", "suppressed", "planned"]


# What cures, returns and corrections do


def test_a_cure_cancels_what_is_planned_of_today_and_later(bank: PlanBank) -> None:
    bank.workflow(per_day=2, repeat_minutes=10)
    facility = bank.facility("1", bank.customer("1"))
    bank.facility("2", bank.customer("2", mobile_ok=False))
    bank.plan(TODAY)
    bank.plan(TOMORROW)
    set_status(bank, "sent", f"repeat = 0 AND day = '{TODAY}' AND facility_id = {facility}")
    closed = [bank.close_episode(facility), bank.close_episode(bank.messages()[-1].facility_id)]
    assert events.episodes_closed(bank.connection, closed, now=NOW).cancelled == 3
    assert (
        bank.statuses(TODAY) == [("sent", None), ("cancelled", "cured")] + [("suppressed", "no_mobile")] * 2
    )
    assert bank.statuses(TOMORROW) == [("cancelled", "cured")] * 2 + [("suppressed", "no_mobile")] * 2


def test_a_correction_plans_again_what_the_cure_cancelled_judged_as_new(bank: PlanBank) -> None:
    bank.workflow(per_day=2, repeat_minutes=60)
    facility = bank.facility("1", bank.customer("1"))
    other = bank.facility("2", bank.customer("2"))
    third = bank.facility("3", bank.customer("3"), days=60)
    bank.plan()
    set_status(bank, "sent", f"repeat = 0 AND facility_id = {facility}")
    closed = {one: bank.close_episode(one) for one in (facility, other, third)}
    events.episodes_closed(bank.connection, closed.values(), now=NOW)
    for one, was in closed.items():
        bank.reopen_episode(one, was)
    bank.hold(other, TODAY, TODAY)
    bank.change(third, overdue_since=TODAY - timedelta(days=61))
    bank.change(facility, overdue_amount=7_000)
    late = tehran_instant(TODAY, time(19, 59))
    assert events.episodes_reopened(bank.connection, closed.values(), now=late, correction=True) == 3
    assert bank.statuses() == [
        ("sent", None), ("planned", None),
        ("suppressed", "hold"), ("suppressed", "hold"),
        ("cancelled", "cured"), ("cancelled", "cured"),
    ]  # fmt: skip
    assert "۷٬۰۰۰" in bank.messages()[1].text


def test_a_correction_after_the_window_revives_tomorrow_only(bank: PlanBank) -> None:
    bank.workflow()
    facility = bank.facility("1", bank.customer("1"))
    bank.plan(TODAY)
    bank.plan(TOMORROW)
    closed = bank.close_episode(facility)
    events.episodes_closed(bank.connection, [closed], now=NOW)
    bank.reopen_episode(facility, closed)
    evening = tehran_instant(TODAY, time(20))
    assert events.episodes_reopened(bank.connection, [closed], now=evening, correction=True) == 1
    assert (bank.statuses(TODAY), bank.statuses(TOMORROW)) == ([("cancelled", "cured")], [("planned", None)])


def test_a_correction_adds_nothing_that_was_not_there(bank: PlanBank) -> None:
    bank.workflow()
    facility = bank.facility("1", bank.customer("1"))
    bank.plan()
    closed = bank.close_episode(facility)
    events.episodes_closed(bank.connection, [closed], now=NOW)
    bank.reopen_episode(facility, closed)
    bank.workflow("دیگر", loan_types=("308",))
    bank.facility("2", bank.customer("2"))
    assert events.episodes_reopened(bank.connection, [closed], now=NOW, correction=True) == 1
    assert len(bank.messages()) == 1


def test_after_a_return_the_next_planning_revives(bank: PlanBank) -> None:
    bank.workflow()
    facility = bank.facility("1", bank.customer("1"))
    bank.plan()
    closed = bank.close_episode(facility)
    events.episodes_closed(bank.connection, [closed], now=NOW)
    bank.reopen_episode(facility, closed)
    assert events.episodes_reopened(bank.connection, [closed], now=NOW, correction=False) == 0
    assert bank.statuses() == [("cancelled", "cured")]
    again = bank.plan()
    assert (again.new, again.planned) == (0, 1)


def test_a_new_episode_on_the_same_day_takes_over_the_rows(bank: PlanBank) -> None:
    bank.workflow()
    facility = bank.facility("1", bank.customer("1"))
    bank.plan()
    events.episodes_closed(bank.connection, [bank.close_episode(facility)], now=NOW)
    fresh = bank.open_episode(facility)
    bank.plan()
    (row,) = bank.messages()
    assert (row.status, row.episode_id) == ("planned", fresh)


# Holidays, holds, flags


def test_a_new_holiday_suppresses_planned_messages_and_leaves_issued_letters(bank: PlanBank) -> None:
    bank.workflow(channels=("sms", "call", "warning"))
    bank.facility("1", bank.customer("1"))
    bank.facility("2", bank.customer("2"), branch="3101")
    bank.plan()
    set_status(bank, "sent", "channel = 'call' AND branch_code = '6140'")
    bank.holiday(TODAY, "96", no_messages=True)
    bank.holiday(TODAY)
    yesterday = TODAY - timedelta(days=1)
    assert events.holidays_added(bank.connection, [TODAY, yesterday], now=NOW) == 2
    assert {(row.loan_no, row.channel): row.reason for row in bank.messages()} == {
        ("1", "sms"): "holiday", ("1", "call"): None, ("2", "sms"): None, ("2", "call"): "holiday",
    }  # fmt: skip
    assert [row.status for row in bank.letters()] == ["issued", "issued"]


def test_a_new_hold_suppresses_its_days(bank: PlanBank) -> None:
    bank.workflow()
    facility = bank.facility("1", bank.customer("1"))
    bank.facility("2", bank.customer("2"))
    bank.plan(TODAY)
    bank.plan(TOMORROW)
    bank.hold(facility, TODAY, TODAY)
    assert events.facilities_held(bank.connection, [facility], now=NOW) == 1
    assert bank.statuses(TODAY) == [("suppressed", "hold"), ("planned", None)]
    assert bank.statuses(TOMORROW) == [("planned", None)] * 2


def test_a_flag_suppresses_a_persons_messages(bank: PlanBank) -> None:
    bank.workflow(channels=("sms", "email"))
    one, two = bank.customer("1"), bank.customer("2")
    bank.facility("1", one)
    bank.facility("2", two)
    bank.plan()
    bank.flag(one, wrong_mobile="09120000001")
    bank.flag(two, do_not_contact=True)
    assert events.persons_flagged(bank.connection, [one, two], now=NOW) == 3
    assert {(row.loan_no, row.channel): row.reason for row in bank.messages()} == {
        ("1", "sms"): "no_mobile", ("1", "email"): None,
        ("2", "sms"): "do_not_contact", ("2", "email"): "do_not_contact",
    }  # fmt: skip


def test_texts_are_frozen_when_planned(bank: PlanBank) -> None:
    bank.workflow()
    facility = bank.facility("1", bank.customer("1"), amount=5_000)
    bank.plan()
    (before,) = bank.messages()
    bank.change(facility, overdue_amount=9_000)
    bank.plan()
    (after,) = bank.messages()
    assert before.text == after.text
    assert before.text == (
        "جناب آقای نمونه، \u200e۲۰\u200e روز از سررسید قسط تسهیلات شماره \u200e۱\u200e گذشته است. مبلغ معوقه تا "
        "\u200e۱۴۰۵/۰۹/۰۳\u200e: \u200e۵٬۰۰۰\u200e ریال. اگر پرداخته‌اید، سپاسگزاریم. شعبه میدان نمونه"
    )
