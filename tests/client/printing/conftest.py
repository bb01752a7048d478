"""A print queue over letters in memory, with the client's real pool of threads."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.client.printing.queue_world import NOW, TODAY, Chosen, MemoryLetters
from vesal_client.look.theme import Theme
from vesal_client.printing.desk import LetterDesk
from vesal_client.printing.pdf_pages import PdfEngine
from vesal_client.printing.queue import Means, PrintQueue
from vesal_client.work.changes import Changes
from vesal_client.work.pool import Work


@dataclass
class World:
    """The page and what stands behind it."""

    page: PrintQueue
    letters: MemoryLetters
    chosen: Chosen
    work: Work
    said: list[str]
    qtbot: QtBot

    def settle(self) -> None:
        """Wait until nothing is under way and everything was delivered."""
        self.qtbot.waitUntil(self._still, timeout=20_000)

    def _still(self) -> bool:
        return self.work.under_way == 0 and not self.page.busy and self.page.preview.resting


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """Light, right to left, and still, so that tests don't wait for things to slide."""
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    return Theme(qapp, "light", motion=False)


@pytest.fixture
def world(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[World]:
    letters, chosen, work = MemoryLetters(), Chosen(tmp_path), Work()
    means = Means(
        source=letters,
        fetch=letters.page,
        ask=work.ask,
        desk=LetterDesk(),
        engine=PdfEngine(),
        choosers=chosen,
        changes=Changes(),
        now=lambda: NOW,
        today=lambda: TODAY,
    )
    page = PrintQueue(theme, means)
    qtbot.addWidget(page)
    page.resize(1224, 648)
    said: list[str] = []
    page.said.connect(said.append)
    page.show()
    made = World(page, letters, chosen, work, said, qtbot)
    qtbot.waitUntil(lambda: page.table.feed.total > 0, timeout=10_000)
    made.settle()
    yield made
    work.stop()
