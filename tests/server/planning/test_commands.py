"""`workflow` and `plan` as banks script them: answers, files and exit statuses of the contract."""

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.server.planning.bank import PlanBank, notification
from tests.server.workflows.test_files import CONTRACT
from vesal_server.cli.main import main
from vesal_server.kit.clock import SystemClock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets
from vesal_server.workflows import files
from vesal_shared import jalali

#: Commands read the machine's clock, so their feed is of that day.
TODAY = SystemClock().today()


class Shell:
    """Runs commands against one database."""

    def __init__(self, database: Database, config: Config, capsys: pytest.CaptureFixture[str]) -> None:
        self._options = [
            "--database-url", database.url.render_as_string(hide_password=False), "--data-dir", str(config.data_dir),
        ]  # fmt: skip
        self._capsys = capsys
        self.err = ""

    def __call__(self, *words: object, status: int = 0) -> Any:
        got = main([*map(str, words), "--json", *self._options])
        out, self.err = self._capsys.readouterr()
        assert got == status, self.err
        return json.loads(out) if out else None


@pytest.fixture
def shell(fresh_database: Database, config: Config, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(fresh_database, config, capsys)


@pytest.fixture
def filled(fresh_database: Database, secrets: Secrets) -> Database:
    """Two facilities, one of them with a guarantor."""
    with fresh_database.transaction() as connection:
        bank = PlanBank(connection, secrets, as_of=TODAY)
        facility = bank.facility("8329-307-1-1", bank.customer("1"), as_of=TODAY)
        bank.guarantor(facility, bank.customer("2"))
        bank.facility("8329-307-2-1", bank.customer("3", mobile_ok=False), as_of=TODAY)
        bank.setting("planning.rest_days", "[]")
    return fresh_database


def listed(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_contracts_file_is_taken_planned_and_exported(
    shell: Shell, filled: Database, tmp_path: Path
) -> None:
    source = tmp_path / "workflows.yaml"
    source.write_text(CONTRACT, encoding="utf-8")
    taken = shell("workflow", "import", source)
    assert (taken["added"], taken["changed"], taken["unchanged"]) == (2, 0, 0)
    again = shell("workflow", "import", source)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 2)
    listing = tmp_path / "plan.csv"
    planned = shell("plan", "--csv", listing)
    # Two facilities: an SMS twice and a warning for each borrower and the one guarantor.
    assert planned == {
        "on": TODAY.isoformat(), "as_of": TODAY.isoformat(), "stale": False, "new": 9, "existing": 0, "planned": 7,
        "cancelled": 0, "suppressed": {"no_mobile": 2}, "by_channel": {"sms": 6, "warning": 3},
    }  # fmt: skip
    rows = listed(listing)
    assert len(rows) == 9
    assert {
        "workflow": "یادآوری اول", "loan_no": "8329-307-1-1", "channel": "sms", "recipient": "guarantor",
        "person_customer_no": "2", "repeat": "1", "due_at": f"{TODAY.isoformat()}T11:00:00+03:30",
        "status": "planned", "reason": "",
    } in rows  # fmt: skip
    for name in ("out.yaml", "out.json"):
        shell("workflow", "export", tmp_path / name)
        assert files.read(tmp_path / name) == files.read(source)


def test_a_dry_run_is_true_and_leaves_nothing(shell: Shell, filled: Database, tmp_path: Path) -> None:
    files.write([notification(channels=("sms", "warning"))], tmp_path / "w.yaml")
    shell("workflow", "import", tmp_path / "w.yaml")
    dry = shell("plan", "--dry-run", "--csv", tmp_path / "dry.csv")
    with filled.transaction() as connection:
        for table in ("notification", "letter", "plan_day", "letter_counter"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    wet = shell("plan", "--csv", tmp_path / "wet.csv")
    assert dry == wet
    assert sorted(map(str, listed(tmp_path / "dry.csv"))) == sorted(map(str, listed(tmp_path / "wet.csv")))
    assert shell("plan", "--dry-run")["existing"] == 4


@pytest.mark.parametrize("as_jalali", [False, True])
def test_on_a_later_day(shell: Shell, filled: Database, tmp_path: Path, as_jalali: bool) -> None:
    files.write([notification()], tmp_path / "w.yaml")
    shell("workflow", "import", tmp_path / "w.yaml")
    day = TODAY + timedelta(days=2)
    planned = shell("plan", "--on", jalali.numeric(day) if as_jalali else day.isoformat())
    assert (planned["on"], planned["new"]) == (day.isoformat(), 2)


def test_a_past_day_exits_3(shell: Shell, filled: Database) -> None:
    shell("plan", "--on", (TODAY - timedelta(days=1)).isoformat(), status=3)
    assert "گذشته است" in shell.err


def test_a_stale_feed_and_none_at_all_exit_0(shell: Shell, filled: Database, tmp_path: Path) -> None:
    listing = tmp_path / "plan.csv"
    planned = shell("plan", "--on", (TODAY + timedelta(days=4)).isoformat(), "--csv", listing)
    assert (planned["stale"], planned["new"], planned["as_of"]) == (True, 0, TODAY.isoformat())
    assert listed(listing) == []
    with filled.transaction() as connection:
        connection.execute(text("DELETE FROM feed_state"))
    planned = shell("plan")
    assert (planned["as_of"], planned["new"], planned["planned"]) == (None, 0, 0)


def test_wrong_usage_exits_2(shell: Shell, tmp_path: Path) -> None:
    shell("plan", "--on", "tomorrow", status=2)
    shell("workflow", "import", status=2)
    shell("plan", "--csv", tmp_path / "no" / "folder.csv", status=2)


def test_a_refused_import_exits_3_and_changes_nothing(shell: Shell, filled: Database, tmp_path: Path) -> None:
    source = tmp_path / "w.yaml"
    files.write([notification("الف"), notification("ب", days_from=60, days_to=70)], source)
    shell("workflow", "import", source, status=3)
    assert "«ب»" in shell.err or "«الف»" in shell.err
    assert "هم‌پوشانی" in shell.err
    files.write([notification("الف"), notification("ب", loan_types=("999",))], source)
    shell("workflow", "import", source, status=3)
    assert "«ب»" in shell.err
    assert "999" in shell.err
    shell("workflow", "import", tmp_path / "missing.yaml", status=3)
    with filled.transaction() as connection:
        assert connection.execute(text("SELECT count(*) FROM workflow")).scalar_one() == 0


def test_a_changed_workflow_says_what_it_cancelled_and_planned(
    shell: Shell, filled: Database, tmp_path: Path
) -> None:
    source = tmp_path / "w.yaml"
    day = (TODAY + timedelta(days=1)).isoformat()
    files.write([notification()], source)
    shell("workflow", "import", source)
    shell("plan", "--on", day)
    files.write([notification(per_day=2, repeat_minutes=30)], source)
    done = shell("workflow", "import", source)
    assert (done["cancelled"], done["planned"]) == (1, 4)
    files.write([notification(days_from=5, days_to=5, enabled=False)], source)
    done = shell("workflow", "import", source)
    assert (done["cancelled"], done["planned"]) == (2, 0)
    assert [one["code"] for one in done["warnings"]] == ["one_day_range"]
    planned = shell("plan", "--on", day)
    assert (planned["new"], planned["existing"], planned["cancelled"]) == (0, 4, 4)


def test_the_ready_workflows(shell: Shell, filled: Database) -> None:
    assert shell("workflow", "import", "--ready")["added"] == 3
    assert shell("plan")["new"] == 0


def test_a_holiday_taken_in_suppresses_what_is_planned(
    shell: Shell, filled: Database, tmp_path: Path
) -> None:
    files.write([notification(channels=("sms", "call", "warning"))], tmp_path / "w.yaml")
    shell("workflow", "import", tmp_path / "w.yaml")
    shell("plan")
    day = TODAY.isoformat()
    (tmp_path / "h.csv").write_text(
        f"date,title,province_code,no_messages\n{day},تعطیل,,0\n{day},عزای عمومی,96,1\n", encoding="utf-8"
    )
    shell("catalog", "import", "holidays", tmp_path / "h.csv")
    planned = shell("plan")
    assert planned["suppressed"] == {"no_mobile": 2, "holiday": 2}
    # Issued letters stay.
    assert planned["planned"] == 2
