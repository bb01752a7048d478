"""Chips as widgets: a state, and a count beside a title."""

from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.look import chips
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Height, Radius


@dataclass(frozen=True, slots=True)
class State:
    """The word, its tone, and an icon where the word alone is weak."""

    text: str
    tone: str = "neutral"
    icon: str = ""


class Chip(QWidget):
    """A state in one of the tones."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        tone: str = "neutral",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = State(text, tone, icon)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        theme.changed.connect(self.update)

    def say(self, text: str, tone: str = "neutral", icon: str = "") -> None:
        """Show another state."""
        self._state = State(text, tone, icon)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As large as chips are."""
        return self._theme.badge_size(self._state)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chip."""
        painter = QPainter(self)
        chips.paint_chip(self._theme, painter, self.rect(), self._state, self.devicePixelRatioF())


class CountChip(QWidget):
    """A number beside a title or a tab."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        lit: bool = False,
        weight: int = 500,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = text
        self._lit = lit
        self._font = theme.font(11, weight)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.setVisible(bool(text))

    def say(self, text: str, *, lit: bool | None = None) -> None:
        """Show another number; nothing hides the chip."""
        self._text = text
        self._lit = self._lit if lit is None else lit
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """At least as wide as high."""
        return QSize(max(20, QFontMetrics(self._font).horizontalAdvance(self._text) + 16), Height.CHIP)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and number."""
        painter = QPainter(self)
        colour = self._theme.colour
        ground, ink = ("soft", "accent") if self._lit else ("neutral_ground", "text2")
        paint.box(painter, self.rect(), Radius.CHIP, ground=colour(ground))
        painter.setFont(self._font)
        painter.setPen(colour(ink))
        painter.drawText(self.rect(), paint.CENTRE, self._text)
