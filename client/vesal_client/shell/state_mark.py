"""A small mark with a word: connected, or not."""

from typing import Final

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.look.theme import Theme

_ICONS: Final = {"ok": "check", "bad": "wifi-off", "warn": "clock", "neutral": "clock"}


class StateMark(QWidget):
    """An icon and a word in one tone."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = ""
        self._tone = "neutral"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def say(self, words: str, tone: str) -> None:
        """Show another state."""
        self._words, self._tone = words, tone
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Icon and word."""
        return QSize(QFontMetrics(self._theme.font(12, 500)).horizontalAdvance(self._words) + 22, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint icon and word."""
        painter = QPainter(self)
        self._theme.paint_icon(painter, _ICONS[self._tone], QRect(self.width() - 14, 3, 14, 14), self._tone)
        painter.setFont(self._theme.font(12, 500))
        painter.setPen(self._theme.colour(self._tone))
        painter.drawText(self.rect().adjusted(0, 0, -20, 0), paint.LEADING, self._words)
