"""The one way to Excel.

Declared columns, rows as they come, a file on disk that grows while memory doesn't.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import xlsxwriter

from vesal_shared import jalali

Kind = Literal["text", "code", "number", "money", "date", "instant"]

#: XML can't hold these; a cell with one would make a file that Excel repairs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDTHS: dict[Kind, int] = {"text": 24, "code": 20, "number": 10, "money": 18, "date": 12, "instant": 18}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Persian heading, its kind, and how its value is got from a row."""

    title: str
    kind: Kind
    of: Callable[[Any], Any]


def write_xlsx(path: Path, title: str, columns: Sequence[Column], rows: Iterable[Any]) -> int:
    """Write a right-to-left sheet; returns how many rows.

    Text stays text, whatever it begins with (= + - @): no cell is ever a formula. Dates are Jalali text, as
    on screen; numbers and amounts are numbers.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        sheet.right_to_left()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True, "bg_color": "#E3E6EA", "align": "right"})
        formats = {
            "money": book.add_format({"num_format": "#,##0"}),
            "code": book.add_format({"align": "right", "reading_order": 1}),
        }
        for place, column in enumerate(columns):
            sheet.set_column(place, place, _WIDTHS[column.kind], formats.get(column.kind))
            sheet.write_string(0, place, column.title, bold)
        writers = [
            (place, column.of, _writer(sheet, column, formats)) for place, column in enumerate(columns)
        ]
        line = 0
        for line, row in enumerate(rows, 1):
            for place, of, write in writers:
                value = of(row)
                if value is not None and value != "":
                    write(line, place, value)
        sheet.autofilter(0, 0, line, len(columns) - 1)
    return line


def _writer(sheet: Any, column: Column, formats: dict[str, Any]) -> Callable[[int, int, Any], Any]:
    style = formats.get(column.kind)
    match column.kind:
        case "number" | "money":
            # A column's format holds only for empty cells: each cell is given its own.
            return lambda line, place, value: sheet.write_number(line, place, value, style)
        case "date":
            return lambda line, place, value: sheet.write_string(line, place, _day(value))
        case "instant":
            return lambda line, place, value: sheet.write_string(line, place, _instant(value))
        case "text" | "code":
            return lambda line, place, value: sheet.write_string(
                line, place, _UNPRINTABLE.sub("", value)[:32_767], style
            )


def _day(value: date) -> str:
    return jalali.numeric(value)


def _instant(value: datetime) -> str:
    local = value.astimezone(jalali.TEHRAN)
    return f"{jalali.numeric(local.date())} {local:%H:%M}"


def _sheet_name(title: str) -> str:
    plain = re.sub(r"[\[\]:*?/\\]", " ", _UNPRINTABLE.sub("", title))
    # At most 31 characters as Excel counts them, which is in UTF-16.
    cut = plain.encode("utf-16-le")[:62].decode("utf-16-le", "ignore").strip("' ")
    return cut or "گزارش"
