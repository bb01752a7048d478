"""Promises of payment judged by later feeds."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import text

from tests.feeds import CUSTOMER_COLUMNS, FACILITY_COLUMNS, GUARANTOR_COLUMNS, as_csv, customer, facility
from tests.server.intake.world import World, day, set_setting, world
from vesal_server.kit.db import Database

OTHER = facility("L9", "109", overdue_days="90")


@pytest.fixture
def bank(worker_database: Database) -> Iterator[World]:
    with world(worker_database) as made:
        set_setting(made.connection, "feed.min_ratio_percent", 0)
        made.night(day(0), [loan(0), OTHER])
        yield made


def loan(
    after: int, *, amount: int = 1_000, fewer_days: int = 0, installments: int = 2, paid: str = ""
) -> dict[str, str]:
    """The facility so many days after the first feed."""
    return facility("L1", "101", overdue_days=str(30 + after - fewer_days), overdue_amount=str(amount),
                    overdue_installments=str(installments)) | {"last_payment_date": paid}  # fmt: skip


def night(bank: World, after: int, row: dict[str, str] | None) -> None:
    rows = [OTHER | {"last_payment_date": ""}, *([row] if row else [])]
    files = {
        "customers.csv": as_csv(CUSTOMER_COLUMNS, [customer("101"), customer("109")]),
        "facilities.csv": as_csv((*FACILITY_COLUMNS, "last_payment_date"), rows),
        "guarantors.csv": as_csv(GUARANTOR_COLUMNS, []),
    }
    result = bank.take_files(day(after), files)
    assert result.status == "taken", result.reason


def promised(bank: World, due: date, amount: int | None = None) -> None:
    bank.connection.execute(
        text(
            "INSERT INTO promise (facility_id, episode_id, person_id, branch_code, date, amount, given_at, given_on,"
            " given_overdue_days, given_installments, given_overdue_amount) SELECT f.id, f.episode_id, c.person_id,"
            " f.branch_code, :due, :amount, now(), :given, 30, 2, 1000"
            " FROM facility f JOIN customer c ON c.id = f.customer_id WHERE f.loan_no = 'L1'"
        ),
        {"due": due, "amount": amount, "given": day(0)},
    )


def judged(bank: World) -> tuple[str, date | None]:
    status, on = bank.rows("SELECT status, judged_on FROM promise")[0]
    return status, on


# The first day of these tests is a Sunday; day(5) is a Friday.


def test_judged_by_the_first_feed_after_its_date(bank: World) -> None:
    promised(bank, day(2))
    night(bank, 2, loan(2))
    assert judged(bank) == ("open", None)
    night(bank, 3, loan(3))
    assert judged(bank) == ("broken", day(3))


def test_kept_by_a_cure(bank: World) -> None:
    promised(bank, day(9))
    night(bank, 1, None)
    assert judged(bank) == ("kept", day(1))


def test_open_again_when_the_cure_was_none(bank: World) -> None:
    promised(bank, day(9))
    night(bank, 1, None)
    night(bank, 2, loan(2))
    assert judged(bank) == ("open", None)


@pytest.mark.parametrize(
    ("amount", "left", "kept"), [(300, 700, True), (300, 701, False), (None, 999, True), (None, 1_000, False)]
)
def test_kept_when_less_is_owed_by_the_promised_amount(
    bank: World, amount: int | None, left: int, kept: bool
) -> None:
    promised(bank, day(2), amount)
    night(bank, 1, loan(1, amount=left))
    assert judged(bank) == (("kept", day(1)) if kept else ("open", None))
    night(bank, 3, loan(3, amount=left))
    assert judged(bank)[0] == ("kept" if kept else "broken")


@pytest.mark.parametrize(("amount", "kept"), [(None, True), (500, False)])
def test_fewer_days_keep_a_promise_without_an_amount(bank: World, amount: int | None, kept: bool) -> None:
    promised(bank, day(2), amount)
    night(bank, 3, loan(3, fewer_days=10))
    assert judged(bank) == ("kept" if kept else "broken", day(3))


@pytest.mark.parametrize(
    ("paid", "installments", "kept"),
    [(day(1), 2, True), (day(1), 3, False), (day(-1), 2, False), (day(3), 2, False)],
)
def test_kept_by_a_payment_in_between(bank: World, paid: date, installments: int, kept: bool) -> None:
    promised(bank, day(2), 500)
    night(bank, 3, loan(3, installments=installments, paid=paid.isoformat()))
    assert judged(bank) == ("kept" if kept else "broken", day(3))


def test_a_rest_day_passes_to_the_next_working_day(bank: World) -> None:
    promised(bank, day(4))
    night(bank, 5, loan(5))
    assert judged(bank) == ("open", None)
    night(bank, 6, loan(6))
    assert judged(bank) == ("broken", day(6))


def test_a_holiday_passes_too(bank: World) -> None:
    bank.connection.execute(text("DELETE FROM holiday"))
    bank.connection.execute(text("INSERT INTO holiday (date, title) VALUES (:d, 'تعطیل')"), {"d": day(3)})
    promised(bank, day(2))
    night(bank, 3, loan(3))
    assert judged(bank) == ("open", None)
    night(bank, 4, loan(4))
    assert judged(bank) == ("broken", day(4))


def test_a_row_set_aside_says_nothing_about_a_payment(bank: World) -> None:
    set_setting(bank.connection, "feed.max_bad_percent", 100)
    promised(bank, day(2))
    night(bank, 3, loan(3) | {"overdue_amount": "x"})
    assert judged(bank) == ("open", None)


def test_days_of_grace_are_a_setting(bank: World) -> None:
    set_setting(bank.connection, "promises.judge_after_days", 3)
    promised(bank, day(0))
    night(bank, 2, loan(2))
    assert judged(bank) == ("open", None)
    night(bank, 3, loan(3))
    assert judged(bank) == ("broken", day(3))
