"""A day's plan as a CSV file."""

from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from vesal_server.kit.db import raw
from vesal_server.planning.queries import plan as queries


def write_csv(connection: Connection, day: date, path: Path) -> None:
    """Write every notification of a day, in any order, as UTF-8 CSV with a header; OSError as open() raises it.

    Columns: workflow, loan_no, channel, recipient, person_customer_no, repeat, due_at, status, reason.
    """
    with path.open("wb") as file, raw(connection).cursor() as cursor:
        statement = f"COPY ({queries.export(day)}) TO STDOUT WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')"
        with cursor.copy(statement.encode()) as copy:
            for block in copy:
                file.write(block)
