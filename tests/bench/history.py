"""The same day's planning with and without years of old notifications: growth must not reach it."""

import sys
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median

from sqlalchemy import Connection, text

from tests.bench.planning_data import PER_FACILITY, fill
from tests.measure import Report, seconds
from tests.stand import Stand, stand
from vesal_server.kit.clock import tehran_instant
from vesal_server.kit.db import Database
from vesal_server.planning import service
from vesal_server.planning.queries import partitions

AS_OF = date(2026, 11, 24)
DAY = AS_OF + timedelta(days=1)
RUNS = 5


def main(arguments: Sequence[str] = ()) -> int:
    """Run the bench; `--small` for the test suite, `--full` for ten times the history."""
    small, full = "--small" in arguments, "--full" in arguments
    rows, old, days = (2_000, 4_000, 4) if small else (100_000, 50_000_000 if full else 5_000_000, 500)
    report = Report("history")
    with stand() as made, made.database() as young, made.database() as aged:
        for database in (young, aged):
            _fill(database, rows)
        _add_history(aged, old, days)
        run(report, made, young, aged, old=old, runs=1 if small else RUNS)
    return report.end()


def run(report: Report, made: Stand, young: Database, aged: Database, *, old: int, runs: int) -> None:
    """Plan a day and plan it again, by turns without and with history; and see which partitions that touched."""
    first: dict[Database, list[float]] = {young: [], aged: []}
    again: dict[Database, list[float]] = {young: [], aged: []}
    rows, touched = 0, 0
    for _ in range(runs):
        for database in (young, aged):
            first[database].append(seconds(lambda one=database: _plan(one, made)))  # type: ignore[misc]
            again[database].append(seconds(lambda one=database: _plan(one, made)))  # type: ignore[misc]
        rows, touched = _look(aged, made)
        for database in (young, aged):
            _forget(database)
    for case, times in (("plan", first), ("again", again)):
        ratio = median(times[aged]) / median(times[young])
        report.add(
            case,
            held=ratio <= 1.2,
            must="≤ 1.2 × without history",
            ratio=ratio,
            rows=rows,
            old_rows=old,
            seconds=median(times[aged]),
            seconds_without=median(times[young]),
        )
    report.add("partitions", held=touched == 1, must="the plan touches one", touched=touched)


def _fill(database: Database, rows: int) -> None:
    now = tehran_instant(AS_OF)
    with database.transaction(statement_timeout_s=0) as connection:
        fill(connection, facilities=round(rows / PER_FACILITY), workflow_count=20, as_of=AS_OF, now=now)


def _add_history(database: Database, rows: int, days: int) -> None:
    """Sent messages about the same facilities on the days before, each in its partition."""
    for back in range(1, days + 1):
        with database.transaction(statement_timeout_s=0) as connection:
            day = AS_OF - timedelta(days=back)
            partitions.prepare(connection, day)
            connection.execute(
                text(_OLD.format(table=partitions.name(day))), {"day": day, "rows": rows // days}
            )
            partitions.attach(connection, day)
    with database.autocommit() as connection:
        connection.execute(text("ANALYZE notification"))
        connection.execute(text("CHECKPOINT"))


#: Row n is about the n-th facility; where there are more rows than facilities, they are its further repeats.
_OLD = """
    WITH placed AS MATERIALIZED (
        SELECT id, episode_id, customer_id, branch_code, row_number() OVER (ORDER BY id) - 1 AS place FROM facility
    ), wanted AS MATERIALIZED (
        SELECT n, (n - 1) % facilities AS place, (n - 1) / facilities AS repeat
        FROM generate_series(1, CAST(:rows AS integer)) AS n, (SELECT count(*) AS facilities FROM facility) AS all_of_them
    ), sequence AS MATERIALIZED (
        SELECT CAST(pg_get_serial_sequence('notification', 'id') AS regclass) AS name
    )
    INSERT INTO {table} (id, day, facility_id, episode_id, workflow_id, channel, role, person_id, customer_id,
        repeat, branch_code, due_at, status, reference, address, text)
    SELECT nextval(sequence.name), CAST(:day AS date), f.id, f.episode_id, 1, 'sms', 'borrower', f.customer_id,
        f.customer_id, wanted.repeat, f.branch_code, CAST(:day AS timestamp) AT TIME ZONE 'Asia/Tehran',
        'delivered', (floor(random() * 2147483648)::bigint << 32) | n, '09120000000', 'متن پیام'
    FROM sequence, wanted JOIN placed AS f ON f.place = wanted.place
"""


def _plan(database: Database, made: Stand) -> None:
    with database.transaction(statement_timeout_s=0) as connection:
        service.plan(connection, DAY, now=tehran_instant(AS_OF), secrets=made.secrets)


def _look(database: Database, made: Stand) -> tuple[int, int]:
    """How many rows the day has, and on how many partitions planning it again took a lock."""
    with database.transaction(statement_timeout_s=0) as connection:
        service.plan(connection, DAY, now=tehran_instant(AS_OF), secrets=made.secrets)
        return _rows(connection), int(connection.execute(text(_LOCKED)).scalar_one())


def _rows(connection: Connection) -> int:
    return int(connection.execute(text(f"SELECT count(*) FROM {partitions.name(DAY)}")).scalar_one())


_LOCKED = """
    SELECT count(DISTINCT c.oid) FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation
    WHERE l.pid = pg_backend_pid() AND c.relkind = 'r' AND c.relispartition AND c.relname LIKE 'notification_%'
"""


def _forget(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(text(f"DROP TABLE IF EXISTS {partitions.name(DAY)}"))
        connection.execute(text("DELETE FROM plan_day"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
