"""The print queue's SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    bindparam,
    case,
    cast,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from vesal_server.kit.db import AnyRow
from vesal_server.kit.listing import Key, Listing, Sort
from vesal_server.scope import Reach
from vesal_server.tables.catalogs import branch
from vesal_server.tables.loans import facility
from vesal_server.tables.notifications import letter, letter_event, letter_key, letter_logo
from vesal_server.tables.system import attachment

_ID: Final = Key(letter.c.id)

#: Issued letters always have a number, so the order by number says nothing of empty ones and fits its index.
LETTERS: Final = Listing(
    "letters",
    letter,
    letter.c.id,
    {
        "number": Sort(
            (
                Key(letter.c.number_year, nullable=False),
                Key(letter.c.number_branch, nullable=False),
                Key(letter.c.number_seq, nullable=False),
            )
        ),
        "kind": Sort((Key(letter.c.channel), Key(letter.c.stage), _ID)),
        "addressee": Sort((Key(letter.c.addressee_sort), _ID)),
        "day": Sort((Key(letter.c.day), _ID)),
        "status": Sort((Key(letter.c.status), Key(letter.c.print_count), _ID)),
        "loan_no": Sort((Key(facility.c.loan_no), _ID), (facility, facility.c.id == letter.c.facility_id)),
        "branch_code": Sort((Key(letter.c.branch_code), _ID)),
    },
    default="-number",
)


@dataclass(frozen=True, slots=True)
class LetterFilter:
    """Filters of the queue; None or an empty tuple leaves everything in; dates are inclusive."""

    branch: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    role: str | None = None
    stage: int | None = None
    status: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    loan_no: str | None = None


def visible(reach: Reach) -> list[ColumnElement[bool]]:
    """The letters that the caller sees: issued ones; what was never issued is no letter yet."""
    return [letter.c.status.not_in(("suppressed", "cancelled")), reach.letters(letter)]


def narrowed(wanted: LetterFilter) -> list[ColumnElement[bool]]:
    """The conditions of the filters."""
    made: list[ColumnElement[bool]] = []
    if wanted.branch:
        made.append(letter.c.branch_code.in_(wanted.branch))
    if wanted.kind:
        made.append(letter.c.channel.in_(wanted.kind))
    if wanted.role is not None:
        made.append(letter.c.role == wanted.role)
    if wanted.stage is not None:
        made.append(letter.c.stage == wanted.stage)
    if wanted.status:
        made.append(letter.c.status.in_(wanted.status))
    if wanted.date_from is not None:
        made.append(letter.c.day >= wanted.date_from)
    if wanted.date_to is not None:
        made.append(letter.c.day <= wanted.date_to)
    if wanted.loan_no is not None:
        made.append(
            letter.c.facility_id.in_(select(facility.c.id).where(facility.c.loan_no == wanted.loan_no))
        )
    return made


def matching(key: str) -> ColumnElement[bool]:
    """Letters in whose number, addressee, loan or customer number, or branch's title the key stands."""
    titled = select(branch.c.code).where(text("vesal_search_key(branch.title) LIKE :titled"))
    return or_(
        letter.c.search.contains(key, autoescape=True),
        letter.c.branch_code.in_(titled.params(titled=f"%{_escaped(key)}%")),
    )


def _escaped(key: str) -> str:
    return key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_ROWS: Final = text(
    """
    SELECT l.id, l.number, l.channel, l.role, l.stage, l.addressee, c.customer_no, f.loan_no, l.branch_code,
           b.title AS branch_title, l.day, l.status, l.print_count, l.printed_at, l.outcome_on, l.outcome_note,
           l.tracking_code, l.scan_id, l.void_at, l.version,
           coalesce(nullif(trim(p.first_name || ' ' || p.last_name), ''), p.username) AS printed_by,
           coalesce(nullif(trim(o.first_name || ' ' || o.last_name), ''), o.username) AS outcome_by
      FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS wanted(id, place)
      JOIN letter l ON l.id = wanted.id
      JOIN facility f ON f.id = l.facility_id
      JOIN customer c ON c.id = l.customer_id
      JOIN branch b ON b.code = l.branch_code
      LEFT JOIN app_user p ON p.id = l.printed_by
      LEFT JOIN app_user o ON o.id = l.outcome_by
     ORDER BY wanted.place
    """
).bindparams(bindparam("ids"))


def rows(connection: Connection, ids: Sequence[int]) -> Sequence[AnyRow]:
    """The rows of a page, in the order of its ids."""
    return connection.execute(_ROWS, {"ids": list(ids)}).all()


def visible_ids(connection: Connection, reach: Reach, ids: Sequence[int]) -> set[int]:
    """Those of the ids that are letters this caller sees."""
    return set(connection.execute(select(letter.c.id).where(letter.c.id.in_(ids), *visible(reach))).scalars())


def contents(connection: Connection, reach: Reach, ids: Sequence[int]) -> Sequence[AnyRow]:
    """The frozen content of letters that this caller sees, in the order of the ids."""
    # The stored content names its logo by a hash; it travels with the logo itself.
    named = func.split_part(letter.c.content["bank"]["logo"].astext, ":", 2)
    whole = func.jsonb_set(
        letter.c.content, cast(array(["bank", "logo"]), ARRAY(Text)), func.to_jsonb(letter_logo.c.image)
    )
    content = case((letter_logo.c.sha256.is_not(None), whole), else_=letter.c.content).label("content")
    query = (
        select(letter.c.id, letter.c.number, letter.c.status, letter.c.print_count, content)
        .select_from(letter)
        .outerjoin(letter_logo, letter_logo.c.sha256 == named)
        .where(letter.c.id.in_(ids), *visible(reach))
    )
    found = {row.id: row for row in connection.execute(query)}
    return [found[one] for one in ids if one in found]


def locked(connection: Connection, reach: Reach, ids: Sequence[int]) -> dict[int, AnyRow]:
    """The letters of these ids that the caller sees, locked in the order of their numbers.

    One order for all, so that two clients who mark the same letters wait for one another and never both.
    """
    query = (
        select(
            letter.c.id,
            letter.c.number,
            letter.c.channel,
            letter.c.status,
            letter.c.day,
            letter.c.branch_code,
            letter.c.print_count,
            letter.c.void_at,
        )
        .where(letter.c.id.in_(sorted(set(ids))), *visible(reach))
        .order_by(letter.c.id)
        .with_for_update(of=letter)
    )
    return {row.id: row for row in connection.execute(query)}


def marked(connection: Connection, references: Sequence[UUID]) -> dict[UUID, int]:
    """Marks that came before: their letters by reference."""
    query = select(letter_event.c.client_ref, letter_event.c.letter_id).where(
        letter_event.c.client_ref.in_(references)
    )
    return {row.client_ref: row.letter_id for row in connection.execute(query)}


def change(connection: Connection, letter_id: int, values: dict[str, Any]) -> None:
    """Change a letter that is locked."""
    connection.execute(
        update(letter).where(letter.c.id == letter_id).values(**values, version=letter.c.version + 1)
    )


def add_event(
    connection: Connection,
    *,
    letter_id: int,
    reference: UUID,
    kind: str,
    at: datetime,
    user_id: int,
    note: str,
    detail: dict[str, Any],
) -> None:
    """Record what happened to a letter."""
    connection.execute(
        insert(letter_event).values(
            letter_id=letter_id,
            client_ref=reference,
            kind=kind,
            at=at,
            user_id=user_id,
            note=note,
            detail=detail,
        )
    )


_EVENTS: Final = text(
    """
    SELECT e.at, e.kind, e.note, e.detail,
           coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username, '') AS by
      FROM letter_event e LEFT JOIN app_user u ON u.id = e.user_id
     WHERE e.letter_id = :id ORDER BY e.at DESC, e.id DESC
    """
)


def events(connection: Connection, letter_id: int) -> Sequence[AnyRow]:
    """What happened to a letter, the newest first."""
    return connection.execute(_EVENTS, {"id": letter_id}).all()


def keys(connection: Connection) -> Sequence[AnyRow]:
    """Every key that letters were signed with, the newest first."""
    query = select(letter_key.c.key_id, letter_key.c.public_key, letter_key.c.made_at)
    return connection.execute(query.order_by(letter_key.c.made_at.desc(), letter_key.c.key_id)).all()


def add_scan(
    connection: Connection, *, name: str, content_type: str, data: bytes, sha256: bytes, at: datetime, by: int
) -> int:
    """Store a scan; its number."""
    made = insert(attachment).values(
        name=name,
        content_type=content_type,
        size=len(data),
        sha256=sha256,
        data=data,
        created_at=at,
        created_by=by,
    )
    return int(connection.execute(made.returning(attachment.c.id)).scalar_one())


def own_scan(connection: Connection, scan_id: int, user_id: int) -> bool:
    """Whether the scan was uploaded by this user and belongs to no letter yet."""
    taken = select(letter.c.id).where(letter.c.scan_id == attachment.c.id).exists()
    query = select(attachment.c.id).where(
        attachment.c.id == scan_id, attachment.c.created_by == user_id, ~taken
    )
    return connection.execute(query).first() is not None


def scan(connection: Connection, reach: Reach, letter_id: int) -> AnyRow | None:
    """The scan of a letter that this caller sees."""
    query = (
        select(attachment.c.name, attachment.c.content_type, attachment.c.data)
        .join(letter, letter.c.scan_id == attachment.c.id)
        .where(letter.c.id == letter_id, *visible(reach))
    )
    return connection.execute(query).one_or_none()
