"""One person behind several customer numbers, corrections by hand, and the keys that lists sort and search by."""

from typing import Any

from sqlalchemy import text

from tests.feeds import customer, facility
from tests.server.intake.world import World, day

FIRST_ID, SECOND_ID = "0084575948", "0013542419"


def persons(bank: World) -> dict[str, str]:
    """Customer number to the customer number of whom the person is named after."""
    return dict(
        bank.rows("SELECT c.customer_no, p.customer_no FROM customer c JOIN customer p ON p.id = c.person_id")
    )


def test_the_same_valid_national_id_is_the_same_person(bank: World) -> None:
    bank.night(day(0), [], customers=[customer("101", national_id=FIRST_ID), customer("102", national_id="84575948"),
                                      customer("103", national_id="1111111111"), customer("104", national_id="1111111111"),
                                      customer("105")])  # fmt: skip
    assert persons(bank) == {"101": "101", "102": "101", "103": "103", "104": "104", "105": "105"}
    bank.night(day(1), [], customers=[customer("106", national_id=FIRST_ID)])
    assert persons(bank)["106"] == "101"


def test_a_mended_national_id_joins_and_parts_persons(bank: World) -> None:
    bank.night(
        day(0), [], customers=[customer("101", national_id=FIRST_ID), customer("102", national_id="12")]
    )
    bank.night(day(1), [], customers=[customer("102", national_id=FIRST_ID)])
    assert persons(bank) == {"101": "101", "102": "101"}
    bank.night(day(2), [], customers=[customer("101", national_id=SECOND_ID)])
    assert persons(bank) == {"101": "101", "102": "102"}


def test_an_open_promise_follows_the_person(bank: World) -> None:
    bank.night(
        day(0), [facility("L1", "102")], customers=[customer("101", national_id=FIRST_ID), customer("102")]
    )
    _promise(bank)
    bank.night(day(0), [facility("L1", "102")], customers=[customer("102", national_id=FIRST_ID)])
    assert bank.rows(
        "SELECT c.customer_no FROM promise p JOIN customer c ON c.id = p.person_id"
    ) == [("101",)]  # fmt: skip


def _promise(bank: World) -> None:
    bank.connection.execute(
        text(
            "INSERT INTO promise (facility_id, episode_id, person_id, branch_code, date, given_at, given_on,"
            " given_overdue_days, given_overdue_amount) SELECT f.id, f.episode_id, c.person_id, f.branch_code, :on, now(),"
            " :given, 30, f.overdue_amount FROM facility f JOIN customer c ON c.id = f.customer_id WHERE f.loan_no = 'L1'"
        ),
        {"on": day(9), "given": day(0)},
    )


# Corrections by hand


def correct(bank: World, number: str = "101", **values: str) -> None:
    names = ", ".join(values)
    slots = ", ".join(f":{name}" for name in values)
    bank.connection.execute(
        text(
            f"INSERT INTO customer_correction (customer_id, {names}, updated_at)"
            f" SELECT id, {slots}, now() FROM customer WHERE customer_no = :number"
        ),
        {**values, "number": number},
    )


def now_is(bank: World, columns: str, number: str = "101") -> tuple[Any, ...]:
    return bank.rows(f"SELECT {columns} FROM customer_now WHERE customer_no = :n", n=number)[0]


def test_a_correction_wins_until_the_feed_brings_a_new_value(bank: World) -> None:
    bank.night(day(0), [], customers=[customer("101", mobile="09120000001", last_name="الف")])
    correct(bank, mobile="09350000000", last_name="ب")
    same = bank.night(day(1), [], customers=[customer("101", mobile="09120000001", last_name="الف")])
    assert (same.customers.unchanged, now_is(bank, "mobile, last_name")) == (1, ("09350000000", "ب"))
    bank.night(day(2), [], customers=[customer("101", mobile="09120000002", last_name="الف")])
    assert now_is(bank, "mobile, last_name") == ("09120000002", "ب")
    bank.night(day(3), [], customers=[customer("101", mobile="09120000002", last_name="پ")])
    assert bank.rows("SELECT count(*) FROM customer_correction") == [(0,)]


def test_an_empty_feed_value_empties_the_feeds_value_never_a_correction(bank: World) -> None:
    bank.night(day(0), [], customers=[customer("101", mobile="09120000001", address="نشانی")])
    correct(bank, mobile="09350000000")
    result = bank.night(day(1), [], customers=[customer("101", mobile="", address="")])
    assert result.customers.changed == 1
    assert bank.customer("mobile, address") == ("", "")
    assert now_is(bank, "mobile, mobile_ok, address") == ("09350000000", True, "")


def test_an_equal_value_ends_a_correction(bank: World) -> None:
    bank.night(day(0), [], customers=[customer("101", mobile="09120000001")])
    correct(bank, mobile="09350000000")
    result = bank.night(day(1), [], customers=[customer("101", mobile="۰۹۳۵۰۰۰۰۰۰۰")])
    assert result.customers.changed == 1
    assert bank.rows("SELECT count(*) FROM customer_correction") == [(0,)]


def test_corrections_do_not_count_as_changes(bank: World) -> None:
    bank.night(day(0), [], customers=[customer("101")])
    correct(bank, last_name="دیگر")
    assert bank.night(day(0), [], customers=[customer("101")]).status == "unchanged"


def test_corrections_move_along_to_another_customer_number(bank: World) -> None:
    bank.night(
        day(0), [], customers=[customer("101", national_id=FIRST_ID, mobile="09120000001", last_name="الف")]
    )
    correct(bank, mobile="09350000000", last_name="ب", address="نشانی درست")
    bank.night(
        day(1),
        [],
        customers=[customer("102", national_id=FIRST_ID, mobile="09120000001", last_name="ت", address="")],
    )
    assert now_is(bank, "mobile, last_name, address", "102") == ("09350000000", "ت", "نشانی درست")


# Keys for sorting and searching


def test_facilities_follow_their_borrowers_name(bank: World) -> None:
    rows = [facility("L1", "101")]
    bank.night(day(0), rows, customers=[customer("101", last_name="باقری")])
    before = bank.facility("borrower_sort, search")
    result = bank.night(day(0), rows, customers=[customer("101", last_name="پارسا")])
    assert (result.facilities.unchanged, result.customers.changed) == (1, 1)
    after = bank.facility("borrower_sort, search")
    assert after[0] > before[0]
    assert "پارسا" in after[1]
    assert "باقری" not in after[1]


def test_another_borrower(bank: World) -> None:
    bank.night(
        day(0), [facility("L1", "101")], customers=[customer("101"), customer("102", last_name="پارسا")]
    )
    result = bank.night(day(0), [facility("L1", "102")])
    assert result.facilities.changed == 1
    assert bank.facility("customer_no, search LIKE '%102%'") == ("102", True)
    assert bank.episodes() == [(day(0), None, None)]
