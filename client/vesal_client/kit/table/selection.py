"""Which rows are ticked: some by key, or all that the filters leave but for a few."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from vesal_client.kit.table.columns import Row
from vesal_client.kit.table.feed import Question


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an action is to work on.

    Either `records` by key, in the order they were ticked; or, where `everything` is set, all rows that the
    question finds but for those with the keys in `without`: an action then names the question to the server
    instead of a million keys.
    """

    records: Mapping[object, Any]
    everything: Question | None
    without: frozenset[object]
    count: int


class Selection(QObject):
    """The ticks of one table; they outlive sorting, paging and refreshing, and end with another search."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[object, Row] = {}
        self._everything = False
        self._without: set[object] = set()

    @property
    def everything(self) -> bool:
        """Whether all filtered rows are ticked, but for single ones taken out again."""
        return self._everything

    def holds(self, key: object) -> bool:
        """Whether the row with this key is ticked."""
        return key not in self._without if self._everything else key in self._rows

    def count(self, total: int) -> int:
        """How many rows are ticked in a list of so many."""
        return max(0, total - len(self._without)) if self._everything else len(self._rows)

    def rows(self) -> list[Row]:
        """The rows ticked one by one, in the order they were ticked."""
        return list(self._rows.values())

    def chosen(self, question: Question, total: int) -> Chosen:
        """Say what an action is to work on."""
        return Chosen(
            {key: row.record for key, row in self._rows.items()},
            question if self._everything else None,
            frozenset(self._without),
            self.count(total),
        )

    def toggle(self, row: Row) -> None:
        """Tick the row, or take its tick away."""
        self.put([row], ticked=not self.holds(row.key))

    def put(self, rows: Iterable[Row], *, ticked: bool) -> None:
        """Tick all these rows, or take their ticks away."""
        for row in rows:
            if self._everything:
                (self._without.discard if ticked else self._without.add)(row.key)
            elif ticked:
                self._rows[row.key] = row
            else:
                self._rows.pop(row.key, None)
        self.changed.emit()

    def renew(self, rows: Iterable[Row]) -> None:
        """Take newer states of ticked rows, so that an action sees what the screen shows."""
        for row in rows:
            if row.key in self._rows:
                self._rows[row.key] = row

    def take_everything(self) -> None:
        """Tick all that the filters leave."""
        self._rows.clear()
        self._without.clear()
        self._everything = True
        self.changed.emit()

    def clear(self) -> None:
        """Take all ticks away."""
        if not (self._rows or self._everything):
            return
        self._rows.clear()
        self._without.clear()
        self._everything = False
        self.changed.emit()
