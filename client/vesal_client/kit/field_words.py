"""The words around a field: its label above, a hint or what is wrong below."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.kit.labels import broken
from vesal_client.look.theme import Theme


class FieldLabel(QWidget):
    """The label above a field; a red star where it must be filled."""

    def __init__(
        self, theme: Theme, text: str, *, required: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = text
        self._required = required
        self._font = theme.font(12, 500)
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """The words and the star."""
        return QSize(QFontMetrics(self._font).horizontalAdvance(self._text) + 18, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint words and star."""
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(self._theme.colour("text2"))
        painter.drawText(self.rect(), paint.LEADING, self._text)
        if self._required:
            wide = QFontMetrics(self._font).horizontalAdvance(self._text)
            painter.setPen(self._theme.colour("bad"))
            painter.drawText(self.rect().adjusted(0, 0, -wide - 8, 0), paint.LEADING, "*")


class Note(QWidget):
    """The line below a field: a hint, or what is wrong, with an icon."""

    def __init__(self, theme: Theme, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hint = hint
        self._error = ""
        self._font = theme.font(11)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self._fit()

    @property
    def error(self) -> str:
        """What is wrong, or nothing."""
        return self._error

    def say(self, error: str) -> None:
        """Show what is wrong; nothing shows the hint again."""
        self._error = error
        self.setAccessibleName(error or self._hint)
        self._fit()
        self.update()

    def set_hint(self, hint: str) -> None:
        """Show another hint."""
        self._hint = hint
        self._fit()
        self.update()

    def _fit(self) -> None:
        self.setVisible(bool(self._error or self._hint))
        self.setFixedHeight(max(1, len(self._lines())) * 19)

    def _lines(self) -> list[str]:
        room = max(60, self.width() - (19 if self._error else 0)) if self.isVisible() else 10_000
        return broken(self._error or self._hint, QFontMetrics(self._font), room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint icon and words."""
        painter = QPainter(self)
        bad = bool(self._error)
        lines = self._lines()
        if len(lines) * 19 != self.height():
            self.setFixedHeight(len(lines) * 19)
        if bad:
            self._theme.paint_icon(painter, "warning", QRect(self.width() - 14, 2, 14, 14), "bad")
        painter.setFont(self._font)
        painter.setPen(self._theme.colour("bad" if bad else "text3"))
        for number, line in enumerate(lines):
            area = QRect(0, number * 19, self.width() - (19 if bad else 0), 19)
            painter.drawText(area, paint.LEADING, line)
