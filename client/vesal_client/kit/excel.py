"""Saves a list as Excel: asks where, fetches in the background, and says when it is there."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from vesal_client.kit.trouble import explained
from vesal_client.wire.http import Stop, Stopped, Tell
from vesal_client.work.pool import Work
from vesal_client.work.progress import Progress

Download = Callable[[BinaryIO, Tell, Stop], None]


class ExcelSaver(QObject):
    """One Excel file at a time; a half-written one never stands under the chosen name."""

    running = Signal(bool)
    """Whether a file is on its way: connect a button's `set_busy`."""
    said = Signal(str)
    """How it ended, for the status line."""

    def __init__(self, work: Work, parent: QWidget) -> None:
        super().__init__(parent)
        self._work = work
        self._window = parent
        self._under_way = False

    def save(self, name: str, download: Download) -> None:
        """Ask where to save, then fetch; `name` is suggested, without its suffix."""
        if self._under_way:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, "ذخیره فایل اکسل", str(Path(folder) / f"{name}.xlsx"), "Excel (*.xlsx)"
        )
        if chosen:
            self.save_to(Path(chosen).with_suffix(".xlsx"), download)

    def save_to(self, path: Path, download: Download) -> None:
        """Fetch into this file."""
        self._under_way = True
        self.running.emit(True)
        progress = Progress(self)

        def work() -> None:
            _write_whole(path, lambda into: download(into, progress.tell, progress))

        self._work.start(work, lambda _: self._over(f"«{path.name}» ذخیره شد"), self._failed, self)

    def _failed(self, problem: Exception) -> None:
        if isinstance(problem, Stopped):
            self._over("")
        elif isinstance(problem, OSError):
            self._over("فایل ذخیره نشد. شاید در برنامه دیگری باز است.")
        else:
            self._over(explained(problem))

    def _over(self, words: str) -> None:
        self._under_way = False
        self.running.emit(False)
        self.said.emit(words)


def _write_whole(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write beside the file, then put it in its place."""
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as into:
            write(into)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
