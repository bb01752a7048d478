"""Arrivals of feeds, the rows they set aside, and which picture of the bank holds now."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy import text as sql

from vesal_server.intake.queries.staging import scalar

#: Held by whoever takes a feed in: a second intake waits, and then sees what the first one did.
INTAKE_LOCK = 0x5E5A1_FEED


class State(NamedTuple):
    """The picture that holds: the last feed's date and distinct loans, and whether cures wait for the next."""

    as_of: date | None
    distinct_loans: int | None
    cures_wait: bool


def lock(connection: Connection) -> None:
    """Wait for, and hold to the end of the transaction, the right to take a feed in."""
    connection.execute(sql("SELECT pg_advisory_xact_lock(:key)"), {"key": INTAKE_LOCK})


def state(connection: Connection) -> State:
    """The picture that holds now."""
    row = connection.execute(
        sql("SELECT as_of, distinct_loans, cures_wait FROM feed_state WHERE id = 1")
    ).one_or_none()
    return State(None, None, False) if row is None else State(row.as_of, row.distinct_loans, row.cures_wait)


def set_state(
    connection: Connection, as_of: date, arrival_id: int, distinct_loans: int, *, cures_wait: bool
) -> None:
    """Let this arrival's picture hold, and tell lists by `data_version` that it is another."""
    connection.execute(
        sql(
            "INSERT INTO feed_state AS s (id, as_of, arrival_id, distinct_loans, data_version, cures_wait)"
            " VALUES (1, :as_of, :arrival, :loans, 1, :waits) ON CONFLICT (id) DO UPDATE SET as_of = excluded.as_of,"
            " arrival_id = excluded.arrival_id, distinct_loans = excluded.distinct_loans,"
            " cures_wait = excluded.cures_wait, data_version = s.data_version + 1"
        ),
        {"as_of": as_of, "arrival": arrival_id, "loans": distinct_loans, "waits": cures_wait},
    )


def new_id(connection: Connection) -> int:
    """The id of an arrival that is going to be recorded."""
    return scalar(connection, "SELECT nextval('feed_arrival_id_seq')")


class Arrival(NamedTuple):
    """One try to take a feed in, as it is recorded."""

    id: int
    as_of: date | None
    source: str
    form: str
    via: str
    user_id: int | None
    started_at: datetime
    finished_at: datetime
    status: str
    reason_code: str | None = None
    reason: str = ""
    counts: Mapping[str, Any] | None = None
    notes: Sequence[str] = ()
    distinct_loans: int | None = None
    overdue_amount: int | None = None
    forced: bool = False


def record(connection: Connection, arrival: Arrival) -> None:
    """Write an arrival down."""
    values = arrival._asdict() | {
        "counts": None if arrival.counts is None else json.dumps(arrival.counts),
        "notes": json.dumps(list(arrival.notes), ensure_ascii=False),
    }
    connection.execute(
        sql(
            "INSERT INTO feed_arrival (id, as_of, source, form, via, user_id, started_at, finished_at, status,"
            " reason_code, reason, counts, notes, distinct_loans, overdue_amount, forced) VALUES (:id, :as_of, :source,"
            " :form, :via, :user_id, :started_at, :finished_at, :status, :reason_code, :reason,"
            " CAST(:counts AS jsonb), CAST(:notes AS jsonb), :distinct_loans, :overdue_amount, :forced)"
        ),
        values,
    )


def record_set_aside(connection: Connection, arrival_id: int, reasons: Mapping[str, str]) -> None:
    """Keep the rows set aside, in their order, each with its Persian reason (`{value}` is the value as read)."""
    connection.execute(
        sql(
            "INSERT INTO feed_rejected_row (arrival_id, ordinal, file, line, code, reason, key)"
            " SELECT :arrival, row_number() OVER (ORDER BY a.file_no, a.line),"
            " (ARRAY['customers.csv', 'facilities.csv', 'guarantors.csv'])[a.file_no], a.line, a.code,"
            " replace(r.value, '{value}', left(a.value, 200)), left(a.key, 200)"
            " FROM set_aside a JOIN jsonb_each_text(CAST(:reasons AS jsonb)) AS r ON r.key = a.code"
        ),
        {"arrival": arrival_id, "reasons": json.dumps(dict(reasons), ensure_ascii=False)},
    )


def set_aside_counts(connection: Connection) -> dict[str, int]:
    """The number of rows set aside of each file; files without any are left out."""
    rows = connection.execute(sql("SELECT file_no, count(*) AS n FROM set_aside GROUP BY file_no"))
    names = {1: "customers.csv", 2: "facilities.csv", 3: "guarantors.csv"}
    return {names[row.file_no]: row.n for row in rows}


def first_set_aside(
    connection: Connection, arrival_id: int, limit: int
) -> list[tuple[str, int, str, str, str]]:
    """File, line, code, reason, and key of the first rows that an arrival set aside."""
    rows = connection.execute(
        sql(
            "SELECT file, line, code, reason, key FROM feed_rejected_row WHERE arrival_id = :arrival"
            " ORDER BY ordinal LIMIT :limit"
        ),
        {"arrival": arrival_id, "limit": limit},
    )
    return [(row.file, row.line, row.code, row.reason, row.key) for row in rows]
