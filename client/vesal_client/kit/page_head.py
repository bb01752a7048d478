"""The head of a page: title, a count or word beside it, the way up; at the end the actions."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from vesal_client.kit.buttons import Button
from vesal_client.kit.chips import Chip, CountChip
from vesal_client.kit.labels import Label
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Height


class PageHead(QWidget):
    """One line of 32 pixels; actions are added from the right, the primary one last but for icon buttons."""

    went_up = Signal()
    """«بالا» was pressed."""

    def __init__(self, theme: Theme, title: str, *, up: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._up = Button(theme, "بالا", look="quiet", icon="arrow-up", small=True)
        self._up.setVisible(up)
        self._up.clicked.connect(self.went_up)
        self.title = Label(theme, title, size=18, weight=700)
        self.count = CountChip(theme)
        self.state = Chip(theme)
        self.state.hide()
        self.beside = Label(theme, size=12, colour="text3")
        self.beside.hide()
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(11)
        for part in (self._up, self.title, self.count, self.state, self.beside):
            line.addWidget(part)
        line.addStretch(1)
        line.addLayout(self._actions)
        self.setFixedHeight(Height.CONTROL)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say_beside(self, text: str) -> None:
        """Show a word beside the title (a date)."""
        self.beside.setText(text)
        self.beside.setVisible(bool(text))

    def say_state(self, text: str, tone: str = "info", icon: str = "") -> None:
        """Show a chip beside the title; nothing hides it."""
        self.state.say(text, tone, icon)
        self.state.setVisible(bool(text))

    def add(self, widget: QWidget) -> None:
        """The next action."""
        self._actions.addWidget(widget)
