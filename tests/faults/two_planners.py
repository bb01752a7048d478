"""Two servers plan one day at once around midnight, one clock 90 s off; a leader is killed: nothing twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from datetime import time as clock_time
from typing import Any

from sqlalchemy import text

from tests.faults.bank import Nights
from tests.faults.scene import ROOT
from tests.measure import Report
from tests.stand import Stand, stand
from vesal_server.kit.clock import FixedClock, tehran_instant
from vesal_server.kit.db import Database
from vesal_server.kit.lease import Lease, leader
from vesal_server.planning import service as planning
from vesal_server.scheduler import Daily, Timetable

MUST = "the rows of one planner; no job twice; another leads <= 15 s after a kill"
OFF = timedelta(seconds=90)
LIMIT_S = 15.0


def together(*works: Callable[[], object]) -> None:
    """Do all at once, and raise what any of them raised."""
    barrier = threading.Barrier(len(works))
    failures: list[BaseException] = []

    def do(work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            work()
        except Exception as error:  # noqa: BLE001 - raised again below, in the caller's thread
            failures.append(error)

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def run(*, customers: int, rounds: int, kills: int) -> Report:
    """`rounds` days are planned twice at once; `kills` leaders are killed."""
    report = Report("two-planners")
    with stand() as base, base.database() as database, Database(database.url, pool_size=4) as other:
        nights = Nights(database, base.secrets, base.folder, customers=customers, days=1)
        _widen(database)
        first = nights.feeds[0][0]
        differing = holes = planned = 0
        for number in range(rounds):
            day = first + timedelta(days=number)
            expected = _plan_alone(nights, day)
            together(
                *(_planner(nights, where, day, ahead) for where, ahead in ((database, False), (other, True)))
            )
            rows = _keys(database, day)
            planned += len(rows)
            differing += rows != expected
            holes += nights.holes()
        report.add(
            f"{rounds} days planned at once",
            held=differing == holes == 0 and planned > 0,
            must=MUST,
            rows=planned,
            differing=differing,
            holes=holes,
        )
        _jobs(report, database, other, rounds)
        _change_of_leader(report, base, database, kills)
    return report


def _widen(database: Database) -> None:
    """The one feed stands for all rounds, so it may not grow stale."""
    with database.transaction() as connection:
        connection.execute(
            text("INSERT INTO setting (key, value, updated_at) VALUES ('feed.stale_days', '365', now())")
        )


def _planner(nights: Nights, database: Database, day: date, ahead: bool) -> Callable[[], object]:
    # Midnight comes in between: for one server it is still the evening before the day, for the other the day.
    midnight = tehran_instant(day)
    now = midnight + OFF / 2 if ahead else midnight - OFF / 2

    def plan() -> object:
        with database.transaction(statement_timeout_s=0) as connection:
            return planning.plan(connection, day, now=now, secrets=nights.secrets)

    return plan


def _keys(database: Database, day: date) -> list[tuple[Any, ...]]:
    with database.transaction(read_only=True) as connection:
        return [tuple(row) for row in connection.execute(_ROWS, {"day": day})]


_ROWS = text(
    """
    SELECT facility_id, workflow_id, channel, role, person_id, repeat, status, reason, due_at, text, NULL AS number
    FROM notification WHERE day = :day
    UNION ALL
    SELECT facility_id, workflow_id, channel, role, person_id, 0, status, reason, due_at, '', number
    FROM letter WHERE day = :day
    ORDER BY 1, 2, 3, 4, 5, 6
    """
)


def _plan_alone(nights: Nights, day: date) -> list[tuple[Any, ...]]:
    """What one planner would write; it is taken back."""
    with nights.database.transaction(statement_timeout_s=0) as connection:
        planning.plan(connection, day, now=tehran_instant(day), secrets=nights.secrets)
        rows = [tuple(row) for row in connection.execute(_ROWS, {"day": day})]
        connection.rollback()
    return rows


def _jobs(report: Report, one: Database, other: Database, days: int) -> None:
    """Two timetables look at their daily jobs at once, from before to after each midnight, leading by turns."""
    done: list[date] = []
    lock = threading.Lock()
    clocks = [FixedClock(tehran_instant(date(2027, 1, 1)) - OFF) for _ in range(2)]
    clocks[1].move(OFF)
    leases = [Lease(one, "one"), Lease(other, "other")]

    def job(clock: FixedClock) -> Daily:
        def work() -> Mapping[str, Any]:
            with lock:
                done.append(clock.today())
            return {}

        return Daily("counted", lambda: clock_time(0), work)

    tables = [Timetable(lease, clock, [job(clock)]) for lease, clock in zip(leases, clocks, strict=True)]
    for number in range(days * 4):
        leases[(number + 1) % 2].give_up()
        leases[number % 2].renew()
        together(*(table.run_due for table in tables))
        for clock in clocks:
            clock.move(timedelta(hours=6))
    leases[0].give_up()
    leases[1].give_up()
    twice = len(done) - len(set(done))
    report.add("daily jobs", held=twice == 0 and len(done) >= days, must=MUST, done=len(done), twice=twice)


def _change_of_leader(report: Report, base: Stand, database: Database, kills: int) -> None:
    """Two servers; the one that leads is killed, again and again."""
    servers = [_serve(base, database), _serve(base, database)]
    slowest = 0.0
    try:
        for _ in range(kills):
            led = _wait_for_leader(database, None)
            victim = next(server for server in servers if f":{server.pid}:" in led)
            begin = time.monotonic()
            victim.kill()
            victim.communicate()
            servers.remove(victim)
            _wait_for_leader(database, led)
            slowest = max(slowest, time.monotonic() - begin)
            servers.append(_serve(base, database))
    finally:
        for server in servers:
            server.send_signal(signal.SIGTERM)
        for server in servers:
            server.communicate(timeout=60)
    report.add(
        f"{kills} leaders killed",
        held=slowest <= LIMIT_S,
        must=MUST,
        slowest_s=slowest,
    )


def _serve(base: Stand, database: Database) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "VESAL_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "VESAL_DATA_DIR": str(base.config.data_dir),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "vesal_server.cli", "serve", "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment,
        cwd=ROOT,
    )
    assert server.stdout is not None
    server.stdout.readline()
    return server


def _wait_for_leader(database: Database, before: str | None) -> str:
    deadline = time.monotonic() + 4 * LIMIT_S
    while time.monotonic() < deadline:
        led = leader(database)
        if led is not None and led != before:
            return led
        time.sleep(0.05)
    raise TimeoutError("nobody leads")


def main(argv: list[str]) -> int:
    """The full size."""
    del argv
    return run(customers=3_000, rounds=20, kills=3).end()
