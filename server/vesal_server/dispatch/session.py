"""A worker's own database session: its life is the proof that the worker lives."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from vesal_server.kit.db import Database

_PREFIX = "dispatch:"


@contextmanager
def worker_session(database: Database) -> Iterator[tuple[Connection, str]]:
    """(connection, owner): a session of its own, in autocommit, that holds a lock on its random number.

    Whoever finds the lock gone knows that this session can send nothing more: every send is preceded by a
    check on this very connection. A session that broke is never repaired; the worker takes a new one.
    """
    number = secrets.randbits(62)
    with database.own_session() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": number})
        # Shorter than the database's deadlock_timeout: see `queries._run`.
        connection.execute(text("SET lock_timeout = '300ms'"))
        yield connection, f"{_PREFIX}{number}"


def lock_number(owner: str) -> int | None:
    """The number of the lock that an owner's session holds while it lives; None for a foreign spelling."""
    number = owner.removeprefix(_PREFIX)
    return int(number) if owner.startswith(_PREFIX) and number.isdigit() else None
