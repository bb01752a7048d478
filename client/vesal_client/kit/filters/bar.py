"""The bar above a table: search first, then filters, then add, saved and columns."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from vesal_client.kit.buttons import Button, IconButton
from vesal_client.kit.filters.chip import FilterChip
from vesal_client.kit.filters.declared import (
    Filter,
    FilterKind,
    Value,
    as_parameters,
    as_stored,
    from_stored,
    said,
)
from vesal_client.kit.filters.editors import EditorPopup, make_editor
from vesal_client.kit.filters.flow import FlowLayout
from vesal_client.kit.filters.save_popup import SavePopup
from vesal_client.kit.filters.search_field import SearchField
from vesal_client.kit.menus import Entry, Menu
from vesal_client.look.theme import Theme
from vesal_shared.messages.lists import Choice

_BY_CHOICE = (FilterKind.ONE_OF, FilterKind.SOME_OF)


class FilterBar(QWidget):
    """Keeps what narrows a list, and says when that changes."""

    changed = Signal()
    """Search words or a filter changed."""
    gone_down = Signal()
    """The keyboard wants to go on to the rows."""
    columns_asked = Signal()
    """The columns are to be chosen; the popup hangs under `columns`."""

    def __init__(
        self,
        theme: Theme,
        filters: Sequence[Filter],
        today: Callable[[], dt.date],
        *,
        name: str = "",
        settings: QSettings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._filters = tuple(filters)
        self._today = today
        self._settings = settings
        self._key = f"filters/{name}"
        self._values: dict[str, Value] = {}
        # None: the page has not given them yet.
        self._choices: dict[str, Sequence[Choice] | None] = {
            each.key: each.choices or None for each in filters
        }
        self._added: set[str] = set()
        self._unset: list[Filter] = []
        self.search = SearchField(theme, parent=self)
        self.search.searched.connect(lambda _words: self.changed.emit())
        self.search.gone_down.connect(self.gone_down)
        self._chips: dict[str, FilterChip] = {}
        middle = QWidget(self)
        flow = FlowLayout(middle)
        for each in filters:
            chip = FilterChip(theme, each.label, middle)
            chip.clicked.connect(lambda *_, each=each: self.edit(each.key))
            chip.cleared.connect(lambda each=each: self.set_value(each.key, None))
            self._chips[each.key] = chip
            flow.addWidget(chip)
        self.add = Button(theme, "فیلتر", look="quiet", icon="plus", height=28, parent=middle)
        self.add.clicked.connect(self._offer_more)
        flow.addWidget(self.add)
        self.saved = IconButton(theme, "filter", "فیلترهای ذخیره‌شده", parent=self)
        self.saved.clicked.connect(self._offer_saved)
        self.columns = IconButton(theme, "columns", "ستون‌ها", parent=self)
        self.columns.clicked.connect(self.columns_asked)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        line.addWidget(self.search, 0, top)
        line.addWidget(middle, 1, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.saved, 0, top)
        line.addWidget(self.columns, 0, top)
        self._show_chips()

    # What is set.

    def parameters(self) -> tuple[tuple[str, str], ...]:
        """What is set, as the server takes it."""
        return as_parameters(self._filters, self._values)

    def values(self) -> Mapping[str, Value]:
        """What is set, by key."""
        return dict(self._values)

    def set_choices(self, key: str, choices: Sequence[Choice]) -> None:
        """Give a filter its entries; with one or none it is not offered."""
        self._choices[key] = choices
        self._show_chips()

    def set_value(self, key: str, value: Value | None) -> None:
        """Set one filter, or clear it."""
        if value:
            self._values[key] = value
        else:
            self._values.pop(key, None)
        self._show_chips()
        self.changed.emit()

    def put(self, values: Mapping[str, Value], words: str = "") -> None:
        """Set all at once."""
        self._values = {key: value for key, value in values.items() if value}
        self.search.put(words)
        self._show_chips()
        self.changed.emit()

    def clear(self) -> None:
        """Narrow nothing any more."""
        self.put({})

    def _show_chips(self) -> None:
        self._unset = []
        for each in self._filters:
            chip = self._chips[each.key]
            value = self._values.get(each.key)
            chip.say("" if value is None else said(each.kind, value))
            # A list to choose from that has one entry or none narrows nothing.
            choices = self._choices[each.key]
            narrows = each.kind not in _BY_CHOICE or choices is None or len(choices) > 1
            shown = value is not None or (narrows and (each.bar or each.key in self._added))
            chip.setVisible(shown)
            if narrows and not shown:
                self._unset.append(each)
        self.add.setVisible(bool(self._unset))

    # Editing.

    def edit(self, key: str) -> None:
        """Open the editor of a filter under its chip."""
        declared = next(each for each in self._filters if each.key == key)
        chip = self._chips[key]
        editor = make_editor(
            self._theme, declared, self._values.get(key), self._choices[key] or (), self._today
        )
        popup = EditorPopup(self._theme, editor, self)
        chip.set_open(is_open=True)
        editor.done.connect(lambda value: self.set_value(key, value))
        popup.closed.connect(lambda: self._editor_closed(key))
        popup.open_under(chip)

    def _editor_closed(self, key: str) -> None:
        self._chips[key].set_open(is_open=False)
        self._added.discard(key)
        self._show_chips()

    def _offer_more(self) -> None:
        entries = [Entry(each.label, act=partial(self._add, each.key)) for each in self._unset]
        Menu(self._theme, entries, self).under(self.add)

    def _add(self, key: str) -> None:
        self._added.add(key)
        self._show_chips()
        # The chip gets its place only in the next turn of the event loop, and the popup hangs under it.
        QTimer.singleShot(0, self, lambda: self.edit(key))

    # Saved filters.

    def _offer_saved(self) -> None:
        kept = self.kept()
        some = bool(self._values or self.search.words())
        entries: list[Entry | None] = [Entry(name, "bookmark", partial(self.use, name)) for name in kept]
        if kept:
            entries.append(None)
        entries.append(Entry("ذخیره فیلترهای کنونی", "plus", self._ask_name, enabled=some))
        entries.append(Entry("پاک کردن فیلترها", "close", self.clear, enabled=some))
        if kept:
            entries.append(Entry("حذف از ذخیره‌شده‌ها", "trash", self._offer_forgetting, danger=True))
        Menu(self._theme, entries, self).under(self.saved)

    def _offer_forgetting(self) -> None:
        entries = [Entry(name, "trash", partial(self.forget, name), danger=True) for name in self.kept()]
        Menu(self._theme, entries, self).under(self.saved)

    def _ask_name(self) -> None:
        popup = SavePopup(self._theme, self)
        popup.named.connect(self.keep)
        popup.hang_under(self.saved, width=240)

    def kept(self) -> dict[str, dict[str, object]]:
        """Saved filters by name."""
        text = "" if self._settings is None else str(self._settings.value(self._key, ""))
        try:
            kept = json.loads(text) if text else {}
        except ValueError:
            return {}
        return kept if isinstance(kept, dict) else {}

    def keep(self, name: str) -> None:
        """Save what is set under a name."""
        kept = self.kept()
        kept[name] = {"q": self.search.words(), "values": as_stored(self._values)}
        self._write(kept)

    def use(self, name: str) -> None:
        """Set what was saved under a name."""
        entry = self.kept().get(name, {})
        values = entry.get("values")
        if isinstance(values, dict):
            self.put(from_stored(self._filters, values), str(entry.get("q", "")))

    def forget(self, name: str) -> None:
        """Drop what was saved under a name."""
        kept = self.kept()
        kept.pop(name, None)
        self._write(kept)

    def _write(self, kept: Mapping[str, object]) -> None:
        if self._settings is not None:
            self._settings.setValue(self._key, json.dumps(kept, ensure_ascii=False))
