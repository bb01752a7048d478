"""Dates: Gregorian inside, Jalali on screen, both read at the edge; days are those of Asia/Tehran."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import jdatetime

from vesal_shared.digits import ascii_digits, persian_digits
from vesal_shared.text import clean, search_key

TEHRAN: Final = ZoneInfo("Asia/Tehran")

MONTHS: Final = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور",
    "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
#: Saturday first, as the week begins.
WEEKDAYS: Final = ("شنبه", "یک‌شنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنج‌شنبه", "جمعه")

_JALALI: Final = re.compile(r"(\d{4})/(\d{2})/(\d{2})")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TYPED: Final = re.compile(r"(\d{2}|\d{4})[/\-.](\d{1,2})[/\-.](\d{1,2})")
_TYPED_DAY: Final = re.compile(r"(\d{1,2})\s*([^\d\s]+)\s*(\d{4}|\d{2})?")


class BadDate(ValueError):
    """A text that is no date."""


def parse(value: str) -> date:
    """A date of a feed or file: Jalali `yyyy/mm/dd` or ISO `yyyy-mm-dd`, with any digits.

    Raises BadDate for everything else, days that a month hasn't among it.
    """
    return _parse(ascii_digits(value.strip()))


@lru_cache(maxsize=65536)
def _parse(value: str) -> date:
    if found := _JALALI.fullmatch(value):
        return from_parts(int(found[1]), int(found[2]), int(found[3]))
    if found := _ISO.fullmatch(value):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError as error:
            raise BadDate(value) from error
    raise BadDate(value)


def from_parts(year: int, month: int, day: int) -> date:
    """The date of a Jalali year, month and day. Raises BadDate where there is no such day."""
    try:
        return jdatetime.date(year, month, day).togregorian()  # type: ignore[no-any-return]
    except (ValueError, OverflowError) as error:
        raise BadDate(f"{year}/{month}/{day}") from error


@lru_cache(maxsize=65536)
def parts(day: date) -> tuple[int, int, int]:
    """Jalali year, month and day of a date."""
    jalali = jdatetime.date.fromgregorian(date=day)
    return jalali.year, jalali.month, jalali.day


def year_of(day: date) -> int:
    """The Jalali year of a date."""
    return parts(day)[0]


def month_length(year: int, month: int) -> int:
    """Days in a month of the Jalali calendar."""
    if month <= 6:
        return 31
    return 30 if month < 12 or is_leap(year) else 29


def is_leap(year: int) -> bool:
    """Whether a Jalali year has 366 days."""
    return bool(jdatetime.date(year, 1, 1).isleap())


def weekday(day: date) -> int:
    """0 for Saturday to 6 for Friday."""
    return (day.weekday() + 2) % 7


def numeric(day: date) -> str:
    """`1405/09/03`: ASCII digits, for files and keys."""
    year, month, number = parts(day)
    return f"{year:04}/{month:02}/{number:02}"


def show(day: date) -> str:
    """`۱۴۰۵/۰۹/۰۳`, as screens and letters show a date (left to right by itself)."""
    return persian_digits(numeric(day))


def show_long(day: date) -> str:
    """`سه‌شنبه ۳ آذر ۱۴۰۵`."""
    year, month, number = parts(day)
    return f"{WEEKDAYS[weekday(day)]} {persian_digits(number)} {MONTHS[month - 1]} {persian_digits(year)}"


def show_instant(instant: datetime) -> str:
    """`۱۴۰۵/۰۹/۰۳، ۱۰:۲۴` by the clock in Tehran."""
    return f"{show(tehran_day(instant))}، {show_time(instant)}"


def show_time(instant: datetime) -> str:
    """`۱۰:۲۴` by the clock in Tehran."""
    return persian_digits(instant.astimezone(TEHRAN).strftime("%H:%M"))


def tehran_day(instant: datetime) -> date:
    """The day of an aware instant in Tehran."""
    return instant.astimezone(TEHRAN).date()


_RELATIVE: Final = {
    search_key(word): step
    for word, step in {"پریروز": -2, "دیروز": -1, "امروز": 0, "فردا": 1, "پس‌فردا": 2}.items()
}
_MONTH_KEYS: Final = {search_key(name): number for number, name in enumerate(MONTHS, 1)}
_WEEKDAY_KEYS: Final = {search_key(name): number for number, name in enumerate(WEEKDAYS)}


def parse_typed(value: str, today: date) -> date:
    """A date as people type it: 1405/9/3, ۰۵/۰۹/۰۳, «۳ آذر», «۳ آذر ۱۴۰۵», «فردا», «شنبه» (the next one).

    A day and month without a year mean the current Jalali year. Raises BadDate for what is none of these.
    """
    plain = ascii_digits(clean(value))
    key = search_key(plain)
    if key in _RELATIVE:
        return today + timedelta(days=_RELATIVE[key])
    if key in _WEEKDAY_KEYS:
        return today + timedelta(days=(_WEEKDAY_KEYS[key] - weekday(today) - 1) % 7 + 1)
    if (found := _ISO.fullmatch(plain)) and int(found[1]) > 1700:
        return parse(plain)
    if found := _TYPED.fullmatch(plain):
        return from_parts(_century(int(found[1]), today), int(found[2]), int(found[3]))
    if (found := _TYPED_DAY.fullmatch(plain)) and search_key(found[2]) in _MONTH_KEYS:
        year = _century(int(found[3]), today) if found[3] else year_of(today)
        return from_parts(year, _MONTH_KEYS[search_key(found[2])], int(found[1]))
    raise BadDate(value)


def _century(year: int, today: date) -> int:
    """A year of two digits belongs to the current century of the Jalali calendar."""
    return year if year >= 100 else year_of(today) // 100 * 100 + year
