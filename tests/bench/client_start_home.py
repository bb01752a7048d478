"""The part of the client-start bench that runs the client itself: log in, wait for home, log out."""

import itertools
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, QSettings, Qt, QTimer

from tests.client.pages.conftest import OFFICER
from tests.worlds import PASSWORD
from vesal_client.app import Client, build
from vesal_client.wire.home import HomeWire
from vesal_client.wire.http import Http
from vesal_client.wire.session import SessionWire

_LONGEST_MS: Final = 30_000
_TICK_MS: Final = 2


@dataclass(frozen=True, slots=True)
class Sample:
    """One log-in: seconds to the filled home page, and the longest hold of the GUI thread in milliseconds."""

    seconds: float
    longest_stall_ms: float


def make_client(url: str, folder: Path) -> Client:
    """The client at its log-in screen, painted."""
    settings = QSettings(str(folder / "home.ini"), QSettings.Format.IniFormat)
    client = build(url, settings=settings, mode="light", motion=False)
    client.window.show()
    _until(client, lambda: client.work.under_way == 0)
    return client


def log_in_and_out(client: Client) -> Sample:
    """Press «ورود», wait until home is filled and painted, log out."""
    entry = client.window.login.entry
    entry.username.set_text(OFFICER)
    entry.password.edit.setText(PASSWORD)
    ticks: list[float] = []
    ticking = QTimer(interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
    ticking.timeout.connect(lambda: ticks.append(time.perf_counter()))
    ticking.start()
    begin = time.perf_counter()
    entry.press()

    def filled() -> bool:
        page = client.window.inside.current_page
        return page is not None and page.ready()

    _until(client, filled)
    client.window.repaint()
    end = time.perf_counter()
    # A moment more, so that what comes right after is seen, too.
    _until(client, lambda: client.work.under_way == 0)
    ticking.stop()
    gaps = [later - earlier for earlier, later in itertools.pairwise(ticks)]
    client.session.log_out()
    _until(client, lambda: client.work.under_way == 0)
    return Sample(end - begin, max(gaps) * 1_000 if gaps else 0.0)


def bare_answers(url: str) -> float:
    """Seconds that the server takes for the log-in and for the home page, asked one after the other."""
    with Http(url) as http:
        # The connection is there already when the client logs in.
        http.alive()
        begin = time.perf_counter()
        SessionWire(http).log_in(OFFICER, PASSWORD)
        HomeWire(http).home()
        return time.perf_counter() - begin


def _until(client: Client, ready: "object") -> None:
    assert callable(ready)
    loop = QEventLoop()
    look = QTimer(interval=1)
    look.timeout.connect(lambda: loop.quit() if ready() else None)
    look.start()
    QTimer.singleShot(_LONGEST_MS, loop, loop.quit)
    loop.exec()
    look.stop()
    if not ready():
        raise TimeoutError(f"not ready after {_LONGEST_MS} ms; {client.work.under_way} jobs under way")
