"""What happened, the newest first: a round icon in its tone, a line from one to the next, words beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.kit.labels import broken
from vesal_client.look.theme import Theme

_ICON: Final = 26
_BESIDE: Final = 10
_TITLE: Final = 20
_LINE: Final = 18
_GAP: Final = 10


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened; `key` is given back when it is pressed, where it opens something."""

    icon: str
    tone: str
    title: str
    subtitle: str = ""
    quote: str = ""
    key: object = None
    #: More lines under it, as they are: an address, a message's text.
    details: str = ""


@dataclass(frozen=True, slots=True)
class _Laid:
    moment: Moment
    top: int
    height: int
    title: list[str]
    subtitle: list[str]
    quote: list[str]


class Timeline(QWidget):
    """As high as what it shows; put it into a scroll area. Only what is seen is painted."""

    pressed = Signal(object)
    """The key of the moment that was pressed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._moments: tuple[Moment, ...] = ()
        self._laid: list[_Laid] = []
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def say(self, moments: Sequence[Moment]) -> None:
        """Show these, the first on top."""
        self._moments = tuple(moments)
        self.setAccessibleName("سوابق")
        self.setAccessibleDescription(
            "؛ ".join(f"{moment.title} {moment.subtitle}" for moment in moments[:50])
        )
        self._lay()
        self.update()

    def sizeHint(self) -> QSize:
        """The height of all."""
        last = self._laid[-1] if self._laid else None
        return QSize(280, last.top + last.height if last else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks lines elsewhere."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay()

    def _lay(self) -> None:
        width = self.width() - _ICON - _BESIDE
        bold, plain = QFontMetrics(self._theme.font(13, 500)), QFontMetrics(self._theme.font(12))
        small = QFontMetrics(self._theme.font(11))
        top = 4
        self._laid = []
        for moment in self._moments:
            title = broken(moment.title, bold, width)
            subtitle = broken(moment.subtitle, small, width) if moment.subtitle else []
            quote = broken(f"«{moment.quote}»", plain, width) if moment.quote else []
            if moment.details:
                quote += broken(moment.details, plain, width)
            height = len(title) * _TITLE + len(subtitle) * _LINE + len(quote) * 20 + _GAP
            height = max(height, _ICON + _GAP)
            self._laid.append(_Laid(moment, top, height, title, subtitle, quote))
            top += height
        self.setFixedHeight(max(1, top))
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is seen."""
        painter = QPainter(self)
        seen = event.rect()
        for number, laid in enumerate(self._laid):
            if laid.top > seen.bottom():
                break
            if laid.top + laid.height >= seen.top():
                self._paint(painter, laid, last=number + 1 == len(self._laid))

    def _paint(self, painter: QPainter, laid: _Laid, *, last: bool) -> None:
        theme, colour, moment = self._theme, self._theme.colour, laid.moment
        spot = QRect(self.width() - _ICON, laid.top, _ICON, _ICON)
        if not last:
            top = spot.bottom() + 3
            paint.upright(painter, colour("hair"), spot.center().x(), top, laid.top + laid.height - top - 2)
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(f"{moment.tone}_ground"))
        painter.drawEllipse(spot)
        theme.paint_icon(painter, moment.icon, spot.adjusted(6, 6, -6, -6), moment.tone)
        width = self.width() - _ICON - _BESIDE
        top = laid.top - 2
        painter.setFont(theme.font(13, 500))
        painter.setPen(colour("text"))
        for line in laid.title:
            painter.drawText(QRect(0, top, width, _TITLE), paint.LEADING, line)
            top += _TITLE
        painter.setFont(theme.font(11))
        painter.setPen(colour("text3"))
        for line in laid.subtitle:
            painter.drawText(QRect(0, top - 2, width, _LINE), paint.LEADING, line)
            top += _LINE
        painter.setFont(theme.font(12))
        painter.setPen(colour("text2"))
        for line in laid.quote:
            painter.drawText(QRect(0, top, width, 20), paint.LEADING, line)
            top += 20

    def _at(self, event: QMouseEvent) -> Moment | None:
        height = event.position().toPoint().y()
        for laid in self._laid:
            if laid.top <= height < laid.top + laid.height:
                return laid.moment if laid.moment.key is not None else None
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what opens something."""
        over = self._at(event) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell what was pressed."""
        moment = self._at(event)
        if moment is not None and event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(moment.key)

    def leaveEvent(self, event: QEvent) -> None:
        """The hand goes with the mouse."""
        super().leaveEvent(event)
        self.unsetCursor()
