"""A form: fields in one column, two on wide windows; checks, focus and keys belong to it."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QWidget

from vesal_client.kit.form.declared import Field
from vesal_client.kit.form.row import Row
from vesal_client.kit.picker import Picker
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Space
from vesal_shared.problems import Refusal

#: From this width on, fields stand in two columns.
TWO_COLUMNS_FROM: Final = 560


class Form(QWidget):
    """The fields of one thing; Enter goes on, Ctrl+S saves, the first bad field gets the focus."""

    save_asked = Signal()
    """Ctrl+S, or Enter in the last field; what stands here was checked and is right."""
    dirty_changed = Signal(bool)
    """Whether something stands here that isn't saved."""

    def __init__(
        self,
        theme: Theme,
        fields: Sequence[Field],
        today: Callable[[], dt.date],
        *,
        columns: int = 2,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._most_columns = columns
        self._columns = 0
        self._dirty = False
        self.rows: dict[str, Row] = {field.key: Row(theme, field, today, self) for field in fields}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.MEDIUM)
        self._grid.setVerticalSpacing(Space.SMALL)
        self._arrange(1)
        previous: QWidget | None = None
        for row in self.rows.values():
            row.edited.connect(self._edited)
            focus = row.control.focusProxy() or row.control
            focus.installEventFilter(self)
            if previous is not None:
                QWidget.setTabOrder(previous, focus)
            previous = focus
        save = QShortcut(QKeySequence("Ctrl+S"), self)
        save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        save.activated.connect(self.ask_save)
        self.clear()

    # Values.

    def values(self) -> dict[str, Any]:
        """Every field's value by its key; check first."""
        return {key: row.value() for key, row in self.rows.items()}

    def fill(self, values: Mapping[str, Any]) -> None:
        """Show these values; what isn't named stays."""
        for key, value in values.items():
            if key in self.rows:
                self.rows[key].set_value(value)
        self._set_dirty(dirty=False)

    def clear(self) -> None:
        """An empty form, as at the beginning."""
        for row in self.rows.values():
            row.set_value(row.field.initial)
        self._set_dirty(dirty=False)

    @property
    def dirty(self) -> bool:
        """Whether something stands here that isn't saved."""
        return self._dirty

    def saved(self) -> None:
        """What stands here is saved now."""
        self._set_dirty(dirty=False)

    def _edited(self) -> None:
        self._set_dirty(dirty=True)

    def _set_dirty(self, *, dirty: bool) -> None:
        if dirty != self._dirty:
            self._dirty = dirty
            self.dirty_changed.emit(dirty)

    # Checking and saving.

    def validate(self) -> bool:
        """Check every field; the first bad one gets the focus."""
        bad = [row for row in self.rows.values() if row.isEnabled() and not row.validate()]
        if bad:
            bad[0].control.setFocus(Qt.FocusReason.OtherFocusReason)
        return not bad

    def show_refusal(self, refusal: Refusal) -> bool:
        """Put the server's words beside their fields; returns whether all of them found one."""
        placed = 0
        first: Row | None = None
        for error in refusal.errors:
            row = self.rows.get(error.field)
            if row is not None:
                row.refuse(error.title)
                placed += 1
                first = first or row
        if first is not None:
            first.control.setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(placed) and placed == len(refusal.errors)

    def ask_save(self) -> None:
        """Save, if everything is right."""
        if self.validate():
            self.save_asked.emit()

    # Keys.

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes to the next field, from the last one it saves."""
        if not (isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress):
            return False
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter} or isinstance(watched, QPlainTextEdit):
            return False
        rows = [row for row in self.rows.values() if row.isVisible() and row.isEnabled()]
        for number, row in enumerate(rows):
            if watched is (row.control.focusProxy() or row.control):
                if isinstance(row.control, Picker) and row.control.list_open:
                    return False
                if number + 1 < len(rows):
                    rows[number + 1].control.setFocus(Qt.FocusReason.TabFocusReason)
                else:
                    self.ask_save()
                return True
        return False

    # Places.

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where there is room."""
        super().resizeEvent(event)
        self._arrange(self._most_columns if event.size().width() >= TWO_COLUMNS_FROM else 1)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for row in self.rows.values():
            self._grid.removeWidget(row)
        for place, row in _placed(self.rows.values(), columns):
            self._grid.addWidget(row, place[0], place[1], 1, columns if row.field.wide else 1)
        for column in range(self._most_columns):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)


def _placed(rows: Iterable[Row], columns: int) -> list[tuple[tuple[int, int], Row]]:
    """Line and column of every row, filled line by line."""
    placed = []
    line = column = 0
    for row in rows:
        if row.field.wide and column:
            line, column = line + 1, 0
        placed.append(((line, column), row))
        column = columns if row.field.wide else column + 1
        if column >= columns:
            line, column = line + 1, 0
    return placed
