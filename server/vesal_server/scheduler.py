"""What runs when: the timetable, on one server at a time.

Every server runs this; only the one that holds the lease does the work. A daily job is written down in
`job_run`, so that it is done once a day however often the leader changes, and made up for where nobody led
when its time came.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError

from vesal_server.kit.clock import TEHRAN, Clock
from vesal_server.kit.lease import RENEW_S, Lease
from vesal_shared.problems import Refusal

_LOG = logging.getLogger("vesal.timetable")
#: How often it is looked whether a daily job is due.
_DAILY_LOOK_S = 10.0
_DAILY = "daily"
_THREADS = 4

#: A job's work; what it returns is stored beside the run.
Work = Callable[[], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Every:
    """A job that the leader does again and again."""

    name: str
    seconds: float
    work: Work


@dataclass(frozen=True, slots=True)
class Daily:
    """A job that the leader does once a day, at or after a time of day in Tehran."""

    name: str
    #: Asked anew each time, since it is a setting.
    at: Callable[[], time]
    work: Work


class Timetable:
    """Runs the jobs while this server leads."""

    def __init__(self, lease: Lease, clock: Clock, jobs: Sequence[Every | Daily]) -> None:
        self._lease = lease
        self._clock = clock
        self._daily = [job for job in jobs if isinstance(job, Daily)]
        self._stop = threading.Event()
        self._ended = threading.Event()
        self._renewer = threading.Thread(target=self._renew, name="lease", daemon=True)
        # A run that was missed at a change of leader is made up for, not dropped after a second.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = BackgroundScheduler(
            timezone=TEHRAN, job_defaults=defaults, executors={"default": ThreadPoolExecutor(_THREADS)}
        )
        for job in jobs:
            if isinstance(job, Every):
                self._scheduler.add_job(
                    self._repeat, IntervalTrigger(seconds=job.seconds), args=[job], id=job.name
                )
        self._scheduler.add_job(self.run_due, IntervalTrigger(seconds=_DAILY_LOOK_S), id=_DAILY)

    def start(self) -> None:
        """Begin to bid for leadership and to look at the clock."""
        self._scheduler.start()
        self._renewer.start()

    def stop(self) -> None:
        """Begin nothing more, wait for what is under way, and let another server lead."""
        self._stop.set()
        self._scheduler.shutdown(wait=True)
        self._ended.set()
        self._renewer.join()
        try:
            self._lease.give_up()
        except (Refusal, SQLAlchemyError):
            _LOG.info("the lease could not be given up; it runs out by itself")

    def run_due(self) -> None:
        """Do every daily job whose time has come today and that nobody did yet, in their order."""
        for job in self._daily:
            if self._stop.is_set() or not self._lease.held:
                return
            self._guarded(job.name, lambda job=job: self._run_daily(job))  # type: ignore[misc]

    def _run_daily(self, job: Daily) -> None:
        today = self._clock.today()
        if self._clock.now().astimezone(TEHRAN).time() < job.at() or not self._lease.begin(job.name, today):
            return
        try:
            result = job.work()
        except BaseException:
            self._lease.forget(job.name, today)
            raise
        self._lease.finish(job.name, today, result or {})

    def _repeat(self, job: Every) -> None:
        if self._lease.held and not self._stop.is_set():
            self._guarded(job.name, job.work)

    def _guarded(self, name: str, work: Callable[[], Any]) -> None:
        """A job that fails is logged and tried again at its next time; the others go on."""
        try:
            work()
        except Refusal as refusal:
            _LOG.warning("%s: %s", name, refusal)
        except SQLAlchemyError as error:
            _LOG.warning("%s: the database failed: %s", name, type(error).__name__)
        except Exception:  # noqa: BLE001 - one job's bug must not end the others
            _LOG.exception("%s failed", name)

    def _look_at_once(self) -> None:
        """What nobody did while nobody led is made up for now."""
        try:
            self._scheduler.modify_job(_DAILY, next_run_time=datetime.now(TEHRAN))
        except JobLookupError:
            # The timetable is being stopped; the next leader makes up for it.
            return

    def _renew(self) -> None:
        """Keep the lease, also while the last jobs come to their end."""
        led = False
        while not self._ended.is_set():
            try:
                leads = self._lease.renew()
            except (Refusal, SQLAlchemyError):
                leads = self._lease.held
            if leads != led:
                _LOG.info("this server %s", "leads" if leads else "no longer leads")
                if leads:
                    self._look_at_once()
            led = leads
            self._ended.wait(RENEW_S)
