"""The catalogues' SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Table, bindparam, insert, select, update

from vesal_server.catalogs.kinds import Kind
from vesal_server.tables import metadata
from vesal_server.tables.catalogs import contact_result, contact_status, holiday


def _table(kind: Kind) -> Table:
    return metadata.tables[kind.table]


def stored(connection: Connection, kind: Kind) -> dict[tuple[Any, ...], dict[str, Any]]:
    """All rows by their key."""
    table = _table(kind)
    names = [column.name for column in kind.columns]
    rows = connection.execute(select(*(table.c[name] for name in names)))
    found = (dict(zip(names, row, strict=True)) for row in rows)
    return {tuple(row[name] for name in kind.key): row for row in found}


def all_rows(connection: Connection, kind: Kind) -> Sequence[Row[Any]]:
    """All rows with the columns of the file, in the order of the key (whole country before provinces)."""
    table = _table(kind)
    order = [table.c[name].asc().nulls_first() for name in kind.key]
    return connection.execute(
        select(*(table.c[column.name] for column in kind.columns)).order_by(*order)
    ).all()


def codes(connection: Connection, table: str) -> set[str]:
    """The codes of a catalogue."""
    return set(connection.execute(select(metadata.tables[table].c.code)).scalars())


def put(
    connection: Connection, kind: Kind, fresh: Sequence[dict[str, Any]], changed: Sequence[dict[str, Any]]
) -> None:
    """Add new rows and replace others by their key."""
    table = _table(kind)
    if fresh:
        connection.execute(insert(table), list(fresh))
    if not changed:
        return
    values: dict[str, BindParameter[Any]] = {
        name: bindparam(f"v_{name}") for name in changed[0] if name not in kind.key
    }
    if "estimated" in table.c:
        # Somebody has said what the date is: it is no estimate any more.
        values["estimated"] = bindparam("v_estimated", value=False)
    change = update(table).values(**values, version=table.c.version + 1)
    for name in kind.key:
        change = change.where(table.c[name].is_not_distinct_from(bindparam(f"k_{name}")))
    connection.execute(
        change,
        [
            {f"k_{name}" if name in kind.key else f"v_{name}": value for name, value in row.items()}
            | ({"v_estimated": False} if "estimated" in table.c else {})
            for row in changed
        ],
    )


def any_holiday(connection: Connection) -> bool:
    """Whether there is any holiday."""
    return connection.execute(select(holiday.c.id).limit(1)).first() is not None


def add_holidays(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add holidays of the whole country."""
    connection.execute(insert(holiday), list(rows))


def seed_contacts(
    connection: Connection, statuses: Sequence[tuple[str, str]], results: Sequence[tuple[str, str]]
) -> int:
    """Fill the follow-up catalogues where they are empty; says how many rows were added."""
    added = 0
    for table, rows in ((contact_status, statuses), (contact_result, results)):
        if connection.execute(select(table.c.id).limit(1)).first() is None:
            made = [
                {"code": code, "title": title, "ordinal": ordinal}
                for ordinal, (code, title) in enumerate(rows, 1)
            ]
            connection.execute(insert(table), made)
            added += len(made)
    return added
