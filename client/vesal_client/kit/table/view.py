"""The table's view: where the keyboard is, what a key and a click mean."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QWidget

from vesal_client.kit.table.actions import RowAction
from vesal_client.kit.table.columns import Row
from vesal_client.kit.table.feed import PAGE_SIZE
from vesal_client.kit.table.model import TableModel
from vesal_client.kit.table.rows_view import RowsView
from vesal_client.look.theme import Theme

# Ticking a range with Shift takes rows that are here; beyond this «انتخاب همه» is the way.
_RANGE_AT_MOST = 5_000


class TableView(RowsView):
    """Rows of one list; the row under the mouse and the current row carry actions."""

    opened = Signal(object)
    """A row is to be opened: by Enter, a double click, or a click on its link."""
    moved = Signal()
    """Another row is current, or the current row's record is a newer one."""
    copy_asked = Signal(bool)
    """Copy: true for the current cell alone."""
    menu_asked = Signal(int, int, QPoint)
    """Row, column and place (global) of a context menu."""
    action_clicked = Signal(int, int)
    """Row, and which of the row actions."""

    def __init__(
        self,
        model: TableModel,
        theme: Theme,
        row_actions: Sequence[RowAction] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(model, theme, row_actions, parent)
        self._anchor = -1
        self._current_key: object = None
        model.modelReset.connect(self._replaced)
        model.feed.arrived.connect(self._follow_key)
        self.selectionModel().currentRowChanged.connect(self._current_changed)

    # The current row.

    def current_row(self) -> Row | None:
        """The current row, if there is one and it is here."""
        index = self.currentIndex()
        return self._table.row(index.row()) if index.isValid() else None

    def go_to(self, row: int) -> None:
        """Make a row current and bring it into sight."""
        last = self._table.rowCount() - 1
        if last < 0:
            return
        column = max(1, self.currentIndex().column())
        self.setCurrentIndex(self._table.index(max(0, min(row, last)), column))

    def step(self, by: int) -> None:
        """Go on by so many rows from the current one."""
        self.go_to(self.currentIndex().row() + by if self.currentIndex().isValid() else 0)

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = self._table.row(current.row()) if current.isValid() else None
        self._current_key = row.key if row is not None else None
        self.update_rows(current.row(), _previous.row())
        self.moved.emit()

    def _follow_key(self, *_rows: int) -> None:
        """Keep the same record current when a refresh moved it, and say when its record is newer."""
        index = self.currentIndex()
        if not index.isValid():
            return
        row = self._table.row(index.row())
        if self._current_key is None:
            if row is not None:
                self._current_key = row.key
                self.moved.emit()
            return
        if row is not None and row.key != self._current_key:
            at = self._table.feed.find(self._current_key)
            if at is not None:
                self._move_quietly(at)
                return
            self._current_key = row.key
        if row is not None:
            self.moved.emit()

    def _move_quietly(self, row: int) -> None:
        place = self.verticalScrollBar().value()
        self.setCurrentIndex(self._table.index(row, max(1, self.currentIndex().column())))
        self.verticalScrollBar().setValue(place)

    def _replaced(self) -> None:
        kept = self._current_key
        self.hovered = -1
        self._anchor = -1
        first, last = 0, min(self._table.rowCount(), PAGE_SIZE) - 1
        self.head.learn(self._rows_here(first, last))
        self.head.fit()
        self.verticalScrollBar().setValue(0)
        at = self._table.feed.find(kept) if kept is not None else None
        if at is not None:
            self._move_quietly(at)
        else:
            self._current_key = None
            self.moved.emit()
        self._tell_feed()

    # Keyboard.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks, Enter opens, Home and End go to the ends, Ctrl+A ticks all, Ctrl+C copies."""
        if not self.by_key:
            self.by_key = True
            self.update_rows(self.currentIndex().row())
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit(False)
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._table.selection.take_everything()
        elif not self._key(event):
            super().keyPressEvent(event)
            return
        event.accept()

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row = self.current_row()
            if row is not None:
                self.opened.emit(row)
            return True
        if key == Qt.Key.Key_Space:
            self._toggle(self.currentIndex().row())
            return True
        if key == Qt.Key.Key_C and control and shift:
            self.copy_asked.emit(True)
            return True
        if key == Qt.Key.Key_Escape and self._table.selection.count(self._table.rowCount()):
            self._table.selection.clear()
            return True
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(0 if key == Qt.Key.Key_Home else self._table.rowCount() - 1)
            return True
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and shift:
            self._tick_on(self.currentIndex().row())
            self.step(-1 if key == Qt.Key.Key_Up else 1)
            self._tick_on(self.currentIndex().row())
            return True
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self.currentIndex().isValid():
            self.cell_shown = True
            self.viewport().update()
            return False
        return False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by Tab, make a row current, so that the arrow keys have where to start."""
        super().focusInEvent(event)
        self.by_key = by_tab = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        if by_tab and not self.currentIndex().isValid():
            self.go_to(self.in_sight()[0])
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the mark of the keyboard away."""
        super().focusOutEvent(event)
        self.viewport().update()

    # Ticks.

    def _toggle(self, number: int) -> None:
        row = self._table.row(number)
        if row is not None:
            self._table.selection.toggle(row)
            self._anchor = number

    def _tick_on(self, number: int) -> None:
        row = self._table.row(number)
        if row is not None:
            self._table.selection.put([row], ticked=True)

    def _tick_range(self, number: int) -> None:
        start = self._anchor if self._anchor >= 0 else number
        first, last = sorted((start, number))
        rows = (self._table.row(each) for each in range(first, min(last, first + _RANGE_AT_MOST) + 1))
        self._table.selection.put([row for row in rows if row is not None], ticked=True)

    # Mouse.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tick, open, act, or make current, by where the click is."""
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self.cell_shown = self.by_key = False
        action = self.action_at(index.row(), event.position().toPoint())
        keys = event.modifiers()
        if action >= 0:
            self.go_to(index.row())
            self.action_clicked.emit(index.row(), action)
        elif keys & Qt.KeyboardModifier.ShiftModifier:
            self._tick_range(index.row())
        elif index.column() == 0 or keys & Qt.KeyboardModifier.ControlModifier:
            self._toggle(index.row())
        else:
            self.setCurrentIndex(index)
            self._anchor = index.row()
            if self._is_link(index):
                self.opened.emit(self._table.row(index.row()))
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the row."""
        index = self.indexAt(event.position().toPoint())
        row = self._table.row(index.row()) if index.isValid() else None
        if row is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if index.column() == 0:
            self._toggle(index.row())
        elif self.action_at(index.row(), event.position().toPoint()) < 0:
            self.opened.emit(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the row under the mouse."""
        self._hover_at(event.position().toPoint())

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the mouse."""
        super().leaveEvent(event)
        self._set_hovered(-1)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the row, by mouse or by the menu key."""
        index = self.currentIndex()
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            index = self.indexAt(event.pos())
            if index.isValid():
                self.setCurrentIndex(index)
        elif index.isValid():
            place = self.viewport().mapToGlobal(self.visualRect(index).center())
        if index.isValid():
            self.menu_asked.emit(index.row(), index.column(), place)

    def _hover_at(self, place: QPoint) -> None:
        index = self.indexAt(place) if self.viewport().rect().contains(place) else QModelIndex()
        self._set_hovered(index.row())
        action = self.action_at(index.row(), place) if index.isValid() else -1
        if (index.row(), action) != self.hovered_action:
            self.hovered_action = (index.row(), action)
            self.update_rows(index.row())
        pointed = action >= 0 or self._is_link(index)
        shape = Qt.CursorShape.PointingHandCursor if pointed else Qt.CursorShape.ArrowCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def _is_link(self, index: QModelIndex) -> bool:
        on_link = index.column() > 0 and self._table.columns[index.column() - 1].link
        return on_link and self._table.row(index.row()) is not None

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Another row may be under the mouse now."""
        super().scrollContentsBy(dx, dy)
        if dy and self.underMouse():
            self._hover_at(self.viewport().mapFromGlobal(self.cursor().pos()))
