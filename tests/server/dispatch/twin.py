"""A gateway in the test's own hands, and a worker's desk over it."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from vesal_server.dispatch import queries
from vesal_server.dispatch.desk import Desk, StopSigns
from vesal_server.dispatch.options import Options
from vesal_server.gateways.base import Answer, Features, Found, Knowledge, Message, Outcome, Report
from vesal_server.kit.clock import Clock
from vesal_server.kit.db import Database

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
DAY = NOW.date()
OPTIONS = Options(lease_s=0.6, timeout_s=0.2, quiet_s=0.3)
#: Lease, time-out and quiet time of `OPTIONS`, and some more.
ALL_PASSED_S = 1.2


class Twin:
    """Holds what it was given; a test says what it answers and what it refuses."""

    def __init__(
        self, *, dedup: bool = True, lookup: timedelta | None = timedelta(hours=12), **more: object
    ) -> None:
        self.features = Features(name="twin", dedup=dedup, lookup=lookup, batch=50, **more)  # type: ignore[arg-type]
        self.held: Counter[int] = Counter()
        self.calls = 0
        #: What is answered in place of «accepted», drawn once a call, after or instead of taking it.
        self.instead: Callable[[Sequence[Message]], list[Answer] | None] = lambda _: None
        self.takes = True
        self.answers_questions = True

    def send(self, messages: Sequence[Message], by: float) -> list[Answer]:
        del by
        self.calls += 1
        if self.takes:
            for message in messages:
                if not (self.features.dedup and self.held[message.reference]):
                    self.held[message.reference] += 1
        instead = self.instead(messages)
        return [Answer(Outcome.ACCEPTED, gateway_id="1")] * len(messages) if instead is None else instead

    def look_up(self, messages: Sequence[Message], sent_at: datetime, by: float) -> list[Found]:
        del sent_at, by
        if not self.answers_questions:
            return [Found(Knowledge.NO_ANSWER)] * len(messages)
        return [
            Found(Knowledge.HAS_IT, "1") if self.held[message.reference] else Found(Knowledge.NEVER_SEEN)
            for message in messages
        ]

    def reports(self, gateway_ids: Sequence[str]) -> list[Report]:
        del gateway_ids
        return []

    def credit(self) -> int | None:
        return None

    def close(self) -> None:
        pass


class Signs:
    """Remembers what a worker told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def listening(self) -> StopSigns:
        return StopSigns(
            lambda _, code, __: self.told.append(("stopped", code)),
            lambda _: self.told.append(("mended", "")),
            lambda _, code, __: self.told.append(("trouble", code)),
        )


def desk(
    session: tuple[Connection, str], gateway: Twin, clock: Clock, signs: Signs | None = None, **more: object
) -> Desk:
    """A worker's desk on the sms channel."""
    connection, owner = session
    return Desk(
        connection,
        owner,
        "sms",
        gateway,
        OPTIONS,
        clock,
        (signs or Signs()).listening(),
        threading.Semaphore(1),
        **more,  # type: ignore[arg-type]
    )


def claim(session: tuple[Connection, str], size: int = 50, at: datetime = NOW) -> list[queries.Claimed]:
    """Claim as a worker does that then comes to nothing."""
    connection, owner = session
    return queries.claim(
        connection,
        day=DAY,
        channel="sms",
        now=at,
        owner=owner,
        gateway="twin",
        lease_s=OPTIONS.lease_s,
        size=size,
    )


def codes(database: Database) -> set[tuple[str, str | None]]:
    """Each status with its code."""
    with database.transaction() as connection:
        rows = connection.execute(text("SELECT DISTINCT status, error_code FROM notification"))
        return {(row.status, row.error_code) for row in rows}


def let_pass(seconds: float = ALL_PASSED_S) -> None:
    """Let leases run out on the database's own clock, which no test can move."""
    time.sleep(seconds)
