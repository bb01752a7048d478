"""Rows of open work or overdue facilities: who, why, how much; the action shows on hover."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from vesal_client.kit import paint
from vesal_client.kit.focus import RING
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius
from vesal_shared.digits import code

ROW: Final = 53
_SIDE: Final = 16
_ICON: Final = 30
_ACTION: Final = 104


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One row, ready to be painted; `key` comes back when it is opened."""

    icon: str
    tone: str
    name: str
    number: str
    reason: str
    amount: str
    detail: str
    key: object


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[WorkRow] = []

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """So many rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The row in words, for screen readers."""
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            row = self.rows[index.row()]
            return f"{row.name}، {row.reason}، {row.amount}، {row.detail}"
        return None

    def show(self, rows: Sequence[WorkRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()


class _Rows(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: "WorkList", model: _Model) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._rows = model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All rows are of one height."""
        return QSize(0, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint icon, name and number, reason, amount; on the lit row the action in place of the amount."""
        painter.save()
        theme, colour = self._theme, self._theme.colour
        area: QRect = option.rect
        row = self._rows.rows[index.row()]
        lit = self._view.is_lit(index.row())
        if lit:
            paint.box(painter, area.adjusted(4, 1, -5, -1), Radius.CONTROL, ground=colour("hover"))
        icon = QRect(area.right() + 1 - _SIDE - _ICON, area.top() + 12, _ICON, _ICON)
        paint.box(painter, icon, Radius.CONTROL, ground=colour(f"{row.tone}_ground"))
        theme.paint_icon(painter, row.icon, icon.adjusted(6, 6, -6, -6), row.tone)
        left = area.left() + 14
        right = icon.left() - 9
        if not lit:
            paint.hairline(painter, colour("hair"), left, area.bottom(), right - left)
        ends = self._paint_end(painter, row, area, left, lit=lit)
        first = QRect(ends, area.top() + 6, right - ends, 22)
        bold = theme.font(13, 600)
        metrics = QFontMetrics(bold)
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, first.width())
        painter.setFont(bold)
        painter.setPen(colour("text"))
        painter.drawText(first, paint.LEADING, name)
        first.setRight(first.right() - metrics.horizontalAdvance(name) - 11)
        number = code(row.number)
        plain = theme.font(12)
        if QFontMetrics(plain).horizontalAdvance(number) <= first.width():
            painter.setFont(plain)
            painter.setPen(colour("text3"))
            painter.drawText(first, paint.LEADING, number)
        strong = theme.font(12, 500)
        painter.setFont(strong)
        painter.setPen(colour(row.tone if row.tone != "neutral" else "text2"))
        second = QRect(ends, area.top() + 27, right - ends, 20)
        reason = QFontMetrics(strong).elidedText(row.reason, Qt.TextElideMode.ElideRight, second.width())
        painter.drawText(second, paint.LEADING, reason)
        painter.restore()

    def _paint_end(self, painter: QPainter, row: WorkRow, area: QRect, left: int, *, lit: bool) -> int:
        """Paint the line's end; returns where the words may go up to."""
        theme, colour = self._theme, self._theme.colour
        if lit:
            spot = self._view.action_rect(area)
            ground = "pressed" if self._view.on_action else "accent"
            paint.box(painter, spot, Radius.CONTROL, ground=colour(ground))
            painter.setFont(theme.font(12, 500))
            painter.setPen(colour("on_accent"))
            painter.drawText(spot, paint.CENTRE, self._view.action)
            return spot.right() + 12
        strong, plain = theme.font(13, 500), theme.font(12)
        wide = max(
            QFontMetrics(strong).horizontalAdvance(row.amount),
            QFontMetrics(plain).horizontalAdvance(row.detail),
        )
        painter.setFont(strong)
        painter.setPen(colour("text"))
        painter.drawText(QRect(left, area.top() + 6, wide + 4, 22), paint.TRAILING, row.amount)
        painter.setFont(plain)
        painter.setPen(colour("text3"))
        painter.drawText(QRect(left, area.top() + 27, wide + 4, 20), paint.TRAILING, row.detail)
        return left + wide + 16


class WorkList(QListView):
    """The rows; a press or Enter opens one."""

    opened = Signal(object)
    """The key of the row that was opened."""

    def __init__(self, theme: Theme, action: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.action = action
        self.on_action = False
        self._hovered = -1
        self._waiting = False
        self._word = ""
        self._rows = _Model(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Rows(theme, self, self._rows))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setStyleSheet("QListView { background: transparent; }")
        self.setAccessibleName(name)
        self.setProperty(RING, Radius.CONTROL)

    def say(self, rows: Sequence[WorkRow], nothing: str = "") -> None:
        """Show these rows, or where there is none say so."""
        self._waiting = False
        self._word = "" if rows else nothing
        self._hovered = -1
        self._rows.show(rows)
        self.viewport().update()

    def wait(self) -> None:
        """Show bars where there is nothing yet."""
        self._waiting = not self._rows.rows
        self.viewport().update()

    def is_lit(self, number: int) -> bool:
        """Whether the mouse or the keyboard is at a row."""
        by_key = self.hasFocus() and number == self.currentIndex().row() and self._hovered < 0
        return number == self._hovered or by_key

    def action_rect(self, area: QRect) -> QRect:
        """Where the action stands in a row."""
        return QRect(area.left() + 14, area.top() + 12, _ACTION, 28)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the row under the mouse."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        on_action = index.isValid() and self.action_rect(self.visualRect(index)).contains(place)
        if index.row() != self._hovered or on_action != self.on_action:
            self._hovered, self.on_action = index.row(), on_action
            self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        """Light none."""
        super().leaveEvent(event)
        self._hovered, self.on_action = -1, False
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the row under the mouse."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(self._rows.rows[index.row()].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current row."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit(self._rows.rows[self.currentIndex().row()].key)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, or what stands in their place."""
        super().paintEvent(event)
        if self._rows.rows:
            return
        painter = QPainter(self.viewport())
        width = self.viewport().width()
        if self._waiting:
            for number in range(self.viewport().height() // ROW):
                top = number * ROW
                for offset, share in ((12, 0.32), (32, 0.48)):
                    wide = round(width * share)
                    bar = QRect(width - 55 - wide, top + offset, wide, 9)
                    paint.box(painter, bar, 4, ground=self._theme.colour("skeleton"))
                icon = QRect(width - _SIDE - _ICON, top + 12, _ICON, _ICON)
                paint.box(painter, icon, Radius.CONTROL, ground=self._theme.colour("skeleton"))
        elif self._word:
            painter.setFont(self._theme.font(13))
            painter.setPen(self._theme.colour("text3"))
            painter.drawText(QRect(0, 0, width, min(120, self.viewport().height())), paint.CENTRE, self._word)
