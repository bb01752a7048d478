"""The main job on every PostgreSQL of 15 or newer that this machine has, beside the embedded one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import yaml

from tests.conftest import copied
from tests.whole.test_contract import FEED, TODAY, WORKFLOW, answer, prepared
from vesal_server.kit.embedded import EmbeddedPostgres

EMBEDDED = "embedded"
#: Debian's and other packagers' places of server binaries, by major version.
FOUND = sorted(
    str(path.parent)
    for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")
    if int(path.parent.parent.name) >= 15
)


def quietly(command: list[str | Path]) -> None:
    """Run a program of PostgreSQL's, which says much."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def installed(binaries: Path) -> Iterator[str]:
    """A cluster of another PostgreSQL on a socket of its own; its URL with an empty database."""
    root = os.geteuid() == 0
    folder = Path(tempfile.mkdtemp(prefix="vesal-pg-"))
    data = folder / "data"
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] if root else []
    try:
        if root:
            shutil.chown(folder, "postgres", "postgres")
        quietly(
            [*as_user, binaries / "initdb", "-D", data, "-U", "vesal", "-A", "trust", "--encoding=UTF8",
             "--locale=C.UTF-8", "--no-sync"]
        )  # fmt: skip
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        quietly(
            [*as_user, binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start"]
        )
        try:
            with psycopg.connect(
                f"postgresql://vesal@/postgres?host={folder}", autocommit=True
            ) as connection:
                connection.execute("CREATE DATABASE vesal")
            yield f"postgresql://vesal@/vesal?host={folder}"
        finally:
            quietly([*as_user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("where", [EMBEDDED, *FOUND])
def test_the_main_job(where: str, tmp_path: Path, postgres: EmbeddedPostgres) -> None:
    if where == EMBEDDED:
        with copied(postgres, "template0") as url:
            main_job(tmp_path, url.set(drivername="postgresql").render_as_string(hide_password=False))
    else:
        with installed(Path(where)) as plain:
            main_job(tmp_path, plain)


def main_job(folder: Path, url: str) -> None:
    """Feed, workflow, plan, sending, on an empty database."""
    vesal = prepared(folder, url)
    taken = answer(vesal("intake", FEED.folder(folder / "feed"), "--json"))
    assert taken["status"] == "taken"
    (folder / "workflows.yaml").write_text(yaml.safe_dump(WORKFLOW, allow_unicode=True), encoding="utf-8")
    assert vesal("workflow", "import", folder / "workflows.yaml").returncode == 0
    planned = answer(vesal("plan", "--on", (TODAY + timedelta(days=1)).isoformat(), "--json"))
    assert planned["new"] == 12
    noon = f"{(TODAY + timedelta(days=1)).isoformat()}T12:00:00+03:30"
    sent = answer(vesal("dispatch", "--once", "--at", noon, "--json"))
    assert isinstance(sent["sent"], int)
    assert sent["sent"] > 0
