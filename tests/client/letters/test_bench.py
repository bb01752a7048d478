"""The letters bench in small, so that it cannot rot; what it measures by the clock decides nothing here."""

from tests.bench import letters
from tests.measure import Report


def test_the_bench_runs_and_the_text_is_right() -> None:
    report = Report("letters")
    letters.run(report, letters=3, sample=2, runs=1, slow_peer=False)
    cases = {str(case["case"]): case for case in report.cases}
    assert {"as files", "as one file", "memory", "text by mupdf", "text by pdfium"} <= set(cases)
    assert all(case["held"] for name, case in cases.items() if name.startswith("text"))
