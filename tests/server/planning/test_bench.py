"""The benches of planning in small: they run and plan what they say; how fast is nobody's business here."""

import json

import pytest

from tests.bench import history, plan


def cases(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return {str(case["case"]): case for case in map(json.loads, lines)}


def test_plan(capsys: pytest.CaptureFixture[str]) -> None:
    plan.main(["--small"])
    found = cases(capsys)
    assert (found["first"]["rows"], found["again"]["rows"]) == (5_000, 0)


def test_history(capsys: pytest.CaptureFixture[str]) -> None:
    history.main(["--small"])
    found = cases(capsys)
    assert found["plan"]["old_rows"] == 4_000
    assert found["partitions"]["touched"] == 1
