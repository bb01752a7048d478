"""The overdue list: a page of it, its filters' choices, and all of it for Excel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from vesal_server import settings
from vesal_server.cases.buckets import Bucket, bucket_of, buckets
from vesal_server.cases.filters import OverdueFilter
from vesal_server.cases.queries import overdue as queries
from vesal_server.kit.db import AnyRow, Connection
from vesal_server.kit.export import Column, write_xlsx
from vesal_server.kit.listing import Ask, Keep, find, page_map
from vesal_server.kit.memory import Memory
from vesal_server.scope import Reach
from vesal_shared import problems
from vesal_shared.labels import PROMISE_STATUSES
from vesal_shared.messages.lists import Choice, Page
from vesal_shared.messages.overdue_cases import OverdueCase, OverdueFilters
from vesal_shared.problems import Refusal
from vesal_shared.text import clean, search_key

#: By what the list sorts, for whoever declares an operation over it.
OVERDUE: Final = queries.OVERDUE

#: How long a list is remembered that depends on what officers write.
_OFFICERS_TTL_S: Final = 10.0
#: How long another cut of the age classes takes to show everywhere.
_SETTINGS_TTL_S: Final = 5.0
#: A sum over more rows than these would cost a scan, and is left out.
_SUMMED: Final = 20_000
#: Rows that an export reads at once.
_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class _List:
    """The list as one request asks for it: its conditions, and under what its totals are remembered."""

    conditions: list[Any]
    keep: Keep
    searching: bool
    classes: list[Bucket]
    version: int
    as_of: date | None
    today: date


def page(
    connection: Connection,
    memory: Memory,
    reach: Reach,
    ask: Ask,
    q: str,
    wanted: OverdueFilter,
    today: date,
) -> Page[OverdueCase]:
    """One page of the list, its total, and the sum of the overdue amount where that is cheap."""
    asked = _list(connection, memory, reach, ask.sort, q, wanted, today)
    kept = None
    if wanted.by_totals and not asked.searching:
        kept = _kept(connection, asked, reach, wanted)
    found = find(
        connection,
        queries.OVERDUE,
        asked.conditions,
        ask,
        asked.keep,
        searching=asked.searching,
        known_total=kept[0] if kept else None,
    )
    whole = _kept(connection, asked, reach, OverdueFilter())
    return Page(
        items=[_case(row, asked) for row in queries.rows(connection, found.ids, today)],
        total=found.total,
        total_exact=found.total_exact,
        scope_total=whole[0] if whole else None,
        sums=_sums(connection, asked, found.total, exact=found.total_exact, kept=kept),
        page=ask.page,
        size=ask.size,
    )


def choices(connection: Connection, reach: Reach) -> OverdueFilters:
    """What the filters may be set to, within the caller's reach."""
    own = reach.scope == "own"
    return OverdueFilters(
        branches=[
            # A branch's number would tell who sees only their own how many others there are.
            Choice(code=row.code, title=row.title, count=None if own else int(row.facilities))
            for row in queries.branches(connection, reach)
        ],
        provinces=[Choice(code=row.code, title=row.title) for row in queries.provinces(connection, reach)],
        loan_types=[Choice(code=row.code, title=row.title) for row in queries.loan_types(connection)],
        buckets=[Choice(code=one.code, title=one.title) for one in buckets(settings.read(connection))],
        experts=[
            Choice(
                code=str(row.id),
                title=_name(row.first_name, row.last_name) or row.username,
                count=int(row.facilities),
            )
            for row in queries.experts(connection, reach)
        ],
    )


def export(
    connection: Connection,
    memory: Memory,
    reach: Reach,
    sort: str,
    q: str,
    wanted: OverdueFilter,
    today: date,
    path: Path,
) -> int:
    """Write all that the filters leave to an Excel file; returns how many rows.

    Refused where they are too many.
    """
    asked = _list(connection, memory, reach, sort, q, wanted, today)
    most = settings.read(connection).integer("lists.export_rows")
    ids = page_map(connection, queries.OVERDUE, asked.conditions, sort, asked.keep)
    if len(ids) > most:
        raise Refusal(problems.EXPORT_TOO_LARGE, params={"max": most})

    def rows() -> Iterator[OverdueCase]:
        for start in range(0, len(ids), _BATCH):
            batch = queries.rows(connection, ids[start : start + _BATCH].tolist(), today)
            yield from (_case(row, asked) for row in batch)

    return write_xlsx(path, "پرونده‌های معوق", _COLUMNS, rows())


def _list(
    connection: Connection,
    memory: Memory,
    reach: Reach,
    sort: str,
    q: str,
    wanted: OverdueFilter,
    today: date,
) -> _List:
    key = search_key(clean(q))
    as_of, version = queries.state(connection)
    classes = memory.get(
        ("settings", "buckets"), lambda: buckets(settings.read(connection)), ttl_s=_SETTINGS_TTL_S
    )
    conditions = queries.visible(reach) + queries.narrowed(wanted, classes, as_of, today)
    if key:
        conditions.append(queries.matching(connection, key))
    by_officers = (
        wanted.by_officers
        or bool(key)
        or reach.scope == "own"
        or sort.removeprefix("-") in {"last_contact", "promise", "expert"}
    )
    named = (
        reach.key,
        version,
        today,
        key,
        repr(classes),
        *sorted(wanted.asked.items(), key=lambda one: one[0]),
    )
    keep = Keep(memory, named, _OFFICERS_TTL_S if by_officers else 3600.0)
    return _List(conditions, keep, bool(key), classes, version, as_of, today)


def _kept(
    connection: Connection, asked: _List, reach: Reach, wanted: OverdueFilter
) -> tuple[int, int] | None:
    """The totals that intake keeps, remembered until the next feed; None for «own», which has none."""
    found: tuple[int, int] | None = asked.keep.memory.get(
        ("overdue_cases", "kept", reach.key, asked.version, wanted),
        lambda: queries.kept_total(connection, reach, wanted),
    )
    return found


def _sums(
    connection: Connection, asked: _List, total: int, *, exact: bool, kept: tuple[int, int] | None
) -> dict[str, int]:
    if kept is not None:
        return {"overdue_amount": kept[1]}
    if not exact or total > _SUMMED:
        return {}
    amount = asked.keep.memory.get(
        ("overdue_cases", "amount", asked.keep.key),
        lambda: queries.amount(connection, asked.conditions),
        ttl_s=asked.keep.ttl_s,
    )
    return {"overdue_amount": amount}


def _case(row: AnyRow, asked: _List) -> OverdueCase:
    days = shown_days(row.overdue_since, row.state_as_of or asked.as_of)
    bucket = bucket_of(days, asked.classes)
    expert = _name(row.expert_first_name, row.expert_last_name) or row.expert_username
    return OverdueCase(
        loan_no=row.loan_no,
        customer_no=row.customer_no,
        customer_name=_name(row.first_name, row.last_name),
        legal_person=row.legal_person,
        branch_code=row.branch_code,
        branch_title=row.branch_title,
        loan_type_code=row.loan_type_code,
        loan_type_title=row.loan_type_title,
        loan_date=row.loan_date,
        amount=row.amount,
        overdue_days=days,
        bucket=bucket.code,
        bucket_title=bucket.title,
        overdue_installments=row.overdue_installments,
        overdue_amount=row.overdue_amount,
        last_contact=row.last_contact,
        promise_date=row.promise_date,
        promise_status=row.promise_status,
        expert_id=row.expert_id,
        expert=expert,
        hold_until=row.hold_until,
    )


def shown_days(since: date | None, as_of: date | None) -> int:
    """Overdue days as the core system shows them: on the date of the facility's state."""
    return max(0, (as_of - since) // timedelta(days=1)) if since is not None and as_of is not None else 0


def _name(first: str | None, last: str | None) -> str:
    return f"{first or ''} {last or ''}".strip()


_COLUMNS: Final[Sequence[Column]] = (
    Column("شماره تسهیلات", "code", lambda case: case.loan_no),
    Column("شماره مشتری", "code", lambda case: case.customer_no),
    Column("مشتری", "text", lambda case: case.customer_name),
    Column("کد شعبه", "code", lambda case: case.branch_code),
    Column("شعبه", "text", lambda case: case.branch_title),
    Column("نوع وام", "text", lambda case: case.loan_type_title),
    Column("تاریخ تسهیلات", "date", lambda case: case.loan_date),
    Column("مبلغ تسهیلات (ریال)", "money", lambda case: case.amount),
    Column("روز معوقه", "number", lambda case: case.overdue_days),
    Column("طبقه", "text", lambda case: case.bucket_title),
    Column("اقساط معوقه", "number", lambda case: case.overdue_installments),
    Column("مبلغ معوقه (ریال)", "money", lambda case: case.overdue_amount),
    Column("آخرین تماس", "instant", lambda case: case.last_contact),
    Column("تاریخ تعهد", "date", lambda case: case.promise_date),
    Column(
        "وضعیت تعهد",
        "text",
        lambda case: PROMISE_STATUSES[case.promise_status] if case.promise_status else None,
    ),
    Column("کارشناس", "text", lambda case: case.expert),
    Column("توقف پیگیری تا", "date", lambda case: case.hold_until),
)
