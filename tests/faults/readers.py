"""A large feed is taken in while callers page lists: nobody waits, and all see the old state until the end."""

import json
import os
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import urllib3
from sqlalchemy import text

from tests.faults.scene import ROOT
from tests.measure import Report
from tests.stand import Stand, stand
from tests.worlds import CHEAP, PASSWORD
from vesal_server.access.users import NewUser, create
from vesal_server.audit.service import SYSTEM
from vesal_server.catalogs import service as catalogs
from vesal_server.demo_data import service as demo_data
from vesal_server.kit.clock import SystemClock
from vesal_server.kit.db import Database
from vesal_shared.pages import ADMINS

MUST = "p95 <= 300 ms, the old state until the end, no lock wait > 200 ms"
P95_MS, LOCK_MS = 300.0, 200.0
#: Seconds between two pages of one caller.
THINKING_S = 1.0


@dataclass
class Seen:
    """What the callers met with."""

    times_ms: list[float] = field(default_factory=list)
    #: The totals that one caller was told, in their order.
    totals: list[list[int]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def run(*, customers: int, callers: int, seed: int) -> Report:
    """The second night of a bank of `customers` is taken in while `callers` read."""
    report = Report("readers")
    with stand() as base, base.database() as database:
        # The last feed is today's: a date to come would be refused by the machine's own clock.
        today = SystemClock().today()
        bank = demo_data.make(base.folder / "bank", customers=customers, as_of=today, days=2, seed=seed)
        _set_up(database, bank)
        _intake(base, database, bank.feeds[0].path)
        before = _open(database)
        seen, longest_ms = Seen(), 0.0
        with _served(base, database) as url:
            crowd = _Crowd(url, callers, seed, seen)
            crowd.start()
            with _watch_locks(database) as waits:
                took_s = _intake(base, database, bank.feeds[1].path)
            longest_ms = max(waits, default=0.0)
            during = len(seen.times_ms)
            time.sleep(2 * THINKING_S)
            crowd.stop()
        after = _open(database)
        p95 = statistics.quantiles(seen.times_ms, n=20)[-1] if len(seen.times_ms) > 1 else 0.0
        mixed = sum(not _turns_once(totals, before, after) for totals in seen.totals)
        held = p95 <= P95_MS and mixed == 0 and longest_ms <= LOCK_MS and not seen.failures and during > 0
        report.add(
            f"{callers} callers",
            held=held,
            must=MUST,
            intake_s=took_s,
            pages=during,
            median_ms=statistics.median(seen.times_ms),
            p95_ms=p95,
            mixed=mixed,
            lock_wait_ms=longest_ms,
            failed=len(seen.failures),
        )
    return report


def _set_up(database: Database, bank: demo_data.Bank) -> None:
    now = SystemClock().now()
    with database.transaction() as connection:
        for kind, file in bank.catalogs.items():
            catalogs.take_in(connection, SYSTEM, now, kind, file.read_bytes())
        clerk = NewUser("clerk", PASSWORD, [ADMINS], must_change_password=False)
        create(connection, SYSTEM, now, CHEAP, clerk)


def _environment(base: Stand, database: Database) -> dict[str, str]:
    return {
        **os.environ,
        "VESAL_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "VESAL_DATA_DIR": str(base.config.data_dir),
    }


def _intake(base: Stand, database: Database, feed: Path) -> float:
    begin = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "vesal_server.cli", "intake", str(feed), "--json"],
        env=_environment(base, database),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.monotonic() - begin


def _open(database: Database) -> int:
    with database.transaction(read_only=True) as connection:
        return int(
            connection.execute(
                text("SELECT count(*) FROM facility WHERE episode_id IS NOT NULL")
            ).scalar_one()
        )


def _turns_once(totals: list[int], before: int, after: int) -> bool:
    """Whether a caller saw the old state, then the new one, and nothing between them."""
    turned = [total for place, total in enumerate(totals) if place == 0 or totals[place - 1] != total]
    return turned in ([before], [after], [before, after])


@contextmanager
def _served(base: Stand, database: Database) -> Iterator[str]:
    server = subprocess.Popen(
        [sys.executable, "-m", "vesal_server.cli", "serve", "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env=_environment(base, database),
        cwd=ROOT,
    )
    try:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["url"]
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=60)


@contextmanager
def _watch_locks(database: Database) -> Iterator[list[float]]:
    """The longest waits for a lock, in milliseconds, while the block runs; looked at 20 times a second."""
    waits: list[float] = []
    stop = threading.Event()
    query = text(
        "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - waitstart)), 0) * 1000"
        " FROM pg_locks WHERE NOT granted"
    )

    def look() -> None:
        while not stop.wait(0.05):
            with database.transaction(read_only=True) as connection:
                waits.append(float(connection.execute(query).scalar_one()))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield waits
    finally:
        stop.set()
        watcher.join()


class _Crowd:
    """Callers who each look at a page, think, and look at the next."""

    def __init__(self, url: str, callers: int, seed: int, seen: Seen) -> None:
        self._url = url
        self._seen = seen
        self._stop = threading.Event()
        self._pool = urllib3.PoolManager(maxsize=callers, retries=False, timeout=30)
        answer = self._pool.request(
            "POST", f"{url}/api/v1/session", json={"username": "clerk", "password": PASSWORD}
        )
        self._headers = {"Authorization": f"Bearer {answer.json()['token']}"}
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._read, args=(random.Random(f"{seed} {number}"),))
            for number in range(callers)
        ]

    def start(self) -> None:
        """Let everybody begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let everybody end their page."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _read(self, dice: random.Random) -> None:
        totals: list[int] = []
        self._stop.wait(dice.random() * THINKING_S)
        while not self._stop.is_set():
            page, sort = dice.choice((1, 1, 2, 3, 7)), dice.choice(("-overdue_days", "-overdue_amount"))
            begin = time.monotonic()
            answer = self._pool.request(
                "GET",
                f"{self._url}/api/v1/overdue-cases?page={page}&size=50&sort={sort}",
                headers=self._headers,
            )
            took = (time.monotonic() - begin) * 1000
            with self._lock:
                self._seen.times_ms.append(took)
                if answer.status != 200:
                    self._seen.failures.append(f"{answer.status}")
            if answer.status == 200:
                totals.append(int(answer.json()["total"]))
            self._stop.wait(THINKING_S)
        with self._lock:
            self._seen.totals.append(totals)


def main(argv: list[str]) -> int:
    """The full size: about 200,000 overdue facilities."""
    del argv
    return run(customers=350_000, callers=50, seed=19).end()
