"""A command: changes something; one at a time, so that pressing twice can't send twice."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from vesal_client.work.changes import Changes
from vesal_client.work.pool import Work


class Command(QObject):
    """One thing a page can do; tells what kinds of things changed once it was done."""

    running = Signal(bool)
    """Whether it is under way: connect a button's `set_busy`."""
    done = Signal(object)
    """It was done, with this result."""
    failed = Signal(object)
    """It failed with this exception."""

    def __init__(self, work: Work, changes: Changes, kinds: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._changes = changes
        self._kinds = tuple(kinds)
        self._under_way = False

    @property
    def under_way(self) -> bool:
        """Whether it is being done."""
        return self._under_way

    def run(self, function: Callable[[], Any]) -> bool:
        """Do it, unless it is being done already; returns whether it began."""
        if self._under_way:
            return False
        self._under_way = True
        self.running.emit(True)
        # No owner: the change happens, so its pages must hear of it even when this page was closed.
        self._work.start(function, self._done, self._failed)
        return True

    def _done(self, result: Any) -> None:
        self._changes.tell(*self._kinds)
        self._over()
        self.done.emit(result)

    def _failed(self, error: Exception) -> None:
        self._over()
        self.failed.emit(error)

    def _over(self) -> None:
        self._under_way = False
        self.running.emit(False)
