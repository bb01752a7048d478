"""Runs functions in threads and brings their outcome back to the GUI thread."""

import threading
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal
from shiboken6 import isValid

_THREADS: Final = 8
_STOP_MS: Final = 2_000

Done = Callable[[Any], None]
Failed = Callable[[Exception], None]


class Job:
    """One function on its way; dropped, its outcome reaches nobody."""

    __slots__ = ("_owner", "done", "dropped", "failed", "function")

    def __init__(
        self, function: Callable[[], Any], done: Done, failed: Failed, owner: QObject | None
    ) -> None:
        self.function = function
        self.done = done
        self.failed = failed
        self._owner = owner
        self.dropped = False

    def drop(self) -> None:
        """Let nobody hear of the outcome."""
        self.dropped = True

    def wanted(self) -> bool:
        """Whether somebody still wants the outcome."""
        return not self.dropped and (self._owner is None or isValid(self._owner))


class _Runner(QRunnable):
    def __init__(self, job: Job, pool: "Work") -> None:
        super().__init__()
        self._job = job
        self._pool = pool

    def run(self) -> None:
        """Do the job's work here, in a thread of the pool."""
        job = self._job
        if job.dropped:
            self._pool.ended.emit(job, None, None)
            return
        try:
            outcome = job.function()
        except Exception as error:  # noqa: BLE001 - it is handed to who asked, on the GUI thread
            self._pool.ended.emit(job, None, error)
        else:
            self._pool.ended.emit(job, outcome, None)


class Work(QObject):
    """The one pool of the client; the application builds it and hands it on."""

    ended = Signal(object, object, object)
    """A job, its result, its exception: crosses from the thread to the GUI."""
    answered = Signal()
    """The server answered, be it with a refusal."""
    failed = Signal(object)
    """A job failed with this exception, before who asked hears of it."""
    idle = Signal()
    """Nothing is under way any more."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(_THREADS)
        self._parks: Callable[[Exception], bool] = lambda _error: False
        self._parked: list[Job] = []
        self._under_way = 0
        self._stopping = threading.Event()
        self.ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def under_way(self) -> int:
        """How many jobs run, wait for a thread, or wait for a log-in."""
        return self._under_way

    def park_where(self, parks: Callable[[Exception], bool]) -> None:
        """Keep jobs that fail so (an ended session) until `resume`, instead of failing them."""
        self._parks = parks

    def start(
        self, function: Callable[[], Any], done: Done, failed: Failed, owner: QObject | None = None
    ) -> Job:
        """Run `function` in a thread; `done` or `failed` is called on the GUI thread unless `owner` is gone."""
        job = Job(function, done, failed, owner)
        self._under_way += 1
        self._pool.start(_Runner(job, self))
        return job

    def ask(self, work: Callable[[], Any], done: Done, failed: Failed, /) -> None:
        """The same for parts that know only functions (the table)."""
        self.start(work, done, failed)

    def resume(self) -> None:
        """Run again what was parked."""
        parked, self._parked = self._parked, []
        for job in parked:
            self._pool.start(_Runner(job, self))

    def drop_parked(self) -> None:
        """Give up what was parked."""
        self._under_way -= len(self._parked)
        self._parked = []

    def stop(self) -> None:
        """Wait a moment for what runs; nothing is delivered any more."""
        self._stopping.set()
        self._pool.clear()
        self._pool.waitForDone(_STOP_MS)

    def _deliver(self, job: Job, outcome: Any, error: Exception | None) -> None:
        if self._stopping.is_set():
            return
        if error is not None and job.wanted() and self._parks(error):
            self._parked.append(job)
            self.failed.emit(error)
            return
        self._under_way -= 1
        if error is None:
            self.answered.emit()
            if job.wanted():
                job.done(outcome)
        else:
            self.failed.emit(error)
            if job.wanted():
                job.failed(error)
        if self._under_way == 0:
            self.idle.emit()
