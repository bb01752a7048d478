"""The night and the morning on the system's own PostgreSQL (15 or newer), on machines that have one."""

from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path

import pytest

from tests.conftest import FAST
from tests.server.cli.command import Command
from tests.worlds import Feed, add_bank, customer, facility, guarantor
from vesal_server.kit import embedded
from vesal_server.kit.clock import TEHRAN, SystemClock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.embedded_user import ServerUser, packaged_binaries

OLDEST = 15


def installed() -> dict[str, Path]:
    """The programs of each PostgreSQL that Debian's packages put beside one another, by major version."""
    return {
        folder.parent.name: folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if folder.parent.name.isdigit() and int(folder.parent.name) >= OLDEST and (folder / "initdb").exists()
    }


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> Iterator[Database]:
    """A database of another PostgreSQL, run just as the embedded one is."""

    def programs(_user: ServerUser | None) -> Path:
        return installed().get(version) or packaged_binaries()

    monkeypatch.setattr(embedded, "reachable_binaries", programs)
    monkeypatch.setattr(embedded, "MAJOR", version)
    with (
        embedded.EmbeddedPostgres(tmp_path / "other", settings=FAST) as server,
        Database(server.url()) as made,
    ):
        yield made


WORKFLOW = """
format: 1
notification_workflows:
  - {title: یادآوری, loan_types: ["307"], days: [1, 30], min_amount: 0, branches: all, channels: [sms, warning],
     recipients: [borrower, guarantor], per_day: 1, start: "09:00", every_days: 1, enabled: true}
"""


def test_a_night_and_a_morning(other: Database, config: Config, tmp_path: Path, version: str) -> None:
    command = Command(other, config)
    assert command("init", "--json").answer["created"]
    with other.transaction() as connection:
        assert connection.exec_driver_sql("SHOW server_version").scalar_one().startswith(version)
        add_bank(connection)
    today = SystemClock().today()
    feed = Feed(
        today,
        [customer(1), customer(2, last_name="كريمي")],
        [facility("6140-307-1-1", 1), facility("6140-307-1-2", 1, overdue_days=45)],
        [guarantor("6140-307-1-1", 2)],
    )
    taken = command("intake", feed.folder(tmp_path / "feed"), "--json").answer
    assert (taken["status"], taken["facilities"]["new"]) == ("taken", 2)
    (tmp_path / "workflow.yaml").write_text(WORKFLOW, encoding="utf-8")
    assert command("workflow", "import", tmp_path / "workflow.yaml").status == 0
    planned = command("plan", "--json").answer
    assert planned["by_channel"] == {"sms": 2, "warning": 2}
    morning = datetime.combine(today, time(10), TEHRAN).isoformat()
    sent = command("dispatch", "--once", "--at", morning, "--json").answer
    assert (sent["sent"], sent["failed"]) == (2, 0)
    assert command("doctor").status == 0


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Where the system has no other PostgreSQL, the embedded one's own major version is looked at again."""
    if "version" in metafunc.fixturenames:
        metafunc.parametrize("version", sorted(installed()) or [embedded.MAJOR])
