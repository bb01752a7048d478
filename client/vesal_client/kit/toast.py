"""A toast: something was done, and may be undone for five seconds."""

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, QRect, QTimer
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from vesal_client.kit import paint
from vesal_client.kit.buttons import Button
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import MOTION_MS, TOAST_MS, Height, Radius


class _InvertedLink(Button):
    def _colours(self) -> tuple[str, str, str]:
        return "", "", "inverted_link"


class Toast(QWidget):
    """Stands at the foot of its window, over everything; one at a time."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._over = parent
        self._text = ""
        self._icon = "check"
        self._undo: Callable[[], None] | None = None
        self._button = _InvertedLink(theme, "واگرد", look="link")
        self._button.clicked.connect(self._undone)
        self._timer = QTimer(self, singleShot=True, interval=TOAST_MS)
        self._timer.timeout.connect(self.hide)
        self._rise = QPropertyAnimation(self, b"pos", self)
        self._rise.setDuration(MOTION_MS)
        self._rise.setEasingCurve(QEasingCurve.Type.OutCubic)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 12, 0)
        line.addStretch(1)
        line.addWidget(self._button)
        self.setFixedHeight(Height.TOAST)
        parent.installEventFilter(self)
        theme.changed.connect(self.update)
        self.hide()

    def say(
        self, text: str, *, undo: Callable[[], None] | None = None, icon: str = "check", word: str = "واگرد"
    ) -> None:
        """Show for five seconds; `undo` is called when its word is pressed."""
        self._text, self._icon, self._undo = text, icon, undo
        self._button.setText(word)
        self._button.setVisible(undo is not None)
        self.setAccessibleName(text)
        width = QFontMetrics(self._theme.font(13, 500)).horizontalAdvance(text) + 80
        self.resize(max(300, width + (90 if undo else 0)), Height.TOAST)
        self._place(moving=not self.isVisible())
        self.show()
        self.raise_()
        self._timer.start()

    def _place(self, *, moving: bool) -> None:
        parent = self._over
        spot = QPoint((parent.width() - self.width()) // 2, parent.height() - self.height() - 42)
        if moving and self._theme.motion:
            self._rise.stop()
            self._rise.setStartValue(spot + QPoint(0, 12))
            self._rise.setEndValue(spot)
            self._rise.start()
        else:
            self.move(spot)

    def _undone(self) -> None:
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            undo()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Stay in the middle when the window changes."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place(moving=False)
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the inverted ground, the icon and the words."""
        painter = QPainter(self)
        colour = self._theme.colour
        paint.box(painter, self.rect(), Radius.CARD, ground=colour("text"))
        self._theme.paint_icon(
            painter, self._icon, QRect(self.width() - 32, (self.height() - 18) // 2, 18, 18), "inverted"
        )
        painter.setFont(self._theme.font(13, 500))
        painter.setPen(colour("inverted"))
        painter.drawText(self.rect().adjusted(90, 0, -43, 0), paint.LEADING, self._text)
