"""The timetable: work is done where the lease is held, daily work once a day and made up for."""

import logging
import threading
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from tests.worlds import Feed, add_bank, customer, facility
from vesal_server.audit.service import SYSTEM
from vesal_server.jobs import Jobs
from vesal_server.kit.clock import FixedClock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.lease import Lease, leader
from vesal_server.kit.secrets import Secrets
from vesal_server.scheduler import Daily, Every, Timetable
from vesal_server.settings import change as put_settings


class Counted:
    """Work that counts how often it was done, and fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.done = 0
        self.failures = failures
        self.first = threading.Event()

    def __call__(self) -> Mapping[str, Any]:
        if self.failures:
            self.failures -= 1
            raise ValueError("told to fail")
        self.done += 1
        self.first.set()
        return {"done": self.done}


def daily(work: Counted, at: time = time(7)) -> Daily:
    return Daily("planning", lambda: at, work)


def led(database: Database, clock: FixedClock, owner: str, *jobs: Every | Daily) -> Timetable:
    """The timetable of a server that has bid for leadership; its threads are not started."""
    lease = Lease(database, owner)
    lease.renew()
    return Timetable(lease, clock, jobs)


def test_daily_work_waits_for_its_time_and_is_done_once_a_day(
    fresh_database: Database, clock: FixedClock
) -> None:
    work = Counted()
    timetable = led(fresh_database, clock, "one", daily(work, time(10, 30)))
    timetable.run_due()
    assert work.done == 0
    clock.move(timedelta(minutes=31))
    timetable.run_due()
    timetable.run_due()
    assert work.done == 1
    clock.move(timedelta(days=1))
    timetable.run_due()
    assert work.done == 2


def test_only_the_leader_works_and_nobody_twice(fresh_database: Database, clock: FixedClock) -> None:
    first, second = Counted(), Counted()
    one = led(fresh_database, clock, "one", daily(first))
    other = led(fresh_database, clock, "other", daily(second))
    other.run_due()
    assert (first.done, second.done) == (0, 0)
    one.run_due()
    assert (first.done, second.done) == (1, 0)
    Lease(fresh_database, "one").give_up()
    later = led(fresh_database, clock, "other", daily(second))
    later.run_due()
    assert (first.done, second.done) == (1, 0)


def test_work_that_failed_is_logged_and_done_at_the_next_look(
    fresh_database: Database, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    work, after = Counted(failures=1), Counted()
    timetable = led(fresh_database, clock, "one", daily(work), Daily("clean-up", lambda: time(3), after))
    with caplog.at_level(logging.ERROR, "vesal.timetable"):
        timetable.run_due()
    assert (work.done, after.done) == (0, 1)
    assert "planning failed" in caplog.text
    timetable.run_due()
    assert (work.done, after.done) == (1, 1)


def test_runs_by_itself_and_gives_the_lease_up_at_the_end(
    fresh_database: Database, clock: FixedClock
) -> None:
    again = Counted()
    timetable = Timetable(Lease(fresh_database, "one"), clock, [Every("again", 0.05, again)])
    timetable.start()
    assert again.first.wait(60)
    assert leader(fresh_database) == "one"
    timetable.stop()
    assert leader(fresh_database) is None
    done = again.done
    assert again.done == done


def test_what_nobody_did_is_made_up_for_as_soon_as_one_leads(
    fresh_database: Database, clock: FixedClock
) -> None:
    work = Counted()
    timetable = Timetable(Lease(fresh_database, "one"), clock, [daily(work)])
    timetable.start()
    assert work.first.wait(60)
    timetable.stop()
    assert work.done == 1


def test_a_feed_in_the_drop_folder_is_taken_and_planned_on(
    fresh_database: Database, config: Config, secrets: Secrets, clock: FixedClock, tmp_path: Path
) -> None:
    drop = tmp_path / "drop"
    with fresh_database.transaction() as connection:
        add_bank(connection)
        put_settings(connection, SYSTEM, NOW, secrets, "feed.folder", str(drop))
    work = Jobs(fresh_database, config, secrets, clock)
    assert work.take_in() == {"arrivals": []}
    day = clock.today()
    Feed(day, [customer(1)], [facility("6140-307-1-1", 1)]).folder(drop / "feed")
    assert work.take_in() == {"arrivals": []}
    clock.move(timedelta(seconds=15))
    assert work.take_in() == {"arrivals": ["taken"]}
    planned = work.plan_after_intake()
    assert planned is not None
    assert (planned["as_of"], planned["stale"]) == (day, False)
    assert work.plan_after_intake() is None


def test_every_job_of_the_product_runs_on_an_empty_system(
    fresh_database: Database, config: Config, secrets: Secrets, clock: FixedClock
) -> None:
    listed = Jobs(fresh_database, config, secrets, clock).listed()
    assert [job.name for job in listed if isinstance(job, Daily)].count("planning") == 1
    for job in listed:
        job.work()
    timetable = led(fresh_database, clock, "one", *(job for job in listed if isinstance(job, Daily)))
    timetable.run_due()
