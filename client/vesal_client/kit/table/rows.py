"""Paints the rows in sight in one go, a column at a time: a frame costs little more than its letters."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPixmap

from vesal_client.kit import paint
from vesal_client.kit.table.columns import EMPTY, Badge, Column, Row
from vesal_client.kit.table.skeleton import paint_bar
from vesal_client.kit.table.ticks import SIDE, paint_tick, tick_rect
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Height

PADDING = 8
ACTION = 28
_CURRENT_BAR = 3
# Chips that differ from row to row (dates) shall not fill the memory.
_CHIPS_KEPT = 400


class Line:
    """One row in sight: where it is, what it is, and how it stands out."""

    __slots__ = ("current", "hovered", "number", "row", "ticked", "top")

    def __init__(
        self, number: int, top: int, row: Row | None, *, ticked: bool, current: bool, hovered: bool
    ) -> None:
        self.number = number
        self.top = top
        self.row = row
        self.ticked = ticked
        self.current = current
        self.hovered = hovered

    @property
    def ground(self) -> str:
        """The token of its ground."""
        return "sel" if self.current or self.ticked else "hover" if self.hovered else "surface"


class RowPainter:
    """Reads rows as they were formatted; asks nobody for anything.

    Qt's way, a delegate called for each cell, costs as much again in crossing between C++ and Python as the
    painting itself; so the view hands all rows over at once.
    """

    def __init__(self, theme: Theme, columns: Sequence[Column]) -> None:
        self._theme = theme
        self._columns = tuple(columns)
        self._fonts: list[tuple[QFont, QFontMetrics]] = []
        self._chips: dict[tuple[Badge, float], QPixmap] = {}
        self._boxes: dict[tuple[bool, float], QPixmap] = {}
        self.restyle()

    def restyle(self) -> None:
        """Take fonts and colours anew, after a change of theme."""
        self._chips.clear()
        self._boxes.clear()
        self._fonts = []
        for column in self._columns:
            look = column.look
            strong = look.strong or column.link
            font = self._theme.font(13, 500 if strong else 400, tabular=look.tabular)
            self._fonts.append((font, QFontMetrics(font)))

    def paint_grounds(self, painter: QPainter, lines: Sequence[Line], left: int, width: int) -> None:
        """Paint each row's ground and the hairline under it."""
        colour = self._theme.colour
        hair = colour("hair")
        for line in lines:
            painter.fillRect(left, line.top, width, Height.ROW - 1, colour(line.ground))
            # A filled line stays whole and sharp where the screen is scaled by 1.5, a drawn one does not.
            painter.fillRect(left, line.top + Height.ROW - 1, width, 1, hair)

    def paint_ticks(self, painter: QPainter, lines: Sequence[Line], left: int, width: int) -> None:
        """Paint the tick box of each row that is here."""
        ratio = painter.device().devicePixelRatioF()
        for line in lines:
            if line.row is not None:
                cell = QRect(left, line.top, width, Height.ROW - 1)
                painter.drawPixmap(tick_rect(cell).topLeft(), self._box(ratio, ticked=line.ticked))

    def _box(self, ratio: float, *, ticked: bool) -> QPixmap:
        key = (ticked, ratio)
        found = self._boxes.get(key)
        if found is None:
            found = self._boxes[key] = _blank(SIDE, SIDE, ratio)
            painter = QPainter(found)
            state = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
            paint_tick(painter, self._theme, QRect(0, 0, SIDE, SIDE), state)
            painter.end()
        return found

    def paint_column(
        self, painter: QPainter, lines: Sequence[Line], place: int, left: int, width: int
    ) -> None:
        """Paint one column's cells of the rows that are here."""
        column = self._columns[place]
        font, metrics = self._fonts[place]
        ink = self._theme.colour("accent" if column.link else column.look.colour)
        faint = self._theme.colour("text3")
        shrinks = column.look.shrinks
        room = width - 2 * PADDING
        cell = QRect(left + PADDING, 0, room, Height.ROW - 1)
        painter.setFont(font)
        painter.setPen(ink)
        for line in lines:
            row = line.row
            if row is None:
                continue
            cell.moveTop(line.top)
            badge = row.badges[place]
            if badge is not None:
                self._paint_chip(painter, cell, badge)
                continue
            text = row.texts[place]
            if text == EMPTY:
                painter.setPen(faint)
                painter.drawText(cell, paint.LEADING, text)
                painter.setPen(ink)
                continue
            if shrinks:
                text = _elided(row, place, text, room, metrics)
            painter.drawText(cell, paint.LEADING, text)

    def _paint_chip(self, painter: QPainter, cell: QRect, badge: Badge) -> None:
        size = self._theme.badge_size(badge)
        if size.width() > cell.width():
            painter.save()
            self._theme.paint_badge(painter, cell, badge)
            painter.restore()
            return
        key = (badge, painter.device().devicePixelRatioF())
        found = self._chips.get(key)
        if found is None:
            if len(self._chips) >= _CHIPS_KEPT:
                self._chips.clear()
            found = self._chips[key] = _blank(size.width(), size.height(), key[1])
            inner = QPainter(found)
            self._theme.paint_badge(inner, QRect(0, 0, size.width(), size.height()), badge)
            inner.end()
        top = cell.top() + (cell.height() - size.height()) // 2
        painter.drawPixmap(QPoint(cell.right() + 1 - size.width(), top), found)

    def paint_missing(
        self, painter: QPainter, lines: Sequence[Line], place: int, area: QRect, sheen: float, whole: int
    ) -> None:
        """Paint bars in a column's cells where rows are on their way."""
        for line in lines:
            if line.row is None:
                cell = QRect(area.left(), line.top, area.width(), Height.ROW)
                paint_bar(painter, self._theme, cell, (line.number, place), sheen, whole)

    def paint_current(self, painter: QPainter, line: Line, right: int, focus: QRect | None) -> None:
        """Paint the bar of the current row, and a frame around the current cell where the keyboard is."""
        accent = self._theme.colour("accent")
        painter.fillRect(right - _CURRENT_BAR, line.top, _CURRENT_BAR, Height.ROW - 1, accent)
        if focus is not None:
            painter.setPen(accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(focus.adjusted(1, 1, -2, -3))

    def paint_actions(
        self, painter: QPainter, area: QRect, ground: str, icons: Sequence[tuple[str, QRect]], lit: int
    ) -> None:
        """Paint the quick actions of a row over its end."""
        painter.fillRect(area, self._theme.colour(ground))
        for number, (icon, box) in enumerate(icons):
            if number == lit:
                paint.box(painter, box, 5, ground=self._theme.colour("soft"))
            inside = box.adjusted(5, 5, -5, -5)
            self._theme.paint_icon(painter, icon, inside, "accent" if number == lit else "text2")


def _elided(row: Row, place: int, text: str, width: int, metrics: QFontMetrics) -> str:
    """Cut a text that is too long once for each width; shaping it anew for each frame would cost."""
    drawn = row.drawn.get(place)
    if drawn is None or drawn[0] != width:
        drawn = row.drawn[place] = (width, metrics.elidedText(text, Qt.TextElideMode.ElideRight, width))
    return drawn[1]


def _blank(width: int, height: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap
