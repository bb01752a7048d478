"""Tabs inside a page or a panel: a word, perhaps a count, a bar under the one that is shown."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.kit.focus import RING
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Height, Radius

_GAP: Final = 22
_COUNT_GAP: Final = 8
_FIRST: Final = 12


class Tabs(QWidget):
    """Words from the right; arrow keys go from one to the next."""

    chosen = Signal(int)
    """The number of the tab that is shown now."""

    def __init__(
        self, theme: Theme, names: Sequence[str] = (), *, first: int = _FIRST, parent: QWidget | None = None
    ) -> None:
        """`first` is the distance of the first tab from the right edge."""
        super().__init__(parent)
        self._theme = theme
        self._names = list(names)
        self._counts = [""] * len(self._names)
        self._current = 0
        self._hovered = -1
        self._first = first
        self.setFixedHeight(Height.TAB)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty(RING, Radius.CONTROL)
        self._tell()
        theme.changed.connect(self.update)

    def current(self) -> int:
        """The number of the tab that is shown."""
        return self._current

    def choose(self, number: int) -> None:
        """Show this tab."""
        if 0 <= number < len(self._names) and number != self._current:
            self._current = number
            self._tell()
            self.update()
            self.chosen.emit(number)

    def set_count(self, number: int, text: str) -> None:
        """Show a count beside a word; nothing shows none."""
        self._counts[number] = text
        self.update()

    def _tell(self) -> None:
        if self._names:
            self.setAccessibleName(self._names[self._current])

    def sizeHint(self) -> QSize:
        """All words in a row."""
        boxes = self._boxes(0)
        return QSize(self._first - (boxes[-1].left() if boxes else 0), Height.TAB)

    def _width(self, number: int) -> int:
        width = QFontMetrics(self._theme.font(13, 600)).horizontalAdvance(self._names[number])
        if self._counts[number]:
            width += _COUNT_GAP + self._count_width(number)
        return width

    def _count_width(self, number: int) -> int:
        return max(15, QFontMetrics(self._theme.font(11, 500)).horizontalAdvance(self._counts[number]) + 9)

    def _boxes(self, width: int) -> list[QRect]:
        boxes = []
        right = width - self._first
        for number in range(len(self._names)):
            wide = self._width(number)
            boxes.append(QRect(right - wide, 0, wide, Height.TAB))
            right -= wide + _GAP
        return boxes

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the words, counts and the bar."""
        painter = QPainter(self)
        colour = self._theme.colour
        paint.hairline(painter, colour("hair"), 0, self.height() - 1, self.width())
        for number, area in enumerate(self._boxes(self.width())):
            on = number == self._current
            painter.setFont(self._theme.font(13, 600 if on else 400))
            painter.setPen(colour("accent" if on else "text" if number == self._hovered else "text2"))
            painter.drawText(area, paint.LEADING, self._names[number])
            if self._counts[number]:
                wide = self._count_width(number)
                spot = QRect(area.left(), (self.height() - 18) // 2, wide, 18)
                paint.box(painter, spot, 4, ground=colour("soft" if on else "neutral_ground"))
                painter.setFont(self._theme.font(11, 500))
                painter.setPen(colour("accent" if on else "text2"))
                painter.drawText(spot, paint.CENTRE, self._counts[number])
            if on:
                painter.fillRect(QRect(area.left(), self.height() - 2, area.width(), 2), colour("accent"))

    def _at(self, place: QMouseEvent) -> int:
        point = place.position().toPoint()
        for number, area in enumerate(self._boxes(self.width())):
            if area.adjusted(-_GAP // 2, 0, _GAP // 2, 0).contains(point):
                return number
        return -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the word under the mouse."""
        at = self._at(event)
        if at != self._hovered:
            self._hovered = at
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the tab under the mouse."""
        self.choose(self._at(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left goes on, right goes back, as Persian is read."""
        if event.key() == Qt.Key.Key_Left:
            self.choose(self._current + 1)
        elif event.key() == Qt.Key.Key_Right:
            self.choose(self._current - 1)
        else:
            super().keyPressEvent(event)
