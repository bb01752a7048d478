"""Dates: Gregorian inside, Jalali on screen, both read at the edge; days are those of Asia/Tehran."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from vesal_shared.digits import ascii_digits, persian_digits
from vesal_shared.text import clean, search_key

TEHRAN: Final = ZoneInfo("Asia/Tehran")

MONTHS: Final = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور",
    "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
#: Saturday first, as the week begins.
WEEKDAYS: Final = ("شنبه", "یک‌شنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنج‌شنبه", "جمعه")

#: From 1210 to 1633 leap years come in one unbroken cycle of 33 years, the calendar's own and jdatetime's alike;
#: Qt counts otherwise and is a day off in 1437 and 1470, so that its calendar is not used. Nothing in a bank's
#: files is older or later.
FIRST_YEAR: Final = 1210
LAST_YEAR: Final = 1599
#: The day before 1 Farvardin 1210 (21 March 1831), as date.toordinal() counts.
_BEFORE_FIRST: Final = date(1831, 3, 20).toordinal()

_JALALI: Final = re.compile(r"(\d{4})/(\d{2})/(\d{2})", re.ASCII)
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_TYPED: Final = re.compile(r"(\d{2}|\d{4})([/\-. ])(\d{1,2})\2(\d{1,2})", re.ASCII)
_TYPED_ISO: Final = re.compile(r"((?:19|2[0-2])\d\d)-(\d{1,2})-(\d{1,2})", re.ASCII)
_TYPED_WHOLE: Final = re.compile(r"(1[2-5]\d\d)(\d\d)(\d\d)", re.ASCII)
_TYPED_SHORT: Final = re.compile(r"(\d{1,2})/(\d{1,2})", re.ASCII)
_TYPED_DAY: Final = re.compile(
    r"(?:(\D+?)[ ،]+)?(\d{1,2}) ?([^\d ]+)(?: ?ماه)?(?: ?(\d{4}|\d{2}))?", re.ASCII
)
_TYPED_STEP: Final = re.compile(r"(\d{1,4}) ?(روز|هفته) ?(دیگر|بعد|پیش|قبل)", re.ASCII)


class BadDate(ValueError):
    """A text that is no date."""


def parse(value: str) -> date:
    """A date of a feed or file: Jalali `yyyy/mm/dd` or ISO `yyyy-mm-dd`, with any digits.

    Raises BadDate for everything else: days that a month hasn't, and years out of 1210 to 1599, among it.
    """
    return _parse(ascii_digits(value.strip()))


@lru_cache(maxsize=65536)
def _parse(value: str) -> date:
    if found := _JALALI.fullmatch(value):
        return from_parts(int(found[1]), int(found[2]), int(found[3]))
    if found := _ISO.fullmatch(value):
        return _gregorian(int(found[1]), int(found[2]), int(found[3]))
    raise BadDate(value)


def _gregorian(year: int, month: int, day: int) -> date:
    try:
        made = date(year, month, day)
    except ValueError as error:
        raise BadDate(f"{year}-{month}-{day}") from error
    parts(made)
    return made


def _days_before(year: int) -> int:
    """Days between 1 Farvardin 1210 and 1 Farvardin of `year`: eight leap days in each 33 years."""
    cycles, rest = divmod(year - FIRST_YEAR, 33)
    return 365 * (year - FIRST_YEAR) + 8 * cycles + (rest + 3) // 4


def _days_before_month(month: int) -> int:
    return 31 * (month - 1) if month <= 7 else 30 * (month - 1) + 6


def from_parts(year: int, month: int, day: int) -> date:
    """The date of a Jalali year, month and day. Raises BadDate where there is no such day."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= month_length(year, month)):
        raise BadDate(f"{year}/{month}/{day}")
    return date.fromordinal(_BEFORE_FIRST + _days_before(year) + _days_before_month(month) + day)


@lru_cache(maxsize=65536)
def parts(day: date) -> tuple[int, int, int]:
    """Jalali year, month and day of a date. Raises BadDate out of the years 1210 to 1599."""
    days = day.toordinal() - _BEFORE_FIRST - 1
    # 33 years have 12,053 days: at most one year beside the truth, and never beyond it in the end.
    year = FIRST_YEAR + days * 33 // 12053
    if _days_before(year) > days:
        year -= 1
    elif _days_before(year + 1) <= days:
        year += 1
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadDate(day.isoformat())
    rest = days - _days_before(year)
    month = rest // 31 + 1 if rest < 186 else (rest - 6) // 30 + 1
    return year, month, rest - _days_before_month(month) + 1


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
    return _days_before(year + 1) - _days_before(year) == 366


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


def show_distance(day: date, today: date) -> str:
    """`امروز`, `دیروز`, `فردا`, `۳ روز پیش`, `۳ روز دیگر`: how far a day is from today."""
    days = (day - today).days
    if -1 <= days <= 1:
        return ("دیروز", "امروز", "فردا")[days + 1]
    return f"{persian_digits(abs(days))} روز {'دیگر' if days > 0 else 'پیش'}"


def tehran_day(instant: datetime) -> date:
    """The day of an aware instant in Tehran."""
    return instant.astimezone(TEHRAN).date()


def tehran_instant(day: date, at: time = time(0)) -> datetime:
    """The instant of a time of day in Tehran; a day without a time begins at midnight."""
    return datetime.combine(day, at, tzinfo=TEHRAN)


_RELATIVE: Final = {
    search_key(word): step
    for word, step in {"پریروز": -2, "دیروز": -1, "امروز": 0, "فردا": 1, "پس‌فردا": 2}.items()
}
_MONTH_KEYS: Final = {search_key(name): number for number, name in enumerate(MONTHS, 1)} | {
    search_key("امرداد"): 5
}
_WEEKDAY_KEYS: Final = {search_key(name): number for number, name in enumerate(WEEKDAYS)}


def parse_typed(value: str, today: date) -> date:
    """A date as people type it, with any digits; what the client itself shows is read too.

    1405/9/3 · ۰۵/۰۹/۰۳ · 14050903 · 9/3 · 2026-11-24 · «۳ آذر» · «۳ آذر ۱۴۰۵» · «سه‌شنبه ۳ آذر ۱۴۰۵» (the
    weekday must be right) · «امروز»، «فردا»، «پس‌فردا»، «دیروز» · «۳ روز دیگر»، «۲ هفته پیش» · «شنبه» (the next
    one after today). A date without a year is in the current Jalali year. Raises BadDate for all else.
    """
    plain = ascii_digits(clean(value))
    made = _by_words(plain, today)
    if made is None:
        made = _by_numbers(plain, today)
    if made is None:
        raise BadDate(value)
    return made


def _by_words(plain: str, today: date) -> date | None:
    key = search_key(plain)
    if key in _RELATIVE:
        return today + timedelta(days=_RELATIVE[key])
    if key in _WEEKDAY_KEYS:
        return today + timedelta(days=(_WEEKDAY_KEYS[key] - weekday(today) - 1) % 7 + 1)
    if found := _TYPED_STEP.fullmatch(plain):
        days = int(found[1]) * (7 if found[2] == "هفته" else 1)
        return today + timedelta(days=days if found[3] in {"دیگر", "بعد"} else -days)
    found = _TYPED_DAY.fullmatch(plain)
    if found is None or search_key(found[3]) not in _MONTH_KEYS:
        return None
    year = _century(int(found[4]), today) if found[4] else year_of(today)
    made = from_parts(year, _MONTH_KEYS[search_key(found[3])], int(found[2]))
    if found[1] and _WEEKDAY_KEYS.get(search_key(found[1])) != weekday(made):
        return None
    return made


def _by_numbers(plain: str, today: date) -> date | None:
    if found := _TYPED_ISO.fullmatch(plain):
        return _gregorian(int(found[1]), int(found[2]), int(found[3]))
    if found := _TYPED.fullmatch(plain):
        return from_parts(_century(int(found[1]), today), int(found[3]), int(found[4]))
    if found := _TYPED_WHOLE.fullmatch(plain):
        return from_parts(int(found[1]), int(found[2]), int(found[3]))
    if found := _TYPED_SHORT.fullmatch(plain):
        return from_parts(year_of(today), int(found[1]), int(found[2]))
    return None


def _century(year: int, today: date) -> int:
    """A year of two digits belongs to the current century of the Jalali calendar."""
    return year if year >= 100 else year_of(today) // 100 * 100 + year
