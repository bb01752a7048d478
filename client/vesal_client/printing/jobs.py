"""Work on many letters in the background: save, print, mark; it tells how far it is and can be stopped."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtPrintSupport import QPrinter

from vesal_client.kit.table.feed import Ask
from vesal_client.printing.desk import LetterDesk, Stopped, Tell
from vesal_client.printing.pdf_pages import PdfEngine
from vesal_client.printing.printer import PrintRun
from vesal_client.printing.source import CHUNK, LetterSource, contents_of
from vesal_client.work.progress import Progress
from vesal_shared.messages.letters import MarkResult, OutcomeMark, PrintMark
from vesal_shared.problems import SCAN_UNREADABLE, Refusal

_T = TypeVar("_T", PrintMark, OutcomeMark)
Work = Callable[[Tell, Stopped], Any]


class Job(QObject):
    """One piece of work under way; its signals arrive on the GUI thread."""

    progressed = Signal(int, int)
    """So many letters of so many are done."""
    ended = Signal(object)
    """What the work returned."""
    failed = Signal(object)
    """The exception that it raised."""

    def __init__(self, work: Work, total: int, ask: Ask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._total = total
        self._ask = ask
        self._progress = Progress(self)
        self._progress.moved.connect(self.progressed)

    def start(self) -> None:
        """Begin; `ended` or `failed` comes once."""
        self._ask(self._run, self.ended.emit, self.failed.emit)

    def _run(self) -> Any:
        return self._work(lambda count: self._progress.tell(count, self._total), self._progress.stopped)

    def stop(self) -> None:
        """End with the letter that is being drawn."""
        self._progress.stop()

    @property
    def stopped(self) -> bool:
        """Whether it was asked to end."""
        return self._progress.stopped()


@dataclass(frozen=True, slots=True)
class Printed:
    """What came out of the printer, as marks to send; none if the job was thrown away."""

    marks: tuple[PrintMark, ...]
    sheets: int = 0


def saving_each(desk: LetterDesk, source: LetterSource, ids: Sequence[int], folder: Path) -> Work:
    """Return the work of writing a file a letter; it returns the files."""

    def work(tell: Tell, stopped: Stopped) -> list[Path]:
        contents = (content for _, content in contents_of(source, ids))
        return desk.save_each(contents, folder, tell=tell, stopped=stopped)

    return work


def saving_as_one(desk: LetterDesk, source: LetterSource, ids: Sequence[int], path: Path) -> Work:
    """Return the work of writing all letters into one file; it returns how many, 0 if stopped."""

    def work(tell: Tell, stopped: Stopped) -> int:
        contents = (content for _, content in contents_of(source, ids))
        return desk.save_as_one(contents, path, tell=tell, stopped=stopped)

    return work


def printing(
    desk: LetterDesk,
    engine: PdfEngine,
    source: LetterSource,
    ids: Sequence[int],
    printer: QPrinter,
    now: Callable[[], dt.datetime],
) -> Work:
    """Return the work of printing letters as one job; stopped before its end, the whole job is thrown away."""

    def work(tell: Tell, stopped: Stopped) -> Printed:
        run = PrintRun(engine, printer)
        marks: list[PrintMark] = []
        sheets = 0
        try:
            for letter_id, content in contents_of(source, ids):
                if stopped():
                    break
                sheets += run.add(desk.pdf(letter_id, content))
                marks.append(
                    PrintMark(
                        reference=uuid.uuid4(),
                        letter_id=letter_id,
                        printed_at=now(),
                        copies=max(1, printer.copyCount()),
                    )
                )
                tell(len(marks))
        except BaseException:
            run.abort()
            raise
        if stopped() or not marks:
            run.abort()
            return Printed(())
        run.end()
        return Printed(tuple(marks), sheets)

    return work


def marking_printed(source: LetterSource, marks: Sequence[PrintMark]) -> Work:
    """Return the work of sending print marks; sent again after a failure, each counts once."""
    return _marking(lambda part: source.mark_printed(part).results, marks)


def marking_outcomes(source: LetterSource, marks: Sequence[OutcomeMark], scan: Path | None = None) -> Work:
    """Return the work of sending how serving ended, with its scan if there is one.

    It returns a result for each mark, and raises Refusal for a scan that can't be read.
    """

    def work(tell: Tell, stopped: Stopped) -> list[MarkResult]:
        named: Sequence[OutcomeMark] = marks
        if scan is not None:
            try:
                scan_id = source.add_scan(scan)
            except OSError as error:
                raise Refusal(SCAN_UNREADABLE, params={"file": scan.name}) from error
            named = [msgspec.structs.replace(mark, scan_id=scan_id) for mark in marks]
        results: list[MarkResult] = _marking(lambda part: source.mark_outcomes(part).results, named)(
            tell, stopped
        )
        return results

    return work


def _marking(send: Callable[[Sequence[_T]], list[MarkResult]], marks: Sequence[_T]) -> Work:
    def work(tell: Tell, stopped: Stopped) -> list[MarkResult]:
        results: list[MarkResult] = []
        for start in range(0, len(marks), CHUNK):
            if stopped():
                break
            results += send(marks[start : start + CHUNK])
            tell(len(results))
        return results

    return work
