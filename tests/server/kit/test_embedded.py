"""The embedded PostgreSQL: started by the first, stopped with the last, alive again after any kill."""

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.conftest import FAST, plain
from vesal_server.kit.embedded import EmbeddedError, EmbeddedPostgres
from vesal_server.kit.embedded_keeper import cluster_processes, postmaster_pid

#: A command: uses the server, says so, and works on until its stdin ends.
COMMAND = """
import sys
from pathlib import Path
from vesal_server.kit.embedded import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off"}) as server:
    print(server.url().render_as_string(hide_password=False), flush=True)
    sys.stdin.read()
"""


def start_command(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def end(command: "subprocess.Popen[str]") -> int:
    command.communicate(timeout=60)
    return command.returncode


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether something becomes true; the limit is far beyond what it takes."""
    pause = threading.Event()
    for _ in range(3000):
        if holds():
            return True
        pause.wait(0.02)
    return False


def ask(server: EmbeddedPostgres, question: str) -> object:
    with psycopg.connect(plain(server.url())) as connection:
        row = connection.execute(question).fetchone()
        assert row is not None
        return row[0]


def test_makes_a_cluster_in_which_persian_search_works(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, settings=FAST) as server:
        with psycopg.connect(plain(server.url())) as connection:
            connection.execute("CREATE EXTENSION pg_trgm")
            found = connection.execute("SELECT cardinality(show_trgm('علی رضا'))").fetchone()
        assert found == (8,)
        assert ask(server, "SHOW server_encoding") == "UTF8"
        assert ask(server, "SHOW log_error_verbosity") == "terse"
        of_database = "SELECT {} FROM pg_database WHERE datname = current_database()"
        assert ask(server, of_database.format("datcollate")) == "C"
        assert ask(server, of_database.format("datctype")) == "C.UTF-8"
    assert cluster_processes(server.cluster) == []


def test_keeps_what_was_written_and_its_password_to_itself(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, settings=FAST) as server:
        first = server.url()
        with psycopg.connect(plain(first)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
    with EmbeddedPostgres(tmp_path, settings=FAST) as server:
        assert ask(server, "SELECT value FROM kept") == 7
        assert server.url().password == first.password
        wrong = plain(first.set(password="wrong", query=server.url().query))
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        socket_dir = Path(str(server.url().query["host"]))
        assert stat.S_IMODE(socket_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "postgres" / "password").stat().st_mode) == 0o600
    assert not socket_dir.exists()


def test_several_commands_share_one_server_and_the_last_stops_it(tmp_path: Path) -> None:
    commands = [start_command(tmp_path) for _ in range(4)]
    urls = {command.stdout.readline() for command in commands if command.stdout}
    assert len(urls) == 1
    cluster = tmp_path / "postgres" / "data"
    server = postmaster_pid(cluster)
    assert server is not None
    for command in commands[:-1]:
        assert end(command) == 0
    assert postmaster_pid(cluster) == server
    assert end(commands[-1]) == 0
    assert cluster_processes(cluster) == []


def test_a_killed_last_command_leaves_no_server_behind(tmp_path: Path) -> None:
    command = start_command(tmp_path)
    assert command.stdout is not None
    assert command.stdout.readline()
    cluster = tmp_path / "postgres" / "data"
    assert cluster_processes(cluster)
    command.kill()
    end(command)
    assert eventually(lambda: not cluster_processes(cluster))
    with EmbeddedPostgres(tmp_path, settings=FAST) as server:
        assert ask(server, "SELECT 1") == 1


def test_a_killed_server_is_back_by_itself(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, settings=FAST) as server:
        killed = postmaster_pid(server.cluster)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        assert eventually(lambda: postmaster_pid(server.cluster) not in {None, killed})

        def answers() -> bool:
            try:
                return ask(server, "SELECT 1") == 1
            except psycopg.OperationalError:
                return False

        assert eventually(answers)
    assert cluster_processes(server.cluster) == []


def test_a_server_whose_keeper_was_killed_is_found_again_and_stopped(tmp_path: Path) -> None:
    command = start_command(tmp_path)
    assert command.stdout is not None
    url = command.stdout.readline().strip()
    cluster = tmp_path / "postgres" / "data"
    server = postmaster_pid(cluster)
    kill_keeper(tmp_path)
    command.kill()
    end(command)
    assert postmaster_pid(cluster) == server
    with EmbeddedPostgres(tmp_path, settings=FAST) as again:
        assert again.url().render_as_string(hide_password=False) == url
        assert postmaster_pid(cluster) == server
    assert cluster_processes(cluster) == []


def test_a_number_that_passed_to_a_stranger_does_not_stop_the_start(tmp_path: Path) -> None:
    command = start_command(tmp_path)
    assert command.stdout is not None
    command.stdout.readline()
    cluster = tmp_path / "postgres" / "data"
    server = postmaster_pid(cluster)
    assert server is not None
    kill_keeper(tmp_path)
    os.kill(server, signal.SIGKILL)
    command.kill()
    end(command)
    pid_file = cluster / "postmaster.pid"
    _, _, rest = pid_file.read_text(encoding="utf-8").partition("\n")
    pid_file.write_text(f"{os.getpid()}\n{rest}", encoding="utf-8")
    assert postmaster_pid(cluster) is None
    with EmbeddedPostgres(tmp_path, settings=FAST) as again:
        assert ask(again, "SELECT 1") == 1


def test_a_half_made_cluster_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n", encoding="ascii")
    with EmbeddedPostgres(tmp_path, settings=FAST) as server:
        assert ask(server, "SELECT 1") == 1
    assert not half.exists()


def test_another_major_version_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, settings=FAST) as server:
        version = server.cluster / "PG_VERSION"
    version.write_text("17\n", encoding="ascii")
    with pytest.raises(EmbeddedError, match="PostgreSQL 17"):
        EmbeddedPostgres(tmp_path, settings=FAST).start()
    version.write_text("18\n", encoding="ascii")
    with EmbeddedPostgres(tmp_path, settings=FAST) as server:
        assert ask(server, "SELECT 1") == 1


def test_a_server_that_can_not_start_says_why(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, settings=FAST):
        pass
    with pytest.raises(EmbeddedError, match="shared_buffers"):
        EmbeddedPostgres(tmp_path, settings={**FAST, "shared_buffers": "nonsense"}).start()
    with EmbeddedPostgres(tmp_path, settings=FAST) as server:
        assert ask(server, "SELECT 1") == 1


def gone(process: Path) -> bool:
    """Whether a process of /proc has ended."""
    try:
        return not (process / "cmdline").read_bytes()
    except OSError:
        return True


def kill_keeper(folder: Path) -> None:
    """Kill the keeper of one folder, found by the command line that names it."""
    home = str(folder / "postgres").encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"vesal_server.kit.embedded_keeper" in words and home in words:
                os.kill(int(entry.name), signal.SIGKILL)
                assert eventually(partial(gone, entry))
                return
    raise AssertionError("no keeper")
