"""Episodes open, close, wait, and open again; pairs of guarantors with them."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from tests.feeds import FACILITY_COLUMNS, Row, facility, pair
from tests.server.intake.world import World, day, set_setting

OTHER = facility("L9", "109", overdue_days="90")


@pytest.fixture(autouse=True)
def lenient(bank: World) -> None:
    set_setting(bank.connection, "feed.max_bad_percent", 100)
    set_setting(bank.connection, "feed.min_ratio_percent", 0)


def loan(days: int, **values: str) -> dict[str, str]:
    return facility("L1", "101", overdue_days=str(days), **values)


def test_opens_by_appearing_and_closes_by_missing(bank: World) -> None:
    bank.night(day(0), [loan(30)])
    assert bank.episodes() == [(day(0), None, None)]
    result = bank.night(day(2), [OTHER])
    assert result.cured == 1
    assert bank.episodes() == [(day(0), day(2), "cured")]
    # Its last good state stands, with that state's date.
    assert bank.facility("episode_id, state_as_of, overdue_since") == (None, day(0), day(-30))


def test_never_cured_when_unpaid_since_before_the_closing_feed(bank: World) -> None:
    bank.night(day(0), [loan(30)])
    bank.night(day(1), [OTHER])
    result = bank.night(day(2), [loan(32)])
    assert (result.facilities.changed, result.cured) == (1, 1)
    assert bank.episodes() == [(day(0), None, None)]
    assert bank.rows("SELECT reopened_closed_on, reopened_close_reason FROM episode WHERE opened_on = :d AND facility_id ="
                     " (SELECT id FROM facility WHERE loan_no = 'L1')", d=day(0)) == [(day(1), "cured")]  # fmt: skip
    assert bank.facility("state_as_of") == (None,)


@pytest.mark.parametrize(("days", "reopens"), [(5, True), (4, False), (0, False)])
def test_a_new_episode_begins_when_unpaid_since_the_closing_feed_or_later(
    bank: World, days: int, reopens: bool
) -> None:
    bank.night(day(0), [loan(30)])
    bank.night(day(1), [OTHER])
    bank.night(day(5), [loan(days)])
    old = [(day(0), None, None)] if reopens else [(day(0), day(1), "cured"), (day(5), None, None)]
    assert bank.episodes() == old


@pytest.mark.parametrize(("unpaid", "reopens"), [(day(0), True), (day(1), False), (day(3), False)])
def test_first_unpaid_date_serves_the_return_rule(bank: World, unpaid: date, reopens: bool) -> None:
    columns = (*FACILITY_COLUMNS, "first_unpaid_date")
    bank.night(day(0), [loan(30)])
    bank.night(day(1), [OTHER])
    row = {**loan(60 if not reopens else 0), "first_unpaid_date": unpaid.isoformat()}
    files = _files(columns, [row, OTHER])
    assert bank.take_files(day(5), files).status == "taken"
    assert len(bank.episodes()) == (1 if reopens else 2)
    assert bank.facility("overdue_since") == ((None,) if reopens else (day(-55),))


def _files(columns: tuple[str, ...], rows: list[Row]) -> dict[str, bytes]:
    from tests.feeds import CUSTOMER_COLUMNS, GUARANTOR_COLUMNS, as_csv, customer

    return {
        "customers.csv": as_csv(
            CUSTOMER_COLUMNS, [customer(one) for one in sorted({row["customer_no"] for row in rows})]
        ),
        "facilities.csv": as_csv(columns, rows),
        "guarantors.csv": as_csv(GUARANTOR_COLUMNS, []),
    }


def other(after: int) -> Row:
    """The other facility, so many days later."""
    return {**OTHER, "overdue_days": str(90 + after)}


# Rows set aside


def test_a_loan_number_in_a_row_set_aside_is_not_missing(bank: World) -> None:
    bank.night(day(0), [loan(30, overdue_amount="500")], pairs=[pair("L1", "102")])
    result = bank.night(day(1), [loan(31, overdue_amount="x"), OTHER], pairs=[pair("L1", "102")])
    assert (result.cured, result.guarantors.rejected) == (0, 1)
    assert bank.episodes() == [(day(0), None, None)]
    assert bank.facility("overdue_amount, state_as_of, overdue_since") == (500, day(0), day(-30))
    assert bank.standing_pairs() == {("L1", "102")}
    # The next good row is compared with that state: the days rose by just the days since.
    result = bank.night(day(3), [loan(33, overdue_amount="500"), other(2)], pairs=[pair("L1", "102")])
    assert (result.facilities.unchanged, bank.facility("state_as_of")) == (2, (None,))


def test_a_row_set_aside_reopens_nothing(bank: World) -> None:
    bank.night(day(0), [loan(30)])
    bank.night(day(1), [OTHER])
    bank.night(day(2), [loan(32, branch_code="77"), OTHER])
    assert bank.episodes() == [(day(0), day(1), "cured")]


@pytest.mark.parametrize("unreadable", ["", "field_count"])
def test_cures_wait_for_the_next_feed_when_a_row_has_no_readable_loan_number(
    bank: World, unreadable: str
) -> None:
    bank.night(day(0), [loan(30), OTHER], pairs=[pair("L1", "102")])
    files = _files(FACILITY_COLUMNS, [OTHER])
    files["facilities.csv"] += b"only,two\n" if unreadable else b",101,6140,307,,,,5,1,10\n"
    result = bank.take_files(day(1), files)
    assert (result.status, result.cured) == ("taken", 0)
    assert bank.episodes() == [(day(0), None, None)]
    assert bank.facility("state_as_of, overdue_since") == (day(0), day(-30))
    assert bank.standing_pairs() == {("L1", "102")}
    assert bank.rows("SELECT count(*) FROM alert WHERE kind = 'cures_wait' AND resolved_at IS NULL") == [(1,)]
    result = bank.night(day(2), [OTHER])
    assert (result.cured, bank.episodes()) == (1, [(day(0), day(2), "cured")])
    assert bank.standing_pairs() == set()
    assert bank.rows("SELECT count(*) FROM alert WHERE kind = 'cures_wait' AND resolved_at IS NULL") == [(0,)]


# Guarantor pairs


def test_a_pair_in_a_row_set_aside_is_not_missing(bank: World) -> None:
    bank.night(day(0), [loan(30), OTHER], pairs=[pair("L1", "109"), pair("L9", "101")])
    # 101 becomes the borrower whom they guarantee: the row is set aside, the pair stands.
    bank.night(day(1), [loan(31), {**OTHER, "customer_no": "101"}], pairs=[pair("L9", "101")])
    assert bank.standing_pairs() == {("L9", "101")}


@pytest.mark.parametrize("row", [("L1", ""), ("", "102")])
def test_a_row_without_readable_numbers_makes_ends_of_pairs_wait(bank: World, row: tuple[str, str]) -> None:
    bank.night(day(0), [loan(30), OTHER], pairs=[pair("L1", "102"), pair("L9", "103")])
    bank.night(day(1), [loan(31)], pairs=[pair(*row)])
    # The facility that left takes its pair along all the same.
    assert bank.standing_pairs() == {("L1", "102")}
    bank.night(day(2), [loan(32)])
    assert bank.standing_pairs() == set()


def test_a_pair_with_another_number_of_fields_makes_ends_wait_too(bank: World) -> None:
    bank.night(day(0), [loan(30)], pairs=[pair("L1", "102")])
    files = _files(FACILITY_COLUMNS, [loan(31)])
    files["guarantors.csv"] += b"L1,102,x\n"
    bank.take_files(day(1), files)
    assert bank.standing_pairs() == {("L1", "102")}


def test_a_pair_ends_when_its_facility_leaves_though_its_row_is_there(bank: World) -> None:
    bank.night(day(0), [loan(30), OTHER], pairs=[pair("L1", "102")])
    result = bank.night(day(1), [OTHER], pairs=[pair("L1", "102")])
    assert (result.guarantors.rejected, bank.standing_pairs()) == (1, set())
    assert bank.rows("SELECT ended_on FROM guarantor") == [(day(1),)]


# A corrected feed for the date of the last one


def test_what_only_the_first_one_cured_is_reopened_as_the_same_episode(bank: World) -> None:
    bank.night(day(0), [loan(30), {**loan(30), "loan_no": "L2"}, OTHER])
    bank.night(day(1), [OTHER])
    # Even with no overdue days, by which the return rule would begin a new one.
    result = bank.night(day(1), [loan(31), {**loan(0), "loan_no": "L2"}, OTHER])
    assert (result.status, result.facilities.changed, result.cured) == ("taken", 2, 0)
    assert bank.episodes("L1") == bank.episodes("L2") == [(day(0), None, None)]


def test_what_only_the_first_one_opened_closes_as_a_mistake_of_the_feed(bank: World) -> None:
    bank.night(day(0), [OTHER])
    bank.night(day(1), [loan(30), OTHER])
    result = bank.night(day(1), [OTHER])
    assert (result.status, result.cured) == ("taken", 0)
    assert bank.episodes() == [(day(1), day(1), "feed_error")]


def test_back_after_a_mistake_of_the_feed_follows_the_return_rule(bank: World) -> None:
    bank.night(day(0), [OTHER])
    bank.night(day(1), [loan(30), OTHER])
    bank.night(day(1), [OTHER])
    bank.night(day(2), [loan(31), OTHER])
    assert bank.episodes() == [(day(1), None, None)]
    bank.night(day(3), [OTHER])
    bank.night(day(9), [loan(2), OTHER])
    assert bank.episodes() == [(day(1), day(3), "cured"), (day(9), None, None)]


def test_what_the_first_one_reopened_and_the_correction_lacks_closes_again_uncounted(bank: World) -> None:
    bank.night(day(0), [loan(30), OTHER])
    bank.night(day(1), [OTHER])
    bank.night(day(4), [loan(34), OTHER])
    result = bank.night(day(4), [OTHER])
    assert (result.status, result.cured) == ("taken", 0)
    assert bank.episodes() == [(day(0), day(4), "cured")]
    # A third picture of that date that has it again, and a fourth without it: still uncounted.
    bank.night(day(4), [loan(34), OTHER])
    assert bank.episodes() == [(day(0), None, None)]
    assert bank.night(day(4), [OTHER]).cured == 0


def test_a_correction_that_lacks_an_older_episode_cures_it(bank: World) -> None:
    bank.night(day(0), [loan(30), OTHER])
    bank.night(day(1), [loan(31), OTHER])
    result = bank.night(day(1), [OTHER])
    assert (result.cured, bank.episodes()) == (1, [(day(0), day(1), "cured")])


def test_a_row_only_the_correction_sets_aside_keeps_the_first_ones_state(bank: World) -> None:
    bank.night(day(0), [loan(30)])
    bank.night(day(1), [loan(31, overdue_amount="7")])
    bank.night(day(1), [loan(31, overdue_amount="x")])
    assert bank.facility("overdue_amount, state_as_of") == (7, None)
    bank.night(day(2), [loan(32, overdue_amount="x")])
    assert bank.facility("overdue_amount, state_as_of") == (7, day(1))


# Written off


def write_off(bank: World) -> None:
    bank.connection.execute(
        text(
            "WITH f AS (SELECT id, episode_id FROM facility WHERE loan_no = 'L1'), w AS (INSERT INTO write_off"
            " (facility_id, reason, at) SELECT id, 'بخشش', now() FROM f),"
            " e AS (UPDATE episode SET closed_on = :on, close_reason = 'written_off' FROM f WHERE episode.id = f.episode_id)"
            " UPDATE facility SET episode_id = NULL FROM f WHERE facility.id = f.id"
        ),
        {"on": day(1)},
    )


def test_one_written_off_is_noted_and_opens_nothing_until_it_is_lifted(bank: World) -> None:
    bank.night(day(0), [loan(30), OTHER])
    write_off(bank)
    result = bank.night(day(2), [loan(32, overdue_amount="77"), other(2)])
    assert (result.facilities.changed, result.cured) == (1, 0)
    assert bank.facility("overdue_amount, episode_id") == (77, None)
    (notes,) = bank.rows("SELECT notes FROM feed_arrival WHERE id = :id", id=result.id)[0]
    assert any("حذف‌شده از معوقات" in note for note in notes)
    assert bank.night(day(3), [loan(33, overdue_amount="77"), other(3)]).facilities.unchanged == 2
    bank.connection.execute(text("UPDATE write_off SET lifted_at = now()"))
    assert bank.night(day(4), [loan(34, overdue_amount="77"), other(4)]).facilities.changed == 1
    assert bank.episodes() == [(day(0), None, None)]


# Who is told


def assign(bank: World, branch: str = "6140") -> None:
    bank.connection.execute(
        text(
            "INSERT INTO assignment (facility_id, branch_code, user_id, kind, assigned_at) SELECT f.id, :branch, u.id,"
            " 'call', now() FROM facility f, app_user u WHERE f.loan_no = 'L1' LIMIT 1"
        ),
        {"branch": branch},
    )


def closed_assignments(bank: World) -> list[tuple[Any, ...]]:
    return bank.rows("SELECT closed_at IS NOT NULL, close_reason, close_note FROM assignment")


def test_a_cure_closes_the_assignment(bank: World) -> None:
    bank.night(day(0), [loan(30), OTHER])
    assign(bank)
    bank.night(day(1), [loan(31), OTHER])
    assert closed_assignments(bank) == [(False, None, "")]
    bank.night(day(2), [OTHER])
    assert closed_assignments(bank) == [(True, "cured", "")]


def test_a_facility_that_moves_to_another_branch_keeps_its_episode(bank: World) -> None:
    bank.night(day(0), [loan(30), OTHER])
    assign(bank)
    result = bank.night(day(1), [loan(31, branch_code="6145"), other(1)])
    assert result.facilities.changed == 1
    assert bank.episodes() == [(day(0), None, None)]
    assert closed_assignments(bank) == [(True, "moved", "انتقال شعبه")]
    assert bank.facility("branch_code") == ("6145",)
