"""One leader among the servers, by a lease on the database's clock; and each job once a day, whoever leads."""

import json
import os
import secrets
import socket
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from vesal_server.kit.clock import steady
from vesal_server.kit.db import Database

#: How long a lease lasts without being renewed, and how often it is renewed.
LEASE_S = 12.0
RENEW_S = 3.0

_TAKE = text(
    """
    INSERT INTO leader_lease AS l (name, owner, until)
    VALUES (:name, :owner, clock_timestamp() + make_interval(secs => :seconds))
    ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
    WHERE l.owner = excluded.owner OR l.until < clock_timestamp()
    RETURNING owner
    """
)
_GIVE_UP = text("DELETE FROM leader_lease WHERE name = :name AND owner = :owner")
_HOLDER = text("SELECT owner, until > clock_timestamp() AS holds FROM leader_lease WHERE name = :name")
# A run that its server began and never ended is begun again by the next leader; the jobs bear repetition.
_BEGIN = text(
    """
    INSERT INTO job_run AS r (job, day, owner, started_at) VALUES (:job, :day, :owner, clock_timestamp())
    ON CONFLICT (job, day) DO UPDATE SET owner = excluded.owner, started_at = excluded.started_at
    WHERE r.finished_at IS NULL AND r.owner <> excluded.owner
      AND r.started_at < clock_timestamp() - make_interval(secs => :seconds)
    RETURNING job
    """
)
_FINISH = text(
    """
    UPDATE job_run SET finished_at = clock_timestamp(), result = :result
    WHERE job = :job AND day = :day AND owner = :owner
    """
).bindparams(bindparam("result", type_=JSONB))
_FORGET = text(
    "DELETE FROM job_run WHERE job = :job AND day = :day AND owner = :owner AND finished_at IS NULL"
)


def new_owner() -> str:
    """A name that no other server, and no later life of this one, has."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


class Lease:
    """One server's bid for leadership; `renew` is called every `RENEW_S` seconds."""

    def __init__(self, database: Database, owner: str, name: str = "timetable") -> None:
        self._database = database
        self.owner = owner
        self._name = name
        self._until = 0.0

    @property
    def held(self) -> bool:
        """Whether this server leads, by a clock that also runs while the machine sleeps."""
        return steady() < self._until

    def renew(self) -> bool:
        """Take or keep the lease where nobody else holds it; says whether this server leads now."""
        asked = steady()
        with self._database.transaction() as connection:
            taken = connection.execute(
                _TAKE, {"name": self._name, "owner": self.owner, "seconds": LEASE_S}
            ).first()
        self._until = asked + LEASE_S if taken is not None else 0.0
        return taken is not None

    def give_up(self) -> None:
        """Let another server lead at once."""
        self._until = 0.0
        with self._database.transaction() as connection:
            connection.execute(_GIVE_UP, {"name": self._name, "owner": self.owner})

    def begin(self, job: str, day: date) -> bool:
        """Whether this server is to run a job of a day: false where that was done, or is being done."""
        with self._database.transaction() as connection:
            values = {"job": job, "day": day, "owner": self.owner, "seconds": LEASE_S}
            return connection.execute(_BEGIN, values).first() is not None

    def finish(self, job: str, day: date, result: Mapping[str, Any]) -> None:
        """Write down that the job of a day is done, and its counts."""
        with self._database.transaction() as connection:
            plain = json.loads(json.dumps(result, default=str))
            values = {"job": job, "day": day, "owner": self.owner, "result": plain}
            connection.execute(_FINISH, values)

    def forget(self, job: str, day: date) -> None:
        """Let the job of a day be begun again, since it failed."""
        with self._database.transaction() as connection:
            connection.execute(_FORGET, {"job": job, "day": day, "owner": self.owner})


def leader(database: Database, name: str = "timetable") -> str | None:
    """Which server leads now, or None where no lease holds."""
    with database.transaction(read_only=True) as connection:
        row = connection.execute(_HOLDER, {"name": name}).first()
    return str(row.owner) if row is not None and row.holds else None
