"""Announcements: a dot where one is new, whom it is for, when and by whom; a press shows it whole."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.kit.focus import RING
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius
from vesal_shared import jalali
from vesal_shared.messages.home import Announcement

_ROW: Final = 50
_NEW_DAYS: Final = 3


def news_line(news: Announcement) -> str:
    """`عمومی، ۱۴۰۵/۰۹/۰۲، اداره وصول مطالبات`."""
    whom = f"استان {news.province_title}" if news.province_code else "عمومی"
    parts = [whom, jalali.show(jalali.tehran_day(news.created_at)), news.created_by]
    return "، ".join(part for part in parts if part)


class NewsList(QWidget):
    """As high as its announcements; put it into a scroll area."""

    opened = Signal(object)
    """The announcement that was pressed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._news: tuple[Announcement, ...] = ()
        self._today = dt.date.min
        self._said = False
        self._hovered = -1
        self._current = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty(RING, Radius.CONTROL)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        theme.changed.connect(self.update)

    def say(self, news: Sequence[Announcement], today: dt.date) -> None:
        """Show these."""
        self._news = tuple(news)
        self._today = today
        self._said = True
        self.setAccessibleName("اعلان‌ها: " + "؛ ".join(one.title for one in news))
        self.setMinimumHeight(max(1, len(self._news)) * _ROW)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The height of all."""
        return QSize(300, max(1, len(self._news)) * _ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the rows, or that there is none."""
        painter = QPainter(self)
        theme, colour = self._theme, self._theme.colour
        if not self._news:
            if self._said:
                painter.setFont(theme.font(12))
                painter.setPen(colour("text3"))
                painter.drawText(QRect(0, 4, self.width(), 24), paint.LEADING, "اعلانی نیست.")
            return
        for number, news in enumerate(self._news):
            top = number * _ROW
            if number == self._hovered:
                paint.box(
                    painter, QRect(0, top, self.width(), _ROW - 2), Radius.CONTROL, ground=colour("hover")
                )
            new = (self._today - jalali.tehran_day(news.created_at)).days < _NEW_DAYS
            if new:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour("accent"))
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.drawEllipse(QRect(self.width() - 7, top + 12, 6, 6))
            width = self.width() - 14
            font = theme.font(13, 600 if new else 400)
            painter.setFont(font)
            painter.setPen(colour("text"))
            title = QFontMetrics(font).elidedText(news.title, Qt.TextElideMode.ElideRight, width - 8)
            painter.drawText(QRect(0, top + 4, width, 22), paint.LEADING, title)
            painter.setFont(theme.font(11))
            painter.setPen(colour("text3"))
            painter.drawText(QRect(24, top + 25, width - 24, 20), paint.LEADING, news_line(news))
            if news.attachment is not None:
                theme.paint_icon(painter, "clip", QRect(1, top + 26, 14, 14), "text2")
            if number + 1 < len(self._news):
                paint.hairline(painter, colour("hair"), 0, top + _ROW - 1, width)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the row under the mouse."""
        at = int(event.position().y()) // _ROW
        at = at if at < len(self._news) else -1
        self.setCursor(Qt.CursorShape.PointingHandCursor if at >= 0 else Qt.CursorShape.ArrowCursor)
        if at != self._hovered:
            self._hovered = at
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Light none."""
        super().leaveEvent(event)
        self._hovered = -1
        self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Show the announcement whole."""
        if self._hovered >= 0:
            self.opened.emit(self._news[self._hovered])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go through, Enter shows one whole."""
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up} and self._news:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._current = min(max(self._current + step, 0), len(self._news) - 1)
            self._hovered = self._current
            self.update()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._current < len(self._news):
            self.opened.emit(self._news[self._current])
        else:
            super().keyPressEvent(event)
