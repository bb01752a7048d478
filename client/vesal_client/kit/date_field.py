"""A date: typed as people type it, or chosen from the Jalali calendar that hangs under the field."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from vesal_client.kit.calendar import Calendar
from vesal_client.kit.fields import TextField
from vesal_client.kit.popup import Popup
from vesal_client.look.theme import Theme
from vesal_shared import jalali

Quick = tuple[str, Callable[[dt.date], dt.date]]

_THURSDAY: Final = 5


def _next_thursday(today: dt.date) -> dt.date:
    return today + dt.timedelta(days=(_THURSDAY - jalali.weekday(today) - 1) % 7 + 1)


#: For dates to come (promises).
COMING: Final[tuple[Quick, ...]] = (
    ("فردا", lambda today: today + dt.timedelta(days=1)),
    ("پنجشنبه", _next_thursday),
    ("هفته بعد", lambda today: today + dt.timedelta(days=7)),
)
#: For dates that were (filters, reports).
PAST: Final[tuple[Quick, ...]] = (
    ("امروز", lambda today: today),
    ("دیروز", lambda today: today - dt.timedelta(days=1)),
    ("هفته پیش", lambda today: today - dt.timedelta(days=7)),
)


class DateField(TextField):
    """Reads 1405/9/3, ۰۵/۰۹/۰۳, «۳ آذر» and «فردا», and shows ۱۴۰۵/۰۹/۰۳ once it is left."""

    date_changed = Signal(object)
    """The date that stands here now, or None."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        today: Callable[[], dt.date],
        *,
        quick: Sequence[Quick] = PAST,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, name, entry="number", placeholder="۱۴۰۵/۰۹/۰۳", parent=parent)
        self._today = today
        self._quick = tuple(quick)
        self._date: dt.date | None = None
        self._understood = True
        self._popup: Popup | None = None
        self.earliest: dt.date | None = None
        self.latest: dt.date | None = None
        self.edit.setPlaceholderText(jalali.show(today()))
        self.add_icon("calendar", "باز کردن تقویم", self.open_calendar)
        self.changed.connect(self._typed)
        self.left.connect(self._tidy)

    def date(self) -> dt.date | None:
        """The date, or None where nothing stands here. Raises jalali.BadDate for what is no date."""
        if not self._understood:
            raise jalali.BadDate(self.edit.text())
        return self._date

    def set_date(self, day: dt.date | None) -> None:
        """Put a date here."""
        self._understood = True
        self.edit.setText("" if day is None else jalali.show(day))
        self._take(day)

    def in_range(self) -> bool:
        """Whether the date lies between `earliest` and `latest`."""
        day = self._date
        if day is None:
            return True
        return not (self.earliest and day < self.earliest) and not (self.latest and day > self.latest)

    def _take(self, day: dt.date | None) -> None:
        if day != self._date:
            self._date = day
            self.date_changed.emit(day)

    def _typed(self) -> None:
        text = self.edit.text().strip()
        if not text:
            self._understood = True
            self._take(None)
            return
        try:
            day = jalali.parse_typed(text, self._today())
        except jalali.BadDate:
            self._understood = False
            self._take(None)
        else:
            self._understood = True
            self._take(day)

    def _tidy(self) -> None:
        if self._understood and self._date is not None:
            self.edit.setText(jalali.show(self._date))

    def open_calendar(self) -> None:
        """Hang the calendar under the field."""
        calendar = Calendar(self._theme, self._today(), quick=self._quick)
        calendar.allow(self.earliest, self.latest)
        calendar.grid.choose(self._date)
        popup = Popup(self._theme, self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.body.addWidget(calendar)
        calendar.picked.connect(self._picked)
        popup.destroyed.connect(self._popup_gone)
        self._popup = popup
        popup.hang_under(self)
        calendar.grid.setFocus()

    @property
    def calendar_open(self) -> bool:
        """Whether the calendar hangs under the field."""
        return self._popup is not None

    def _popup_gone(self) -> None:
        self._popup = None
        self.show_focus(self.edit.hasFocus())

    def _picked(self, day: dt.date) -> None:
        self.set_date(day)
        if self._popup is not None:
            self._popup.close()
        self.changed.emit()
        self.edit.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow down opens the calendar, arrows up and down with Ctrl go from day to day."""
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.open_calendar()
                return True
            if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
                by = 1 if event.key() == Qt.Key.Key_Up else -1
                self.set_date((self._date or self._today()) + dt.timedelta(days=by))
                return True
        return super().eventFilter(watched, event)
