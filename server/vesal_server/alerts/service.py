"""Raising, resolving and listing alerts."""

from collections.abc import Mapping
from datetime import datetime

from vesal_server.alerts import queries
from vesal_server.alerts.kinds import KINDS
from vesal_server.kit.db import Connection
from vesal_server.scope import Caller
from vesal_shared.messages.alerts import Alert


def raise_alert(
    connection: Connection,
    at: datetime,
    kind: str,
    *,
    key: str = "",
    params: Mapping[str, object] | None = None,
    detail: str = "",
) -> bool:
    """Raise an alert of a declared kind; one that is open already under the same key is counted up.

    `params` fill the kind's sentence. Says whether it is new.
    """
    declared = KINDS[kind]
    title = declared.title.format_map({name: str(value) for name, value in (params or {}).items()})
    return queries.put(connection, at, kind, key, declared.severity, title, detail)


def resolve(connection: Connection, at: datetime, kind: str, *, key: str | None = None) -> int:
    """Close the open alerts of a kind (one key's, or all); says how many there were."""
    return queries.close(connection, at, kind, key)


def visible(
    connection: Connection, caller: Caller, *, resolved: bool = False, limit: int = 50
) -> list[Alert]:
    """The alerts whose page the caller has bank-wide, the newest first; closed ones only where asked for."""
    rows = queries.newest(connection, _kinds_of(caller), resolved=resolved, limit=limit)
    return [
        Alert(
            id=row.id,
            kind=row.kind,
            severity=row.severity,
            title=row.title,
            detail=(row.detail or {}).get("text", ""),
            page=KINDS[row.kind].page,
            count=row.times,
            raised_at=row.raised_at,
            last_at=row.last_at,
            resolved_at=row.resolved_at,
        )
        for row in rows
    ]


def count_open(connection: Connection, caller: Caller) -> int:
    """How many alerts are open for the caller."""
    return queries.count_open(connection, _kinds_of(caller))


def _kinds_of(caller: Caller) -> list[str]:
    return [kind.code for kind in KINDS.values() if caller.scope_on(kind.page) == "bank"]
