"""Planning a day against one bare INSERT … SELECT of the same rows with the same unique key."""

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
RUNS = 5


def main(arguments: Sequence[str] = ()) -> int:
    """Run the bench; `--small` for the test suite."""
    small = "--small" in arguments
    report = Report("plan")
    with stand() as made, made.database() as database:
        run(report, database, made, rows=5_000 if small else 500_000, runs=1 if small else RUNS)
    return report.end()


def run(report: Report, database: Database, made: Stand, *, rows: int, runs: int) -> None:
    """Plan the same day so many times, by turns with the floor; then plan it again where nothing is left to do."""
    now = tehran_instant(AS_OF)
    with database.transaction(statement_timeout_s=0) as connection:
        fill(connection, facilities=round(rows / PER_FACILITY), workflow_count=20, as_of=AS_OF, now=now)
    # Pages are set out and settled, so that no run pays for the filling.
    with database.autocommit() as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))
    day = AS_OF + timedelta(days=1)

    def plan() -> None:
        with database.transaction(statement_timeout_s=0) as connection:
            service.plan(connection, day, now=now, secrets=made.secrets)

    def forget() -> None:
        with database.transaction() as connection:
            connection.execute(text(f"DROP TABLE IF EXISTS {partitions.name(day)}"))
            connection.execute(text("DELETE FROM plan_day"))

    plan()
    with database.transaction(statement_timeout_s=0) as connection:
        planned = _copy_rows(connection, day)
    forget()
    ours: list[float] = []
    again: list[float] = []
    floor: list[float] = []
    bare: list[float] = []
    for _ in range(runs):
        for taken, keys in ((floor, "INCLUDING INDEXES"), (bare, "")):
            with database.transaction() as connection:
                _floor_table(connection, keys)
            taken.append(seconds(lambda: _floor(database)))
        ours.append(seconds(plan))
        again.append(seconds(plan))
        with database.transaction() as connection:
            left = connection.execute(text("SELECT count(*) FROM notification")).scalar_one()
        assert left == planned
        forget()
    base = median(floor)
    for case, taken, most in (("first", ours, 1.5), ("again", again, 0.5)):
        report.add(
            case,
            held=median(taken) <= most * base,
            must=f"≤ {most} × floor",
            ratio=median(taken) / base,
            # Against a table with the unique key and no index more: less than the job, which has five.
            ratio_to_key_alone=median(taken) / median(bare),
            rows=planned if case == "first" else 0,
            seconds=median(taken),
            floor_seconds=base,
        )


def _copy_rows(connection: Connection, day: date) -> int:
    """Keep the planned rows aside: what the floor copies."""
    connection.execute(text("CREATE TABLE floor_rows AS SELECT * FROM notification"))
    connection.execute(text("ANALYZE floor_rows"))
    return int(connection.execute(text("SELECT count(*) FROM floor_rows")).scalar_one())


def _floor_table(connection: Connection, keys: str) -> None:
    """An empty table as a day's partition is one, with the same unique key: with all of its indexes, or that alone."""
    connection.execute(text("DROP TABLE IF EXISTS floor_target"))
    connection.execute(text(f"CREATE TABLE floor_target (LIKE notification INCLUDING DEFAULTS {keys})"))
    if not keys:
        columns = "facility_id, workflow_id, person_id, repeat, channel, role, day"
        connection.execute(text(f"ALTER TABLE floor_target ADD CONSTRAINT floor_key UNIQUE ({columns})"))


def _floor(database: Database) -> None:
    with database.transaction(statement_timeout_s=0) as connection:
        connection.execute(text("INSERT INTO floor_target SELECT * FROM floor_rows"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
