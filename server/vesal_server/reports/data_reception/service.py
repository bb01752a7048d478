"""What the data reception report says, and the upload of a feed."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from vesal_server import audit
from vesal_server.intake import service as intake
from vesal_server.kit.clock import Clock
from vesal_server.kit.db import AnyRow, Connection, Database
from vesal_server.kit.export import Column, write_xlsx
from vesal_server.kit.listing import Ask, Keep, find
from vesal_server.kit.memory import Memory
from vesal_server.kit.small_list import small_page
from vesal_server.reports.data_reception import queries
from vesal_server.scope import Caller, Reach
from vesal_shared import labels, problems
from vesal_shared.digits import persian_digits
from vesal_shared.messages.data_reception import (
    FileCounts,
    IntakeResult,
    Reception,
    ReceptionDetails,
    ReceptionTry,
    SetAsideRow,
)
from vesal_shared.messages.lists import Page
from vesal_shared.problems import Refusal
from vesal_shared.text import clean, search_key

#: Rows of an arrival never change once it is written.
_TTL_S: Final = 3600.0
_FILES: Final = ("customers", "facilities", "guarantors")

_SHOWN: Final[Mapping[str, Any]] = {
    "as_of": lambda one: one.as_of,
    "status": lambda one: labels.FEED_STATUSES[one.status],
    "source": lambda one: one.source,
    "tries": lambda one: one.tries,
    "new": lambda one: one.new,
    "changed": lambda one: one.changed,
    "cured": lambda one: one.cured,
    "set_aside": lambda one: one.set_aside,
    "note": lambda one: one.note,
    "last_at": lambda one: one.last_at,
}
#: By what the report sorts.
SORTS: Final = tuple(_SHOWN)


def page(
    connection: Connection,
    ask: Ask,
    q: str,
    *,
    first: date | None = None,
    last: date | None = None,
    status: str | None = None,
) -> Page[Reception]:
    """One page of the report; a bank has a few hundred dates a year, so they are read whole."""
    rows = queries.receptions(connection, first=first, last=last, status=status)
    return small_page([_reception(row) for row in rows], _SHOWN, ask, q)


def details(connection: Connection, arrival_id: int) -> ReceptionDetails:
    """A row of the report with each of its tries."""
    tries = queries.tries(connection, arrival_id)
    if not tries:
        raise Refusal(problems.NOT_FOUND)
    ids = {row.id for row in tries}
    day = tries[0].as_of
    rows = queries.receptions(connection, first=day, last=day)
    reception = next(_reception(row) for row in rows if row.id in ids)
    return ReceptionDetails(reception=reception, tries=[_try(row) for row in tries])


def set_aside(
    connection: Connection, memory: Memory, reach: Reach, arrival_id: int, ask: Ask, q: str
) -> Page[SetAsideRow]:
    """One page of the rows that an arrival set aside; they name customers of the whole bank."""
    _check(connection, reach, arrival_id)
    key = search_key(clean(q))
    conditions = [queries.of_arrival(arrival_id)]
    if key:
        conditions.append(queries.matching(key))
    keep = Keep(memory, (arrival_id, key), _TTL_S)
    found = find(connection, queries.SET_ASIDE, conditions, ask, keep, searching=bool(key))
    return Page(
        items=[_row(row) for row in queries.set_aside(connection, arrival_id, found.ids)],
        total=found.total,
        total_exact=found.total_exact,
        page=ask.page,
        size=ask.size,
    )


def export_set_aside(connection: Connection, reach: Reach, arrival_id: int, path: Path) -> int:
    """Write every row that an arrival set aside to an Excel file."""
    _check(connection, reach, arrival_id)
    return write_xlsx(path, "ردیف‌های کنار گذاشته‌شده", _COLUMNS, queries.all_set_aside(connection, arrival_id))


def export(
    connection: Connection,
    path: Path,
    q: str,
    sort: str,
    *,
    first: date | None,
    last: date | None,
    status: str | None,
) -> int:
    """Write the report to an Excel file."""
    found = page(connection, Ask(sort, 1, 100_000), q, first=first, last=last, status=status)
    return write_xlsx(path, "دریافت اطلاعات", _REPORT, found.items)


def take(
    database: Database, clock: Clock, caller: Caller, path: Path, name: str, *, force: bool
) -> IntakeResult:
    """Take an uploaded feed in; a refused one is an answer with its reason, not an error."""
    offer = intake.Offer(path, via="upload", actor=audit.Actor.of(caller), name=clean(name), force=force)
    return intake.take(database, clock, offer)


def _check(connection: Connection, reach: Reach, arrival_id: int) -> None:
    if reach.scope != "bank":
        raise Refusal(problems.PAGE_NOT_GRANTED)
    if not queries.arrival_exists(connection, arrival_id):
        raise Refusal(problems.NOT_FOUND)


def _reception(row: AnyRow) -> Reception:
    files = _files(row.counts)
    return Reception(
        id=row.newest,
        as_of=row.as_of,
        status=row.status,
        source=row.source,
        tries=row.tries,
        **files,
        new=sum(count.new for count in files.values()),
        changed=sum(count.changed for count in files.values()),
        cured=int((row.counts or {}).get("cured", 0)),
        set_aside=row.rows_kept,
        note=_note(row),
        first_at=row.first_at,
        last_at=row.last_at,
    )


def _try(row: AnyRow) -> ReceptionTry:
    return ReceptionTry(
        id=row.id,
        as_of=row.as_of,
        status=row.status,
        source=row.source,
        form=row.form,
        via=row.via,
        user=row.user_name,
        started_at=row.started_at,
        finished_at=row.finished_at,
        reason_code=row.reason_code,
        reason=row.reason,
        **_files(row.counts),
        cured=int((row.counts or {}).get("cured", 0)),
        set_aside=row.rows_kept,
        notes=list(row.notes or ()),
        forced=row.forced,
    )


def _files(counts: Mapping[str, Any] | None) -> dict[str, FileCounts]:
    stored = counts or {}
    return {name: FileCounts(**stored.get(name, {})) for name in _FILES}


def _note(row: AnyRow) -> str:
    if row.status == "refused":
        return str(row.reason)
    notes: Sequence[str] = row.notes or ()
    more = f" (و {persian_digits(len(notes) - 1)} نکته دیگر)" if len(notes) > 1 else ""
    return f"{notes[0]}{more}" if notes else ""


def _row(row: AnyRow) -> SetAsideRow:
    return SetAsideRow(file=row.file, line=row.line, code=row.code, reason=row.reason, key=row.key)


_COLUMNS: Final = (
    Column("فایل", "code", lambda row: row.file),
    Column("سطر", "number", lambda row: row.line),
    Column("شماره", "code", lambda row: row.key),
    Column("دلیل", "text", lambda row: row.reason),
    Column("کد دلیل", "code", lambda row: row.code),
)
_REPORT: Final = (
    Column("تاریخ اطلاعات", "date", lambda one: one.as_of),
    Column("وضعیت", "text", lambda one: labels.FEED_STATUSES[one.status]),
    Column("منبع", "text", lambda one: one.source),
    Column("دفعات تکرار", "number", lambda one: one.tries),
    Column("مشتریان", "number", lambda one: one.customers.rows),
    Column("تسهیلات", "number", lambda one: one.facilities.rows),
    Column("ضامن‌ها", "number", lambda one: one.guarantors.rows),
    Column("جدید", "number", lambda one: one.new),
    Column("تغییر", "number", lambda one: one.changed),
    Column("خروج از معوقات", "number", lambda one: one.cured),
    Column("کنار گذاشته‌شده", "number", lambda one: one.set_aside),
    Column("توضیحات", "text", lambda one: one.note),
    Column("آخرین دریافت", "instant", lambda one: one.last_at),
)
