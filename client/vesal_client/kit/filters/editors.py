"""The popups in which filters are set, one a kind."""

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from vesal_client.kit.buttons import Button
from vesal_client.kit.date_field import DateField
from vesal_client.kit.fields import TextField
from vesal_client.kit.filters.choices import ChoiceList
from vesal_client.kit.filters.declared import Chosen, Dates, Filter, FilterKind, Range, Value
from vesal_client.kit.labels import Label
from vesal_client.kit.popup import Popup
from vesal_client.look.theme import Theme
from vesal_shared import jalali, money
from vesal_shared.messages.lists import Choice

_WIDTH = 264
_UNREADABLE = "تاریخ خوانا نیست؛ مانند ۱۴۰۵/۰۹/۰۳ بنویسید."
_TURNED = "«از» باید از «تا» کوچک‌تر باشد."

# Ranges of days that people ask for most, as days back from today.
_QUICK_DAYS = (("امروز", 0), ("۷ روز گذشته", 6), ("۳۰ روز گذشته", 29))


class Editor(QWidget):
    """What stands in the popup of one filter."""

    done = Signal(object)
    """The value that was set; None clears the filter."""

    def __init__(self, theme: Theme, declared: Filter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 12, 12, 12)
        self.column.setSpacing(8)
        title = declared.label + (f" ({declared.unit})" if declared.unit else "")
        self.column.addWidget(Label(theme, title, size=12, weight=500, colour="text2"))

    def add_buttons(self, apply_now: Callable[[], None], *, is_set: bool) -> None:
        """«اعمال» and, where something is set, «پاک کردن»."""
        line = QHBoxLayout()
        line.setSpacing(8)
        apply = Button(self._theme, "اعمال", look="primary", small=True, parent=self)
        apply.clicked.connect(apply_now)
        line.addWidget(apply)
        if is_set:
            clear = Button(self._theme, "پاک کردن", look="quiet", small=True, parent=self)
            clear.clicked.connect(lambda: self.done.emit(None))
            line.addWidget(clear)
        line.addStretch(1)
        self.column.addLayout(line)


class RangeEditor(Editor):
    """From a whole number to another."""

    def __init__(
        self, theme: Theme, declared: Filter, value: Range | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, declared, parent)
        entry = "money" if declared.kind is FilterKind.MONEY else "number"
        self.low = TextField(theme, "از", entry=entry, placeholder="از", parent=self)  # type: ignore[arg-type]
        self.high = TextField(theme, "تا", entry=entry, placeholder="تا", parent=self)  # type: ignore[arg-type]
        if value is not None:
            self.low.set_amount(value.low)
            self.high.set_amount(value.high)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.low)
        line.addWidget(self.high)
        self.column.addLayout(line)
        self.error = Label(theme, size=11, colour="bad", parent=self)
        self.error.hide()
        self.column.addWidget(self.error)
        for field in (self.low, self.high):
            field.entered.connect(self.apply)
        self.add_buttons(self.apply, is_set=value is not None)
        self.setFocusProxy(self.low)

    def apply(self) -> None:
        """Say the range; a turned or unreadable one stays here with a word."""
        try:
            value = Range(self.low.amount(), self.high.amount())
        except money.BadNumber:
            self._refuse("فقط عدد بنویسید.")
            return
        if value.low is not None and value.high is not None and value.low > value.high:
            self._refuse(_TURNED)
            return
        self.done.emit(value or None)

    def _refuse(self, words: str) -> None:
        self.error.setText(words)
        self.error.show()
        for field in (self.low, self.high):
            field.set_bad(True)


class DatesEditor(Editor):
    """From a day to another."""

    def __init__(
        self,
        theme: Theme,
        declared: Filter,
        value: Dates | None,
        today: Callable[[], dt.date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, declared, parent)
        self._today = today
        self.low = DateField(theme, "از", today, parent=self)
        self.high = DateField(theme, "تا", today, parent=self)
        if value is not None:
            self.low.set_date(value.low)
            self.high.set_date(value.high)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        for row, (word, field) in enumerate((("از", self.low), ("تا", self.high))):
            grid.addWidget(Label(theme, word, size=12, colour="text2"), row, 0)
            grid.addWidget(field, row, 1)
            field.entered.connect(self.apply)
        grid.setColumnStretch(1, 1)
        self.column.addLayout(grid)
        quick = QHBoxLayout()
        quick.setSpacing(4)
        for word, back in _QUICK_DAYS:
            button = Button(theme, word, look="quiet", small=True, parent=self)
            button.clicked.connect(lambda *_, back=back: self._take_back(back))
            quick.addWidget(button)
        quick.addStretch(1)
        self.column.addLayout(quick)
        self.error = Label(theme, size=11, colour="bad", parent=self)
        self.error.hide()
        self.column.addWidget(self.error)
        self.add_buttons(self.apply, is_set=value is not None)
        self.setFocusProxy(self.low)

    def _take_back(self, days: int) -> None:
        today = self._today()
        self.done.emit(Dates(today - dt.timedelta(days=days), today))

    def apply(self) -> None:
        """Say the range; a turned or unreadable one stays here with a word."""
        try:
            value = Dates(self.low.date(), self.high.date())
        except jalali.BadDate:
            self._refuse(_UNREADABLE)
            return
        if value.low is not None and value.high is not None and value.low > value.high:
            self._refuse(_TURNED)
            return
        self.done.emit(value or None)

    def _refuse(self, words: str) -> None:
        self.error.setText(words)
        self.error.show()


class DayEditor(Editor):
    """One day."""

    def __init__(
        self,
        theme: Theme,
        declared: Filter,
        value: Dates | None,
        today: Callable[[], dt.date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, declared, parent)
        self.day = DateField(theme, declared.label, today, parent=self)
        self.day.set_date(None if value is None else value.low)
        self.day.entered.connect(self.apply)
        self.column.addWidget(self.day)
        self.error = Label(theme, size=11, colour="bad", parent=self)
        self.error.hide()
        self.column.addWidget(self.error)
        self.add_buttons(self.apply, is_set=value is not None)
        self.setFocusProxy(self.day)

    def apply(self) -> None:
        """Say the day; an unreadable one stays here with a word."""
        try:
            day = self.day.date()
        except jalali.BadDate:
            self.error.setText(_UNREADABLE)
            self.error.show()
            return
        self.done.emit(None if day is None else Dates(day, day))


class ChoiceEditor(Editor):
    """One entry of a list, or several."""

    def __init__(
        self,
        theme: Theme,
        declared: Filter,
        value: Chosen | None,
        choices: Sequence[Choice],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, declared, parent)
        several = declared.kind is FilterKind.SOME_OF
        chosen = value.entries if value is not None else ()
        self.column.setContentsMargins(8, 12, 8, 8)
        self.list = ChoiceList(theme, choices, chosen, several=several, parent=self)
        self.list.picked.connect(self.apply)
        self.column.addWidget(self.list)
        if several:
            self.add_buttons(self.apply, is_set=value is not None)
        self.setFocusProxy(self.list)

    def apply(self) -> None:
        """Say what is chosen."""
        self.done.emit(Chosen(self.list.chosen()) or None)


def make_editor(
    theme: Theme,
    declared: Filter,
    value: Value | None,
    choices: Sequence[Choice],
    today: Callable[[], dt.date],
) -> Editor:
    """The editor for a filter's kind, showing what is set."""
    if declared.kind in (FilterKind.NUMBERS, FilterKind.MONEY):
        return RangeEditor(theme, declared, value if isinstance(value, Range) else None)
    if declared.kind is FilterKind.DAY:
        return DayEditor(theme, declared, value if isinstance(value, Dates) else None, today)
    if declared.kind is FilterKind.DATES:
        return DatesEditor(theme, declared, value if isinstance(value, Dates) else None, today)
    return ChoiceEditor(theme, declared, value if isinstance(value, Chosen) else None, choices)


class EditorPopup(Popup):
    """The popup around an editor; gone with its answer, Esc, or a press elsewhere."""

    closed = Signal()

    def __init__(self, theme: Theme, editor: Editor, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.editor = editor
        self.body.addWidget(editor)
        editor.done.connect(self.close)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is gone."""
        super().hideEvent(event)
        self.closed.emit()

    def open_under(self, chip: QWidget) -> None:
        """Hang under the chip, ready to type."""
        self.hang_under(chip, width=_WIDTH)
        QTimer.singleShot(0, self.editor, self.editor.setFocus)
