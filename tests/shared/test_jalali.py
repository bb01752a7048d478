"""Jalali dates: against jdatetime, both ways, and as people type them."""

from datetime import UTC, date, datetime, time, timedelta

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesal_shared import jalali
from vesal_shared.digits import persian_digits
from vesal_shared.jalali import BadDate

FIRST = jalali.from_parts(jalali.FIRST_YEAR, 1, 1)
LAST = jalali.from_parts(jalali.LAST_YEAR, 12, jalali.month_length(jalali.LAST_YEAR, 12))
DAYS = st.dates(min_value=FIRST, max_value=LAST)
#: سه‌شنبه ۳ آذر ۱۴۰۵
TODAY = date(2026, 11, 24)


@given(DAYS)
def test_days_agree_with_jdatetime(day: date) -> None:
    theirs = jdatetime.date.fromgregorian(date=day)
    assert jalali.parts(day) == (theirs.year, theirs.month, theirs.day)
    assert jalali.from_parts(theirs.year, theirs.month, theirs.day) == day
    assert jalali.weekday(day) == theirs.weekday()


def test_every_new_year_and_leap_year_agrees_with_jdatetime() -> None:
    for year in range(jalali.FIRST_YEAR, jalali.LAST_YEAR + 1):
        assert jalali.from_parts(year, 1, 1) == jdatetime.date(year, 1, 1).togregorian()
        assert jalali.is_leap(year) == jdatetime.date(year, 1, 1).isleap()


def test_no_day_is_missing_or_there_twice() -> None:
    day = FIRST
    for year in range(jalali.FIRST_YEAR, jalali.LAST_YEAR + 1):
        for month in range(1, 13):
            for number in range(1, jalali.month_length(year, month) + 1):
                assert jalali.parts(day) == (year, month, number)
                day += timedelta(days=1)
    assert day == LAST + timedelta(days=1)


@pytest.mark.parametrize(
    ("year", "leap"), [(1399, True), (1403, True), (1404, False), (1408, True), (1407, False)]
)
def test_leap_years_of_the_official_calendar(year: int, leap: bool) -> None:
    assert jalali.is_leap(year) is leap


@given(DAYS)
def test_what_is_written_is_read_again(day: date) -> None:
    assert jalali.parse(jalali.numeric(day)) == day
    assert jalali.parse(jalali.show(day)) == day
    assert jalali.parse(day.isoformat()) == day
    assert jalali.parse(persian_digits(day.isoformat())) == day
    for shown in (jalali.numeric(day), jalali.show(day), jalali.show_long(day)):
        assert jalali.parse_typed(shown, TODAY) == day


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_iso_dates_are_read_as_typed(day: date) -> None:
    assert jalali.parse_typed(day.isoformat(), TODAY) == day


def test_how_a_date_looks() -> None:
    assert jalali.show(TODAY) == "۱۴۰۵/۰۹/۰۳"
    assert jalali.numeric(TODAY) == "1405/09/03"
    assert jalali.show_long(TODAY) == "سه‌شنبه ۳ آذر ۱۴۰۵"
    assert jalali.year_of(TODAY) == 1405


@pytest.mark.parametrize(
    "text",
    [
        "", "abc", "1405/9/3", "05/09/03", "1405-09-03", "2026/11/24", "1405/13/01", "1405/00/01", "1405/01/00",
        "1405/07/31", "1404/12/30", "2026-02-29", "2026-11-24T00:00", "1405/09/03 10:00", "14050903", "1405/09/03/",
        "-1405/09/03", "१४०५/०९/०३", "9999/01/01", "0000/01/01",
    ],
)  # fmt: skip
def test_a_file_must_be_exact(text: str) -> None:
    with pytest.raises(BadDate):
        jalali.parse(text)


@given(st.text())
def test_any_text_is_a_date_or_refused(text: str) -> None:
    for read in (jalali.parse, lambda value: jalali.parse_typed(value, TODAY)):
        try:
            day = read(text)
        except BadDate:
            continue
        assert isinstance(day, date)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1405/9/3", (1405, 9, 3)),
        ("۱۴۰۵/۹/۳", (1405, 9, 3)),
        ("05/9/3", (1405, 9, 3)),
        ("۸۹.۱۲.۲۹", (1489, 12, 29)),
        ("1405-9-3", (1405, 9, 3)),
        ("1405 9 3", (1405, 9, 3)),
        ("14050903", (1405, 9, 3)),
        ("9/3", (1405, 9, 3)),
        ("2026-11-24", (1405, 9, 3)),
        ("۳ آذر", (1405, 9, 3)),
        ("3آذر", (1405, 9, 3)),
        ("۳ آذر ماه ۱۴۰۴", (1404, 9, 3)),
        ("۳ آذر ۰۴", (1404, 9, 3)),
        ("سه شنبه ۳ آذر", (1405, 9, 3)),
        ("سه‌شنبه، ۳ آذر ۱۴۰۵", (1405, 9, 3)),
        ("۱ امرداد", (1405, 5, 1)),
        ("۱ ارديبهشت", (1405, 2, 1)),
        ("امروز", (1405, 9, 3)),
        ("فردا", (1405, 9, 4)),
        ("پس فردا", (1405, 9, 5)),
        ("پس‌فردا", (1405, 9, 5)),
        ("دیروز", (1405, 9, 2)),
        ("پریروز", (1405, 9, 1)),
        ("۳ روز دیگر", (1405, 9, 6)),
        ("2 هفته پیش", (1405, 8, 19)),
        ("چهارشنبه", (1405, 9, 4)),
        ("شنبه", (1405, 9, 7)),
        ("يكشنبه", (1405, 9, 8)),
        ("سه‌شنبه", (1405, 9, 10)),
    ],
)
def test_dates_as_people_type_them(typed: str, expected: tuple[int, int, int]) -> None:
    assert jalali.parts(jalali.parse_typed(typed, TODAY)) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "۳۱ آذر",
        "۳ نوامبر",
        "دوشنبه ۳ آذر ۱۴۰۵",
        "1405/9/31",
        "1405/9-3",
        "13/1",
        "۳۰ اسفند",
        "روز دیگر",
        "1405",
    ],
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(BadDate):
        jalali.parse_typed(typed, TODAY)


def test_the_day_is_that_of_tehran() -> None:
    late = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
    assert jalali.tehran_day(late) == TODAY
    assert jalali.tehran_day(late - timedelta(seconds=1)) == TODAY - timedelta(days=1)
    assert jalali.tehran_instant(TODAY) == late
    assert jalali.tehran_instant(TODAY, time(9, 30)) == late + timedelta(hours=9, minutes=30)
    assert jalali.show_instant(late + timedelta(hours=10, minutes=24)) == "۱۴۰۵/۰۹/۰۳، ۱۰:۲۴"


def test_there_is_no_summer_time_since_1401() -> None:
    summer, winter = jalali.tehran_instant(date(2026, 7, 1)), jalali.tehran_instant(TODAY)
    assert summer.utcoffset() == winter.utcoffset() == timedelta(hours=3, minutes=30)


def test_distances_in_words() -> None:
    shown = [jalali.show_distance(TODAY + timedelta(days=days), TODAY) for days in (-3, -1, 0, 1, 12)]
    assert shown == ["۳ روز پیش", "دیروز", "امروز", "فردا", "۱۲ روز دیگر"]


@given(DAYS.filter(lambda day: abs((day - TODAY).days) < 9999))
def test_a_distance_that_is_shown_is_read_again(day: date) -> None:
    assert jalali.parse_typed(jalali.show_distance(day, TODAY), TODAY) == day
