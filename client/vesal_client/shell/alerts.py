"""What hangs under the bell: the open alerts, each with its page one press away."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vesal_client.kit import paint
from vesal_client.kit.labels import Label, broken
from vesal_client.kit.panel import scrolled
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius
from vesal_shared import jalali
from vesal_shared.messages.alerts import Alert

_WIDTH: Final = 360
_TONES: Final = {"error": "bad", "warning": "warn", "info": "info"}


class _Row(QWidget):
    pressed = Signal()

    def __init__(self, theme: Theme, alert: Alert, *, opens: bool) -> None:
        super().__init__()
        self._theme = theme
        self._alert = alert
        self._opens = opens
        room = _WIDTH - 64
        self._title = broken(alert.title, QFontMetrics(theme.font(13, 500)), room)
        self._detail = broken(alert.detail, QFontMetrics(theme.font(12)), room)[:3] if alert.detail else []
        self.setFixedSize(_WIDTH - 10, len(self._title) * 20 + len(self._detail) * 19 + 34)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(f"{alert.title}. {alert.detail}")
        if opens:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Go to the page where it is dealt with."""
        if self._opens:
            self.pressed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint icon, title, detail and time."""
        painter = QPainter(self)
        theme, colour = self._theme, self._theme.colour
        tone = _TONES[self._alert.severity]
        if self._opens and self.underMouse():
            paint.box(painter, self.rect(), Radius.CHIP, ground=colour("hover"))
        spot = QRect(self.width() - 38, 8, 28, 28)
        paint.box(painter, spot, Radius.CONTROL, ground=colour(f"{tone}_ground"))
        theme.paint_icon(painter, "info" if tone == "info" else "warning", spot.adjusted(6, 6, -6, -6), tone)
        width = self.width() - 54
        top = 6
        painter.setFont(theme.font(13, 500))
        painter.setPen(colour("text"))
        for line in self._title:
            painter.drawText(QRect(6, top, width, 20), paint.LEADING, line)
            top += 20
        painter.setFont(theme.font(12))
        painter.setPen(colour("text2"))
        for line in self._detail:
            painter.drawText(QRect(6, top, width, 19), paint.LEADING, line)
            top += 19
        painter.setFont(theme.font(11))
        painter.setPen(colour("text3"))
        painter.drawText(QRect(6, top, width, 18), paint.LEADING, jalali.show_instant(self._alert.last_at))


class AlertList(QWidget):
    """The alerts, the newest first; says so where there is none."""

    page_asked = Signal(str)
    """The page where an alert is dealt with."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(5, 8, 5, 6)
        self._column.setSpacing(2)
        self._head = Label(theme, "هشدارها", size=14, weight=600)
        self._head.setContentsMargins(0, 0, 10, 4)
        self._word = Label(theme, "در حال خواندن …", size=12, colour="text3")
        self._word.setContentsMargins(0, 4, 10, 10)
        self._column.addWidget(self._head)
        self._column.addWidget(self._word)
        self.setFixedWidth(_WIDTH)

    def say(self, alerts: Sequence[Alert], openable: frozenset[str]) -> None:
        """Show these; pages in `openable` can be gone to."""
        self._word.setVisible(not alerts)
        self._word.setText("هشداری نیست.")
        if not alerts:
            return
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        height = 0
        for alert in alerts:
            row = _Row(self._theme, alert, opens=alert.page in openable)
            row.pressed.connect(lambda page=alert.page: self.page_asked.emit(page))
            rows.addWidget(row)
            height += row.height()
        area = scrolled(inside)
        area.setFixedHeight(min(height, 420))
        self._column.addWidget(area)

    def fail(self, words: str) -> None:
        """Say why they couldn't be read."""
        self._word.setText(words)

    def sizeHint(self) -> QSize:
        """As wide as the popup."""
        return QSize(_WIDTH, super().sizeHint().height())
