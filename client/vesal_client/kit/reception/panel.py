"""The panel of a reception: its counts, each of its tries, and the rows that were set aside."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from vesal_client.kit.buttons import Button
from vesal_client.kit.chips import State
from vesal_client.kit.facility.moments import MomentList
from vesal_client.kit.labels import Label, Paragraph
from vesal_client.kit.paint import LEADING
from vesal_client.kit.panel import SidePanel, scrolled
from vesal_client.kit.table.feed import Ask
from vesal_client.kit.tabs import Tabs
from vesal_client.kit.timeline import Moment, Timeline
from vesal_client.kit.trouble import explained
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Tone
from vesal_shared import jalali, labels, money
from vesal_shared.digits import isolate, persian_digits
from vesal_shared.messages.data_reception import (
    FileCounts,
    Reception,
    ReceptionDetails,
    ReceptionTry,
    SetAsideRow,
)
from vesal_shared.messages.lists import Page

STATUS_LOOKS: Final[dict[str, tuple[Tone, str]]] = {
    "taken": ("ok", "check"),
    "unchanged": ("neutral", ""),
    "refused": ("bad", "close"),
}
_VIA: Final = {"watch": "پوشه دریافت", "command": "خط فرمان", "upload": "بارگذاری", "timetable": "زمان‌بندی"}
_FILES: Final = {
    "customers.csv": "مشتریان",
    "facilities.csv": "تسهیلات",
    "guarantors.csv": "ضامن‌ها",
}


class Counts(QWidget):
    """What a feed did to customers, facilities and guarantors, a line each."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        for column, head in enumerate(("", "جدید", "تغییریافته", "بدون تغییر", "کنارگذاشته")):
            grid.addWidget(Label(theme, head, size=11, colour="text3"), 0, column)
            grid.setColumnStretch(column, 1)
        self._cells: list[list[Label]] = []
        for row, name in enumerate(_FILES.values(), start=1):
            grid.addWidget(Label(theme, name, size=12, weight=500, colour="text2"), row, 0)
            cells = [Label(theme, size=12, weight=500, tabular=True) for _ in range(4)]
            for column, cell in enumerate(cells, start=1):
                # Qt would stand a text of digits alone at the left.
                cell.setAlignment(LEADING)
                grid.addWidget(cell, row, column)
            self._cells.append(cells)

    def say(self, files: Sequence[FileCounts]) -> None:
        """Show the counts of the three files."""
        for cells, counts in zip(self._cells, files, strict=True):
            numbers = (counts.new, counts.changed, counts.unchanged, counts.rejected)
            for cell, number in zip(cells, numbers, strict=True):
                cell.setText(money.show(number))
                cell.restyle(colour="text" if number else "text3")
            cells[3].restyle(colour="warn" if counts.rejected else "text3")


class ReceptionPanel(SidePanel):
    """Shows one row of the report; its tries and set-aside rows in tabs."""

    excel_asked = Signal(int)
    """The set-aside rows of this try are wanted as Excel."""

    def __init__(self, theme: Theme, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._ask = ask
        self._turn = 0
        self._arrival = 0
        self.counts = Counts(theme)
        self.note = Paragraph(theme, colour="text2")
        self.excel = Button(theme, "ردیف‌های کنارگذاشته در اکسل", icon="table")
        self.excel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.excel.clicked.connect(lambda: self.excel_asked.emit(self._arrival))
        self.add(self.counts)
        self.add(self.note)
        self.add(self.excel)
        self.tabs = Tabs(theme, ["دفعات دریافت", "ردیف‌های کنارگذاشته"])
        self.add(self.tabs, flush=True)
        self.tries = Timeline(theme)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(12, 6, 16, 12)
        column.addWidget(self.tries)
        column.addStretch(1)
        self.rows = MomentList(theme, ask, row_moment, "ردیفی کنار گذاشته نشده است.")
        self.pages = QStackedWidget()
        self.pages.addWidget(scrolled(holder))
        self.pages.addWidget(scrolled(self.rows))
        self.add(self.pages, 1, flush=True)
        self.tabs.chosen.connect(self.pages.setCurrentIndex)

    def show_reception(
        self,
        reception: Reception,
        read: Callable[[], ReceptionDetails],
        rows_of: Callable[[int], Callable[[int, int], Page[Any]]],
    ) -> None:
        """Show this row at once, its tries when they are here."""
        self._turn += 1
        turn = self._turn
        self._say(reception)
        self.tries.say([])
        self._ask(
            read,
            lambda details: self._take(turn, details, rows_of),
            lambda problem: self._fail(turn, problem),
        )

    def _say(self, reception: Reception) -> None:
        day = "بدون تاریخ" if reception.as_of is None else jalali.show_long(reception.as_of)
        tone, icon = STATUS_LOOKS[reception.status]
        chips = [State(labels.FEED_STATUSES[reception.status], tone, icon)]
        if reception.cured:
            chips.append(State(f"{money.show(reception.cured)} خروج از معوقات", "ok"))
        number = "" if reception.as_of is None else jalali.show(reception.as_of)
        self.say_head(f"اطلاعات {day}", number, chips)
        self.counts.say((reception.customers, reception.facilities, reception.guarantors))
        self.note.set_text(persian_digits(reception.note))
        self.note.setVisible(bool(reception.note))
        self.excel.setVisible(bool(reception.set_aside))
        self.tabs.set_count(0, money.show(reception.tries))
        self.tabs.set_count(1, money.show(reception.set_aside))

    def _take(
        self,
        turn: int,
        details: ReceptionDetails,
        rows_of: Callable[[int], Callable[[int, int], Page[Any]]],
    ) -> None:
        if turn != self._turn:
            return
        self.tries.say([try_moment(one) for one in details.tries])
        # The rows are those of the try whose counts stand above.
        standing = next((one for one in details.tries if one.set_aside), details.tries[0])
        self._arrival = standing.id
        self.rows.show_list(rows_of(standing.id))

    def _fail(self, turn: int, problem: Exception) -> None:
        if turn == self._turn:
            self.note.set_text(explained(problem))
            self.note.show()

    def keyPressEvent(self, event: Any) -> None:
        """Arrow keys with Alt go to the next reception."""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in (
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
        ):
            self.moved.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


def try_moment(one: ReceptionTry) -> Moment:
    """One try as a line with an icon."""
    tone, icon = STATUS_LOOKS[one.status]
    by = one.user or _VIA.get(one.via, "")
    title = labels.FEED_STATUSES[one.status] + (" (با تأیید اندازه)" if one.forced else "")
    return Moment(
        icon=icon or "swap",
        tone=tone,
        title=title,
        subtitle="، ".join(
            part for part in (isolate(one.source), by, jalali.show_instant(one.started_at)) if part
        ),
        details=persian_digits("\n".join(part for part in (one.reason, *one.notes) if part)),
    )


def row_moment(row: SetAsideRow) -> Moment:
    """A row that was set aside as a line with an icon."""
    file = _FILES.get(row.file, row.file)
    key = f"، {isolate(persian_digits(row.key))}" if row.key else ""
    return Moment(
        icon="warning",
        tone="warn",
        title=f"{file}، سطر {money.show(row.line)}{key}",
        details=persian_digits(row.reason),
    )
