"""The workers of one server, a thread and a session each: once through all that is due, or until told to stop."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from vesal_server.alerts import service as alerts
from vesal_server.dispatch import queries
from vesal_server.dispatch.desk import Desk, StopSigns
from vesal_server.dispatch.options import Options
from vesal_server.dispatch.reports import collect
from vesal_server.dispatch.session import worker_session
from vesal_server.dispatch.worker import Worker
from vesal_server.gateways.base import Gateway
from vesal_server.kit.clock import Clock, tehran_day
from vesal_server.kit.db import Database
from vesal_shared.problems import Refusal

log = logging.getLogger(__name__)

#: How the channels are named in alerts.
CHANNEL_TITLES = {"sms": "پیامک", "call": "تماس تلفنی", "email": "ایمیل"}
#: How long a worker that found nothing due rests before it looks again, in seconds.
IDLE_S = 2.0
#: How long it rests after the database or the session failed.
BROKEN_S = 1.0
#: How long it rests after an error that nobody foresaw.
FAILED_S = 5.0


@dataclass(frozen=True, slots=True)
class Sent:
    """What one run of dispatch did, by the words of the contract."""

    sent: int
    failed: int
    retry: int
    unknown: int
    expired: int


class Dispatch:
    """The workers of one server: for each channel some more than its gateway takes calls at once.

    While all calls are under way, those beyond them claim the next batches and settle the last ones, so
    that no connection waits for the database.
    """

    def __init__(
        self, database: Database, gateways: Mapping[str, Gateway], options: Options, clock: Clock
    ) -> None:
        """`gateways` names the gateway of each channel (sms, call, email)."""
        self._database = database
        self._gateways = dict(gateways)
        self._options = options
        self._clock = clock
        self._slots = {
            channel: threading.Semaphore(gateway.features.connections)
            for channel, gateway in self._gateways.items()
        }
        self._signs = StopSigns(self._stopped, self._mended, self._trouble)

    def once(self) -> Sent:
        """Send what is due and stop; doubts that arise on the way are asked about before it ends."""
        totals: Counter[str] = Counter()
        lock = threading.Lock()
        failures: list[BaseException] = []
        today = tehran_day(self._clock.now())

        def work(channel: str, gateway: Gateway, first: bool) -> None:  # noqa: FBT001 - called below only
            try:
                with worker_session(self._database) as (session, owner):
                    if first:
                        # Who starts a run by hand wants to know now whether a stopped channel was mended.
                        queries.probe_now(session, channel, self._clock.now())
                    desk = self._desk(session, owner, channel, gateway, lambda: bool(failures))
                    self._drain(Worker(desk), desk)
                    with lock:
                        totals.update(desk.tally)
            except Exception as error:  # noqa: BLE001 - told to the caller, who decides
                failures.append(error)

        self._run_all(work)
        if failures:
            raise failures[0]
        with worker_session(self._database) as (session, _):
            expired = queries.expire(session, today)
            retry = queries.waiting(session, today, list(self._gateways))
        return Sent(totals["sent"], totals["failed"], retry, totals["unknown"], expired)

    def run(self, stop: threading.Event) -> None:
        """Send what falls due until `stop` is set; a batch under way is finished first."""

        def work(channel: str, gateway: Gateway, first: bool) -> None:  # noqa: FBT001 - called below only
            fresh = first
            while not stop.is_set():
                try:
                    with worker_session(self._database) as (session, owner):
                        if fresh:
                            # The server or its settings are new: perhaps what stopped the channel is mended.
                            queries.probe_now(session, channel, self._clock.now())
                            fresh = False
                        worker = Worker(self._desk(session, owner, channel, gateway, stop.is_set))
                        while not stop.is_set():
                            if not worker.step():
                                stop.wait(IDLE_S)
                except (SQLAlchemyError, Refusal) as error:
                    # The database went away: the session and its lock are gone, so the worker begins anew.
                    log.warning(
                        "dispatch %s: the session ended: %s", channel, type(error.__cause__ or error).__name__
                    )
                    stop.wait(BROKEN_S)
                except Exception:
                    # A bug in one call must not end the sending for good.
                    log.exception("dispatch %s failed", channel)
                    stop.wait(FAILED_S)

        self._run_all(work)

    def collect_reports(self) -> int:
        """Ask the gateways how far accepted messages have come; how many were settled by it."""
        settled = 0
        for channel, gateway in self._gateways.items():
            if gateway.features.reports is not None:
                with self._database.own_session() as session:
                    settled += collect(session, channel, gateway, self._options, self._clock)
        return settled

    def expire(self) -> int:
        """Close what was planned for days that are over; how many."""
        with self._database.own_session() as session:
            return queries.expire(session, tehran_day(self._clock.now()))

    def _drain(self, worker: Worker, desk: Desk) -> None:
        pause = threading.Event()
        # Doubts are asked about as soon as their quiet time has passed; what stays silent is left behind.
        patience = 3 + 2 * int(self._options.quiet_s > 0)
        while True:
            busy = worker.send_due() + worker.ask()
            if busy:
                continue
            wait = queries.doubts_left(desk.session, desk.channel)
            if wait is None or patience == 0:
                return
            patience -= 1
            pause.wait(wait + 0.02)

    def _desk(
        self, session: Connection, owner: str, channel: str, gateway: Gateway, ending: Callable[[], bool]
    ) -> Desk:
        return Desk(
            session,
            owner,
            channel,
            gateway,
            self._options,
            self._clock,
            self._signs,
            self._slots[channel],
            ending,
        )

    def _run_all(self, work: Callable[[str, Gateway, bool], None]) -> None:
        threads = [
            threading.Thread(
                target=work,
                args=(channel, gateway, number == 0),
                name=f"dispatch-{channel}-{number}",
            )
            for channel, gateway in self._gateways.items()
            for number in range(gateway.features.connections + gateway.features.connections // 2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _stopped(self, channel: str, code: str, told: str) -> None:
        self._alert("channel_stopped", channel, {"reason": f"{told} ({code})" if told else code})

    def _mended(self, channel: str) -> None:
        with self._database.transaction() as connection:
            alerts.resolve(connection, self._clock.now(), "channel_stopped", key=channel)

    def _trouble(self, channel: str, code: str, told: str) -> None:
        if code == "unknown":
            with self._database.transaction() as connection:
                count = queries.count_unknown(connection, channel)
            self._alert("unknown_results", channel, {"count": count})
        else:
            self._alert("gateway_fault", channel, {"reason": f"{told} ({code})"})

    def _alert(self, kind: str, channel: str, params: dict[str, object]) -> None:
        with self._database.transaction() as connection:
            alerts.raise_alert(
                connection,
                self._clock.now(),
                kind,
                key=channel,
                params={"channel": CHANNEL_TITLES[channel], **params},
            )
