"""The settings' SQL."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Row, delete, func, null, select, text
from sqlalchemy.dialects.postgresql import insert

from vesal_server.tables.system import setting


def values(connection: Connection) -> Mapping[str, Any]:
    """Every stored value that is no secret, by key."""
    rows = connection.execute(select(setting.c.key, setting.c.value).where(setting.c.secret.is_(None)))
    return {row.key: row.value for row in rows}


def stamp(connection: Connection) -> tuple[int, datetime | None]:
    """How many settings are stored and when one was last changed: the same as long as none is changed."""
    counted, latest = connection.execute(select(func.count(), func.max(setting.c.updated_at))).one()
    return int(counted), latest


def held_secrets(connection: Connection) -> set[str]:
    """The keys of the secrets that are set."""
    return set(connection.execute(select(setting.c.key).where(setting.c.secret.is_not(None))).scalars())


def secret(connection: Connection, key: str) -> bytes | None:
    """A secret as it is stored, encrypted."""
    return connection.execute(select(setting.c.secret).where(setting.c.key == key)).scalar_one_or_none()


def put(connection: Connection, key: str, value: Any, at: datetime, by: int | None) -> None:
    """Store a value; None becomes the JSON null, since it may differ from the default."""
    row = {"value": value, "updated_at": at, "updated_by": by}
    made = insert(setting).values(key=key, **row)
    connection.execute(made.on_conflict_do_update(index_elements=[setting.c.key], set_=row))


def put_secret(connection: Connection, key: str, sealed: bytes | None, at: datetime, by: int | None) -> None:
    """Store an encrypted secret, or take it away."""
    if sealed is None:
        connection.execute(delete(setting).where(setting.c.key == key))
        return
    row = {"value": null(), "secret": sealed, "updated_at": at, "updated_by": by}
    made = insert(setting).values(key=key, **row)
    connection.execute(made.on_conflict_do_update(index_elements=[setting.c.key], set_=row))


def workflow_outside(connection: Connection, start: time, end: time) -> Row[Any] | None:
    """An enabled notification workflow whose first or last repeat falls outside `start` ≤ … < `end`."""
    query = text(
        """
        SELECT title, to_char(start, 'HH24:MI') AS first, to_char(start + ends, 'HH24:MI') AS last
        FROM (
            SELECT title, start, make_interval(mins => (per_day - 1) * coalesce(repeat_minutes, 0)) AS ends
            FROM workflow WHERE kind = 'notification' AND enabled
        ) AS enabled
        WHERE start < :start OR start - time '00:00' + ends >= :end - time '00:00'
        ORDER BY title LIMIT 1
        """
    )
    return connection.execute(query, {"start": start, "end": end}).one_or_none()
