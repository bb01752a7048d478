"""A database full of due messages, a fake gateway, and servers that can be killed, frozen and replaced."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from tests.faults import scene
from tests.faults.gateway.ledger import read_log
from tests.faults.server import MORNING
from tests.stand import Stand, stand
from vesal_server.kit.clock import tehran_day
from vesal_server.kit.db import Database

DAY = tehran_day(MORNING)


class Field:
    """Where a dispatch fault happens."""

    def __init__(self, base: Stand, database: Database, gateway: scene.FakeGateway) -> None:
        self.base = base
        self.database = database
        self.gateway = gateway
        self._servers: list[subprocess.Popen[str]] = []

    def start(self, *extra: str) -> "subprocess.Popen[str]":
        """Start one server and wait until it works."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.server",
             self.database.url.render_as_string(hide_password=False),
             str(self.base.config.secrets_key_file), str(self.base.config.data_dir), *extra],
            stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=scene.ROOT,
        )  # fmt: skip
        self._servers.append(process)
        assert process.stdout is not None
        process.stdout.readline()
        return process

    def kill(self, process: "subprocess.Popen[str]") -> None:
        """SIGKILL, which nothing can prepare for."""
        process.kill()
        process.wait(10)

    def stop_all(self) -> None:
        """End every server that still runs, frozen ones too."""
        for process in self._servers:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGCONT)
                process.terminate()
        for process in self._servers:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
            if process.stdout is not None:
                process.stdout.close()
        self._servers.clear()

    def fill(self, count: int, channel: str = "sms") -> None:
        """Begin with an empty day and `count` messages that are due."""
        with self.database.transaction() as connection:
            scene.make_partition(connection, DAY)
            connection.execute(
                text("DELETE FROM notification WHERE channel = :channel"), {"channel": channel}
            )
        with self.database.autocommit() as connection:
            # What earlier rounds left behind is not this round's work.
            connection.execute(text("VACUUM notification"))
        scene.fill(self.database, count, day=DAY, due=MORNING, channel=channel)

    def add(self, count: int, wave: int) -> None:
        """More messages that are due, beside what is there; waits until a server has taken some of them up."""
        scene.fill(self.database, count, day=DAY, due=MORNING, wave=wave)
        query = text("SELECT EXISTS (SELECT 1 FROM notification WHERE status = 'sending' AND repeat = :wave)")
        end = time.monotonic() + 15
        while time.monotonic() < end:
            with self.database.transaction() as connection:
                if connection.execute(query, {"wave": wave}).scalar_one():
                    return
            time.sleep(0.01)

    def cut_sessions(self) -> int:
        """End every worker's database session, as a failing network or a restarted PostgreSQL does; how many."""
        with self.database.transaction() as connection:
            ended = connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                    "WHERE application_name = 'vesal-worker' AND datname = current_database()"
                )
            )
            return len(ended.all())

    def open_rows(self) -> int:
        """Messages that are not settled yet."""
        with self.database.transaction() as connection:
            found = connection.execute(
                text("SELECT count(*) FROM notification WHERE status IN ('planned', 'sending')")
            )
            return int(found.scalar_one())

    def is_open(self) -> bool:
        """Whether anything is not settled yet: asked often beside a measurement, so it costs little."""
        query = text("SELECT EXISTS (SELECT 1 FROM notification WHERE status IN ('planned', 'sending'))")
        with self.database.transaction() as connection:
            return bool(connection.execute(query).scalar_one())

    def hurry(self) -> None:
        """Let what waits for another try be tried now: the pauses are for gateways, not for a test's time."""
        with self.database.transaction() as connection:
            connection.execute(
                text(
                    "UPDATE notification n SET next_at = NULL FROM (SELECT day, id FROM notification "
                    "WHERE status = 'planned' AND next_at IS NOT NULL FOR UPDATE SKIP LOCKED) late "
                    "WHERE n.day = late.day AND n.id = late.id"
                )
            )

    def wait_settled(self, seconds: float = 60.0) -> float:
        """Wait until nothing is open; how long it took. Gives up after `seconds`."""
        begin = time.monotonic()
        while self.open_rows() and time.monotonic() - begin < seconds:
            self.hurry()
            time.sleep(0.2)
        return time.monotonic() - begin

    def outcome(self) -> dict[str, int]:
        """Counts: settled by status, twice at the gateway, and lost (sent by our word, unknown to it)."""
        counts = read_log(self.gateway.log)
        with self.database.transaction() as connection:
            rows = connection.execute(
                text("SELECT reference, status FROM notification WHERE channel = 'sms'")
            ).all()
        ours = {row.reference for row in rows}
        seen = {reference for reference in counts if reference in ours}
        by_status = dict.fromkeys(("sent", "failed", "unknown", "planned", "sending"), 0)
        for row in rows:
            by_status[row.status] = by_status.get(row.status, 0) + 1
        lost = sum(1 for row in rows if row.status == "sent" and row.reference not in counts)
        false_failed = sum(1 for row in rows if row.status == "failed" and row.reference in counts)
        return {
            "twice": sum(1 for reference in seen if counts[reference] > 1),
            "lost": lost + by_status["planned"] + by_status["sending"],
            "false_failed": false_failed,
            "sent": by_status["sent"],
            "failed": by_status["failed"],
            "unknown": by_status["unknown"],
        }


@contextmanager
def field(*, seed: int, **faults: object) -> Iterator[Field]:
    """A stand with a fake gateway that the sms channel points at; lease 2, time-out 1, quiet 1 second."""
    with stand() as base, base.database() as database:
        folder = Path(base.folder)
        with scene.fake_gateway(folder, seed=seed, **faults) as gateway:
            scene.point_at(database, gateway.url)
            scene.set_key(database, base.secrets)
            made = Field(base, database, gateway)
            try:
                yield made
            finally:
                made.stop_all()
