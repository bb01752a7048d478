"""`vesal grab`: logs in without a window, opens a page, waits until it is filled, and takes its picture."""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMessageLogContext, QObject, QSettings, QTimer, QtMsgType, qInstallMessageHandler

from vesal_client.app import Client, build
from vesal_client.look.theme import Mode
from vesal_shared.pages import PAGE
from vesal_shared.problems import MUST_CHANGE_PASSWORD, PAGE_NOT_GRANTED, Refusal

DONE: Final = 0
FAILED: Final = 1
REFUSED: Final = 3
_LOOK_MS: Final = 40
_QUIET_LOOKS: Final = 8
_LONGEST_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to take a picture of; size in logical pixels, arguments as pages know them."""

    server: str
    username: str
    password: str
    page: str
    size: tuple[int, int]
    theme: Mode
    output: Path
    arguments: dict[str, str]


class Grab(QObject):
    """Goes through the steps in the event loop; `words` and `status` say how it ended."""

    def __init__(self, client: Client, wanted: Wanted) -> None:
        super().__init__(client.app)
        self._client = client
        self._wanted = wanted
        self._quiet = 0
        self.status = FAILED
        self.words = "صفحه در زمان مجاز پر نشد."
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._look_again)
        QTimer.singleShot(_LONGEST_MS, self, self._end)

    def begin(self) -> None:
        """Log in."""
        wanted = self._wanted
        self._client.session.log_in(wanted.username, wanted.password, self._open, self._refused)

    def _open(self) -> None:
        client, wanted = self._client, self._wanted
        if client.session.now.must_change_password:
            self._refused(Refusal(MUST_CHANGE_PASSWORD))
            return
        if wanted.page not in PAGE or not client.window.inside.can_open(wanted.page):
            self._refused(Refusal(PAGE_NOT_GRANTED))
            return
        client.window.start_with(wanted.page, wanted.arguments)
        client.window.enter()
        self._look.start()

    def _look_again(self) -> None:
        page = self._client.window.inside.current_page
        settled = page is not None and page.ready() and self._client.work.under_way == 0
        self._quiet = self._quiet + 1 if settled else 0
        if self._quiet >= _QUIET_LOOKS:
            self._look.stop()
            self._take()

    def _take(self) -> None:
        picture = self._client.window.grab()
        self._wanted.output.parent.mkdir(parents=True, exist_ok=True)
        if picture.save(str(self._wanted.output), "PNG"):
            self.status, self.words = DONE, ""
        else:
            self.words = "تصویر نوشته نشد؛ پوشه و جای خالی دیسک را بررسی کنید."
        self._end()

    def _refused(self, error: Exception) -> None:
        self.status = REFUSED if isinstance(error, Refusal) and error.problem.status < 500 else FAILED
        self.words = error.sentence if isinstance(error, Refusal) else str(error)
        self._end()

    def _end(self) -> None:
        self._client.app.quit()


def _log(_kind: QtMsgType, _context: QMessageLogContext, words: str) -> None:
    """Pass on what Qt says, but for the platform without windows missing a window manager."""
    if "propagateSizeHints" not in words:
        print(words, file=sys.stderr)


def run(wanted: Wanted) -> tuple[int, str]:
    """Take the picture; returns the exit status and, where it isn't 0, the reason in Persian."""
    qInstallMessageHandler(_log)
    with tempfile.TemporaryDirectory(prefix="vesal-grab-") as folder:
        # Settings of its own: a picture doesn't depend on who takes it.
        settings = QSettings(str(Path(folder, "grab.ini")), QSettings.Format.IniFormat)
        client = build(wanted.server, settings=settings, mode=wanted.theme, motion=False)
        client.app.setCursorFlashTime(0)
        try:
            client.window.resize(*wanted.size)
            client.window.show()
            grab = Grab(client, wanted)
            QTimer.singleShot(0, grab, grab.begin)
            client.app.exec()
        finally:
            client.close()
        return grab.status, grab.words
