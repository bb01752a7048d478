"""Tells the server what was printed, and keeps what did not reach it: sent again, each mark counts once."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from vesal_client.kit.table.feed import Ask
from vesal_client.printing.jobs import Job, marking_printed
from vesal_client.printing.source import LetterSource
from vesal_shared.messages.letters import MarkResult, PrintMark


class MarkSender(QObject):
    """Sends marks in the order of printing, one parcel at a time."""

    sent = Signal(object)
    """The server's result for each mark, refusals among them."""
    failed = Signal(int, object)
    """So many marks wait; the exception."""

    def __init__(self, source: LetterSource, ask: Ask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._ask = ask
        self._waiting: list[PrintMark] = []
        self._job: Job | None = None

    @property
    def waiting(self) -> int:
        """How many marks the server has not answered."""
        return len(self._waiting)

    def send(self, marks: Sequence[PrintMark] = ()) -> None:
        """Send these, and what waits from before."""
        self._waiting += marks
        if self._job is not None or not self._waiting:
            return
        parcel = list(self._waiting)
        job = Job(marking_printed(self._source, parcel), len(parcel), self._ask, self)
        job.ended.connect(lambda results: self._arrived(len(parcel), results))
        job.failed.connect(self._stayed)
        self._job = job
        job.start()

    def _arrived(self, count: int, results: list[MarkResult]) -> None:
        self._waiting = self._waiting[count:]
        self._over()
        self.sent.emit(results)
        self.send()

    def _stayed(self, problem: Exception) -> None:
        self._over()
        self.failed.emit(len(self._waiting), problem)

    def _over(self) -> None:
        if self._job is not None:
            self._job.deleteLater()
            self._job = None
