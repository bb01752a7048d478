"""New, changed, unchanged, cured; the same feed again; a corrected one."""

from sqlalchemy import text

from tests.feeds import customer, facility, pair
from tests.server.intake.world import World, day, set_setting
from vesal_shared.messages.data_reception import IntakeCounts, IntakeResult


def counted(count: IntakeCounts) -> tuple[int, int, int]:
    return count.new, count.changed, count.unchanged


def facilities(result: IntakeResult) -> tuple[int, int, int]:
    return counted(result.facilities)


def test_days_that_rose_by_the_days_in_between_are_unchanged(bank: World) -> None:
    bank.night(day(0), [facility("L1", "101", overdue_days="30")])
    assert facilities(bank.night(day(4), [facility("L1", "101", overdue_days="34")])) == (0, 0, 1)
    assert facilities(bank.night(day(5), [facility("L1", "101", overdue_days="20")])) == (0, 1, 0)
    assert bank.facility("overdue_since") == (day(-15),)


def test_no_days_stay_unchanged_and_begin_to_rise_unchanged(bank: World) -> None:
    bank.night(day(0), [facility("L1", "101", overdue_days="0")])
    assert facilities(bank.night(day(1), [facility("L1", "101", overdue_days="0")])) == (0, 0, 1)
    assert facilities(bank.night(day(3), [facility("L1", "101", overdue_days="2")])) == (0, 0, 1)
    assert bank.facility("overdue_since") == (day(1),)
    assert facilities(bank.night(day(4), [facility("L1", "101", overdue_days="0")])) == (0, 1, 0)


def test_a_night_writes_only_what_changed(bank: World) -> None:
    rows = [facility(f"L{number}", "101", overdue_days="30") for number in range(5)]
    bank.night(day(0), rows, pairs=[pair("L1", "102")])
    before = bank.rows("SELECT loan_no, xmin::text, ctid::text FROM facility")
    people = bank.rows("SELECT customer_no, xmin::text, ctid::text FROM customer")
    bank.night(day(1), [{**row, "overdue_days": "31"} for row in rows], pairs=[pair("L1", "102")])
    assert bank.rows("SELECT loan_no, xmin::text, ctid::text FROM facility") == before
    assert bank.rows("SELECT customer_no, xmin::text, ctid::text FROM customer") == people


def test_values_are_compared_after_normalisation(bank: World) -> None:
    bank.night(
        day(0), [facility("L1", "101", overdue_amount="1200")], customers=[customer("101", last_name="یزدی")]
    )
    result = bank.night(
        day(0),
        [facility("L1", "101", overdue_amount="۱۲۰۰.0000")],
        customers=[customer("۱۰۱", last_name=" يزدي  ")],
    )
    assert (result.status, counted(result.customers), facilities(result)) == (
        "unchanged",
        (0, 0, 1),
        (0, 0, 1),
    )


def test_customers_absent_from_the_feed_are_neither_touched_nor_counted(bank: World) -> None:
    bank.night(day(0), [], customers=[customer("101"), customer("102")])
    result = bank.night(day(1), [], customers=[customer("102", mobile="")])
    assert counted(result.customers) == (0, 1, 0)
    assert bank.customer("mobile") == ("09120000000",)
    assert bank.customer("mobile, mobile_ok", "102") == ("", False)


def test_the_same_feed_again_changes_nothing(bank: World) -> None:
    set_setting(bank.connection, "feed.max_bad_percent", 50)
    rows = [facility("L1", "101"), facility("L2", "101", branch_code="77")]
    first = bank.night(day(0), rows, pairs=[pair("L1", "102")])
    before = bank.dump()
    again = bank.night(day(0), rows, pairs=[pair("L1", "102")])
    assert (again.status, facilities(again), again.facilities.rejected) == ("unchanged", (0, 0, 1), 1)
    assert counted(again.guarantors) == (0, 0, 1)
    assert again.rejected == first.rejected
    assert bank.dump() == before


def test_the_same_file_is_taken_once_a_missing_branch_has_been_added(bank: World) -> None:
    set_setting(bank.connection, "feed.max_bad_percent", 50)
    rows = [facility("L1", "101"), facility("L2", "101", branch_code="77")]
    bank.night(day(0), rows)
    bank.connection.execute(text("INSERT INTO branch (code, title, province_code) VALUES ('77', 'نو', '96')"))
    again = bank.night(day(0), rows)
    assert (again.status, facilities(again)) == ("taken", (1, 0, 1))


def test_the_next_days_feed_is_taken_though_nothing_differs(bank: World) -> None:
    bank.night(day(0), [facility("L1", "101", overdue_days="3")])
    result = bank.night(day(1), [facility("L1", "101", overdue_days="4")])
    assert (result.status, facilities(result)) == ("taken", (0, 0, 1))
    assert bank.rows("SELECT as_of FROM feed_state") == [(day(1),)]


def test_back_after_a_cure_is_changed_and_its_pair_is_new(bank: World) -> None:
    row = facility("L1", "101", overdue_days="5")
    bank.night(day(0), [row], pairs=[pair("L1", "102")])
    gone = bank.night(day(1), [], customers=[], force=True)
    assert (gone.cured, bank.standing_pairs()) == (1, set())
    back = bank.night(day(2), [{**row, "overdue_days": "7"}], pairs=[pair("L1", "102")])
    assert (facilities(back), counted(back.guarantors), back.cured) == ((0, 1, 0), (1, 0, 0), 0)
    assert bank.standing_pairs() == {("L1", "102")}


def test_a_pair_that_ended_and_is_back_is_new_and_ended_ones_are_not_counted(bank: World) -> None:
    row = facility("L1", "101")
    bank.night(day(0), [row], pairs=[pair("L1", "102"), pair("L1", "103")])
    less = bank.night(day(0), [row], pairs=[pair("L1", "102")])
    assert (less.status, counted(less.guarantors)) == ("taken", (0, 0, 1))
    assert bank.standing_pairs() == {("L1", "102")}
    more = bank.night(day(0), [row], pairs=[pair("L1", "102"), pair("L1", "103")])
    assert counted(more.guarantors) == (1, 0, 1)


def test_a_corrected_feed_counts_against_the_state_after_the_one_before(bank: World) -> None:
    bank.night(day(0), [facility("L1", "101"), facility("L2", "101")])
    bank.night(day(1), [facility("L1", "101", overdue_days="31", overdue_amount="5")])
    corrected = bank.night(
        day(1),
        [
            facility("L1", "101", overdue_days="31", overdue_amount="5"),
            facility("L2", "101", overdue_days="31"),
        ],
    )
    assert (facilities(corrected), corrected.cured) == ((0, 1, 1), 0)


def test_totals_per_branch_and_loan_type_are_kept(bank: World) -> None:
    bank.night(day(0), [facility("L1", "101", overdue_amount="5"), facility("L2", "101", overdue_amount="7"),
                        facility("L3", "101", branch_code="6145", overdue_amount="1")])  # fmt: skip
    bank.night(day(1), [facility("L1", "101", overdue_amount="6"), facility("L2", "101", overdue_amount="7")])
    assert bank.rows("SELECT branch_code, loan_type_code, facilities, overdue_amount FROM case_total") == [
        ("6140", "307", 2, 13)
    ]
