"""How a worker executes a statement: it gives way to whoever locks many messages at once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult, TextClause
from sqlalchemy.exc import OperationalError

#: How often a statement is tried that another's lock keeps waiting; each try waits as long as the session does.
_PATIENCE = 400
#: lock_not_available, deadlock_detected
_IN_THE_WAY = {"55P03", "40P01"}


def run(
    session: Connection, statement: TextClause, values: Mapping[str, Any] | None = None
) -> "CursorResult[Any]":
    """Execute, giving way to transactions that lock many messages (a cure, a change of a workflow).

    A worker's session waits only shortly for a lock, so that of a deadlock it is always the worker's one
    statement that is broken off and tried again, never the other's whole transaction.
    """
    for _ in range(_PATIENCE):
        try:
            return session.execute(statement, values or {})
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in _IN_THE_WAY:
                raise
    return session.execute(statement, values or {})
