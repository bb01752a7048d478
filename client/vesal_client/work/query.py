"""A query: reads for one view; the newest one counts, and waiting shows only once it lasts."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from vesal_client.work.pool import Job, Work

WAIT_MS = 150


class Query(QObject):
    """Runs reading functions one after the other; an older answer never overwrites a newer one."""

    answered = Signal(object)
    """The newest answer."""
    failed = Signal(object)
    """The newest question failed with this exception."""
    waiting = Signal(bool)
    """An answer is awaited for long enough to show it; False when that is over."""

    def __init__(self, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._job: Job | None = None
        self._function: Callable[[], Any] | None = None
        self._shown = False
        self._late = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._late.timeout.connect(self._show_waiting)

    @property
    def running(self) -> bool:
        """Whether an answer is awaited."""
        return self._job is not None

    def run(self, function: Callable[[], Any]) -> None:
        """Ask this; what was asked before doesn't matter any more."""
        self.drop()
        self._function = function
        if not self._shown:
            self._late.start()
        self._job = self._work.start(function, self._done, self._failed, self)

    def again(self) -> None:
        """Ask the same once more."""
        if self._function is not None:
            self.run(self._function)

    def drop(self) -> None:
        """Let an answer that is on its way reach nobody."""
        if self._job is not None:
            self._job.drop()
            self._job = None

    def _show_waiting(self) -> None:
        self._shown = True
        self.waiting.emit(True)

    def _over(self) -> None:
        self._job = None
        self._late.stop()
        if self._shown:
            self._shown = False
            self.waiting.emit(False)

    def _done(self, answer: Any) -> None:
        self._over()
        self.answered.emit(answer)

    def _failed(self, error: Exception) -> None:
        self._over()
        self.failed.emit(error)
