"""The bench of the table runs whole, small; its figures are for people and decide nothing here."""

import pytest
from pytestqt.qtbot import QtBot

from tests.bench import client_table


@pytest.mark.usefixtures("theme")
def test_the_bench_measures_both_sides(qtbot: QtBot) -> None:
    report = client_table.run(jumps=6, presses=8, runs=1, size=(900, 500), delay=0.005)
    assert [row["case"] for row in report.cases] == [
        "random jumps",
        "held Page Down",
        "rows after their answer",
    ]
    for row in report.cases:
        figures = [value for key, value in row.items() if key.endswith("_ms")]
        assert figures
        assert all(isinstance(value, float) and value > 0 for value in figures)
