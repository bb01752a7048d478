"""A list of moments that is read a page at a time, inside a tab of the panel."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vesal_client.kit.buttons import Button
from vesal_client.kit.labels import Paragraph
from vesal_client.kit.table.feed import Ask
from vesal_client.kit.timeline import Moment, Timeline
from vesal_client.kit.trouble import explained
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import WAIT_MS
from vesal_shared.messages.lists import Page

SIZE = 30

Read = Callable[[int, int], Page[Any]]
"""Reads a page (1 the first) of so many; runs outside the GUI thread."""


class MomentList(QWidget):
    """Moments with «بیشتر» below while there are more; says so where there are none, or why not."""

    pressed = Signal(object)
    counted = Signal(int)

    def __init__(
        self,
        theme: Theme,
        ask: Ask,
        say: Callable[[Any], Moment],
        nothing: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ask = ask
        self._say = say
        self._nothing = nothing
        self._read: Read | None = None
        self._turn = 0
        self._moments: list[Moment] = []
        self.timeline = Timeline(theme, self)
        self.timeline.pressed.connect(self.pressed)
        self.note = Paragraph(theme, colour="text3", size=12, centred=True, parent=self)
        self.note.hide()
        self.more = Button(theme, "بیشتر", look="link", small=True, parent=self)
        self.more.clicked.connect(self._next)
        self.again = Button(theme, "دوباره", icon="refresh", small=True, parent=self)
        self.again.clicked.connect(self._retry)
        self._late = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._late.timeout.connect(lambda: self._note("در حال خواندن …"))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.timeline)
        column.addWidget(self.note)
        line = QHBoxLayout()
        for button in (self.more, self.again):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            button.hide()
        column.addLayout(line)
        column.addStretch(1)

    def show_list(self, read: Read) -> None:
        """Read and show another list from its beginning."""
        self._read = read
        self._turn += 1
        self._moments = []
        self.timeline.say([])
        self._fetch(1)

    def clear(self) -> None:
        """Show nothing, and drop what is on its way."""
        self._turn += 1
        self._read = None
        self._late.stop()
        self._moments = []
        self.timeline.say([])
        for part in (self.note, self.more, self.again):
            part.hide()

    def _next(self) -> None:
        self._fetch(len(self._moments) // SIZE + 1)

    def _retry(self) -> None:
        self._next()

    def _fetch(self, page: int) -> None:
        read, turn = self._read, self._turn
        if read is None:
            return
        for part in (self.note, self.more, self.again):
            part.hide()
        self._late.start()
        self._ask(
            lambda: read(page, SIZE),
            lambda answer: self._take(turn, answer),
            lambda problem: self._fail(turn, problem),
        )

    def _take(self, turn: int, answer: Page[Any]) -> None:
        if turn != self._turn:
            return
        self._late.stop()
        self._moments += [self._say(item) for item in answer.items]
        self.timeline.say(self._moments)
        self.note.setVisible(not self._moments)
        self.note.set_text("" if self._moments else self._nothing)
        self.more.setVisible(len(self._moments) < answer.total and bool(answer.items))
        self.counted.emit(answer.total)

    def _fail(self, turn: int, problem: Exception) -> None:
        if turn != self._turn:
            return
        self._late.stop()
        self._note(explained(problem))
        self.again.show()

    def _note(self, words: str) -> None:
        self.note.set_text(words)
        self.note.show()
