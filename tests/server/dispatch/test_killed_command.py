"""`dispatch --once` right after another one was killed: the rest is sent, and nothing twice."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.faults import scene
from tests.faults.gateway.ledger import read_log
from tests.server.cli.command import Command
from tests.server.dispatch.twin import DAY, NOW
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets

KILLED = """
import sys
from tests.faults.server import die_at
from vesal_server.cli.main import main
die_at(sys.argv[1], int(sys.argv[2]), sys.argv[3])
main(sys.argv[4:])
"""
ONCE = ("dispatch", "--once", "--at", NOW.isoformat())
MOMENTS = ("after claim", "after send", "before settle")


def killed(command: Command, moment: str, after: int, driver: str) -> int:
    """Run the command in a process that kills itself at a moment; how it ended."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, moment, str(after), driver, *ONCE],
        cwd=scene.ROOT,
        env={**os.environ, **command.environment},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.returncode


@pytest.mark.parametrize("moment", MOMENTS)
def test_kavenegar(
    moment: str, fresh_database: Database, config: Config, secrets: Secrets, tmp_path: Path
) -> None:
    with scene.fake_gateway(tmp_path) as gateway:
        scene.point_at(fresh_database, gateway.url)
        scene.set_key(fresh_database, secrets)
        scene.fill(fresh_database, 2000, day=DAY, due=NOW)
        command = Command(fresh_database, config)
        assert killed(command, moment, 4, "kavenegar") == -signal.SIGKILL
        ended = command("--json", *ONCE)
        assert ended.status == 0, ended.err
        assert scene.statuses(fresh_database) == {"sent": 2000}
        assert set(read_log(gateway.log).values()) == {1}
        assert (ended.answer["failed"], ended.answer["unknown"], ended.answer["retry"]) == (0, 0, 0)


@pytest.mark.parametrize("moment", MOMENTS)
def test_outbox(moment: str, fresh_database: Database, config: Config) -> None:
    scene.fill(fresh_database, 2000, day=DAY, due=NOW)
    command = Command(fresh_database, config)
    assert killed(command, moment, 2, "outbox") == -signal.SIGKILL
    ended = command("--json", *ONCE)
    assert ended.status == 0, ended.err
    assert scene.statuses(fresh_database) == {"sent": 2000}
    lines = config.outbox_file.read_text(encoding="utf-8").splitlines()
    counts = Counter(json.loads(line)["client_reference"] for line in lines)
    assert len(counts) == 2000
    assert set(counts.values()) == {1}
