"""Filters as data: what may be set, and what is set, as the server takes it and as a chip says it."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from vesal_shared import jalali, money
from vesal_shared.messages.lists import Choice


class FilterKind(Enum):
    """How a filter is set."""

    NUMBERS = "numbers"
    MONEY = "money"
    DATES = "dates"
    DAY = "day"
    ONE_OF = "one_of"
    SOME_OF = "some_of"


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of a list.

    A range goes to the server as `key_from` and `key_to`, both inclusive; choices as `key`, once each; a
    single day as `key`.
    `choices` are fixed, or come from the page later, by key. Filters in `bar` show while they are unset; the
    others wait under «فیلتر».
    """

    key: str
    label: str
    kind: FilterKind
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    bar: bool = True


@dataclass(frozen=True, slots=True)
class Range:
    """A range of whole numbers, both ends inclusive, one of them perhaps open."""

    low: int | None = None
    high: int | None = None

    def __bool__(self) -> bool:
        """Whether it narrows anything."""
        return self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True)
class Dates:
    """A range of days, both ends inclusive, one of them perhaps open."""

    low: dt.date | None = None
    high: dt.date | None = None

    def __bool__(self) -> bool:
        """Whether it narrows anything."""
        return self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Chosen entries, with their titles so that a saved one shows before its entries are fetched."""

    entries: tuple[Choice, ...] = ()

    def __bool__(self) -> bool:
        """Whether it narrows anything."""
        return bool(self.entries)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that the server gets."""
        return tuple(entry.code for entry in self.entries)


Value = Range | Dates | Chosen


def said(kind: FilterKind, value: Value) -> str:
    """Say in words what is set: «۳۱ و بیشتر», «۶۱ تا ۱۸۰», «اکباتان و ۲ مورد دیگر»."""
    if isinstance(value, Chosen):
        first, *others = (entry.title for entry in value.entries)
        if not others:
            return first
        if len(others) == 1:
            return f"{first} و {others[0]}"
        return f"{first} و {money.show(len(others))} مورد دیگر"
    ends: list[str | None]
    if isinstance(value, Dates):
        ends = [None if day is None else jalali.show(day) for day in (value.low, value.high)]
        words = ("از {}", "تا {}")
    else:
        write = _amount if kind is FilterKind.MONEY else money.show
        ends = [None if number is None else write(number) for number in (value.low, value.high)]
        words = ("{} و بیشتر", "تا {}")
    low, high = ends
    if kind is FilterKind.DAY:
        return str(low)
    if low is not None and high is not None:
        return low if low == high else f"{low} تا {high}"
    return words[0].format(low) if low is not None else words[1].format(high)


def _amount(rial: int) -> str:
    """Write a round amount short, as people say it: «۵۰ میلیون»."""
    for size, name in ((10**9, "میلیارد"), (10**6, "میلیون")):
        if rial >= size and rial % size == 0:
            return f"{money.show(rial // size)} {name}"
    return money.show(rial)


def as_parameters(declared: Iterable[Filter], values: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    """Write what is set as the server's parameters, in the order of the declaration."""
    parameters: list[tuple[str, str]] = []
    for each in declared:
        value = values.get(each.key)
        if isinstance(value, Chosen):
            parameters += [(each.key, code) for code in value.codes]
        elif each.kind is FilterKind.DAY and isinstance(value, Dates):
            parameters.append((each.key, str(value.low)))
        elif value is not None:
            for end, bound in (("from", value.low), ("to", value.high)):
                if bound is not None:
                    parameters.append((f"{each.key}_{end}", str(bound)))
    return tuple(parameters)


def as_stored(values: Mapping[str, Value]) -> dict[str, object]:
    """Turn values into plain JSON for the client's settings."""
    stored: dict[str, object] = {}
    for key, value in values.items():
        if isinstance(value, Chosen):
            stored[key] = [[entry.code, entry.title] for entry in value.entries]
        elif isinstance(value, Dates):
            stored[key] = {"days": [day and day.isoformat() for day in (value.low, value.high)]}
        else:
            stored[key] = {"numbers": [value.low, value.high]}
    return stored


def from_stored(declared: Sequence[Filter], stored: Mapping[str, object]) -> dict[str, Value]:
    """Read values back; what is unknown or broken is passed over: an older version wrote it."""
    kinds = {each.key: each.kind for each in declared}
    values: dict[str, Value] = {}
    for key, plain in stored.items():
        reader = _READERS.get(kinds.get(key, FilterKind.NUMBERS)) if key in kinds else None
        if reader is None:
            continue
        try:
            value = reader(plain)
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        if value:
            values[key] = value
    return values


def _read_numbers(plain: object) -> Value:
    low, high = plain["numbers"]  # type: ignore[index]
    return Range(None if low is None else int(low), None if high is None else int(high))


def _read_dates(plain: object) -> Value:
    low, high = (day and dt.date.fromisoformat(day) for day in plain["days"])  # type: ignore[index]
    return Dates(low or None, high or None)


def _read_choices(plain: object) -> Value:
    return Chosen(tuple(Choice(code=str(code), title=str(title)) for code, title in plain))  # type: ignore[attr-defined]


_READERS: dict[FilterKind, Callable[[object], Value]] = {
    FilterKind.NUMBERS: _read_numbers,
    FilterKind.MONEY: _read_numbers,
    FilterKind.DATES: _read_dates,
    FilterKind.DAY: _read_dates,
    FilterKind.ONE_OF: _read_choices,
    FilterKind.SOME_OF: _read_choices,
}
