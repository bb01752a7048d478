"""The status line: who, where and with which scope; what was just done; the last feed and the connection."""

import datetime as dt
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import TOAST_MS, Height
from vesal_shared import jalali
from vesal_shared.digits import persian_digits

_SIDE: Final = 15
_GAP: Final = 18
_ICON: Final = 14


class StatusLine(QWidget):
    """One thin line; painted, since nothing in it can be pressed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._who: list[tuple[str, str]] = []
        self._said = ("", "ok", "")
        self._feed = ""
        self._connection = ("متصل", "ok")
        self._fade = QTimer(self, singleShot=True, interval=TOAST_MS)
        self._fade.timeout.connect(self._say_nothing)
        self.setFixedHeight(Height.STATUS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as the window."""
        return QSize(600, Height.STATUS)

    def say_who(self, name: str, place: str, scope: str) -> None:
        """Show user, branch and scope."""
        self._who = [("user", name), ("bank", persian_digits(place)), ("eye", f"حوزه: {scope}")]
        self._tell()

    def say_feed(self, as_of: dt.date | None, taken_at: dt.datetime | None) -> None:
        """Show of which day the data is."""
        if as_of is None:
            self._feed = "هنوز اطلاعاتی دریافت نشده است"
        else:
            at = f"، ساعت {jalali.show_time(taken_at)}" if taken_at else ""
            self._feed = f"آخرین دریافت اطلاعات: {jalali.show(as_of)}{at}"
        self._tell()

    def say_connection(self, words: str, tone: str) -> None:
        """Show whether the server answers."""
        self._connection = (words, tone)
        self._tell()

    def say(self, text: str, tone: str = "ok", icon: str = "check", *, stays: bool = False) -> None:
        """Say in the middle what was done; gone after five seconds unless it stays."""
        self._said = (text, tone, icon)
        self._fade.stop()
        if text and not stays:
            self._fade.start()
        self._tell()

    def _say_nothing(self) -> None:
        self._said = ("", "ok", "")
        self._tell()

    def _tell(self) -> None:
        words = [text for _, text in self._who] + [self._said[0], self._feed, self._connection[0]]
        self.setAccessibleName("؛ ".join(word for word in words if word))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint from both ends, and the middle."""
        painter = QPainter(self)
        colour = self._theme.colour
        painter.fillRect(self.rect(), colour("side"))
        paint.hairline(painter, colour("hair"), 0, 0, self.width())
        font = self._theme.font(11)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        right = self.width() - _SIDE
        for icon, text in self._who:
            self._theme.paint_icon(painter, icon, QRect(right - _ICON, 6, _ICON, _ICON), "text2")
            wide = metrics.horizontalAdvance(text)
            right -= _ICON + 8
            painter.setPen(colour("text2"))
            painter.drawText(QRect(right - wide - 2, 1, wide + 4, self.height() - 1), paint.LEADING, text)
            right -= wide + _GAP
        left = self._paint_ends(painter, metrics)
        self._paint_middle(painter, left, right)

    def _paint_ends(self, painter: QPainter, metrics: QFontMetrics) -> int:
        colour = self._theme.colour
        words, tone = self._connection
        strong = self._theme.font(11, 500)
        wide = QFontMetrics(strong).horizontalAdvance(words)
        painter.setFont(strong)
        painter.setPen(colour(tone))
        painter.drawText(QRect(_SIDE, 1, wide + 4, self.height() - 1), paint.TRAILING, words)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(tone))
        painter.drawEllipse(QRect(_SIDE + wide + 6, 10, 6, 6))
        left = _SIDE + wide + 30
        painter.setFont(self._theme.font(11))
        painter.setPen(colour("text2"))
        wide = metrics.horizontalAdvance(self._feed)
        painter.drawText(QRect(left, 1, wide + 4, self.height() - 1), paint.TRAILING, self._feed)
        return left + wide + _GAP

    def _paint_middle(self, painter: QPainter, left: int, right: int) -> None:
        text, tone, icon = self._said
        if not text or right <= left:
            return
        font = self._theme.font(11, 500)
        metrics = QFontMetrics(font)
        wide = min(metrics.horizontalAdvance(text), right - left - 24)
        start = min(max((self.width() + wide) // 2 + 10, left + wide + 24), right)
        if icon:
            self._theme.paint_icon(painter, icon, QRect(start - _ICON, 6, _ICON, _ICON), tone)
        painter.setFont(font)
        painter.setPen(self._theme.colour(tone))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, wide)
        painter.drawText(QRect(start - 22 - wide, 1, wide + 2, self.height() - 1), paint.LEADING, shown)
