"""The strip of figures: a few numbers side by side on one card, each with its unit and what it means today."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius

HEIGHT: Final = 102
_SIDE: Final = 17
_LABEL_TOP: Final = 13
_VALUE_TOP: Final = 32
_NOTE_TOP: Final = 72


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its label and unit; the note below in a tone, with an icon."""

    label: str
    value: str
    unit: str = ""
    note: str = ""
    tone: str = ""
    icon: str = ""

    def spoken(self) -> str:
        """As a screen reader says it."""
        return f"{self.label}: {self.value} {self.unit}. {self.note}"


class FigureStrip(QWidget):
    """The figures from the right, parted by hairlines; before they come, bars stand in their place."""

    def __init__(self, theme: Theme, count: int, parent: QWidget | None = None) -> None:
        """`count` says how many there will be, so that nothing jumps when they come."""
        super().__init__(parent)
        self._theme = theme
        self._count = count
        self._figures: tuple[Figure, ...] = ()
        self._waiting = False
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(count * 140)
        theme.changed.connect(self.update)

    def say(self, figures: Sequence[Figure]) -> None:
        """Show these figures."""
        self._figures = tuple(figures)
        self._count = len(figures) or self._count
        self._waiting = False
        self.setAccessibleName(" ".join(figure.spoken() for figure in figures))
        self.update()

    def wait(self) -> None:
        """Show bars where there is nothing yet."""
        self._waiting = not self._figures
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the page."""
        return QSize(self._count * 198, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card and the figures on it."""
        painter = QPainter(self)
        colour = self._theme.colour
        paint.box(painter, self.rect(), Radius.CARD, ground=colour("surface"), border=colour("hair"))
        width = self.width() / self._count
        for number in range(self._count):
            right = round(self.width() - number * width)
            left = round(self.width() - (number + 1) * width)
            area = QRect(left + _SIDE, 0, right - left - 2 * _SIDE, HEIGHT)
            if number + 1 < self._count:
                paint.upright(painter, colour("hair"), left, 1, HEIGHT - 2)
            if number < len(self._figures):
                self._paint_figure(painter, area, self._figures[number])
            elif self._waiting:
                for top, length, height in ((16, 0.6, 9), (40, 0.4, 18), (76, 0.7, 9)):
                    bar = QRect(
                        round(area.right() + 1 - area.width() * length),
                        top,
                        round(area.width() * length),
                        height,
                    )
                    paint.box(painter, bar, 4, ground=colour("skeleton"))

    def _paint_figure(self, painter: QPainter, area: QRect, figure: Figure) -> None:
        theme, colour = self._theme, self._theme.colour
        painter.setFont(theme.font(12, 500))
        painter.setPen(colour("text2"))
        painter.drawText(QRect(area.left(), _LABEL_TOP, area.width(), 20), paint.LEADING, figure.label)
        value_font = theme.font(24, 700)
        painter.setFont(value_font)
        painter.setPen(colour("text"))
        painter.drawText(QRect(area.left(), _VALUE_TOP, area.width(), 36), paint.LEADING, figure.value)
        wide = QFontMetrics(value_font).horizontalAdvance(figure.value)
        painter.setFont(theme.font(12))
        painter.setPen(colour("text3"))
        painter.drawText(
            QRect(area.left(), _VALUE_TOP + 3, area.width() - wide - 8, 36), paint.LEADING, figure.unit
        )
        if not figure.note:
            return
        inside = QRect(area.left(), _NOTE_TOP, area.width(), 20)
        ink = figure.tone or "text3"
        if figure.icon:
            theme.paint_icon(painter, figure.icon, QRect(inside.right() - 13, inside.top() + 3, 14, 14), ink)
            inside.setRight(inside.right() - 22)
        painter.setFont(theme.font(12, 500 if figure.tone else 400))
        painter.setPen(colour(ink))
        painter.drawText(inside, paint.LEADING, figure.note)
