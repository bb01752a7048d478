"""Background work: answers on the GUI thread, the newest counts, one command at a time, a GUI that never waits."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QThread, QTimer
from pytestqt.qtbot import QtBot

from vesal_client.work.changes import Changes
from vesal_client.work.command import Command
from vesal_client.work.pool import Work
from vesal_client.work.progress import Progress
from vesal_client.work.query import Query


@pytest.fixture
def work(qtbot: QtBot) -> Iterator[Work]:
    """The client's pool."""
    made = Work()
    yield made
    made.stop()


def test_outcomes_come_on_the_gui_thread(work: Work, qtbot: QtBot) -> None:
    threads: list[QThread] = []
    outcomes: list[object] = []

    def here(outcome: object) -> None:
        threads.append(QThread.currentThread())
        outcomes.append(outcome)

    def breaks() -> None:
        raise ValueError("no")

    work.start(QThread.currentThread, here, here)
    work.start(breaks, here, here)
    qtbot.waitUntil(lambda: len(outcomes) == 2)
    assert set(threads) == {QThread.currentThread()}
    assert QThread.currentThread() not in outcomes
    assert [str(one) for one in outcomes if isinstance(one, ValueError)] == ["no"]
    assert work.under_way == 0


def test_an_owner_that_is_gone_hears_nothing(work: Work, qtbot: QtBot) -> None:
    owner = QObject()
    go = threading.Event()
    heard: list[object] = []
    work.start(lambda: go.wait(10), heard.append, heard.append, owner)
    owner.deleteLater()
    qtbot.wait(1)
    with qtbot.waitSignal(work.idle):
        go.set()
    assert heard == []


def test_the_newest_question_counts(work: Work, qtbot: QtBot) -> None:
    owner = QObject()
    query = Query(work, owner)
    answers: list[object] = []
    waits: list[bool] = []
    query.answered.connect(answers.append)
    query.waiting.connect(waits.append)
    go = threading.Event()
    begun = threading.Event()

    def old() -> str:
        begun.set()
        go.wait(10)
        return "old"

    query.run(old)
    assert begun.wait(10)
    query.run(lambda: "new")
    qtbot.waitUntil(lambda: answers == ["new"])
    with qtbot.waitSignal(work.idle):
        go.set()
    assert answers == ["new"]
    assert waits == []


def test_waiting_shows_only_once_it_lasts(work: Work, qtbot: QtBot) -> None:
    query = Query(work, work)
    go = threading.Event()
    with qtbot.waitSignal(query.waiting) as shown:
        query.run(lambda: go.wait(10))
    assert shown.args == [True]
    with qtbot.waitSignal(query.waiting) as over:
        go.set()
    assert over.args == [False]


def test_a_command_runs_once_however_often_it_is_pressed(work: Work, qtbot: QtBot) -> None:
    changes = Changes()
    command = Command(work, changes, ["letters"], work)
    go = threading.Event()
    runs: list[int] = []
    told: list[frozenset[str]] = []
    changes.happened.connect(told.append)

    def send() -> str:
        runs.append(1)
        go.wait(10)
        return "done"

    assert command.run(send)
    assert not command.run(send)
    assert not command.run(send)
    with qtbot.waitSignal(command.done) as done:
        go.set()
    assert done.args == ["done"]
    assert runs == [1]
    assert told == [frozenset({"letters"})]
    assert command.run(lambda: "again")
    qtbot.waitUntil(lambda: not command.under_way)


def test_a_failed_command_changed_nothing(work: Work, qtbot: QtBot) -> None:
    changes = Changes()
    command = Command(work, changes, ["letters"], work)
    told: list[frozenset[str]] = []
    changes.happened.connect(told.append)

    def breaks() -> None:
        raise ValueError("no")

    with qtbot.waitSignal(command.failed):
        command.run(breaks)
    assert told == []
    assert not command.under_way


def test_what_waits_for_a_log_in_goes_on_after_it(work: Work, qtbot: QtBot) -> None:
    logged_in = threading.Event()
    heard: list[object] = []

    def guarded() -> str:
        if not logged_in.is_set():
            raise PermissionError
        return "mine"

    work.park_where(lambda error: isinstance(error, PermissionError))
    with qtbot.waitSignal(work.failed):
        work.start(guarded, heard.append, heard.append)
    assert heard == []
    assert work.under_way == 1
    logged_in.set()
    with qtbot.waitSignal(work.idle):
        work.resume()
    assert heard == ["mine"]


def test_the_gui_goes_on_while_threads_wait(work: Work, qtbot: QtBot) -> None:
    go = threading.Event()
    ticks: list[int] = []
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    for _ in range(20):
        work.start(lambda: go.wait(10), lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: len(ticks) > 10)
    with qtbot.waitSignal(work.idle):
        go.set()


def test_progress_tells_the_end_and_stops_at_once(qtbot: QtBot) -> None:
    progress = Progress()
    moves: list[tuple[int, int]] = []
    progress.moved.connect(lambda done, total: moves.append((done, total)))
    for done in range(1, 101):
        progress.tell(done, 100)
    assert moves[-1] == (100, 100)
    assert len(moves) < 50
    stops: list[int] = []
    progress.on_stop(lambda: stops.append(1))
    progress.stop()
    progress.on_stop(lambda: stops.append(2))
    assert progress.stopped()
    assert stops == [1, 2]
