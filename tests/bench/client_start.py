"""How soon the client is there: to the log-in window beside a bare window with one table, and from log-in to home.

A start is a process of its own, from its first instruction to its first paint. The log-in runs against a real
service in a process of its own; its two answers, asked for bare, are the floor.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median
from typing import Final

from tests.client.pages.conftest import OFFICER, feed
from tests.measure import Report
from tests.stand import stand
from tests.worlds import add_bank, add_user

_RUNS: Final = 5
_STARTS_AT_MOST: Final = 3.0
_ABOVE_ANSWERS_S: Final = 0.300
_STALL_MS: Final = 50.0

_BARE: Final = """
import os, sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QTableWidget, QVBoxLayout, QWidget
app = QApplication([])
window = QWidget()
table = QTableWidget(20, 8, window)
QVBoxLayout(window).addWidget(table)
class First(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, lambda: os._exit(0))
        return False
first = First()
table.viewport().installEventFilter(first)
window.resize(1280, 720)
window.show()
app.exec()
"""

_OURS: Final = """
import os, sys
from PySide6.QtCore import QEvent, QObject, QSettings, QTimer
from vesal_client.app import build
client = build("http://127.0.0.1:9", settings=QSettings(sys.argv[1], QSettings.Format.IniFormat))
class First(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, lambda: os._exit(0))
        return False
first = First()
client.window.login.installEventFilter(first)
client.window.show()
client.app.exec()
"""


def main(arguments: Sequence[str] = ()) -> int:
    """Run the bench; `--small` for the test suite."""
    small = "--small" in arguments
    runs = 1 if small else _RUNS
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    report = Report("client-start")
    with tempfile.TemporaryDirectory(prefix="vesal-start-") as folder:
        to_login(report, Path(folder), runs)
        with served(Path(folder)) as url:
            to_home(report, url, Path(folder), runs)
    return report.end()


def to_login(report: Report, folder: Path, runs: int) -> None:
    """From nothing to the log-in window's first paint; the first start of each warms the disk's cache."""
    settings = str(folder / "bench.ini")
    _started(_BARE, settings)
    _started(_OURS, settings)
    pairs = [(_started(_OURS, settings), _started(_BARE, settings)) for _ in range(runs)]
    ours, bare = median(one for one, _ in pairs), median(other for _, other in pairs)
    report.add(
        "log-in window",
        held=ours <= _STARTS_AT_MOST * bare,
        must=f"≤ {_STARTS_AT_MOST:g} × a bare window with a table",
        ratio=ours / bare,
        seconds=ours,
        bare_s=bare,
    )


def _started(code: str, settings: str) -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, settings], check=True, timeout=60, capture_output=True)
    return time.perf_counter() - begin


def to_home(report: Report, url: str, folder: Path, runs: int) -> None:
    """From the press on «ورود» to a filled home page, and the longest that the GUI thread was held meanwhile."""
    # Qt is loaded here, after the first case has measured starts without it.
    from tests.bench.client_start_home import bare_answers, log_in_and_out, make_client

    client = make_client(url, folder)
    try:
        log_in_and_out(client)
        samples = [(log_in_and_out(client), bare_answers(url)) for _ in range(runs)]
    finally:
        client.close()
    filled = median(one.seconds for one, _ in samples)
    answers = median(other for _, other in samples)
    stall = median(one.longest_stall_ms for one, _ in samples)
    report.add(
        "log-in to home",
        held=filled <= answers + _ABOVE_ANSWERS_S,
        must="≤ the server's two answers + 300 ms",
        seconds=filled,
        answers_s=answers,
        above_ms=(filled - answers) * 1_000,
    )
    report.add(
        "GUI thread",
        held=stall < _STALL_MS,
        must="nothing ≥ 50 ms after the first paint",
        longest_ms=stall,
        worst_ms=max(one.longest_stall_ms for one, _ in samples),
    )


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A real service over a small bank, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    found, over = context.Queue(), context.Event()
    process = context.Process(target=_serve, args=(str(folder), found, over), daemon=False)
    process.start()
    try:
        yield str(found.get(timeout=120))
    finally:
        over.set()
        process.join(30)
        if process.is_alive():
            process.kill()


def _serve(folder: str, found: "multiprocessing.Queue[str]", over: Event) -> None:
    from vesal_server.access.passwords import Hasher
    from vesal_server.host import Host
    from vesal_server.intake.service import Offer, take
    from vesal_server.kit.clock import SystemClock
    from vesal_shared.pages import BRANCH_MANAGERS

    clock = SystemClock()
    with stand() as made, made.database() as database:
        with database.transaction() as connection:
            add_bank(connection)
            add_user(connection, OFFICER, BRANCH_MANAGERS, at=clock.now(), branch_code="6140")
        take(database, clock, Offer(feed(clock.today()).folder(Path(folder, "feed"))))
        config = made.config.__class__(data_dir=made.config.data_dir, port=0, threads=6)
        host = Host(config, database.url, made.secrets, clock, hasher=Hasher(), background=False)
        host.start()
        try:
            found.put(host.url)
            over.wait()
        finally:
            host.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
