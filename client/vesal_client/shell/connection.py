"""Whether the server answers: asks again by itself with growing pauses, and reads the service's state now and then."""

import time
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from vesal_client.session import Session
from vesal_client.wire.http import Http
from vesal_client.wire.refusals import Unreachable
from vesal_client.wire.session import SessionWire
from vesal_client.work.pool import Work
from vesal_shared.messages.session import ServiceStatus

#: Seconds between tries while nobody answers; the last one goes on.
PAUSES_S: Final = (2, 4, 8, 12, 20, 30)
_STATUS_MS: Final = 30_000


class Connection(QObject):
    """Learns from every answer and every failure; one try at a time."""

    lost = Signal()
    """The server doesn't answer any more."""
    alive = Signal()
    """A sign of life was asked for, and came."""
    back = Signal()
    """It answers again: pages read again."""
    counting = Signal(int)
    """So many seconds until the next try."""
    status_read = Signal(object)
    """The service's state, a `ServiceStatus`."""

    def __init__(self, http: Http, work: Work, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._http = http
        self._wire = SessionWire(http)
        self._work = work
        self._session = session
        self._online = True
        self._tries = 0
        self._left = 0
        self._trying = False
        self._lost_at = 0.0
        self._second = QTimer(self, interval=1_000)
        self._second.timeout.connect(self._tick)
        self._status = QTimer(self, interval=_STATUS_MS)
        self._status.timeout.connect(self.read_status)
        work.failed.connect(self._heard)
        work.answered.connect(self._answered)

    @property
    def online(self) -> bool:
        """Whether the server answered last time."""
        return self._online

    @property
    def seconds_left(self) -> int:
        """Seconds until the next try."""
        return self._left

    def watch(self) -> None:
        """Begin to read the service's state."""
        self._status.start()
        self.read_status()

    def rest(self) -> None:
        """Stop reading it (nobody is logged in)."""
        self._status.stop()

    def read_status(self) -> None:
        """Read the service's state now."""
        if self._online and self._session.open and not self._session.over:
            self._work.start(self._wire.status, self._took, lambda _error: None, self)

    def _took(self, status: ServiceStatus) -> None:
        self.status_read.emit(status)

    def try_now(self) -> None:
        """Ask for a sign of life at once."""
        if not self._trying:
            self._trying = True
            self._second.stop()
            self._work.start(self._http.alive, lambda _: self._alive(), lambda _: self._dead(), self)

    def _heard(self, error: Exception) -> None:
        # What becomes of a try of our own is heard below.
        if isinstance(error, Unreachable) and self._online and not self._trying:
            self._gone()
            self._pause()

    def _answered(self) -> None:
        # Not every job asks the server: what counts is that it answered something since.
        if not self._online and not self._trying and self._http.answered_at > self._lost_at:
            self._alive()

    def _alive(self) -> None:
        self._trying = False
        self._second.stop()
        self.alive.emit()
        if not self._online:
            self._online = True
            self._tries = 0
            self.back.emit()
            self.read_status()

    def _dead(self) -> None:
        self._trying = False
        if self._online:
            self._gone()
        self._pause()

    def _gone(self) -> None:
        self._online = False
        self._lost_at = time.monotonic()
        self._tries = 0
        self.lost.emit()

    def _pause(self) -> None:
        self._left = PAUSES_S[min(self._tries, len(PAUSES_S) - 1)]
        self._tries += 1
        self.counting.emit(self._left)
        self._second.start()

    def _tick(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.try_now()
        else:
            self.counting.emit(self._left)
