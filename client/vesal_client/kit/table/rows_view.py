"""The rows of a table in sight: which they are, how they are painted, where their actions stand."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QToolTip, QWidget

from vesal_client.kit.table.actions import RowAction
from vesal_client.kit.table.columns import Row
from vesal_client.kit.table.header import Header
from vesal_client.kit.table.model import TableModel
from vesal_client.kit.table.rows import ACTION, Line, RowPainter
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import WAIT_MS, Height

ROW_HEIGHT = Height.ROW
SHEEN_MS = 1_200
_SHEEN_STEP_MS = 40


class RowsView(QTableView):
    """Tells the feed which rows are in sight, and paints them; what clicks and keys mean is said elsewhere."""

    scrolled = Signal()
    """Other rows are in sight."""

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
        self.by_key = False
        self.bars_shown = False
        self.sheen = 0.0
        self.row_actions: tuple[RowAction, ...] = tuple(row_actions)
        self.hovered_action = (-1, -1)
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
        self._painter = RowPainter(theme, model.columns)
        theme.changed.connect(self._restyle)
        self._late = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._late.timeout.connect(self._show_bars)
        self._tick = QTimer(self, interval=_SHEEN_STEP_MS)
        self._tick.timeout.connect(self._move_sheen)
        model.feed.arrived.connect(self._rows_came)
        model.rowsInserted.connect(self._tell_feed)
        model.rowsRemoved.connect(self._tell_feed)

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

    def _rows_came(self, first: int, last: int) -> None:
        self.head.learn(self._rows_here(first, last))
        seen_first, seen_last = self.in_sight()
        if first <= seen_last and last >= seen_first:
            self._watch_missing()

    # Painting.

    def _restyle(self) -> None:
        self._painter.restyle()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that the event touches."""
        area = event.rect()
        lines = self._lines(area)
        if not lines:
            return
        painter = QPainter(self.viewport())
        rows = self._painter
        width = self.viewport().width()
        rows.paint_grounds(painter, lines, 0, width)
        missing = self.bars_shown and any(line.row is None for line in lines)
        for section in range(self.head.count()):
            left, wide = self.head.sectionViewportPosition(section), self.head.sectionSize(section)
            if self.head.isSectionHidden(section) or left > area.right() or left + wide <= area.left():
                continue
            if section == 0:
                rows.paint_ticks(painter, lines, left, wide)
                continue
            rows.paint_column(painter, lines, section - 1, left, wide)
            if missing:
                cell = QRect(left, 0, wide, 0)
                rows.paint_missing(painter, lines, section, cell, self.sheen, width)
        for line in lines:
            if line.current:
                rows.paint_current(painter, line, width, self._focus_frame(line, width))
            if self.row_actions and (line.current or line.hovered) and line.row is not None:
                boxes = [
                    (action.icon, self.action_rect(line.number, place))
                    for place, action in enumerate(self.row_actions)
                ]
                lit = self.hovered_action[1] if self.hovered_action[0] == line.number else -1
                rows.paint_actions(painter, self.actions_rect(line.number), line.ground, boxes, lit)

    def _focus_frame(self, line: Line, width: int) -> QRect | None:
        """What the keyboard is on: the cell after a sideways move, else the row; nothing after a click."""
        if not self.hasFocus() or not self.by_key:
            return None
        if self.cell_shown:
            return self.visualRect(self.currentIndex())
        return QRect(0, line.top, width, ROW_HEIGHT)

    def _lines(self, area: QRect) -> list[Line]:
        first = self.rowAt(max(0, area.top()))
        if first < 0:
            return []
        last = self.rowAt(area.bottom())
        if last < 0:
            last = self._table.rowCount() - 1
        top = self.rowViewportPosition(first)
        current = self.currentIndex().row()
        holds = self._table.selection.holds
        lines = []
        for number in range(first, last + 1):
            row = self._table.row(number)
            lines.append(
                Line(
                    number,
                    top + (number - first) * ROW_HEIGHT,
                    row,
                    ticked=row is not None and holds(row.key),
                    current=number == current,
                    hovered=number == self.hovered,
                )
            )
        return lines

    def viewportEvent(self, event: QEvent) -> bool:
        """Say a cut text in full, or what an action does."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.indexAt(event.pos())
            row = self._table.row(index.row()) if index.isValid() else None
            QToolTip.showText(
                event.globalPos(), "" if row is None else self._tip(row, index, event.pos()), self
            )
            return True
        return super().viewportEvent(event)

    def _tip(self, row: Row, index: QModelIndex, place: QPoint) -> str:
        action = self.action_at(index.row(), place)
        if action >= 0:
            return self.row_actions[action].label
        drawn = row.drawn.get(index.column() - 1)
        whole = row.texts[index.column() - 1] if index.column() > 0 else ""
        return whole if drawn is not None and drawn[1] != whole else ""

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
        width = len(self.row_actions) * ACTION + 8
        at_left = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = 0 if at_left else self.viewport().width() - width
        return QRect(left, self.rowViewportPosition(row), width, ROW_HEIGHT - 1)

    def action_rect(self, row: int, place: int) -> QRect:
        """Where one of the row's actions is painted."""
        area = self.actions_rect(row)
        box = QRect(0, 0, ACTION, ACTION)
        box.moveCenter(area.center())
        box.moveRight(area.right() - 4 - place * ACTION)
        return box

    def action_at(self, row: int, place: QPoint) -> int:
        """Which of the row actions is at a place; -1 for none."""
        if row in (self.hovered, self.currentIndex().row()):
            for number in range(len(self.row_actions)):
                if self.action_rect(row, number).contains(place):
                    return number
        return -1
