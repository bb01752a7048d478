"""A list of options to pick one from, as it hangs under pickers and selects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from vesal_client.kit import paint
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius
from vesal_shared.text import search_key

ROW: Final = 33
_AT_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Option:
    """What is sent, what is shown, and what tells likes apart (a branch's code)."""

    code: str
    title: str
    detail: str = ""


def matching(options: Sequence[Option], typed: str) -> list[Option]:
    """Options whose title or detail holds what was typed; those that begin with it come first."""
    key = search_key(typed)
    if not key:
        return list(options)
    ranked = []
    for option in options:
        title, detail = search_key(option.title), search_key(option.detail)
        if title.startswith(key) or detail.startswith(key):
            ranked.append((0, option))
        elif key in title or key in detail:
            ranked.append((1, option))
    return [option for _, option in sorted(ranked, key=lambda pair: pair[0])]


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.options: list[Option] = []

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """So many options."""
        return 0 if parent is not None and parent.isValid() else len(self.options)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The title, for screen readers."""
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self.options[index.row()].title
        return None

    def offer(self, options: Sequence[Option]) -> None:
        """Show other options."""
        self.beginResetModel()
        self.options = list(options)
        self.endResetModel()


class _Rows(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: "OptionList", model: _Model) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._options = model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All rows are of one height."""
        return QSize(0, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint ground, title and detail."""
        painter.save()
        area = option.rect.adjusted(0, 0, 0, -1)
        shown = self._options.options[index.row()]
        current = index.row() == self._view.currentIndex().row()
        chosen = shown.code == self._view.chosen_code
        colour = self._theme.colour
        if current:
            paint.box(painter, area, Radius.CHIP, ground=colour("soft"))
        inside = area.adjusted(10, 0, -10, 0)
        painter.setFont(self._theme.font(13, 600 if current or chosen else 400))
        painter.setPen(colour("accent" if current or chosen else "text"))
        painter.drawText(inside, paint.LEADING, shown.title)
        if shown.detail:
            painter.setFont(self._theme.font(12))
            painter.setPen(colour("text2" if current else "text3"))
            painter.drawText(inside, paint.TRAILING, shown.detail)
        painter.restore()


class OptionList(QListView):
    """The options; the mouse or the owner's arrow keys move through them."""

    picked = Signal(object)
    """The option that was picked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = _Model(self)
        self.chosen_code = ""
        self.setModel(self._options)
        self.setItemDelegate(_Rows(theme, self, self._options))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setStyleSheet("QListView { background: transparent; }")
        self.entered.connect(self.setCurrentIndex)
        self.clicked.connect(lambda index: self.picked.emit(self._options.options[index.row()]))

    def offer(self, options: Sequence[Option], chosen: str = "") -> None:
        """Show these; the chosen one, or else the first, is current."""
        self.chosen_code = chosen
        self._options.offer(options)
        codes = [option.code for option in options]
        row = codes.index(chosen) if chosen in codes else 0
        if options:
            self.setCurrentIndex(self._options.index(row))
        self.setFixedHeight(max(1, min(_AT_MOST, len(options))) * ROW)

    def move_by(self, step: int) -> None:
        """Go to the next or the one before."""
        count = self._options.rowCount()
        if count:
            row = min(max(self.currentIndex().row() + step, 0), count - 1)
            self.setCurrentIndex(self._options.index(row))

    def current(self) -> Option | None:
        """The option that Enter would pick."""
        row = self.currentIndex().row()
        return self._options.options[row] if 0 <= row < len(self._options.options) else None
