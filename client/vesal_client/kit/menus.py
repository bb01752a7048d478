"""A menu: icon, word, and the key that does the same; opened under a button or at the mouse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from vesal_client.kit import paint
from vesal_client.kit.popup import SHADOW, shade
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius

_ROW: Final = 30
_STEP: Final = 31
_RULE: Final = 7
_PAD: Final = 5
_ICON: Final = 18


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be done; `keys` are shown at its end; `ticked` is a choice that holds."""

    label: str
    icon: str = ""
    act: Callable[[], None] | None = None
    keys: str = ""
    danger: bool = False
    enabled: bool = True
    ticked: bool = False
    detail: str = ""


class Menu(QWidget):
    """Entries and, for None, hairlines between them; goes once something is chosen."""

    def __init__(self, theme: Theme, entries: Sequence[Entry | None], parent: QWidget) -> None:
        super().__init__(
            parent,
            Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint,
        )
        self._theme = theme
        self._entries = tuple(entries)
        self._current = -1
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("منو")
        self.setFixedSize(self.sizeHint())
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as the longest entry."""
        words = QFontMetrics(self._theme.font(13))
        keys = QFontMetrics(self._theme.font(11, 500))
        widest = 0
        for entry in self._entries:
            if entry is not None:
                end = keys.horizontalAdvance(entry.keys or entry.detail)
                widest = max(widest, words.horizontalAdvance(entry.label) + (end + 24 if end else 0))
        width = max(209, widest + 2 * 10 + _ICON + 12)
        return QSize(width + 2 * (_PAD + SHADOW), self._height() + 2 * (_PAD + SHADOW))

    def _height(self) -> int:
        return sum(_RULE if entry is None else _STEP for entry in self._entries) - 1

    def _places(self) -> list[QRect]:
        top = SHADOW + _PAD
        places = []
        for entry in self._entries:
            height = _RULE if entry is None else _ROW
            places.append(QRect(SHADOW + _PAD, top, self.width() - 2 * (SHADOW + _PAD), height))
            top += _RULE if entry is None else _STEP
        return places

    def under(self, widget: QWidget) -> None:
        """Open under a button, edge to edge with it, inside the screen."""
        corner = widget.mapToGlobal(QPoint(0, widget.height() + 4))
        self._open(QPoint(corner.x() - SHADOW, corner.y() - SHADOW))

    def at(self, place: QPoint) -> None:
        """Open at a point of the screen, towards the left."""
        self._open(QPoint(place.x() - self.width() + SHADOW, place.y() - SHADOW))

    def _open(self, corner: QPoint) -> None:
        parent = self.parentWidget()
        if parent is not None:
            screen = parent.screen().availableGeometry()
            left = min(max(corner.x(), screen.left() - SHADOW), screen.right() - self.width() + SHADOW)
            top = min(corner.y(), screen.bottom() - self.height() + SHADOW)
            corner = QPoint(left, top)
        self.move(corner)
        self.show()
        self.setFocus()

    def show_current(self, number: int) -> None:
        """Light an entry."""
        self._current = number
        entry = self._entries[number] if 0 <= number < len(self._entries) else None
        if entry is not None:
            self.setAccessibleDescription(entry.label)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint shadow, ground and entries."""
        painter = QPainter(self)
        colour = self._theme.colour
        inside = self.rect().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        if self.isWindow():
            shade(painter, inside)
        paint.box(painter, inside, Radius.CARD, ground=colour("surface"), border=colour("hair"))
        for number, (entry, area) in enumerate(zip(self._entries, self._places(), strict=True)):
            if entry is None:
                paint.hairline(painter, colour("hair"), area.left(), area.center().y(), area.width())
            else:
                self._paint_entry(painter, entry, area, lit=number == self._current)

    def _paint_entry(self, painter: QPainter, entry: Entry, area: QRect, *, lit: bool) -> None:
        theme, colour = self._theme, self._theme.colour
        if lit and entry.enabled:
            paint.box(painter, area, Radius.CHIP, ground=colour("hover"))
        ink = "bad" if entry.danger else "text"
        if not entry.enabled:
            ink = "text3"
        icon = "check" if entry.ticked else entry.icon
        spot = QRect(area.right() - 9 - _ICON, area.top() + (area.height() - _ICON) // 2, _ICON, _ICON)
        if icon:
            theme.paint_icon(
                painter, icon, spot, "accent" if entry.ticked else ink if entry.danger else "text2"
            )
        painter.setFont(theme.font(13, 500 if entry.ticked else 400))
        painter.setPen(colour(ink))
        painter.drawText(area.adjusted(10, 0, -_ICON - 20, 0), paint.LEADING, entry.label)
        if entry.keys or entry.detail:
            painter.setFont(theme.font(11, 500))
            painter.setPen(colour("text2"))
            painter.drawText(area.adjusted(10, 0, -10, 0), paint.TRAILING, entry.keys or entry.detail)

    def _at(self, event: QMouseEvent) -> int:
        point = event.position().toPoint()
        for number, area in enumerate(self._places()):
            entry = self._entries[number]
            if area.contains(point) and entry is not None and entry.enabled:
                return number
        return -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the entry under the mouse."""
        self.show_current(self._at(event))

    def leaveEvent(self, event: QEvent) -> None:
        """Light none."""
        super().leaveEvent(event)
        self.show_current(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Do what is under the mouse."""
        self._do(self._at(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go through the entries, Enter does one, Esc closes."""
        key = event.key()
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._do(self._current)
        elif key == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        usable = [number for number, entry in enumerate(self._entries) if entry is not None and entry.enabled]
        if not usable:
            return
        place = usable.index(self._current) if self._current in usable else (-1 if by > 0 else 0)
        self.show_current(usable[(place + by) % len(usable)])

    def _do(self, number: int) -> None:
        entry = self._entries[number] if number >= 0 else None
        if entry is None or not entry.enabled:
            return
        self.close()
        if entry.act is not None:
            entry.act()
