"""The table's view: which rows are in sight, where the keyboard is, what a click means."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from vesal_client.kit.table.actions import RowAction
from vesal_client.kit.table.columns import Row
from vesal_client.kit.table.feed import PAGE_SIZE
from vesal_client.kit.table.header import Header
from vesal_client.kit.table.model import TableModel
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import WAIT_MS, Height

ROW_HEIGHT = Height.ROW
SHEEN_MS = 1_200
_SHEEN_STEP_MS = 40
# Ticking a range with Shift takes rows that are here; beyond this «انتخاب همه» is the way.
_RANGE_AT_MOST = 5_000
_ACTION = 28


class TableView(QTableView):
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
    scrolled = Signal()

    def __init__(
        self,
        model: TableModel,
        theme: Theme,
        row_actions: Sequence[RowAction] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setModel(model)
        self._table = model
        self._theme = theme
        self.head = Header(model, theme, self)
        self.setHorizontalHeader(self.head)
        self.hovered = -1
        self.cell_shown = False
        self.bars_shown = False
        self.sheen = 0.0
        self.row_actions: tuple[RowAction, ...] = tuple(row_actions)
        self.hovered_action = (-1, -1)
        self._anchor = -1
        self._current_key: object = None
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT)
        self._late = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._late.timeout.connect(self._show_bars)
        self._tick = QTimer(self, interval=_SHEEN_STEP_MS)
        self._tick.timeout.connect(self._move_sheen)
        model.modelReset.connect(self._replaced)
        model.feed.arrived.connect(self._arrived)
        model.rowsInserted.connect(self._tell_feed)
        model.rowsRemoved.connect(self._tell_feed)
        self.selectionModel().currentRowChanged.connect(self._current_changed)

    # Rows in sight.

    def in_sight(self) -> tuple[int, int]:
        """First and last row in the viewport; (0, -1) where there is none."""
        count = self._table.rowCount()
        if count == 0:
            return 0, -1
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        return first, count - 1 if last < 0 else last

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Tell the feed what came into sight."""
        super().scrollContentsBy(dx, dy)
        if dy:
            if self.underMouse():
                self._hover_at(self.viewport().mapFromGlobal(self.cursor().pos()))
            self._tell_feed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to the new width."""
        super().resizeEvent(event)
        self.head.fit()
        self._tell_feed()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with what is in sight."""
        super().showEvent(event)
        self.head.fit()
        self._tell_feed()

    def _tell_feed(self) -> None:
        first, last = self.in_sight()
        if last < first:
            return
        self._table.feed.want(first, last)
        self._watch_missing()
        self.scrolled.emit()

    def _watch_missing(self) -> None:
        """Show bars in place of rows that are late; nothing flashes where they come at once."""
        if self._missing():
            if not self.bars_shown and not self._late.isActive():
                self._late.start()
        else:
            self._late.stop()
            self._tick.stop()
            self.bars_shown = False

    def _missing(self) -> bool:
        first, last = self.in_sight()
        return any(self._table.row(number) is None for number in range(first, last + 1))

    def _show_bars(self) -> None:
        self.bars_shown = True
        if self._theme.motion:
            self._tick.start()
        self.viewport().update()

    def _move_sheen(self) -> None:
        self.sheen = (self.sheen + _SHEEN_STEP_MS / SHEEN_MS) % 1.0
        self.viewport().update()

    def _rows_here(self, first: int, last: int) -> list[Row]:
        rows = (self._table.row(number) for number in range(first, last + 1))
        return [row for row in rows if row is not None]

    def _arrived(self, first: int, last: int) -> None:
        self.head.learn(self._rows_here(first, last))
        seen_first, seen_last = self.in_sight()
        if first <= seen_last and last >= seen_first:
            self._watch_missing()
        self._follow_key()

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

    def _follow_key(self) -> None:
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
        by_tab = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
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
        self.cell_shown = False
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

    def _set_hovered(self, row: int) -> None:
        if row != self.hovered:
            old, self.hovered = self.hovered, row
            self.update_rows(old, row)

    def update_rows(self, *rows: int) -> None:
        """Paint these rows anew."""
        for row in rows:
            if row >= 0:
                top = self.rowViewportPosition(row)
                self.viewport().update(QRect(0, top, self.viewport().width(), ROW_HEIGHT))

    # Row actions: small buttons at the end of the current and the hovered row.

    def actions_rect(self, row: int) -> QRect:
        """Where the row's actions are painted, at the line's end."""
        width = len(self.row_actions) * _ACTION + 8
        at_left = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = 0 if at_left else self.viewport().width() - width
        return QRect(left, self.rowViewportPosition(row), width, ROW_HEIGHT - 1)

    def action_rect(self, row: int, place: int) -> QRect:
        """Where one of the row's actions is painted."""
        area = self.actions_rect(row)
        box = QRect(0, 0, _ACTION, _ACTION)
        box.moveCenter(area.center())
        box.moveRight(area.right() - 4 - place * _ACTION)
        return box

    def action_at(self, row: int, place: QPoint) -> int:
        """Which of the row actions is at a place; -1 for none."""
        if row in (self.hovered, self.currentIndex().row()):
            for number in range(len(self.row_actions)):
                if self.action_rect(row, number).contains(place):
                    return number
        return -1
