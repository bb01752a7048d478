"""A generated bank in a database, for the faults of whole nights."""

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

from sqlalchemy import text

from vesal_server.audit.service import SYSTEM
from vesal_server.catalogs import service as catalogs
from vesal_server.demo_data import service as demo_data
from vesal_server.intake.service import Offer, take
from vesal_server.kit.clock import FixedClock, tehran_instant
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets
from vesal_server.planning import service as planning
from vesal_server.workflows import service as workflows

#: A Tuesday, so that the days after it hold one rest day at most.
FIRST_DAY = date(2026, 11, 24)


class Nights:
    """The feeds of some nights, the first one taken in and the workflows enabled on it."""

    def __init__(
        self, database: Database, secrets: Secrets, folder: Path, *, customers: int, days: int
    ) -> None:
        self.database = database
        self.secrets = secrets
        last = FIRST_DAY + timedelta(days=days - 1)
        made = demo_data.make(folder / "bank", customers=customers, as_of=last, days=days, seed=3)
        self.feeds = [(arrival.day, arrival.path) for arrival in made.feeds]
        clock = self.clock(FIRST_DAY, time(5))
        with database.transaction() as connection:
            for kind, file in made.catalogs.items():
                catalogs.take_in(connection, SYSTEM, clock.now(), kind, file.read_bytes())
        self.take(*self.feeds[0])
        ready = workflows.ready_made()
        enabled = replace(ready, workflows=tuple(replace(one, enabled=True) for one in ready.workflows))
        with database.transaction() as connection:
            planning.begin_change(connection)
            workflows.import_file(connection, enabled, SYSTEM, now=clock.now())

    @staticmethod
    def clock(day: date, at: time) -> FixedClock:
        """A clock that stands at a time of a day in Tehran."""
        return FixedClock(tehran_instant(day, at))

    def take(self, day: date, path: Path) -> str:
        """Take a night's feed in; the status."""
        return take(self.database, self.clock(day, time(5)), Offer(path)).status

    def plan(self, day: date) -> int:
        """Plan a day; how many rows it has then."""
        now = self.clock(day, time(7)).now()
        with self.database.transaction(statement_timeout_s=0) as connection:
            planned = planning.plan(connection, day, now=now, secrets=self.secrets)
        return planned.new + planned.existing

    def would_plan(self, day: date) -> int:
        """How many rows a planning of the day would leave; nothing is kept."""
        now = self.clock(day, time(7)).now()
        with self.database.transaction(statement_timeout_s=0) as connection:
            planned = planning.plan(connection, day, now=now, secrets=self.secrets)
            connection.rollback()
        return planned.new + planned.existing

    def picture(self) -> tuple[object, ...]:
        """What an intake changes, as figures that hardly agree by chance."""
        with self.database.transaction(read_only=True) as connection:
            return tuple(
                connection.execute(
                    text(
                        """
                        SELECT (SELECT as_of FROM feed_state), (SELECT count(*) FROM customer),
                               (SELECT count(*) FROM facility), (SELECT sum(overdue_amount) FROM facility),
                               (SELECT count(*) FROM episode), (SELECT count(*) FROM episode WHERE closed_on IS NULL),
                               (SELECT count(*) FROM guarantor WHERE ended_on IS NULL)
                        """
                    )
                ).one()
            )

    def rows(self, day: date) -> int:
        """Rows of a day's plan, letters included."""
        with self.database.transaction(read_only=True) as connection:
            return int(
                connection.execute(
                    text(
                        "SELECT (SELECT count(*) FROM notification WHERE day = :day)"
                        " + (SELECT count(*) FROM letter WHERE day = :day)"
                    ),
                    {"day": day},
                ).scalar_one()
            )

    def holes(self) -> int:
        """Branches and years whose letter numbers have a gap or a repeat, or disagree with their counter."""
        with self.database.transaction(read_only=True) as connection:
            return int(
                connection.execute(
                    text(
                        """
                        SELECT count(*) FROM (
                            SELECT number_branch, number_year, count(*) AS many,
                                   count(DISTINCT number_seq) AS different, max(number_seq) AS highest
                            FROM letter WHERE number IS NOT NULL GROUP BY number_branch, number_year
                        ) AS numbers
                        FULL JOIN letter_counter c ON c.branch_code = number_branch AND c.year = number_year
                        WHERE many IS DISTINCT FROM highest OR many IS DISTINCT FROM different
                           OR highest IS DISTINCT FROM c.last
                        """
                    )
                ).scalar_one()
            )

    def messages(self, day: date) -> int:
        """Planned messages of a day."""
        with self.database.transaction(read_only=True) as connection:
            return int(
                connection.execute(
                    text("SELECT count(*) FROM notification WHERE day = :day AND status = 'planned'"),
                    {"day": day},
                ).scalar_one()
            )
