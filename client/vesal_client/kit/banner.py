"""A banner over the page: what is the matter, one way to deal with it, and a cross where it may be put away."""

from typing import Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.kit.buttons import Button, IconButton
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Height, Radius
from vesal_shared.digits import strip_isolates

_ICONS: Final = {"ok": "check", "warn": "warning", "bad": "warning", "info": "info", "neutral": "info"}


class _TonedLink(Button):
    """A link in the banner's own ink, underlined."""

    def __init__(self, theme: Theme, text: str, tone: str) -> None:
        super().__init__(theme, text, look="link")
        self._tone = tone

    def dress(self, tone: str) -> None:
        """Take another ink."""
        self._tone = tone
        self.update()

    def _colours(self) -> tuple[str, str, str]:
        return "", "", self._tone

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words and the line under them."""
        super().paintEvent(event)
        painter = QPainter(self)
        words = QFontMetrics(self._font()).horizontalAdvance(self.text())
        paint.hairline(
            painter,
            self._theme.colour(self._tone),
            (self.width() - words) // 2,
            self.height() // 2 + 9,
            words,
        )


class _TonedCross(IconButton):
    """The cross in the banner's own ink."""

    def __init__(self, theme: Theme, tone: str) -> None:
        super().__init__(theme, "close", "بستن پیام", size=26, icon_size=16)
        self._tone = tone

    def dress(self, tone: str) -> None:
        """Take another ink."""
        self._tone = tone
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """No ground on hover: the banner has one."""
        super().enterEvent(event)

    def _colours(self) -> tuple[str, str, str]:
        return "", "", self._tone


class Banner(QWidget):
    """One line in a tone; hidden until it has something to say."""

    link_pressed = Signal()
    """The link was pressed."""
    closed = Signal()
    """The cross was pressed."""

    def __init__(self, theme: Theme, *, closable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = "info"
        self._icon = ""
        self._text = ""
        self._link = _TonedLink(theme, "", "info")
        self._cross = _TonedCross(theme, "info")
        self._closable = closable
        self._link.clicked.connect(self.link_pressed)
        self._cross.clicked.connect(self._close)
        line = QHBoxLayout(self)
        line.setContentsMargins(7, 0, 12, 0)
        line.setSpacing(8)
        line.addStretch(1)
        line.addWidget(self._link)
        line.addWidget(self._cross)
        self.setFixedHeight(Height.BANNER - 2)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.hide()

    def say(self, text: str, tone: str = "info", *, icon: str = "", link: str = "") -> None:
        """Show a sentence, and a link where there is something to do."""
        self._text, self._tone = text, tone
        self._icon = icon or _ICONS[tone]
        self._link.setText(link)
        self._link.setVisible(bool(link))
        self._link.updateGeometry()
        self._link.dress(tone)
        self._cross.dress(tone)
        self._cross.setVisible(self._closable)
        self.setAccessibleName(strip_isolates(text))
        self.setToolTip("")
        self.show()
        self.update()

    def text(self) -> str:
        """What it says."""
        return self._text

    def _close(self) -> None:
        self.hide()
        self.closed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, icon and sentence."""
        painter = QPainter(self)
        colour = self._theme.colour
        paint.box(painter, self.rect(), Radius.CONTROL, ground=colour(f"{self._tone}_ground"))
        self._theme.paint_icon(
            painter, self._icon, QRect(self.width() - 31, (self.height() - 18) // 2, 18, 18), self._tone
        )
        font = self._theme.font(13, 500)
        ends = [part.geometry().right() for part in (self._link, self._cross) if part.isVisible()]
        left = max(ends, default=0) + 12
        area = QRect(left, 0, self.width() - 39 - left, self.height())
        metrics = QFontMetrics(font)
        text = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, area.width())
        if text != self._text and not self.toolTip():
            self.setToolTip(strip_isolates(self._text))
        painter.setFont(font)
        painter.setPen(colour(self._tone))
        painter.drawText(area, paint.LEADING, text)
