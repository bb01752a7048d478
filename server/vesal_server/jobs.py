"""The timetable's jobs: what the leader does, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import time
from typing import Any

from vesal_server import settings
from vesal_server.access import sessions
from vesal_server.dispatch import service as dispatch
from vesal_server.intake.watch import DropFolder
from vesal_server.kit.clock import TEHRAN, Clock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets
from vesal_server.planning import service as planning
from vesal_server.scheduler import Daily, Every


class Jobs:
    """Each job as a function of the use case that does it, in a transaction of its own."""

    def __init__(self, database: Database, config: Config, secrets: Secrets, clock: Clock) -> None:
        self._database = database
        self._config = config
        self._secrets = secrets
        self._clock = clock
        self._drop_folder = DropFolder(database, clock)
        #: The feed on which this server planned last; a stale one is not planned on again and again.
        self._planned_on: int | None = None

    def listed(self) -> Sequence[Every | Daily]:
        """All jobs; the daily ones in the order in which one day's are done."""
        return (
            Every("intake", 15.0, self.take_in),
            Every("planning after an intake", 20.0, self.plan_after_intake),
            Every("delivery reports", 60.0, self.reports),
            Every("expiry", 300.0, self.expire),
            Daily("clean-up", lambda: time(3, 30), self.clean),
            Daily("planning", lambda: self._at("schedule.planning"), self.plan),
        )

    def take_in(self) -> Mapping[str, Any]:
        """Take what is complete in the drop folder."""
        return {"arrivals": [result.status for result in self._drop_folder.look()]}

    def plan(self) -> Mapping[str, Any]:
        """Plan today on the last feed; a day's partition is made, filled and then attached by its planning."""
        with self._database.transaction(statement_timeout_s=0) as connection:
            self._planned_on = planning.feed_since_plan(connection, self._clock.today())
            return asdict(
                planning.plan(connection, self._clock.today(), now=self._clock.now(), secrets=self._secrets)
            )

    def plan_after_intake(self) -> Mapping[str, Any] | None:
        """Plan today anew where a feed was taken after the morning's planning."""
        today, now = self._clock.today(), self._clock.now()
        if now.astimezone(TEHRAN).time() < self._at("schedule.planning"):
            return None
        with self._database.transaction(read_only=True) as connection:
            arrival = planning.feed_since_plan(connection, today)
        if arrival is None or arrival == self._planned_on:
            return None
        return self.plan()

    def reports(self) -> Mapping[str, Any]:
        """Ask the gateways how far accepted messages have come."""
        with dispatch.opened(self._database, self._config, self._secrets, self._clock) as opened:
            return {"settled": opened.collect_reports()}

    def expire(self) -> Mapping[str, Any]:
        """Close what was planned for days that are over."""
        with dispatch.opened(self._database, self._config, self._secrets, self._clock) as opened:
            return {"expired": opened.expire()}

    def clean(self) -> Mapping[str, Any]:
        """Drop ended sessions and old log-in attempts."""
        with self._database.transaction() as connection:
            return {"sessions": sessions.clean(connection, self._clock.now())}

    def _at(self, key: str) -> time:
        """A time of day from the settings."""
        with self._database.transaction(read_only=True) as connection:
            return settings.read(connection).clock(key)


def jobs(database: Database, config: Config, secrets: Secrets, clock: Clock) -> Sequence[Every | Daily]:
    """The timetable of one server."""
    return Jobs(database, config, secrets, clock).listed()
