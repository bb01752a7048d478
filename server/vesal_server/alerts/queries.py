"""The alerts' SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, literal_column, null, select, update
from sqlalchemy.dialects.postgresql import insert

from vesal_server.tables.system import alert


def put(
    connection: Connection, at: datetime, kind: str, key: str, severity: str, title: str, detail: str
) -> bool:
    """Add an open alert or count the open one up; true where it was added."""
    body = {"text": detail} if detail else null()
    made = insert(alert).values(
        kind=kind, key=key, severity=severity, title=title, detail=body, raised_at=at, last_at=at
    )
    made = made.on_conflict_do_update(
        index_elements=[alert.c.kind, alert.c.key],
        index_where=alert.c.resolved_at.is_(None),
        set_={
            "count": alert.c["count"] + 1,
            "last_at": at,
            "title": title,
            "detail": made.excluded.detail,
            "severity": severity,
        },
    )
    # A row that was inserted has no earlier version: its xmax is 0.
    return bool(connection.execute(made.returning(literal_column("(alert.xmax = 0)"))).scalar_one())


def close(connection: Connection, at: datetime, kind: str, key: str | None) -> int:
    """Resolve open alerts; says how many."""
    change = update(alert).where(alert.c.kind == kind, alert.c.resolved_at.is_(None)).values(resolved_at=at)
    if key is not None:
        change = change.where(alert.c.key == key)
    return connection.execute(change).rowcount


def newest(connection: Connection, kinds: Sequence[str], *, resolved: bool, limit: int) -> Sequence[Row[Any]]:
    """Alerts of these kinds, open ones first, then the newest."""
    query = select(alert, alert.c["count"].label("times")).where(alert.c.kind.in_(kinds))
    if not resolved:
        query = query.where(alert.c.resolved_at.is_(None))
    order = (alert.c.resolved_at.is_not(None), alert.c.last_at.desc(), alert.c.id.desc())
    return connection.execute(query.order_by(*order).limit(limit)).all()


def count_open(connection: Connection, kinds: Sequence[str]) -> int:
    """How many alerts of these kinds are open."""
    query = select(func.count()).where(alert.c.kind.in_(kinds), alert.c.resolved_at.is_(None))
    return int(connection.execute(query).scalar_one())
