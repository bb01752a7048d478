"""PostgreSQL is killed amid intake, planning with letter issue, and dispatch: whole or nothing, and back by itself."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from datetime import time as clock_time
from typing import Any

import urllib3
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tests.faults import scene
from tests.faults.bank import Nights
from tests.faults.gateway.ledger import read_log
from tests.measure import Report
from tests.stand import Stand, stand
from tests.worlds import CHEAP, PASSWORD, add_user
from vesal_server.dispatch import service as dispatch
from vesal_server.host import Host
from vesal_server.kit.clock import ShiftedClock, SystemClock, tehran_instant
from vesal_server.kit.db import Database
from vesal_server.kit.embedded import cluster_processes
from vesal_shared.pages import ADMINS
from vesal_shared.problems import Refusal

MUST = "intake whole or nothing; letter numbers without gap; 2xx kept; back <= 30 s"
#: What work may end with when its database dies.
DIED = (SQLAlchemyError, Refusal)
LIMIT_S = 30.0


class Killer:
    """Kills the server and all its backends, and knows how long it was away."""

    def __init__(self, base: Stand, database: Database) -> None:
        self._base = base
        self._database = database

    def strike(self) -> float:
        """SIGKILL to every process of the cluster; seconds until a statement is answered again."""
        begin = time.monotonic()
        for pid in cluster_processes(self._base.server.cluster):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        while time.monotonic() - begin < 2 * LIMIT_S:
            try:
                with self._database.transaction() as connection:
                    connection.execute(text("SELECT 1"))
                return time.monotonic() - begin
            except DIED:
                time.sleep(0.05)
        return time.monotonic() - begin


@dataclass
class Struck:
    """How a piece of work went that was struck amid it."""

    finished: bool
    back_s: float


def amid(work: Callable[[], object], killer: Killer, after_s: float) -> Struck:
    """Begin the work, strike after a while, and see whether the work ended well or with a foreseeable failure."""
    finished: list[bool] = []
    bugs: list[BaseException] = []

    def begin() -> None:
        try:
            work()
            finished.append(True)
        except DIED:
            finished.append(False)
        except BaseException as error:  # noqa: BLE001 - raised again below, in the caller's thread
            bugs.append(error)

    thread = threading.Thread(target=begin)
    thread.start()
    thread.join(after_s)
    back = killer.strike()
    thread.join()
    if bugs:
        raise bugs[0]
    return Struck(finished[0], back)


def took(work: Callable[[], object]) -> float:
    """How long a piece of work takes, undisturbed."""
    begin = time.monotonic()
    work()
    return time.monotonic() - begin


class Callers:
    """Users who log in all the while; what was answered 2xx must be there afterwards."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/api/v1/session"
        self._pool = urllib3.PoolManager(retries=False, timeout=20)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.tokens: list[str] = []
        self.refused = 0

    def start(self) -> None:
        """Begin to log in, again and again."""
        self._thread.start()

    def stop(self) -> None:
        """Log in no more."""
        self._stop.set()
        self._thread.join()

    def lost(self) -> int:
        """How many of the sessions that were answered are not there."""
        gone = 0
        for token in self.tokens:
            answer = self._pool.request("GET", self._url, headers={"Authorization": f"Bearer {token}"})
            gone += answer.status != 200
        return gone

    def _run(self) -> None:
        while not self._stop.wait(0.02):
            answer = self._pool.request("POST", self._url, json={"username": "clerk", "password": PASSWORD})
            if 200 <= answer.status < 300:
                self.tokens.append(answer.json()["token"])
            elif answer.status == 503:
                self.refused += 1
            else:
                raise AssertionError(f"{answer.status} {answer.data!r}")


@contextmanager
def served(base: Stand, database: Database) -> Iterator[Callers]:
    """The service over HTTP, and somebody who uses it."""
    with database.transaction() as connection:
        add_user(connection, "clerk", ADMINS, at=SystemClock().now())
    config = replace(base.config, port=0, threads=4, database_url=None)
    host = Host(config, database.url, base.secrets, SystemClock(), hasher=CHEAP, background=False)
    host.start()
    callers = Callers(host.url)
    callers.start()
    try:
        yield callers
    finally:
        callers.stop()
        host.stop()


def run(*, customers: int, rounds: int, seed: int) -> Report:
    """In each round a night is taken in, planned and sent, and PostgreSQL is killed amid each of the three."""
    report = Report("database")
    dice = random.Random(seed)
    with stand() as base, base.database() as database:
        nights = Nights(database, base.secrets, base.folder, customers=customers, days=rounds + 2)
        killer = Killer(base, database)
        # The first night undisturbed, to know how long each takes.
        day, path = nights.feeds[1]
        intake_s, plan_s = took(lambda: nights.take(day, path)), took(lambda: nights.plan(day))
        with (
            scene.fake_gateway(base.folder, seed=seed, delay=0.05) as gateway,
            served(base, database) as callers,
        ):
            scene.point_at(database, gateway.url)
            scene.set_key(database, base.secrets)
            for day, path in nights.feeds[2 : rounds + 2]:
                _intake(report, nights, killer, (day, path), intake_s * dice.uniform(0.05, 0.9))
                _plan(report, nights, killer, day, plan_s * dice.uniform(0.05, 0.7))
                _send(report, base, nights, killer, (day, gateway), dice.uniform(0.1, 0.8))
            callers.stop()
            lost = callers.lost()
            report.add(
                "answered 2xx",
                held=lost == 0 and len(callers.tokens) > 0,
                must=MUST,
                answered=len(callers.tokens),
                busy=callers.refused,
                lost=lost,
            )
    return report


def _intake(report: Report, nights: Nights, killer: Killer, night: tuple[date, Any], after_s: float) -> None:
    before = nights.picture()
    struck = amid(lambda: nights.take(*night), killer, after_s)
    amidst = nights.picture()
    again = nights.take(*night)
    after = nights.picture()
    # Either nothing had happened, or all of it had and the same feed changes nothing more.
    whole = (amidst == before and again == "taken") or (amidst == after and again == "unchanged")
    report.add(
        f"intake of {night[0]}",
        held=whole and struck.back_s <= LIMIT_S,
        must=MUST,
        finished=struck.finished,
        whole=whole,
        back_s=struck.back_s,
    )


def _plan(report: Report, nights: Nights, killer: Killer, day: date, after_s: float) -> None:
    full = nights.would_plan(day)
    struck = amid(lambda: nights.plan(day), killer, after_s)
    amidst, holes = nights.rows(day), nights.holes()
    done = nights.plan(day)
    whole = amidst in {0, full} and done == full
    holes += nights.holes()
    report.add(
        f"plan of {day}",
        held=whole and holes == 0 and struck.back_s <= LIMIT_S,
        must=MUST,
        finished=struck.finished,
        whole=whole,
        back_s=struck.back_s,
        rows=full,
        amidst=amidst,
        holes=holes,
    )


def _send(
    report: Report,
    base: Stand,
    nights: Nights,
    killer: Killer,
    scenery: tuple[date, scene.FakeGateway],
    after_s: float,
) -> None:
    day, gateway = scenery
    due = nights.messages(day)
    clock = ShiftedClock(tehran_instant(day, clock_time(18)))
    stop = threading.Event()
    with dispatch.opened(nights.database, base.config, base.secrets, clock) as opened:
        sender = threading.Thread(target=opened.run, args=(stop,))
        sender.start()
        time.sleep(after_s)
        back = killer.strike()
        deadline = time.monotonic() + 60
        while _open(nights.database, day) and time.monotonic() < deadline:
            _hurry(nights.database)
            time.sleep(0.1)
        stop.set()
        sender.join()
    accepted = read_log(gateway.log)
    with nights.database.transaction() as connection:
        rows = connection.execute(
            text(
                "SELECT reference, status, channel FROM notification WHERE day = :day AND status <> 'suppressed'"
            ),
            {"day": day},
        ).all()
    sms = [row for row in rows if row.channel == "sms" and row.status != "cancelled"]
    twice = sum(accepted.get(row.reference, 0) > 1 for row in sms)
    lost = sum(row.status != "sent" or row.reference not in accepted for row in sms)
    report.add(
        f"sending of {day}",
        held=twice == lost == 0 and back <= LIMIT_S,
        must=MUST,
        back_s=back,
        due=due,
        twice=twice,
        lost=lost,
    )


def _open(database: Database, day: date) -> int:
    with database.transaction() as connection:
        query = text(
            "SELECT count(*) FROM notification WHERE day = :day AND status IN ('planned', 'sending')"
        )
        return int(connection.execute(query, {"day": day}).scalar_one())


def _hurry(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(text("UPDATE notification SET next_at = NULL WHERE status = 'planned'"))


def main(argv: list[str]) -> int:
    """The full size: fifteen moments."""
    del argv
    return run(customers=12_000, rounds=5, seed=17).end()
