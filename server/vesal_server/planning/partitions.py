"""The daily partitions of `notification`: made before a day's first row, one a day, no default."""

from datetime import date

from sqlalchemy import Connection, text


def name(day: date) -> str:
    """The table that holds a day's notifications."""
    return f"notification_{day:%Y%m%d}"


def exists(connection: Connection, day: date) -> bool:
    """Whether a day's partition is there."""
    found = connection.execute(text("SELECT to_regclass(:name)"), {"name": name(day)}).scalar_one()
    return found is not None


def ensure(connection: Connection, day: date) -> bool:
    """Make a day's partition where it is missing; says whether it was.

    The table is made apart and then attached: that takes a lock which lets everybody read and write the other
    days meanwhile, where CREATE TABLE … PARTITION OF would make dispatch wait until the day is planned. The
    caller holds the plan lock, or is alone.
    """
    if exists(connection, day):
        return False
    table = name(day)
    connection.execute(
        text(
            # Defaults, checks and indexes as the parent has them; the identity stays the parent's alone.
            f"CREATE TABLE {table} (LIKE notification INCLUDING DEFAULTS INCLUDING CONSTRAINTS "
            "INCLUDING INDEXES INCLUDING STORAGE)"
        )
    )
    connection.execute(
        text(
            f"ALTER TABLE notification ATTACH PARTITION {table} "
            f"FOR VALUES FROM ('{day.isoformat()}') TO ('{date.fromordinal(day.toordinal() + 1).isoformat()}')"
        )
    )
    return True
