"""Which rows are set aside, in what order, with which code; and what is taken however odd it is."""

import pytest

from tests.feeds import (
    CUSTOMER_COLUMNS,
    FACILITY_COLUMNS,
    GUARANTOR_COLUMNS,
    as_csv,
    customer,
    facility,
    pair,
)
from tests.server.intake.world import World, day, lines, set_setting
from vesal_server.intake.reasons import REASONS


@pytest.fixture(autouse=True)
def lenient(bank: World) -> None:
    """Let a feed of a few rows have as many bad ones as a test needs."""
    set_setting(bank.connection, "feed.max_bad_percent", 100)
    set_setting(bank.connection, "feed.min_ratio_percent", 0)


PEOPLE = [customer("101"), customer("102")]


def one_facility(bank: World, **values: str) -> list[tuple[str, int, str]]:
    """What becomes of one facility after a good one."""
    row = facility("L2", "102") | values
    return lines(bank.night(day(0), [facility("L1", "101"), row], customers=PEOPLE))


@pytest.mark.parametrize(
    ("number", "code"), [("", "customer_no_empty"), ("  ", "customer_no_empty"), ("12a", "customer_no_not_digits"),
                         ("1.0", "customer_no_not_digits"), ("-1", "customer_no_not_digits")],
)  # fmt: skip
def test_customer_number(bank: World, number: str, code: str) -> None:
    result = bank.night(day(0), [], customers=[customer("101"), customer(number)])
    assert lines(result) == [("customers.csv", 3, code)]
    assert (result.customers.new, result.customers.rejected) == (1, 1)


@pytest.mark.parametrize("cut", ["x,", "", "1,2,3,4,5,6,7,8,9,10,11,12,13"])
def test_customer_with_another_number_of_fields(bank: World, cut: str) -> None:
    files = {
        "customers.csv": as_csv(CUSTOMER_COLUMNS, [customer("101")]) + f"{cut or '7,'}\n".encode(),
        "facilities.csv": as_csv(FACILITY_COLUMNS, []),
        "guarantors.csv": as_csv(GUARANTOR_COLUMNS, []),
    }
    assert lines(bank.take_files(day(0), files)) == [("customers.csv", 3, "field_count")]


def test_anything_else_odd_about_a_person_is_kept_and_flagged(bank: World) -> None:
    odd = customer(
        "101", national_id="123", mobile="0912", email="who@", gender="X", first_name="", last_name="كـريمي",
        birth_certificate_no="؟",
    )  # fmt: skip
    result = bank.night(day(0), [], customers=[odd])
    assert (result.customers.new, result.customers.rejected) == (1, 0)
    assert bank.customer("national_id, mobile, email, gender, last_name, birth_certificate_no") == (
        "123", "0912", "who@", "", "کریمی", "؟",
    )  # fmt: skip
    assert bank.customer("national_id_ok, mobile_ok, email_ok, legal_person") == (False, False, False, False)


def test_people_as_they_are_stored(bank: World) -> None:
    bank.night(
        day(0),
        [],
        customers=[
            customer(
                "101", national_id="84575948", mobile="+98 912 345 6789", gender="زن", email="a.b@example.ir"
            ),
            customer("102", national_id="۰۰۸۴۵۷۵۹۴۸", mobile="۰۰۹۸۹۱۲۳۴۵۶۷۸۹", gender="مرد"),
            customer("103", national_id="10380284790", first_name="", last_name="شرکت نمونه", gender=""),
        ],
    )
    assert bank.customer("national_id, national_id_ok, mobile, mobile_ok, gender, email_ok") == (
        "0084575948", True, "09123456789", True, "F", True,
    )  # fmt: skip
    assert bank.customer("national_id, mobile, gender", "102") == ("0084575948", "09123456789", "M")
    assert bank.customer("national_id_ok, legal_person", "103") == (True, True)


@pytest.mark.parametrize(
    "column", ["loan_no", "customer_no", "branch_code", "loan_type_code", "overdue_days", "overdue_amount"]
)
@pytest.mark.parametrize("value", ["", "   "])
def test_facility_with_a_needed_field_empty(bank: World, column: str, value: str) -> None:
    assert one_facility(bank, **{column: value}) == [("facilities.csv", 3, f"{column}_empty")]


@pytest.mark.parametrize("column", ["amount", "overdue_days", "overdue_installments", "overdue_amount"])
@pytest.mark.parametrize(
    "value", ["1,000", "1٬000", "1.5", "1e3", "+1", "x", "1.", "1 000", "۱٫۵", "99999999999999999999"]
)
def test_facility_with_a_number_that_cannot_be_read(bank: World, column: str, value: str) -> None:
    assert one_facility(bank, **{column: value}) == [("facilities.csv", 3, f"{column}_unreadable")]


@pytest.mark.parametrize(("column", "code"), [("amount", "amount_negative"), ("overdue_amount", "overdue_amount_negative"),
                                              ("overdue_days", "overdue_days_unreadable")])  # fmt: skip
def test_negative_number(bank: World, column: str, code: str) -> None:
    assert one_facility(bank, **{column: "-1"}) == [("facilities.csv", 3, code)]


@pytest.mark.parametrize(
    "value", ["1404/13/01", "1404/12/30", "2026-02-29", "1405/9/3", "14050903", "x", "0000/00/00"]
)
def test_date_that_cannot_be_read(bank: World, value: str) -> None:
    assert one_facility(bank, loan_date=value) == [("facilities.csv", 3, "loan_date_unreadable")]


def test_days_that_reach_before_the_calendar(bank: World) -> None:
    assert one_facility(bank, overdue_days="999999") == [("facilities.csv", 3, "overdue_days_unreadable")]


def test_facility_with_unknown_codes(bank: World) -> None:
    assert one_facility(bank, branch_code="77") == [("facilities.csv", 3, "unknown_branch")]
    assert one_facility(bank, loan_type_code="9") == [("facilities.csv", 3, "unknown_loan_type")]
    assert one_facility(bank, customer_no="999") == [("facilities.csv", 3, "unknown_customer")]


def test_unknown_codes_are_listed_with_their_counts(bank: World) -> None:
    result = bank.night(
        day(0),
        [facility("L1", "101"), *(facility(f"M{n}", "101", branch_code="77") for n in range(3))],
        customers=PEOPLE,
    )
    (notes,) = bank.rows("SELECT notes FROM feed_arrival WHERE id = :id", id=result.id)[0]
    assert any("«77»" in note and "۳" in note for note in notes)


def test_known_is_also_who_is_stored_already(bank: World) -> None:
    bank.night(day(0), [], customers=PEOPLE)
    result = bank.night(day(1), [facility("L1", "101")], customers=[], pairs=[pair("L1", "102")])
    assert (result.facilities.new, result.guarantors.new, lines(result)) == (1, 1, [])


def test_unknown_deposit_type_is_taken_as_empty_with_a_note(bank: World) -> None:
    rows = [facility("L1", "101", deposit_type_code="11"), facility("L2", "101", deposit_type_code="55")]
    result = bank.night(day(0), rows)
    assert result.facilities.new == 2
    assert bank.rows("SELECT deposit_type_code FROM facility ORDER BY loan_no") == [("11",), (None,)]
    (notes,) = bank.rows("SELECT notes FROM feed_arrival WHERE id = :id", id=result.id)[0]
    assert any("«55»" in note for note in notes)


def test_no_overdue_days_are_taken(bank: World) -> None:
    assert one_facility(bank, overdue_days="0") == []
    assert bank.facility("overdue_since, episode_id IS NOT NULL", "L2") == (None, True)


def test_inactive_codes_are_taken_and_a_branch_with_a_successor_means_that(bank: World) -> None:
    from sqlalchemy import text

    bank.connection.execute(text("UPDATE loan_type SET active = false WHERE code = '308'"))
    bank.connection.execute(text("UPDATE branch SET active = false WHERE code = '6145'"))
    rows = [
        facility("L1", "101", loan_type_code="308", branch_code="6145"),
        facility("L2", "101", branch_code="6150"),
    ]
    assert bank.night(day(0), rows).facilities.new == 2
    assert bank.rows("SELECT branch_code, loan_type_code FROM facility ORDER BY loan_no") == [
        ("6145", "308"), ("6140", "307"),
    ]  # fmt: skip


def test_of_a_number_that_stands_twice_the_first_good_row_stands(bank: World) -> None:
    result = bank.night(
        day(0),
        [
            facility("L1", "101", branch_code="77"),
            facility("L1", "101", overdue_amount="2"),
            facility("L1", "101", overdue_amount="3"),
            facility("L1", "999"),
        ],
        customers=[
            customer("", last_name="بی‌شماره"),
            customer("101", last_name="یکم"),
            customer("101", last_name="دوم"),
        ],
    )
    assert lines(result) == [
        ("customers.csv", 2, "customer_no_empty"),
        ("customers.csv", 4, "customer_repeated"),
        ("facilities.csv", 2, "unknown_branch"),
        ("facilities.csv", 4, "facility_repeated"),
        ("facilities.csv", 5, "unknown_customer"),
    ]
    assert bank.customer("last_name") == ("یکم",)
    assert bank.facility("overdue_amount") == (2,)


def test_guarantors(bank: World) -> None:
    rows = [facility("L1", "101"), facility("L2", "102"), facility("L3", "102", branch_code="77")]
    result = bank.night(
        day(0),
        rows,
        customers=PEOPLE,
        pairs=[
            pair("L1", "102"), pair("L1", "102"), pair("L-none", "102"), pair("L3", "101"), pair("L1", "999"),
            pair("L2", "102"), pair("", "101"), pair("L1", ""), pair(" L1", "۱۰۲"),
        ],
    )  # fmt: skip
    assert lines(result)[1:] == [
        ("guarantors.csv", 4, "unknown_facility"),
        ("guarantors.csv", 5, "unknown_facility"),
        ("guarantors.csv", 6, "unknown_customer"),
        ("guarantors.csv", 7, "own_guarantor"),
        ("guarantors.csv", 8, "loan_no_empty"),
        ("guarantors.csv", 9, "customer_no_empty"),
    ]
    assert (result.guarantors.new, result.guarantors.changed, result.guarantors.rejected) == (1, 0, 6)


def test_every_row_set_aside_has_a_persian_reason_and_is_kept(bank: World) -> None:
    rows = [facility(f"L{n}", "101", branch_code="77") for n in range(130)]
    result = bank.night(day(0), rows, customers=[customer("1x"), *PEOPLE])
    assert (result.facilities.rejected, len(result.rejected)) == (130, 100)
    assert result.rejected[0].file == "customers.csv"
    assert result.rejected[1].reason.startswith("شعبه‌ای با کد «77» تعریف نشده است.")
    kept = bank.rows(
        "SELECT ordinal, file, line FROM feed_rejected_row WHERE arrival_id = :id ORDER BY ordinal",
        id=result.id,
    )
    assert [row[0] for row in kept] == list(range(1, 132))
    assert kept[-1][1:] == ("facilities.csv", 131)


def test_reasons_are_sentences() -> None:
    assert all(reason.endswith(".") and len(reason) > 15 for reason in REASONS.values())
