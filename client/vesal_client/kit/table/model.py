"""The rows of a page feed as Qt's model: it reads what is here, and neither formats nor asks."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from vesal_client.kit.table.columns import Column, Row
from vesal_client.kit.table.feed import PageFeed, Question
from vesal_client.kit.table.selection import Selection

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class TableModel(QAbstractTableModel):
    """One column of ticks and the declared columns, over the rows of a feed."""

    def __init__(
        self,
        columns: Sequence[Column],
        feed: PageFeed,
        selection: Selection,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.feed = feed
        self.selection = selection
        self._rows = 0
        feed.replaced.connect(self._replace)
        feed.counted.connect(self._count)
        feed.arrived.connect(self._arrive)
        selection.changed.connect(self._ticks_changed)

    # What Qt asks.

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Count the rows of the whole list, wherever they are."""
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Count the declared columns and the ticks."""
        return 0 if parent.isValid() else len(self.columns) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Hand out what the row was formatted to when its page came."""
        if role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.CheckStateRole,
        ):
            return None
        row = self.feed.row(index.row())
        if row is None:
            return None
        column = index.column()
        if column == 0:
            ticked = self.selection.holds(row.key)
            if role == Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return "انتخاب‌شده" if ticked else "انتخاب‌نشده"
            return None
        return None if role == Qt.ItemDataRole.CheckStateRole else row.texts[column - 1]

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Name the columns; rows have no heads."""
        if orientation != Qt.Orientation.Horizontal or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        return "انتخاب" if section == 0 else self.columns[section - 1].label

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask the server for the same rows in another order."""
        if column < 1 or not self.columns[column - 1].sortable:
            return
        sign = "-" if order == Qt.SortOrder.DescendingOrder else ""
        asked = self.feed.question
        self.feed.ask(Question(asked.q, sign + self.columns[column - 1].sorts_by, asked.filters))

    # What the kit asks.

    def row(self, number: int) -> Row | None:
        """The row, if it is here."""
        return self.feed.row(number)

    def sorted_by(self) -> tuple[int, Qt.SortOrder] | None:
        """The column (the ticks are 0) and direction that the list is sorted by."""
        key = self.feed.question.sort
        for place, column in enumerate(self.columns, start=1):
            if column.sortable and column.sorts_by == key.removeprefix("-"):
                falling = key.startswith("-")
                return place, (Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder)
        return None

    # What the feed says.

    def _replace(self) -> None:
        self.beginResetModel()
        self._rows = self.feed.total
        self.endResetModel()

    def _count(self, _old: int, new: int) -> None:
        if new > self._rows:
            self.beginInsertRows(QModelIndex(), self._rows, new - 1)
            self._rows = new
            self.endInsertRows()
        elif new < self._rows:
            self.beginRemoveRows(QModelIndex(), new, self._rows - 1)
            self._rows = new
            self.endRemoveRows()

    def _arrive(self, first: int, last: int) -> None:
        here = (self.feed.row(number) for number in range(first, last + 1))
        self.selection.renew(row for row in here if row is not None)
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns)))

    def _ticks_changed(self) -> None:
        if self._rows:
            self.dataChanged.emit(
                self.index(0, 0), self.index(self._rows - 1, 0), [Qt.ItemDataRole.CheckStateRole]
            )
