"""The timetable's jobs: what the leader does, and when."""

from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from typing import Any

from vesal_server import settings
from vesal_server.access import sessions
from vesal_server.dispatch import service as dispatch
from vesal_server.kit.clock import Clock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets
from vesal_server.scheduler import Daily, Every


class Jobs:
    """Each job as a function of the use case that does it, in a transaction of its own."""

    def __init__(self, database: Database, config: Config, secrets: Secrets, clock: Clock) -> None:
        self._database = database
        self._config = config
        self._secrets = secrets
        self._clock = clock

    def listed(self) -> Sequence[Every | Daily]:
        """All jobs; the daily ones in the order in which one day's are done."""
        return (
            Every("delivery reports", 60.0, self.reports),
            Every("expiry", 300.0, self.expire),
            Daily("clean-up", lambda: time(3, 30), self.clean),
        )

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


#: A partition is there before the first row of its day could be.
AHEAD = timedelta(days=2)
