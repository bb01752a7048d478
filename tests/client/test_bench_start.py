"""The client-start bench in small, so that it cannot rot; what it measures by the clock decides nothing here."""

import json
import subprocess
import sys


def test_the_bench_measures_all_its_cases() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.client_start", "--small"],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [row["case"] for row in rows] == ["log-in window", "log-in to home", "GUI thread"], done.stderr
    assert rows[1]["seconds"] > 0
