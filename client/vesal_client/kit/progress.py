"""Progress: a thin bar from the right; and a line that says what goes on, how far, and lets one stop it."""

from typing import Final

from PySide6.QtCore import QRect, QSize, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from vesal_client.kit import paint
from vesal_client.kit.buttons import Button
from vesal_client.kit.labels import Label
from vesal_client.look.theme import Theme
from vesal_shared import money

_HEIGHT: Final = 6
_FRAME_MS: Final = 40


class ProgressBar(QWidget):
    """How much is done of how much; a total of 0 runs to and fro until it is known."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._done = 0
        self._total = 0
        self._phase = 0.0
        self._frames = QTimer(self, interval=_FRAME_MS)
        self._frames.timeout.connect(self._step)
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def say(self, done: int, total: int) -> None:
        """Show how far it is."""
        self._done, self._total = done, total
        self.setAccessibleName(f"{money.show(done)} از {money.show(total)}" if total else "در حال انجام")
        if total or not self._theme.motion:
            self._frames.stop()
        elif not self._frames.isActive():
            self._frames.start()
        self.update()

    def _step(self) -> None:
        self._phase = (self._phase + 0.02) % 1.0
        self.update()

    def sizeHint(self) -> QSize:
        """Layouts widen it."""
        return QSize(200, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the track and what is done of it, from the right."""
        painter = QPainter(self)
        colour = self._theme.colour
        paint.box(painter, self.rect(), _HEIGHT / 2, ground=colour("neutral_ground"))
        if self._total:
            width = round(self.width() * min(1.0, self._done / self._total))
            left = self.width() - width
        else:
            width = self.width() // 4
            left = round((1 - self._phase) * (self.width() + width)) - width
        if width > 0:
            painter.setClipRect(self.rect())
            paint.box(
                painter, QRect(left, 0, max(width, _HEIGHT), _HEIGHT), _HEIGHT / 2, ground=colour("accent")
            )


class ProgressLine(QWidget):
    """«ساخت ۶۰ نامه در یک فایل — ۲۴ از ۶۰ — انصراف» over its bar."""

    stopped = Signal()
    """«انصراف» was pressed."""

    def __init__(self, theme: Theme, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self._words = Label(theme, size=13, weight=600)
        self._count = Label(theme, size=12, colour="text3")
        self.bar = ProgressBar(theme)
        self._stop = Button(theme, "انصراف", small=True)
        self._stop.clicked.connect(self._stop_pressed)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 26 if icon else 0, 0)
        line.setSpacing(10)
        line.addWidget(self._words)
        line.addWidget(self._count)
        line.addStretch(1)
        line.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self.bar)

    def say(self, words: str, done: int, total: int) -> None:
        """Show what goes on and how far it is."""
        self._words.setText(words)
        self._count.setText(f"{money.show(done)} از {money.show(total)}" if total else "")
        self.bar.say(done, total)
        self._stop.setEnabled(True)

    def _stop_pressed(self) -> None:
        self._stop.setEnabled(False)
        self.stopped.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon at the beginning."""
        if self._icon:
            painter = QPainter(self)
            self._theme.paint_icon(painter, self._icon, QRect(self.width() - 18, 4, 18, 18), "accent")
