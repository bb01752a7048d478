"""Connections and transactions: who starts the work opens the one transaction; nobody below commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeAlias, cast

import psycopg
from sqlalchemy import URL, Connection, Row, create_engine, event, make_url
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import NullPool, QueuePool

from vesal_shared import problems
from vesal_shared.problems import Refusal

#: `Connection` too, so that services name it without knowing SQLAlchemy.
__all__ = [
    "AnyRow",
    "Connection",
    "Database",
    "plain_url",
    "raw",
    "set_statement_timeout",
    "unavailable",
    "violated",
]

#: A row of any columns.
AnyRow: TypeAlias = Row[*tuple[Any, ...]]

#: Seconds after which a caller who was turned away may try again.
_RETRY_AFTER_S = 2


class Database:
    """One process's pool of connections to PostgreSQL."""

    def __init__(
        self,
        url: URL | str,
        *,
        pool_size: int = 5,
        pool_timeout_s: float = 5,
        statement_timeout_s: float = 0,
        lock_timeout_s: float = 0,
        application_name: str = "vesal",
    ) -> None:
        """Make the pool; nothing is connected before the first transaction.

        `pool_size` is as many as the process has threads that work on the database: there is no overflow,
        and who waits longer than `pool_timeout_s` is refused. 0 switches a time-out off.
        """
        self.url = plain_url(url)
        options = {
            "timezone": "UTC",
            "statement_timeout": f"{round(statement_timeout_s * 1000)}",
            "lock_timeout": f"{round(lock_timeout_s * 1000)}",
        }
        self._engine = create_engine(
            self.url,
            poolclass=QueuePool,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=pool_timeout_s,
            # A restarted PostgreSQL costs a ping, not somebody's request.
            pool_pre_ping=True,
            connect_args={"application_name": application_name, "connect_timeout": 10},
        )

        @event.listens_for(self._engine, "connect")
        def set_up(connection: Any, _record: object) -> None:
            # Not by `options` of the connection: a pooler between would refuse that.
            with connection.cursor() as cursor:
                for name, value in options.items():
                    cursor.execute("SELECT set_config(%s, %s, false)", (name, value))
            connection.commit()

    def __enter__(self) -> Self:
        """Close the pool at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every connection."""
        self.close()

    def close(self) -> None:
        """Close every connection; the object can be used again."""
        self._engine.dispose()

    @contextmanager
    def transaction(
        self, *, read_only: bool = False, repeatable: bool = False, statement_timeout_s: float | None = None
    ) -> Iterator[Connection]:
        """A connection in a transaction: committed at the end of the block, rolled back by an exception.

        `repeatable` gives the whole block one snapshot. Raises Refusal `busy` where no connection
        comes free in time, and `unavailable` where PostgreSQL can't be reached.
        """
        connection = self._connect()
        try:
            # Both go into BEGIN itself, which costs no message of its own.
            if repeatable:
                connection.execution_options(isolation_level="REPEATABLE READ")
            if read_only:
                connection.execution_options(postgresql_readonly=True)
            with connection.begin():
                if statement_timeout_s is not None:
                    set_statement_timeout(connection, statement_timeout_s)
                yield connection
        finally:
            connection.close()

    @contextmanager
    def autocommit(self) -> Iterator[Connection]:
        """A connection without a transaction, for what PostgreSQL allows in none (VACUUM, say)."""
        connection = self._connect()
        try:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")
        finally:
            connection.close()

    @contextmanager
    def own_session(self) -> Iterator[Connection]:
        """A session outside the pool, in autocommit, for whose life its locks stand; closed at the end.

        It is never repaired or handed to somebody else: when it breaks, what it held is free.
        """
        engine = create_engine(
            self.url,
            poolclass=NullPool,
            connect_args={"application_name": "vesal-worker", "connect_timeout": 10},
            isolation_level="AUTOCOMMIT",
        )
        try:
            connection = engine.connect()
        except OperationalError as error:
            raise Refusal(problems.UNAVAILABLE, retry_after=_RETRY_AFTER_S) from error
        try:
            connection.execute(sql("SET timezone TO 'UTC'"))
            yield connection
        finally:
            connection.close()
            engine.dispose()

    def _connect(self) -> Connection:
        try:
            return self._engine.connect()
        except PoolTimeoutError as error:
            raise Refusal(problems.BUSY, retry_after=_RETRY_AFTER_S) from error
        except OperationalError as error:
            raise Refusal(problems.UNAVAILABLE, retry_after=_RETRY_AFTER_S) from error


def plain_url(url: URL | str) -> URL:
    """A bank's URL in any usual spelling (`postgres://…`) with the driver that is installed."""
    made = make_url(url)
    if made.get_backend_name() in {"postgresql", "postgres"}:
        return made.set(drivername="postgresql+psycopg")
    return made


def raw(connection: Connection) -> "psycopg.Connection[Any]":
    """The psycopg connection below, in the same transaction: for COPY."""
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def set_statement_timeout(connection: Connection, seconds: float) -> None:
    """Give the rest of this transaction another time limit a statement; 0 means none."""
    connection.execute(
        sql("SELECT set_config('statement_timeout', :ms, true)"), {"ms": str(round(seconds * 1000))}
    )


def violated(error: IntegrityError) -> str | None:
    """The name of the constraint that a statement violated: what must hold is written there, not in code."""
    return error.orig.diag.constraint_name if isinstance(error.orig, psycopg.Error) else None


def unavailable(error: DBAPIError) -> bool:
    """Whether PostgreSQL went away or is coming up, rather than disliking the statement."""
    own = psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable
    went = isinstance(error.orig, psycopg.OperationalError) and not isinstance(error.orig, own)
    return error.connection_invalidated or went
