"""What a form is declared from: fields, their kinds, their checks."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from vesal_client.kit.date_field import PAST, Quick
from vesal_client.kit.options import Option
from vesal_shared import checks
from vesal_shared.digits import ascii_digits

Check = Callable[[Any], str]
"""Takes a value that is there and says in Persian what is wrong with it, or nothing."""


class Kind(Enum):
    """What a field holds; how it is typed, aligned and read follows from it."""

    TEXT = "text"
    LATIN = "latin"
    PASSWORD = "password"  # noqa: S105 - a kind of field
    NUMBER = "number"
    MONEY = "money"
    CODE = "code"
    MOBILE = "mobile"
    NATIONAL_ID = "national_id"
    EMAIL = "email"
    DATE = "date"
    SELECT = "select"
    PICKER = "picker"
    CHECK = "check"
    SWITCH = "switch"
    SEGMENTS = "segments"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `key` names its value, `wide` takes the whole width where others share it.

    `options` for selects, pickers and segments; `quick`, `earliest` and `latest` for dates; `initial` is what
    an empty form holds.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    hint: str = ""
    placeholder: str = ""
    wide: bool = False
    options: Sequence[Option] = ()
    check: Check | None = None
    quick: Sequence[Quick] = PAST
    earliest: Callable[[], dt.date] | None = None
    latest: Callable[[], dt.date] | None = None
    lines: int = 3
    initial: Any = None


def wrong_by_kind(kind: Kind, value: Any) -> str:
    """What is wrong with a value of a kind that has rules of its own, or nothing."""
    if kind is Kind.MOBILE and not checks.is_mobile(checks.fold_mobile(value)):
        return "شماره همراه یازده رقم است و با ۰۹ آغاز می‌شود."
    if kind is Kind.NATIONAL_ID and not checks.is_national_id(checks.fold_national_id(value)):
        return "کد ملی ده رقم است و این شماره درست نیست."
    if kind is Kind.EMAIL and not checks.is_email(value):
        return "نشانی پست الکترونیکی درست نیست."
    if kind is Kind.NUMBER and not ascii_digits(str(value)).isdigit():
        return "اینجا عدد بنویسید."
    return ""
