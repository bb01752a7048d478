"""The opened pages as tabs in the header; the current one is joined to the page below."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from vesal_client.kit import paint
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Height

_SIDE: Final = 14
_CROSS: Final = 14
_TOP: Final = 9
_ROUND: Final = 6
_NARROWEST: Final = 84


@dataclass(slots=True)
class Tab:
    """One opened page."""

    code: str
    title: str
    fixed: bool = False


class TabStrip(QWidget):
    """Tabs from the right; they get narrower before they stop fitting. The middle button closes one."""

    chosen = Signal(str)
    """The code of the page whose tab was pressed."""
    close_asked = Signal(str)
    """The code of the page whose cross was pressed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tabs: list[Tab] = []
        self._current = ""
        self._hovered: tuple[int, bool] = (-1, False)
        self.setFixedHeight(Height.HEADER)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("صفحه‌های باز")
        theme.changed.connect(self.update)

    # What it shows.

    @property
    def codes(self) -> list[str]:
        """The opened pages in their order."""
        return [tab.code for tab in self._tabs]

    def add(self, code: str, title: str, *, fixed: bool = False) -> None:
        """A tab at the end; a fixed one has no cross."""
        self._tabs.append(Tab(code, title, fixed))
        self.update()

    def remove(self, code: str) -> None:
        """Take a tab away."""
        self._tabs = [tab for tab in self._tabs if tab.code != code]
        self.update()

    def clear(self) -> None:
        """Take all tabs away."""
        self._tabs = []
        self._current = ""
        self.update()

    def rename(self, code: str, title: str) -> None:
        """Show another title."""
        for tab in self._tabs:
            if tab.code == code:
                tab.title = title
        self.update()

    def show_current(self, code: str) -> None:
        """Join this tab to the page."""
        self._current = code
        title = next((tab.title for tab in self._tabs if tab.code == code), "")
        self.setAccessibleDescription(title)
        self.update()

    # How it looks.

    def sizeHint(self) -> QSize:
        """Layouts widen it."""
        return QSize(400, Height.HEADER)

    def _places(self) -> list[QRect]:
        metrics = QFontMetrics(self._theme.font(12, 600))
        wanted = []
        for tab in self._tabs:
            extra = 2 * _SIDE + (_CROSS + 8 if not tab.fixed else 18)
            wanted.append(metrics.horizontalAdvance(tab.title) + extra)
        room = self.width() - 8
        if sum(wanted) > room and wanted:
            share = max(_NARROWEST, room // len(wanted))
            wanted = [min(width, share) for width in wanted]
        places = []
        right = self.width() - 4
        for width in wanted:
            places.append(QRect(right - width, _TOP, width, self.height() - _TOP))
            right -= width
        return places

    def _cross(self, place: QRect) -> QRect:
        return QRect(place.left() + 9, place.top() + (place.height() - _CROSS) // 2, _CROSS, _CROSS)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the tabs over the header's hairline."""
        painter = QPainter(self)
        colour = self._theme.colour
        places = self._places()
        paint.hairline(painter, colour("hair"), 0, self.height() - 1, self.width())
        numbers = [number for number, tab in enumerate(self._tabs) if tab.code == self._current]
        current = numbers[0] if numbers else -1
        for number, (tab, place) in enumerate(zip(self._tabs, places, strict=True)):
            if number == current:
                self._paint_ground(painter, place)
            elif number + 1 != current:
                paint.upright(painter, colour("line"), place.left(), place.center().y() - 8, 16)
            self._paint_tab(painter, tab, place, number)

    def _paint_ground(self, painter: QPainter, place: QRect) -> None:
        path = QPainterPath()
        left, right, top, bottom = (
            place.left() + 0.5,
            place.right() + 0.5,
            place.top() + 0.5,
            place.bottom() + 1,
        )
        path.moveTo(left, bottom)
        path.lineTo(left, top + _ROUND)
        path.quadTo(left, top, left + _ROUND, top)
        path.lineTo(right - _ROUND, top)
        path.quadTo(right, top, right, top + _ROUND)
        path.lineTo(right, bottom)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path, self._theme.colour("canvas"))
        painter.setPen(self._theme.colour("hair"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _paint_tab(self, painter: QPainter, tab: Tab, place: QRect, number: int) -> None:
        colour = self._theme.colour
        current = tab.code == self._current
        hovered, on_cross = self._hovered
        font = self._theme.font(12, 600 if current else 400)
        left = 22 + 9 if not tab.fixed else _SIDE
        area = QRect(place.left() + left, place.top(), place.width() - left - _SIDE + 2, place.height())
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(colour("text" if current or hovered == number else "text2"))
        title = metrics.elidedText(tab.title, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, paint.LEADING, title)
        if not tab.fixed:
            cross = self._cross(place)
            if hovered == number and on_cross:
                paint.box(painter, cross.adjusted(-4, -4, 4, 4), 5, ground=colour("hair"))
            self._theme.paint_icon(
                painter, "close", cross, "text2" if current or hovered == number else "text3"
            )

    # What it takes.

    def _at(self, point: QPoint) -> tuple[int, bool]:
        for number, place in enumerate(self._places()):
            if place.contains(point):
                cross = self._cross(place).adjusted(-5, -5, 5, 5).contains(point)
                return number, cross and not self._tabs[number].fixed
        return -1, False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light what is under the mouse."""
        at = self._at(event.position().toPoint())
        if at != self._hovered:
            self._hovered = at
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Light nothing."""
        super().leaveEvent(event)
        self._hovered = (-1, False)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose or close a tab."""
        number, cross = self._at(event.position().toPoint())
        if number < 0:
            return
        tab = self._tabs[number]
        if cross or (event.button() == Qt.MouseButton.MiddleButton and not tab.fixed):
            self.close_asked.emit(tab.code)
        elif event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(tab.code)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel goes through the tabs."""
        codes = self.codes
        if self._current in codes and event.angleDelta().y():
            step = -1 if event.angleDelta().y() > 0 else 1
            place = codes.index(self._current) + step
            if 0 <= place < len(codes):
                self.chosen.emit(codes[place])

    def event(self, event: QEvent) -> bool:
        """Say a cut title in full."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number, cross = self._at(event.pos())
            text = "بستن" if cross else self._tabs[number].title if number >= 0 else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)
