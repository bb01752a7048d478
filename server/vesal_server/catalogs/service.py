"""Taking a catalogue in from CSV, all or nothing, and giving it out again."""

import csv
import io
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from vesal_server import audit
from vesal_server.catalogs import queries
from vesal_server.catalogs.kinds import KINDS, BadCell, Kind, write_cell
from vesal_server.kit.db import Connection
from vesal_shared import problems
from vesal_shared.problems import FieldError, Refusal
from vesal_shared.text import clean

#: How many bad rows a refusal lists.
_LISTED = 20


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, and which dates got a holiday that was not there before."""

    new: int
    changed: int
    unchanged: int
    notes: list[str] = field(default_factory=list)
    new_dates: list[date] = field(default_factory=list)


def kind_named(name: str) -> Kind:
    """The catalogue of a name."""
    kind = KINDS.get(name)
    if kind is None:
        raise Refusal(problems.UNKNOWN_CATALOG, params={"kind": name})
    return kind


def take_in(connection: Connection, actor: audit.Actor, at: datetime, name: str, content: bytes) -> Imported:
    """Add and replace rows by their key; rows that the file lacks stay.

    Columns may stand in any order; unknown ones are passed over with a note; an optional one that is missing
    leaves what is stored. Raises Refusal with every bad row (the first 20), and then nothing changes.
    """
    kind = kind_named(name)
    rows, notes = _read(kind, content)
    _check_references(connection, kind, rows)
    keys = [tuple(row[column] for column in kind.key) for _, row in rows]
    stored = queries.stored(connection, kind)
    fresh = [row for key, (_, row) in zip(keys, rows, strict=True) if key not in stored]
    changed = [
        row
        for key, (_, row) in zip(keys, rows, strict=True)
        if key in stored and any(stored[key][name] != value for name, value in row.items())
    ]
    queries.put(connection, kind, fresh, changed)
    counts = {"new": len(fresh), "changed": len(changed), "unchanged": len(rows) - len(fresh) - len(changed)}
    if fresh or changed:
        audit.record(connection, actor, at, "import", kind.table, "", new=counts)
    dates = [row["date"] for row in (*fresh, *changed) if "date" in row]
    return Imported(**counts, notes=notes, new_dates=dates)


def give_out(connection: Connection, name: str) -> str:
    """The whole catalogue as CSV, in the order of its key."""
    kind = kind_named(name)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in kind.columns])
    for row in queries.all_rows(connection, kind):
        writer.writerow([write_cell(value) for value in row])
    return out.getvalue()


def _read(kind: Kind, content: bytes) -> tuple[list[tuple[int, dict[str, Any]]], list[str]]:
    """The rows with their physical lines, and notes on columns that were passed over."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(problems.CATALOG_UNREADABLE, params={"why": "متن آن UTF-8 نیست."}) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, dict[str, Any]]] = []
    wrong: list[tuple[int, str]] = []
    try:
        header = [clean(cell).lower() for cell in next(reader, [])]
        places = _places(kind, header)
        line = reader.line_num + 1
        seen: dict[tuple[Any, ...], int] = {}
        for cells in reader:
            began, line = line, reader.line_num + 1
            if not cells:
                continue
            try:
                row = _row(kind, places, len(header), cells)
            except BadCell as error:
                wrong.append((began, str(error)))
                continue
            key = tuple(row[name] for name in kind.key)
            if key in seen:
                wrong.append((began, f"تکرار ردیف {seen[key]} است."))
            seen.setdefault(key, began)
            rows.append((began, row))
    except csv.Error as error:
        raise Refusal(
            problems.CATALOG_UNREADABLE, params={"why": f"سطر {reader.line_num} CSV درستی نیست."}
        ) from error
    _refuse(wrong)
    unknown = [name for name in header if name and name not in places]
    return rows, [f"ستون «{name}» شناخته نیست و نادیده گرفته شد." for name in unknown]


def _places(kind: Kind, header: list[str]) -> dict[str, int]:
    places = {column.name: header.index(column.name) for column in kind.columns if column.name in header}
    for column in kind.columns:
        # What tells rows apart must be there, or every row would mean the same one.
        if column.required and column.name not in places:
            raise Refusal(problems.CATALOG_COLUMN_MISSING, params={"column": column.name})
    return places


def _row(kind: Kind, places: dict[str, int], width: int, cells: list[str]) -> dict[str, Any]:
    if len(cells) != width:
        raise BadCell(f"{len(cells)} ستون دارد، نه {width}.")
    row: dict[str, Any] = {}
    for column in kind.columns:
        if column.name in places:
            row[column.name] = column.read(cells[places[column.name]])
        elif column.name in kind.key:
            row[column.name] = None
    return row


def _check_references(connection: Connection, kind: Kind, rows: list[tuple[int, dict[str, Any]]]) -> None:
    wrong: list[tuple[int, str]] = []
    for column, table in kind.refers:
        known = queries.codes(connection, table)
        wrong += [
            (line, f"کد «{row[column]}» در فهرست استان‌ها نیست.")
            for line, row in rows
            if row.get(column) is not None and row[column] not in known
        ]
    _refuse(wrong)


def _refuse(wrong: list[tuple[int, str]]) -> None:
    if not wrong:
        return
    wrong.sort()
    errors = [
        FieldError(f"line {line}", problems.CATALOG_BAD_ROW, {"line": line, "why": why})
        for line, why in wrong[:_LISTED]
    ]
    line, why = wrong[0]
    raise Refusal(problems.CATALOG_BAD_ROW, params={"line": line, "why": why}, errors=errors)
