"""The catalogues that travel as CSV: their columns, and how each cell is read and written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from vesal_server.kit import networks
from vesal_shared import jalali
from vesal_shared.digits import ascii_digits
from vesal_shared.jalali import BadDate
from vesal_shared.text import clean


class BadCell(ValueError):
    """A cell that can't be read; carries a Persian sentence."""


def _code(cell: str) -> str:
    code = ascii_digits(clean(cell))
    if not code:
        raise BadCell("کد خالی است.")
    if len(code) > 20:
        raise BadCell("کد بیش از ۲۰ نویسه دارد.")
    return code


def _optional_code(cell: str) -> str | None:
    return ascii_digits(clean(cell)) or None


def _title(cell: str) -> str:
    title = clean(cell)
    if not title:
        raise BadCell("عنوان خالی است.")
    return title


def _networks(cell: str) -> str:
    text = ascii_digits(clean(cell))
    try:
        return " ".join(str(network) for network in networks.parse(text))
    except ValueError as error:
        raise BadCell(f"«{text}» نشانی یا شبکه IP نیست.") from error


def _date(cell: str) -> date:
    try:
        return jalali.parse(clean(cell))
    except BadDate as error:
        raise BadCell(f"«{clean(cell)}» تاریخ نیست.") from error


def _flag(cell: str) -> bool:
    text = ascii_digits(clean(cell)).lower()
    if text in {"", "0", "false", "no", "خیر"}:
        return False
    if text in {"1", "true", "yes", "بله"}:
        return True
    raise BadCell(f"«{text}» صفر یا یک نیست.")


@dataclass(frozen=True, slots=True)
class CsvColumn:
    """One column: its name in file and table, how a cell is read, and whether a file may lack it."""

    name: str
    read: Callable[[str], Any]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """One catalogue: its name on the command line, its table, its columns, and what tells its rows apart."""

    name: str
    table: str
    columns: tuple[CsvColumn, ...]
    key: tuple[str, ...] = ("code",)
    #: Columns that name rows of another table.
    refers: tuple[tuple[str, str], ...] = ()


_CODE_AND_TITLE: Final = (CsvColumn("code", _code), CsvColumn("title", _title))

KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("provinces", "province", _CODE_AND_TITLE),
        Kind(
            "branches",
            "branch",
            (
                *_CODE_AND_TITLE,
                CsvColumn("province_code", _code),
                CsvColumn("address", clean, required=False),
                CsvColumn("ip", _networks, required=False),
            ),
            refers=(("province_code", "province"),),
        ),
        Kind("loan-types", "loan_type", _CODE_AND_TITLE),
        Kind("deposit-types", "deposit_type", _CODE_AND_TITLE),
        Kind(
            "holidays",
            "holiday",
            (
                CsvColumn("date", _date),
                CsvColumn("title", _title),
                CsvColumn("province_code", _optional_code, required=False),
                CsvColumn("no_messages", _flag, required=False),
            ),
            key=("date", "province_code"),
            refers=(("province_code", "province"),),
        ),
    )
}


def write_cell(value: Any) -> str:
    """A value as a cell: dates ISO, yes and no as 1 and 0."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
