"""Why a notification may not go out: each reason, and that the first that holds is the one that stands."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.server.planning.bank import TODAY, PlanBank

FRIDAY = date(2026, 11, 27)
MESSAGES = ("sms", "call", "email")
ALL = (*MESSAGES, "introduction_letter", "warning")


def judged(bank: PlanBank, day: date = TODAY) -> dict[str, str | None]:
    """Reason by channel of the one borrower's rows of a day; null where it goes out."""
    rows = [row for row in (*bank.messages(day), *bank.letters()) if row.day == day]
    assert all((row.status == "suppressed") == (row.reason is not None) for row in rows)
    return {row.channel: row.reason for row in rows}


@pytest.mark.parametrize(
    ("since", "until", "lifted", "holds"),
    [
        (TODAY, TODAY, False, True),
        (TODAY - timedelta(days=5), TODAY, False, True),
        (TODAY - timedelta(days=5), TODAY - timedelta(days=1), False, False),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=5), False, False),
        (TODAY, TODAY, True, False),
    ],
)
def test_hold(bank: PlanBank, since: date, until: date, lifted: bool, holds: bool) -> None:
    bank.workflow(channels=ALL)
    bank.hold(bank.facility("1", bank.customer("1")), since, until, lifted=lifted)
    bank.plan()
    assert judged(bank) == dict.fromkeys(ALL, "hold" if holds else None)


def test_do_not_contact_stops_messages_not_letters(bank: PlanBank) -> None:
    bank.workflow(channels=ALL)
    person = bank.customer("1")
    bank.facility("1", person)
    bank.flag(person, do_not_contact=True)
    bank.plan()
    assert judged(bank) == dict.fromkeys(MESSAGES, "do_not_contact") | {
        "introduction_letter": None,
        "warning": None,
    }


def test_a_deceased_person_gets_nothing(bank: PlanBank) -> None:
    bank.workflow(channels=ALL)
    person = bank.customer("1")
    bank.facility("1", bank.customer("2", person=person))
    bank.flag(person, deceased=True)
    bank.plan()
    assert judged(bank) == dict.fromkeys(ALL, "do_not_contact")


@pytest.mark.parametrize("skip", ["true", "false"])
def test_an_open_promise_where_the_setting_says_so(bank: PlanBank, skip: str) -> None:
    bank.setting("planning.skip_promised", skip)
    bank.workflow(channels=ALL)
    person = bank.customer("1")
    bank.promise(bank.facility("1", person), person)
    bank.plan()
    assert judged(bank) == dict.fromkeys(ALL, "promise" if skip == "true" else None)


def test_a_promise_that_was_judged_stops_nothing(bank: PlanBank) -> None:
    bank.setting("planning.skip_promised", "true")
    bank.workflow()
    person = bank.customer("1")
    bank.promise(bank.facility("1", person), person, status="broken")
    bank.plan()
    assert judged(bank) == {"sms": None}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"mobile_ok": False}, {"sms": "no_mobile", "call": "no_mobile"}),
        ({"mobile": "", "mobile_ok": False}, {"sms": "no_mobile", "call": "no_mobile"}),
        ({"email_ok": False}, {"email": "no_email"}),
        ({"address": ""}, {"introduction_letter": "no_address", "warning": "no_address"}),
    ],
)
def test_nowhere_to_send(bank: PlanBank, values: dict[str, Any], expected: dict[str, str]) -> None:
    bank.workflow(channels=ALL)
    bank.facility("1", bank.customer("1", **values))
    bank.plan()
    assert judged(bank) == dict.fromkeys(ALL, None) | expected


def test_a_mobile_marked_wrong_until_it_changes(bank: PlanBank) -> None:
    bank.workflow(channels=MESSAGES)
    person = bank.customer("1")
    bank.facility("1", person)
    bank.flag(person, wrong_mobile="09120000001")
    bank.plan()
    assert judged(bank) == {"sms": "no_mobile", "call": "no_mobile", "email": None}
    bank.connection.execute(text("UPDATE customer SET mobile = '09129999999'"))
    tomorrow = TODAY + timedelta(days=1)
    bank.plan(tomorrow)
    assert judged(bank, tomorrow) == dict.fromkeys(MESSAGES, None)


def test_a_corrected_mobile_counts(bank: PlanBank) -> None:
    bank.workflow()
    person = bank.customer("1", mobile="", mobile_ok=False)
    bank.facility("1", person)
    bank.connection.execute(
        text(
            "INSERT INTO customer_correction (customer_id, mobile, updated_at) VALUES (:id, '09121111111', now())"
        ),
        {"id": person},
    )
    bank.plan()
    (row,) = bank.messages()
    assert (row.status, row.address) == ("planned", "09121111111")


def test_calls_and_letters_rest_on_friday(bank: PlanBank) -> None:
    bank.workflow(channels=ALL)
    bank.facility("1", bank.customer("1"))
    bank.plan(FRIDAY)
    assert judged(bank, FRIDAY) == {
        "sms": None, "email": None, "call": "holiday", "introduction_letter": "holiday", "warning": "holiday",
    }  # fmt: skip


def test_weekly_rest_days_are_a_setting(bank: PlanBank) -> None:
    bank.setting("planning.rest_days", '["thursday"]')
    bank.workflow(channels=("call",))
    bank.facility("1", bank.customer("1"))
    thursday = FRIDAY - timedelta(days=1)
    assert bank.plan(thursday).suppressed == {"holiday": 1}
    assert bank.plan(FRIDAY).suppressed == {}


@pytest.mark.parametrize("no_messages", [False, True])
def test_holidays_of_the_branchs_province(bank: PlanBank, no_messages: bool) -> None:
    bank.workflow(channels=ALL)
    bank.facility("1", bank.customer("1"), branch="6140")
    bank.facility("2", bank.customer("2"), branch="3101")
    bank.holiday(TODAY, "31", no_messages=no_messages)
    bank.plan()
    rests = {
        (row.loan_no, row.channel) for row in (*bank.messages(), *bank.letters()) if row.reason == "holiday"
    }
    resting = ALL if no_messages else ("call", "introduction_letter", "warning")
    assert rests == {("2", channel) for channel in resting}


def test_a_holiday_of_the_whole_country(bank: PlanBank) -> None:
    bank.workflow(channels=("sms", "call"))
    bank.facility("1", bank.customer("1"))
    bank.holiday(TODAY)
    bank.holiday(TODAY, "31", no_messages=True)
    bank.plan()
    assert judged(bank) == {"sms": None, "call": "holiday"}


def test_the_first_reason_that_holds_stands(bank: PlanBank) -> None:
    """Everything is wrong at once; one reason after the other is taken away."""
    bank.setting("planning.skip_promised", "true")
    bank.setting("planning.daily_cap", "1")
    bank.workflow(channels=("sms", "call"))
    person = bank.customer("1", mobile_ok=False)
    facility = bank.facility("1", person)
    bank.facility("0", person, days=50)
    bank.hold(facility, TODAY, TODAY)
    bank.flag(person, do_not_contact=True)
    bank.promise(facility, person)
    bank.holiday(TODAY, no_messages=True)
    seen = []
    steps = (
        "SELECT 1",
        "UPDATE hold SET lifted_at = now()",
        "UPDATE person_flag SET do_not_contact = false",
        "UPDATE promise SET status = 'kept'",
        "UPDATE customer SET mobile_ok = true",
        "DELETE FROM holiday",
    )
    for step in steps:
        bank.connection.execute(text(step))
        bank.connection.execute(text("DELETE FROM notification"))
        bank.plan()
        (row,) = [row for row in bank.messages() if (row.loan_no, row.channel) == ("1", "sms")]
        seen.append(row.reason)
    assert seen == ["hold", "do_not_contact", "promise", "no_mobile", "holiday", "daily_cap"]


# The daily cap


def test_the_cap_is_used_up_in_its_order(bank: PlanBank) -> None:
    """Repeat, days falling, amount falling, loan number, channel."""
    bank.setting("planning.daily_cap", "4")
    bank.workflow(channels=("sms", "call"), per_day=2, repeat_minutes=60)
    person = bank.customer("1")
    bank.facility("b", person, days=10, amount=2)
    bank.facility("a", person, days=10, amount=2)
    bank.facility("c", person, days=10, amount=3)
    bank.facility("d", person, days=11, amount=1)
    planned = bank.plan()
    goes = [(row.repeat, row.loan_no, row.channel) for row in bank.messages() if row.status == "planned"]
    assert sorted(goes) == [(0, "c", "call"), (0, "c", "sms"), (0, "d", "call"), (0, "d", "sms")]
    assert planned.suppressed == {"daily_cap": 12}


def test_loan_number_and_channel_break_ties(bank: PlanBank) -> None:
    bank.setting("planning.daily_cap", "3")
    bank.workflow(channels=("sms", "call"))
    person = bank.customer("1")
    for loan_no in ("b", "a"):
        bank.facility(loan_no, person)
    bank.plan()
    goes = [(row.loan_no, row.channel) for row in bank.messages() if row.status == "planned"]
    assert goes == [("a", "call"), ("a", "sms"), ("b", "call")]


def test_letters_are_not_capped(bank: PlanBank) -> None:
    bank.setting("planning.daily_cap", "1")
    bank.workflow(channels=("sms", "email", "warning", "introduction_letter"))
    bank.facility("1", bank.customer("1"))
    assert bank.plan().suppressed == {"daily_cap": 1}


def test_a_shared_mobile_has_one_budget_and_each_person_their_own(bank: PlanBank) -> None:
    """The second owner's call is refused by the mobile, so their person's budget stays for the e-mail."""
    bank.setting("planning.daily_cap", "1")
    bank.workflow(channels=("call", "email"))
    bank.facility("1", bank.customer("1", mobile="09120000009"), days=30)
    bank.facility("2", bank.customer("2", mobile="09120000009"), days=20)
    bank.plan()
    goes = [(row.loan_no, row.channel) for row in bank.messages() if row.status == "planned"]
    assert goes == [("1", "call"), ("2", "email")]


def test_one_person_under_two_numbers_has_one_budget(bank: PlanBank) -> None:
    bank.setting("planning.daily_cap", "1")
    bank.workflow()
    person = bank.customer("1")
    bank.facility("1", person)
    bank.facility("2", bank.customer("2", person=person))
    assert bank.plan().suppressed == {"daily_cap": 1}


def test_what_may_not_go_out_uses_up_nothing(bank: PlanBank) -> None:
    bank.setting("planning.daily_cap", "1")
    bank.workflow()
    person = bank.customer("1")
    bank.hold(bank.facility("1", person, days=50), TODAY, TODAY)
    bank.facility("2", person)
    bank.plan()
    assert bank.statuses() == [("suppressed", "hold"), ("planned", None)]


def test_what_was_planned_before_uses_up_the_day(bank: PlanBank) -> None:
    bank.setting("planning.daily_cap", "1")
    bank.workflow(start=time(9))
    person = bank.customer("1")
    bank.facility("2", person)
    bank.plan()
    bank.facility("1", person, days=50)
    bank.plan()
    assert bank.statuses() == [("suppressed", "daily_cap"), ("planned", None)]
