"""A sentence in a tinted box over a form: why it didn't go."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.kit.labels import broken
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius

_LINE = 20
_ROOM = 34 + 8


class Alarm(QWidget):
    """Hidden while it has nothing to say; as high as its lines."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.hide()

    def text(self) -> str:
        """What it says."""
        return self._text

    def say(self, text: str) -> None:
        """Show a sentence; nothing hides it."""
        self._text = text
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks lines elsewhere."""
        super().resizeEvent(event)
        self._fit()

    def _lines(self) -> list[str]:
        return broken(self._text, QFontMetrics(self._theme.font(12, 500)), max(80, self.width() - _ROOM))

    def _fit(self) -> None:
        self.setFixedHeight(len(self._lines()) * _LINE + 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, icon and words."""
        painter = QPainter(self)
        colour = self._theme.colour
        paint.box(painter, self.rect(), Radius.CONTROL, ground=colour("bad_ground"))
        self._theme.paint_icon(painter, "warning", QRect(self.width() - 26, 10, 16, 16), "bad")
        painter.setFont(self._theme.font(12, 500))
        painter.setPen(colour("bad"))
        for number, line in enumerate(self._lines()):
            area = QRect(8, 8 + number * _LINE, self.width() - _ROOM, _LINE)
            painter.drawText(area, paint.LEADING, line)
