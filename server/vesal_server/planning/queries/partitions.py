"""The daily partitions of `notification`: made before a day's first row, one a day, no default."""

from datetime import date, timedelta

from sqlalchemy import Connection, text


def name(day: date) -> str:
    """The table that holds a day's notifications."""
    return f"notification_{day:%Y%m%d}"


def exists(connection: Connection, day: date) -> bool:
    """Whether a day's partition is there."""
    found = connection.execute(text("SELECT to_regclass(:name)"), {"name": name(day)}).scalar_one()
    return found is not None


def ensure(connection: Connection, day: date) -> bool:
    """Make a day's partition where it is missing; says whether it was."""
    if exists(connection, day):
        return False
    prepare(connection, day)
    attach(connection, day)
    return True


def prepare(connection: Connection, day: date) -> None:
    """Make the table of a day apart, without indexes, to be filled and then attached.

    The caller holds the plan lock, or is alone.
    """
    # The check spares attaching the look at every row; the identity stays the parent's alone.
    connection.execute(
        text(
            f"CREATE TABLE {name(day)} (LIKE notification INCLUDING DEFAULTS INCLUDING CONSTRAINTS "
            f"INCLUDING STORAGE, CONSTRAINT day CHECK (day >= {_literal(day)} AND day < {_literal(_after(day))}))"
        )
    )


def attach(connection: Connection, day: date) -> None:
    """Make a prepared table the day's partition; its indexes are built now, at once, from what it holds.

    Building an index over half a million rows takes a fraction of what adding them row by row does. Attaching
    takes a lock which lets everybody read and write the other days meanwhile, where CREATE TABLE … PARTITION OF
    would make dispatch wait until the transaction ends.
    """
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    bounds = f"FROM ({_literal(day)}) TO ({_literal(_after(day))})"
    connection.execute(text(f"ALTER TABLE notification ATTACH PARTITION {name(day)} FOR VALUES {bounds}"))
    connection.execute(text(f"ALTER TABLE {name(day)} DROP CONSTRAINT day"))
    # Dispatch works on it from the first second on, long before autovacuum has looked at it.
    connection.execute(text(f"ANALYZE {name(day)}"))


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _literal(day: date) -> str:
    return f"DATE '{day.isoformat()}'"
