"""Cards: a white ground with round corners, a title line, what belongs to it; and hairlines."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from vesal_client.kit import paint
from vesal_client.kit.chips import CountChip
from vesal_client.kit.labels import Label
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius, Space


class Card(QWidget):
    """A card; `body` takes what stands on it."""

    def __init__(
        self, theme: Theme, *, margins: tuple[int, int, int, int] | None = None, parent: QWidget | None = None
    ) -> None:
        """`margins` are left, top, right and bottom as on the screen."""
        super().__init__(parent)
        self._theme = theme
        self.body = QVBoxLayout(self)
        left, top, right, bottom = margins or (Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        self.body.setContentsMargins(left, top, right, bottom)
        self.body.setSpacing(Space.SMALL)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and border."""
        painter = QPainter(self)
        colour = self._theme.colour
        paint.box(painter, self.rect(), Radius.CARD, ground=colour("surface"), border=colour("hair"))


class CardHead(QWidget):
    """A card's title with a count or a word beside it, and what can be done at its end."""

    def __init__(
        self, theme: Theme, title: str, *, beside: str = "", size: int = 14, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.title = Label(theme, title, size=size, weight=600)
        self.count = CountChip(theme)
        self.beside = Label(theme, beside, size=12, colour="text3")
        self.beside.setVisible(bool(beside))
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.setSpacing(10)
        self.line.addWidget(self.title)
        self.line.addWidget(self.count)
        self.line.addWidget(self.beside)
        self.line.addStretch(1)
        self.setFixedHeight(28)

    def add(self, widget: QWidget) -> None:
        """Put something at the end of the line."""
        self.line.addWidget(widget)

    def say_beside(self, text: str) -> None:
        """Show a word beside the title."""
        self.beside.setText(text)
        self.beside.setVisible(bool(text))


class Rule(QWidget):
    """A hairline across."""

    def __init__(self, theme: Theme, *, colour: str = "hair", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colour = colour
        self.setFixedHeight(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line."""
        QPainter(self).fillRect(QRect(0, 0, self.width(), 1), self._theme.colour(self._colour))
