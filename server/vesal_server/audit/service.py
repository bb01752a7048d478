"""Writing down who did what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vesal_server.audit import queries
from vesal_server.kit.db import Connection
from vesal_server.scope import Caller

#: What stands for a value that nobody may read again.
HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a user, or the service itself (a command, the timetable) by its name."""

    user_id: int | None
    name: str

    @classmethod
    def of(cls, caller: Caller) -> "Actor":
        """The user of a request."""
        return cls(caller.user_id, caller.username)


#: The command line and the timetable.
SYSTEM = Actor(None, "vesal-server")


def record(
    connection: Connection,
    actor: Actor,
    at: datetime,
    action: str,
    entity: str,
    entity_id: str,
    *,
    branch_code: str | None = None,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
) -> None:
    """Add one row to the caller's transaction: it stands if and only if the change does.

    `action` is a verb (create, change, delete, login, import …), `entity` a table's name. Bulk work writes
    one row with its counts in `new`. Where both `old` and `new` are given, only what differs is kept. Secrets
    never come here; a changed secret is written as `HIDDEN`.
    """
    if old is not None and new is not None:
        changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        old = {name: old.get(name) for name in changed}
        new = {name: new.get(name) for name in changed}
    queries.add(
        connection,
        at=at,
        user_id=actor.user_id,
        username=actor.name,
        action=action,
        entity=entity,
        entity_id=entity_id,
        branch_code=branch_code,
        old=dict(old) if old is not None else None,
        new=dict(new) if new is not None else None,
    )
