"""Dates: typed in every way people type them, chosen from a calendar that begins on Saturday."""

import datetime as dt

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.client.typing import type_in
from vesal_client.kit.calendar import Calendar, MonthGrid, step_month, step_months
from vesal_client.kit.date_field import COMING, DateField
from vesal_client.look.theme import Theme
from vesal_shared import jalali

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def field(theme: Theme, qtbot: QtBot) -> DateField:
    """An empty date field on the third of Azar 1405."""
    made = DateField(theme, "تاریخ", lambda: TODAY, quick=COMING)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1405/10/04", dt.date(2026, 12, 25)),
        ("۱۴۰۵/۹/۳", TODAY),
        ("۰۵/۰۹/۰۳", TODAY),
        ("3 آذر", TODAY),
        ("۳ آذر ۱۴۰۵", TODAY),
        ("فردا", TODAY + dt.timedelta(days=1)),
        ("دیروز", TODAY - dt.timedelta(days=1)),
    ],
)
def test_dates_are_read_as_people_type_them(field: DateField, qtbot: QtBot, typed: str, day: dt.date) -> None:
    with qtbot.waitSignal(field.date_changed):
        type_in(field.edit, typed)
        QTest.keyClick(field.edit, Qt.Key.Key_Tab)
        field.left.emit()
    assert field.date() == day
    assert field.edit.text() == jalali.show(day)


@pytest.mark.parametrize("typed", ["1405/13/01", "31 آبان", "سه‌شنبه‌ها", "1405/12/30x"])
def test_what_is_no_date_is_kept_and_refused(field: DateField, qtbot: QtBot, typed: str) -> None:
    type_in(field.edit, typed)
    field.left.emit()
    with pytest.raises(jalali.BadDate):
        field.date()
    assert field.edit.text() != ""
    field.edit.selectAll()
    QTest.keyClick(field.edit, Qt.Key.Key_Delete)
    assert field.date() is None


def test_the_calendar_chooses_and_closes(field: DateField, qtbot: QtBot) -> None:
    field.set_date(TODAY)
    QTest.keyClick(field.edit, Qt.Key.Key_Down)
    assert field.calendar_open
    grid = _grid(field)
    QTest.keyClick(grid, Qt.Key.Key_Left)
    QTest.keyClick(grid, Qt.Key.Key_Down)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert field.date() == TODAY + dt.timedelta(days=8)
    qtbot.waitUntil(lambda: not field.calendar_open)


def test_days_out_of_range_cannot_be_chosen(field: DateField, qtbot: QtBot) -> None:
    field.earliest, field.latest = TODAY, TODAY + dt.timedelta(days=5)
    field.open_calendar()
    grid = _grid(field)
    grid.choose(None)
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert field.date() is None
    QTest.keyClick(grid, Qt.Key.Key_Left)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert field.date() == TODAY
    assert field.in_range()
    field.set_date(TODAY - dt.timedelta(days=1))
    assert not field.in_range()


def test_the_grid_begins_on_saturday_and_holds_the_month(theme: Theme, qtbot: QtBot) -> None:
    grid = MonthGrid(theme, TODAY)
    qtbot.addWidget(grid)
    for _ in range(40):
        first = grid.first_shown()
        assert jalali.weekday(first) == 0
        year, month = grid.month
        begin = jalali.from_parts(year, month, 1)
        assert first <= begin < first + dt.timedelta(days=7)
        last = jalali.from_parts(year, month, jalali.month_length(year, month))
        assert last < first + dt.timedelta(days=42)
        grid.turn(1)


def test_a_press_on_a_day_picks_it(theme: Theme, qtbot: QtBot) -> None:
    calendar = Calendar(theme, TODAY, quick=COMING)
    qtbot.addWidget(calendar)
    calendar.show()
    with qtbot.waitSignal(calendar.picked) as picked:
        # Saturday stands at the right: the first cell of the second week.
        QTest.mouseClick(
            calendar.grid, Qt.MouseButton.LeftButton, pos=QPoint(calendar.grid.width() - 12, 26 + 32 + 12)
        )
    assert picked.args == [calendar.grid.first_shown() + dt.timedelta(days=7)]


def test_months_go_over_the_year() -> None:
    assert step_month((1405, 12), 1) == (1406, 1)
    assert step_month((1405, 1), -1) == (1404, 12)
    # The 31st of Shahrivar becomes the 30th of Mehr; leap Esfand has 30 days, others 29.
    assert jalali.parts(step_months(jalali.from_parts(1405, 6, 31), 1)) == (1405, 7, 30)
    assert jalali.parts(step_months(jalali.from_parts(1404, 11, 30), 1)) == (1404, 12, 29)


def _grid(field: DateField) -> MonthGrid:
    popup = field._popup
    assert popup is not None
    grid = popup.findChild(MonthGrid)
    assert isinstance(grid, MonthGrid)
    return grid
