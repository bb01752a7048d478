"""The workflows' SQL."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.range import Range
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from vesal_server.tables.catalogs import branch, loan_type
from vesal_server.tables.workflows import audio_file, template, workflow, workflow_branch, workflow_range
from vesal_server.workflows.model import (
    Kind,
    NotificationWorkflow,
    Template,
    VesalWorkflow,
    Workflow,
    canonical,
    kind_of,
    plain_part,
)
from vesal_shared.merge_fields import Part


@dataclass(frozen=True, slots=True)
class Stored:
    """A workflow as it stands in the database."""

    id: int
    kind: Kind
    workflow: Workflow


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two enabled workflows that both claim a loan type on the same days."""

    id: int
    title: str
    days: tuple[int, int]
    other_id: int
    other_title: str
    other_days: tuple[int, int]
    loan_type: str


def stored(connection: Connection, ids: Collection[int] | None = None) -> list[Stored]:
    """All workflows, or these, by kind and title."""
    chosen = select(workflow).order_by(workflow.c.kind, workflow.c.title_key)
    if ids is not None:
        chosen = chosen.where(workflow.c.id.in_(ids))
    rows = connection.execute(chosen).all()
    types = _grouped(connection, workflow_range.c.workflow_id, workflow_range.c.loan_type_code)
    branches = _grouped(connection, workflow_branch.c.workflow_id, workflow_branch.c.branch_code)
    templates = _templates(connection)
    return [
        Stored(row.id, row.kind, _workflow(row, types.get(row.id, []), branches, templates)) for row in rows
    ]


def _grouped(connection: Connection, key: Any, value: Any) -> dict[int, list[str]]:
    rows = connection.execute(select(key, func.array_agg(value)).group_by(key))
    return {row[0]: row[1] for row in rows}


def _templates(connection: Connection) -> dict[int, list[Template]]:
    made: dict[int, list[Template]] = {}
    for row in connection.execute(select(template)):
        parts = tuple(Part(text=p.get("text", ""), field=p.get("field", "")) for p in row.parts or ())
        made.setdefault(row.workflow_id, []).append(
            Template(row.channel, row.recipient, parts, row.audio or "", row.subject)
        )
    return made


def _workflow(
    row: Row[Any],
    types: Sequence[str],
    branches: Mapping[int, Sequence[str]],
    templates: Mapping[int, Sequence[Template]],
) -> Workflow:
    common: dict[str, Any] = {
        "title": row.title,
        "loan_types": tuple(types),
        "days_from": row.days_from,
        "days_to": row.days_to,
        "min_amount": row.min_amount,
        "branches": None if row.all_branches else tuple(branches.get(row.id, ())),
        "enabled": row.enabled,
    }
    if row.kind == "vesal":
        return canonical(
            VesalWorkflow(**common, follow_up=row.follow_up, within_days=row.within_days, sharing=row.sharing)
        )
    return canonical(
        NotificationWorkflow(
            **common,
            channels=tuple(row.channels),
            recipients=tuple(row.recipients),
            per_day=row.per_day,
            start=row.start,
            repeat_minutes=row.repeat_minutes,
            every_days=row.every_days,
            after_stage_days=row.after_stage_days,
            templates=tuple(templates.get(row.id, ())),
        )
    )


def put(connection: Connection, id_: int | None, made: Workflow, at: datetime) -> int:
    """Store a workflow, in place of `id_` or as a new one, with its ranges, branches and templates."""
    row = _row(made, at)
    if id_ is None:
        id_ = connection.execute(insert(workflow).values(**row).returning(workflow.c.id)).scalar_one()
    else:
        row["version"] = workflow.c.version + 1
        connection.execute(update(workflow).where(workflow.c.id == id_).values(**row))
        for table in (workflow_range, workflow_branch, template):
            connection.execute(delete(table).where(table.c.workflow_id == id_))
    days = Range(made.days_from, made.days_to, "[]")
    _add(
        connection,
        workflow_range,
        [
            {
                "workflow_id": id_,
                "loan_type_code": code,
                "kind": kind_of(made),
                "days": days,
                "enabled": made.enabled,
            }
            for code in made.loan_types
        ],
    )
    _add(
        connection,
        workflow_branch,
        [{"workflow_id": id_, "branch_code": code} for code in made.branches or ()],
    )
    if isinstance(made, NotificationWorkflow):
        _add(
            connection,
            template,
            [
                {
                    "workflow_id": id_,
                    "channel": one.channel,
                    "recipient": one.recipient,
                    "subject": one.subject,
                    "parts": None if one.channel == "call" else [plain_part(part) for part in one.parts],
                    "audio": one.audio or None,
                }
                for one in made.templates
            ],
        )
    return int(id_)


def _row(made: Workflow, at: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kind": kind_of(made),
        "title": made.title,
        "title_key": made.title,
        "days_from": made.days_from,
        "days_to": made.days_to,
        "min_amount": made.min_amount,
        "all_branches": made.branches is None,
        "enabled": made.enabled,
        "updated_at": at,
    }
    if isinstance(made, NotificationWorkflow):
        row |= {
            "channels": list(made.channels),
            "recipients": list(made.recipients),
            "per_day": made.per_day,
            "start": made.start,
            "repeat_minutes": made.repeat_minutes,
            "every_days": made.every_days,
            "after_stage_days": made.after_stage_days,
        }
    elif isinstance(made, VesalWorkflow):
        row |= {"follow_up": made.follow_up, "within_days": made.within_days, "sharing": made.sharing}
    return row


def _add(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def set_enabled(connection: Connection, id_: int, at: datetime, *, enabled: bool) -> None:
    """Switch a workflow on or off."""
    connection.execute(
        update(workflow)
        .where(workflow.c.id == id_)
        .values(enabled=enabled, updated_at=at, version=workflow.c.version + 1)
    )
    connection.execute(
        update(workflow_range).where(workflow_range.c.workflow_id == id_).values(enabled=enabled)
    )


def remove(connection: Connection, id_: int) -> None:
    """Delete a workflow; its ranges, branches and templates go with it."""
    connection.execute(delete(workflow).where(workflow.c.id == id_))


def has_history(connection: Connection, id_: int) -> bool:
    """Whether anything was ever planned, issued or marked by a workflow."""
    query = text(
        """
        SELECT EXISTS (SELECT FROM letter WHERE workflow_id = :id)
            OR EXISTS (SELECT FROM staff_mark WHERE workflow_id = :id)
            OR EXISTS (SELECT FROM notification WHERE workflow_id = :id)
        """
    )
    return bool(connection.execute(query, {"id": id_}).scalar_one())


def overlaps(connection: Connection, ids: Iterable[int]) -> Overlap | None:
    """The first overlap between enabled workflows of a kind in which one of these takes part."""
    query = text(
        """
        SELECT w.id, w.title, w.days_from, w.days_to,
            o.id AS other_id, o.title AS other_title, o.days_from AS other_from, o.days_to AS other_to,
            r.loan_type_code
        FROM workflow_range AS r
            JOIN workflow_range AS s ON s.kind = r.kind AND s.loan_type_code = r.loan_type_code
                AND s.days && r.days AND s.workflow_id <> r.workflow_id AND s.enabled
            JOIN workflow AS w ON w.id = r.workflow_id
            JOIN workflow AS o ON o.id = s.workflow_id
        WHERE r.enabled AND r.workflow_id IN :ids
        ORDER BY w.title_key, o.title_key, r.loan_type_code
        LIMIT 1
        """
    ).bindparams(bindparam("ids", expanding=True))
    row = connection.execute(query, {"ids": list(ids)}).one_or_none()
    if row is None:
        return None
    return Overlap(
        row.id,
        row.title,
        (row.days_from, row.days_to),
        row.other_id,
        row.other_title,
        (row.other_from, row.other_to),
        row.loan_type_code,
    )


def check_overlaps_now(connection: Connection) -> None:
    """Let the database judge the exclusion constraint at once; IntegrityError where it is violated."""
    connection.execute(text("SET CONSTRAINTS ex_workflow_range_overlap IMMEDIATE"))
    connection.execute(text("SET CONSTRAINTS ex_workflow_range_overlap DEFERRED"))


def known_loan_types(connection: Connection, *, active: bool = False) -> set[str]:
    """The codes of the loan types in the catalogue, or only of the active ones."""
    query = select(loan_type.c.code)
    return set(connection.execute(query.where(loan_type.c.active) if active else query).scalars())


def known_branches(connection: Connection) -> set[str]:
    """The codes of all branches."""
    return set(connection.execute(select(branch.c.code)).scalars())


def known_audio(connection: Connection) -> set[str]:
    """The titles of the audio files."""
    return set(connection.execute(select(audio_file.c.title)).scalars())


def add_audio(connection: Connection, title: str, seconds: int, attachment_id: int, at: datetime) -> None:
    """Store an audio file's title; one that is there stays."""
    made = upsert(audio_file).values(title=title, seconds=seconds, attachment_id=attachment_id, created_at=at)
    connection.execute(made.on_conflict_do_nothing(index_elements=[audio_file.c.title]))
