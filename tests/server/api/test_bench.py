"""The bench of the lists in small: it runs and finds what it asks for; how fast is nobody's business here."""

from tests.bench import lists
from tests.measure import Report
from tests.stand import stand


def test_the_lists_bench_runs_in_small() -> None:
    report = Report("lists")
    with stand() as made, made.database() as database:
        lists.run(report, made, database, facilities=3_000, branches=10, runs=1, seconds_of_calls=1)
    cases = {str(case["case"]): case for case in report.cases}
    assert {f"page 1, {scope}" for scope in lists.SCOPES} <= cases.keys()
    assert {f"sort {sort}" for sort in lists.SORTS} <= cases.keys()
    assert cases["20 callers over HTTP"]["failed"] == 0
