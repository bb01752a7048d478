"""Sends a feed from the workstation: a .zip as it is, a folder packed first."""

import tempfile
import zipfile
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from vesal_client.wire.data_reception import DataReception
from vesal_client.wire.http import Stopped
from vesal_client.work.changes import Changes
from vesal_client.work.command import Command
from vesal_client.work.pool import Work
from vesal_client.work.progress import Progress
from vesal_shared import problems
from vesal_shared.messages.data_reception import IntakeResult
from vesal_shared.problems import Refusal

_MANIFEST: Final = "manifest.json"
_FILES: Final = (_MANIFEST, "customers.csv", "facilities.csv", "guarantors.csv")
#: What sending, a feed, and what it changes are called where pages hear of it.
_KINDS: Final = ("feeds", "cases", "letters")
_MB: Final = 2**20


class FeedUpload(QObject):
    """One feed at a time; the bar counts megabytes, and runs to and fro while the server works."""

    running = Signal(bool)
    moved = Signal(str, int, int)
    """What goes on, megabytes sent, megabytes in all (0: nobody knows)."""
    done = Signal(object)
    """The server's IntakeResult, be the feed taken or refused."""
    failed = Signal(object)

    def __init__(self, work: Work, changes: Changes, wire: DataReception, parent: QObject) -> None:
        super().__init__(parent)
        self._wire = wire
        self._progress = Progress(self)
        self._command = Command(work, changes, _KINDS, self)
        self._command.running.connect(self.running)
        self._command.done.connect(self.done)
        self._command.failed.connect(self.failed)
        self.last: Path | None = None

    @property
    def under_way(self) -> bool:
        """Whether a feed is being sent."""
        return self._command.under_way

    def send(self, feed: Path, *, force: bool = False) -> None:
        """Send a .zip or a folder; `force` lifts the rule against truncated feeds."""
        if self.under_way:
            return
        self.last = feed
        progress = self._progress = Progress(self)
        progress.moved.connect(self._tell)
        self.moved.emit("آماده کردن اطلاعات", 0, 0)
        wire = self._wire

        def work() -> IntakeResult:
            if feed.is_file():
                return wire.upload(feed, progress.tell, progress, force=force)
            with tempfile.TemporaryDirectory(prefix="vesal-") as folder:
                packed = Path(folder) / f"{feed.name or 'feed'}.zip"
                pack(feed, packed, progress)
                return wire.upload(packed, progress.tell, progress, force=force)

        self._command.run(work)

    def stop(self) -> None:
        """Give up what is being sent; the server keeps nothing of half a feed."""
        self._progress.stop()

    def _tell(self, through: int, total: int) -> None:
        if through >= total:
            self.moved.emit("دریافت اطلاعات در سرور", 0, 0)
        else:
            self.moved.emit("فرستادن اطلاعات (مگابایت)", through // _MB, max(1, total // _MB))


def pack(folder: Path, into: Path, progress: Progress) -> None:
    """Pack the feed's own files of a folder and nothing else. Raises Refusal where one is missing."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name in _FILES:
            if progress.stopped():
                raise Stopped
            file = folder / name
            if not file.is_file():
                raise Refusal(problems.FEED_FILE_MISSING, params={"file": name})
            packed.write(file, name)
