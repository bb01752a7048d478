"""Small versions of the faults of whole nights, so that they can't rot; times are theirs to judge, not ours."""

from tests.faults import database, readers, two_planners
from tests.measure import Report


def figures(report: Report, *names: str) -> list[object]:
    """The named figures of every case that has them."""
    return [row[name] for row in report.cases for name in names if name in row]


def test_a_killed_database_leaves_nights_whole_and_numbers_without_gap() -> None:
    report = database.run(customers=300, rounds=1, seed=1)
    assert figures(report, "whole") == [True, True]
    assert figures(report, "holes", "twice", "lost") == [0, 0, 0, 0]
    assert len(report.cases) == 4


def test_two_planners_write_the_rows_of_one_and_no_job_runs_twice() -> None:
    report = two_planners.run(customers=300, rounds=2, kills=1)
    assert figures(report, "differing", "holes", "twice") == [0, 0, 0]
    assert len(report.cases) == 3


def test_readers_see_the_old_state_until_the_end() -> None:
    report = readers.run(customers=1_000, callers=4, seed=1)
    assert figures(report, "mixed", "failed") == [0, 0]
