"""A million rows behind an API that answers after 20 ms, beside the same view over rows in memory.

What is measured is what somebody at the screen feels: how long each paint holds the GUI thread, and how soon
after its answer a jump shows its rows. The API is a process of its own, so that its work is not the client's.
"""

import argparse
import multiprocessing
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from tests.measure import Report
from vesal_client.kit.table.columns import Badge, Column, Kind
from vesal_client.kit.table.feed import PAGE_SIZE, Fetch, Question
from vesal_client.kit.table.table import Table, TableSpec
from vesal_client.look.theme import Theme
from vesal_client.wire.http import Http
from vesal_client.work.pool import Work
from vesal_shared.messages.lists import Page

ROWS: Final = 1_000_000
DELAY_S: Final = 0.02
FRAME_MS: Final = 16.0
JUMP_MS: Final = 100.0
#: A keyboard repeats some thirty times a second.
_REPEAT_MS: Final = 33
_LONGEST_WAIT_MS: Final = 20_000
_NAMES: Final = ("مهری شکوهی", "یوسف دلاوری", "کارگاه چوب آبنوس", "الهام زرین‌کفش", "پیمان بردستانی")
_BUCKETS: Final = (("جاری", "info"), ("سررسید گذشته", "warn"), ("معوق", "bad"), ("مشکوک‌الوصول", "neutral"))


class Case(msgspec.Struct, frozen=True):
    """A row as wide as that of the overdue list."""

    loan_no: str
    customer_name: str
    bucket: int
    overdue_days: int
    overdue_installments: int
    overdue_amount: int
    last_contact: str
    customer_no: str


def case(number: int) -> Case:
    """The row at a place of the list."""
    return Case(
        f"6140-{100 + number % 300}-{1_400_000 + number}-{number % 9 + 1}",
        _NAMES[number % len(_NAMES)],
        number % len(_BUCKETS),
        number % 900 + 1,
        number % 36 + 1,
        (number * 7_919 % 9_000_000) * 1_000,
        f"۱۴۰۵/۰{number % 9 + 1}/{10 + number % 19}",
        str(30_000_000 + number),
    )


def _badge(one: Case) -> Badge:
    word, tone = _BUCKETS[one.bucket]
    return Badge(word, tone)  # type: ignore[arg-type]


COLUMNS: Final = (
    Column("loan_no", "شماره تسهیلات", Kind.CODE, link=True),
    Column("customer_name", "مشتری", Kind.NAME),
    Column("bucket", "طبقه", Kind.CHIP, badge=_badge),
    Column("overdue_days", "روز", Kind.DAYS),
    Column("overdue_installments", "اقساط", Kind.COUNT),
    Column("overdue_amount", "مبلغ معوقه (ریال)", Kind.MONEY),
    Column("last_contact", "آخرین تماس", Kind.TEXT),
    Column("customer_no", "شماره مشتری", Kind.CODE),
)


def page_of(page: int, size: int) -> Page[Case]:
    """A page of the list."""
    places = range((page - 1) * size, min(page * size, ROWS))
    return Page(items=[case(place) for place in places], total=ROWS, page=page, size=size)


class _Handler(BaseHTTPRequestHandler):
    """Answers pages after a delay, on connections that stay open."""

    protocol_version = "HTTP/1.1"
    delay = DELAY_S

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        body = msgspec.json.encode(page_of(int(asked["page"][0]), int(asked["size"][0])))
        time.sleep(self.delay)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(ready: Any, delay: float) -> None:
    """Run the API until the process is ended; sends its port first."""
    _Handler.delay = delay
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        ready.send(server.server_address[1])
        server.serve_forever()


@contextmanager
def api(delay: float) -> Iterator[str]:
    """The API's URL."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, delay), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


class Paints(QObject):
    """How long each paint of the table's rows held the GUI thread, in milliseconds.

    `cost` is the processor's time alone: on a machine that others use, too, the rest is their turns.
    """

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self.took: list[float] = []
        self.cost: list[float] = []
        self.last = 0.0
        self._painting = False
        table.view.viewport().installEventFilter(self)

    def clear(self) -> None:
        """Begin anew."""
        self.took.clear()
        self.cost.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the view paint under a clock."""
        if event.type() != QEvent.Type.Paint or self._painting:
            return False
        self._painting = True
        begin, spent = time.perf_counter(), time.thread_time()
        # Sent on to the same viewport: this filter lets it through the second time.
        QCoreApplication.sendEvent(watched, event)
        self.last = time.perf_counter()
        self.took.append((self.last - begin) * 1_000)
        self.cost.append((time.thread_time() - spent) * 1_000)
        self._painting = False
        return True


class Screen:
    """A table on screen, and the hands before it."""

    def __init__(self, app: QApplication, theme: Theme, fetch: Fetch, size: tuple[int, int]) -> None:
        self.work = Work()
        spec = TableSpec("bench", COLUMNS, lambda record: record.loan_no, "پرونده")
        self.answered: dict[int, float] = {}

        def timed(question: Question, page: int, count: int) -> Page[Any]:
            answer = fetch(question, page, count)
            self.answered[page - 1] = time.perf_counter()
            return answer

        self.table = Table(spec, timed, self.work.ask, theme)
        self.table.resize(*size)
        self.table.show()
        self.paints = Paints(self.table)
        # How many paints there had been when the newest rows came.
        self.came = 0
        self.table.feed.arrived.connect(self._note)
        self.table.ask(Question())
        self.wait(lambda: self.table.view.verticalScrollBar().maximum() > ROWS and bool(self.paints.took))

    def wait(self, until: Callable[[], bool]) -> None:
        """Let Qt run until something holds."""
        clock = QElapsedTimer()
        clock.start()
        while not until():
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 5)
            if clock.elapsed() > _LONGEST_WAIT_MS:
                raise TimeoutError("the table never came to rest")

    def _note(self, _first: int, _last: int) -> None:
        self.came = len(self.paints.took)

    def filled(self) -> bool:
        """Whether no row in sight is missing."""
        first, last = self.table.view.in_sight()
        return all(self.table.model.row(number) is not None for number in range(first, last + 1))

    def jump(self, row: int) -> float:
        """Drag to a row; milliseconds from the answer of its page until its rows were painted."""
        view = self.table.view
        self.answered.clear()
        view.verticalScrollBar().setValue(row * view.verticalHeader().defaultSectionSize())
        page = view.in_sight()[0] // PAGE_SIZE
        here = self.filled()
        self.wait(self.filled)
        if here:
            return 0.0
        self.wait(lambda: len(self.paints.took) > self.came)
        return max(0.0, (self.paints.last - self.answered[page]) * 1_000)

    def hold_page_down(self, presses: int) -> None:
        """Keep Page Down pressed for so many repeats."""
        done = [0]

        def press() -> None:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                key = QKeyEvent(kind, Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, "", True)
                QCoreApplication.sendEvent(self.table.view, key)
            done[0] += 1

        timer = QTimer(interval=_REPEAT_MS)
        timer.timeout.connect(press)
        timer.start()
        self.wait(lambda: done[0] >= presses)
        timer.stop()
        self.wait(self.filled)

    def close(self) -> None:
        """Take the table away."""
        self.table.close()
        self.work.stop()
        self.table.deleteLater()


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


def measured(screen: Screen, jumps: int, presses: int) -> dict[str, float]:
    """95th percentiles in milliseconds: paints while jumping, jumps, paints while Page Down is held."""
    chance = random.Random(5)
    screen.paints.clear()
    shown = [screen.jump(chance.randrange(ROWS - 100)) for _ in range(jumps)]
    found = {
        "jump frame": p95(screen.paints.took),
        "jump cost": p95(screen.paints.cost),
        "jump shown": p95(shown),
    }
    screen.table.view.go_to(0)
    screen.wait(screen.filled)
    screen.paints.clear()
    screen.hold_page_down(presses)
    return found | {"hold frame": p95(screen.paints.took), "hold cost": p95(screen.paints.cost)}


def run(*, jumps: int, presses: int, runs: int, size: tuple[int, int], delay: float = DELAY_S) -> Report:
    """Both cases, over the API and in memory by turns, the median of the runs."""
    report = Report("client-table")
    app = QApplication.instance() or QApplication(["bench"])
    assert isinstance(app, QApplication)
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    theme = Theme(app, "light", motion=False)
    figures: dict[str, list[float]] = {}
    with api(delay) as url:
        http = Http(url)

        def remote(question: Question, page: int, count: int) -> Page[Any]:
            return http.get("/rows", Page[Case], {"page": page, "size": count})

        def here(_question: Question, page: int, count: int) -> Page[Any]:
            return page_of(page, count)

        for _ in range(runs):
            for name, fetch in (("api", remote), ("memory", here)):
                screen = Screen(app, theme, fetch, size)
                for what, value in measured(screen, jumps, presses).items():
                    figures.setdefault(f"{name} {what}", []).append(value)
                screen.close()
        http.close()
    found = {name: statistics.median(values) for name, values in figures.items()}
    for case_name, key in (("random jumps", "jump"), ("held Page Down", "hold")):
        ours, floor = found[f"api {key} frame"], found[f"memory {key} frame"]
        report.add(
            case_name, held=ours <= FRAME_MS, must=f"frame p95 <= {FRAME_MS:.0f} ms",
            frame_p95_ms=ours, in_memory_p95_ms=floor, ratio=ours / floor, cpu_p95_ms=found[f"api {key} cost"],
        )  # fmt: skip
    report.add(
        "rows after their answer", held=found["api jump shown"] <= JUMP_MS, must=f"<= {JUMP_MS:.0f} ms",
        shown_p95_ms=found["api jump shown"],
    )  # fmt: skip
    return report


def main(options: Sequence[str] = ()) -> int:
    """`python3 dev.py bench client-table`."""
    parser = argparse.ArgumentParser(prog="client-table")
    parser.add_argument("--jumps", type=int, default=120)
    parser.add_argument("--presses", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args(list(options))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return run(jumps=given.jumps, presses=given.presses, runs=given.runs, size=(1280, 720)).end()
