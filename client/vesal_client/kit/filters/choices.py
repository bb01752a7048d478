"""A list to choose from in a filter: search as you type, one entry or several."""

from collections.abc import Sequence
from dataclasses import dataclass

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
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from vesal_client.kit import paint
from vesal_client.kit.fields import TextField
from vesal_client.kit.labels import Label
from vesal_client.kit.table.ticks import SIDE, paint_tick
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius
from vesal_shared.digits import code as shown_code
from vesal_shared.messages.lists import Choice
from vesal_shared.text import search_key

_ENTRY_HEIGHT = 32
_SHOWN_AT_MOST = 8
# Fewer entries are seen at a glance; a field to search them would only be in the way.
_SEARCH_FROM = 9
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class _Entry:
    choice: Choice
    key: str


class _Entries(QAbstractListModel):
    """The entries that the search leaves."""

    def __init__(self, choices: Sequence[Choice], parent: QObject) -> None:
        super().__init__(parent)
        self._all = [_Entry(each, search_key(f"{each.title} {each.code}")) for each in choices]
        self.shown = list(self._all)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """Count what the search leaves."""
        return 0 if parent.isValid() else len(self.shown)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """The title, for screen readers."""
        return self.shown[index.row()].choice.title if role == Qt.ItemDataRole.DisplayRole else None

    def search(self, words: str) -> None:
        """Leave what holds the words."""
        key = search_key(words)
        self.beginResetModel()
        self.shown = [each for each in self._all if key in each.key]
        self.endResetModel()


class _EntryDelegate(QStyledItemDelegate):
    """Title at the beginning, code at the end, a tick box where several can be chosen."""

    def __init__(self, theme: Theme, owner: "ChoiceList", *, several: bool) -> None:
        super().__init__(owner)
        self._theme = theme
        self._owner = owner
        self._several = several

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All are of one height."""
        return QSize(0, _ENTRY_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one entry."""
        choice = self._owner.entry(index.row())
        chosen = self._owner.holds(choice.code)
        cell: QRect = option.rect
        colour = self._theme.colour
        current = index.row() == self._owner.current_row()
        if current or (chosen and not self._several):
            ground = "soft" if chosen and not self._several else "hover"
            paint.box(painter, cell.adjusted(4, 1, -4, -1), Radius.CONTROL, ground=colour(ground))
        inside = cell.adjusted(14, 0, -14, 0)
        if self._several:
            box = QRect(inside.right() - SIDE + 1, cell.center().y() - SIDE // 2 + 1, SIDE, SIDE)
            state = Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked
            paint_tick(painter, self._theme, box, state)
            inside.adjust(0, 0, -SIDE - 10, 0)
        code = "" if self._owner.codes_hidden else shown_code(choice.code)
        code_font = self._theme.font(12)
        code_width = QFontMetrics(code_font).horizontalAdvance(code)
        font = self._theme.font(13, 600 if chosen and not self._several else 400)
        room = inside.width() - code_width - (8 if code else 0)
        painter.setFont(font)
        painter.setPen(colour("accent" if chosen and not self._several else "text"))
        title = QFontMetrics(font).elidedText(choice.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(inside, paint.LEADING, title)
        if code:
            painter.setFont(code_font)
            painter.setPen(colour("text3"))
            painter.drawText(inside, paint.TRAILING, code)


class ChoiceList(QWidget):
    """Entries with a search field above them once they are many."""

    picked = Signal()
    """One entry was chosen where only one can be, or Enter was pressed."""
    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        choices: Sequence[Choice],
        chosen: Sequence[Choice],
        *,
        several: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._several = several
        self._chosen = {each.code: each for each in chosen}
        # Codes that are words of the program (a bucket's, a status's) say nothing to a person.
        self.codes_hidden = not all(each.code.isdigit() for each in choices)
        self._entries = _Entries(choices, self)
        self._view = QListView(self)
        self._view.setModel(self._entries)
        self._view.setItemDelegate(_EntryDelegate(theme, self, several=several))
        self._view.setFrameShape(QListView.Shape.NoFrame)
        self._view.setUniformItemSizes(True)
        self._view.setMouseTracking(True)
        self._view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.viewport().setAutoFillBackground(False)
        self._view.setFixedHeight(_ENTRY_HEIGHT * max(1, min(len(choices), _SHOWN_AT_MOST)) + 2)
        self._view.entered.connect(self._view.setCurrentIndex)
        self._view.clicked.connect(lambda index: self._press(index.row()))
        self._view.installEventFilter(self)
        self._nothing = Label(theme, "موردی پیدا نشد", colour="text3", parent=self)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setFixedHeight(_ENTRY_HEIGHT)
        self._field = TextField(theme, "جستجو", placeholder="جستجو", parent=self)
        self._field.changed.connect(self._search)
        self._field.edit.installEventFilter(self)
        self._field.setVisible(len(choices) >= _SEARCH_FROM)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._field)
        column.addWidget(self._nothing)
        column.addWidget(self._view)
        self.setFocusProxy(self._field if len(choices) >= _SEARCH_FROM else self._view)
        self._nothing.setVisible(not choices)
        first = next((row for row in range(len(choices)) if choices[row].code in self._chosen), 0)
        self._view.setCurrentIndex(self._entries.index(first))

    def chosen(self) -> tuple[Choice, ...]:
        """What is chosen, in the order it was chosen."""
        return tuple(self._chosen.values())

    def entry(self, row: int) -> Choice:
        """The entry at a row of what the search leaves."""
        return self._entries.shown[row].choice

    def holds(self, code: str) -> bool:
        """Whether the entry with this code is chosen."""
        return code in self._chosen

    def current_row(self) -> int:
        """The row that the arrow keys or the mouse are on."""
        return self._view.currentIndex().row()

    def _search(self) -> None:
        self._entries.search(self._field.text())
        self._nothing.setVisible(not self._entries.shown)
        self._view.setCurrentIndex(self._entries.index(0))

    def _press(self, row: int) -> None:
        if not 0 <= row < len(self._entries.shown):
            return
        choice = self.entry(row)
        if self._several:
            if self._chosen.pop(choice.code, None) is None:
                self._chosen[choice.code] = choice
            self._view.viewport().update()
            self.changed.emit()
        else:
            self._chosen = {choice.code: choice}
            self.changed.emit()
            self.picked.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys go through the list while typing; Enter chooses."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and watched is self._field.edit:
            row = self.current_row() + (1 if key == Qt.Key.Key_Down else -1)
            if 0 <= row < len(self._entries.shown):
                self._view.setCurrentIndex(self._entries.index(row))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._several or not self._chosen:
                self._press(self.current_row())
            if self._several:
                self.picked.emit()
            return True
        if key == Qt.Key.Key_Space and watched is self._view:
            self._press(self.current_row())
            return True
        return False
