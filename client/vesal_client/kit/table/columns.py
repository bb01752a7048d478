"""Columns as data: key, label and kind; direction, digits, width and look belong to the kind."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from typing import Any

from vesal_client.look.tokens import Tone
from vesal_shared import digits, jalali, money

EMPTY = "—"


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    NAME = "name"
    CODE = "code"
    MONEY = "money"
    DAYS = "days"
    COUNT = "count"
    DATE = "date"
    INSTANT = "instant"
    CHIP = "chip"


@dataclass(frozen=True, slots=True)
class KindLook:
    """How cells of a kind look.

    `sample` is the widest content to expect: the column is made as wide as that; `tabular` digits stand
    under digits; `colour` is a token of the theme; a kind that `shrinks` may be narrowed and elided, others
    may not; where it `falls` the first click on the header sorts the greatest first.
    """

    sample: str
    tabular: bool = False
    strong: bool = False
    colour: str = "text"
    shrinks: bool = False
    falls: bool = False


LOOKS: dict[Kind, KindLook] = {
    Kind.TEXT: KindLook("متن کوتاه نمونه", shrinks=True),
    Kind.NAME: KindLook("محمدرضا حسینی‌پور", strong=True, shrinks=True),
    Kind.CODE: KindLook("۰۰۰۰۰۰۰۰", tabular=True),
    Kind.MONEY: KindLook("۰۰٬۰۰۰٬۰۰۰٬۰۰۰", tabular=True, strong=True, falls=True),
    Kind.DAYS: KindLook("۰٬۰۰۰", tabular=True, falls=True),
    Kind.COUNT: KindLook("۰٬۰۰۰", tabular=True, falls=True),
    Kind.DATE: KindLook("۰۰۰۰/۰۰/۰۰", tabular=True, colour="text2", falls=True),
    Kind.INSTANT: KindLook("۰۰۰۰/۰۰/۰۰ ۰۰:۰۰", tabular=True, colour="text2", falls=True),
    Kind.CHIP: KindLook("سررسید گذشته"),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as a small labelled chip: the word, its tone, and an icon where the word alone is weak."""

    text: str
    tone: Tone = "neutral"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `key` is the record's attribute and, unless `sort_key` says otherwise, the server's sort key. `value` takes
    the value from the record where it isn't an attribute of that name; a chip's `badge` makes the chip. `sample`
    overrides the kind's widest content. A `link` opens the record. A column that is not `shown` at first can be
    chosen.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    sortable: bool = True
    shown: bool = True
    sample: str = ""
    link: bool = False
    value: Callable[[Any], object] | None = None
    badge: Callable[[Any], Badge | None] | None = None
    sort_key: str = ""

    @property
    def sorts_by(self) -> str:
        """The server's key for the order of this column."""
        return self.sort_key or self.key

    @property
    def look(self) -> KindLook:
        """How this column's cells look."""
        return LOOKS[self.kind]

    def take(self, record: Any) -> object:
        """The value of this column in a record."""
        return attrgetter(self.key)(record) if self.value is None else self.value(record)


@dataclass(slots=True)
class Row:
    """A record with its cells as they are painted; `drawn` keeps elided texts by column: (width, text)."""

    record: Any
    key: object
    texts: tuple[str, ...]
    badges: tuple[Badge | None, ...]
    drawn: dict[int, tuple[int, str]]


def shown_text(kind: Kind, value: object) -> str:
    """Write a value as people read it on screen; «—» for nothing."""
    if value is None or value == "":
        return EMPTY
    return _WRITERS[kind](value)


def copied_text(kind: Kind, value: object) -> str:
    """Write a value as other programs take it: no isolates, numbers in ASCII digits, nothing for «—».

    The core banking system and Excel are where copied loan numbers and amounts go; neither reads ۱٬۲۳۴.
    """
    if value is None or value == "":
        return ""
    if kind in (Kind.TEXT, Kind.NAME, Kind.CHIP):
        return digits.strip_isolates(str(value))
    if isinstance(value, int):
        return str(value)
    if kind is Kind.INSTANT and isinstance(value, dt.datetime):
        return f"{jalali.numeric(jalali.tehran_day(value))} {digits.ascii_digits(jalali.show_time(value))}"
    return digits.ascii_digits(digits.strip_isolates(_WRITERS[kind](value)))


def shaper(columns: Sequence[Column], key: Callable[[Any], object]) -> Callable[[Any], Row]:
    """Return the function that formats a record once, when its page arrives."""
    takes = [(column.kind, column.take, column.badge) for column in columns]

    def shape(record: Any) -> Row:
        texts = []
        badges: list[Badge | None] = []
        for kind, take, badge in takes:
            chip = badge(record) if badge is not None else None
            badges.append(chip)
            texts.append(
                chip.text if chip is not None else EMPTY if badge else shown_text(kind, take(record))
            )
        return Row(record, key(record), tuple(texts), tuple(badges), {})

    return shape


def copied_cell(column: Column, row: Row) -> str:
    """What copying a cell yields."""
    if column.badge is not None:
        chip = column.badge(row.record)
        return "" if chip is None else digits.strip_isolates(chip.text)
    return copied_text(column.kind, column.take(row.record))


def _plain(value: object) -> str:
    return digits.persian_digits(value)


def _code(value: object) -> str:
    return digits.code(str(value))


def _number(value: object) -> str:
    return money.show(int(str(value)))


def _date(value: object) -> str:
    if isinstance(value, dt.datetime):
        value = jalali.tehran_day(value)
    assert isinstance(value, dt.date)
    return jalali.show(value)


def _instant(value: object) -> str:
    assert isinstance(value, dt.datetime)
    return jalali.show_instant(value)


_WRITERS: dict[Kind, Callable[[object], str]] = {
    Kind.TEXT: _plain,
    Kind.NAME: _plain,
    Kind.CHIP: _plain,
    Kind.CODE: _code,
    Kind.MONEY: _number,
    Kind.DAYS: _number,
    Kind.COUNT: _number,
    Kind.DATE: _date,
    Kind.INSTANT: _instant,
}
