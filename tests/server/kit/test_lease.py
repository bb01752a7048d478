"""The lease: one leader, another one once it ran out, each job of a day once."""

from datetime import date

from sqlalchemy import text

from vesal_server.kit.db import Database
from vesal_server.kit.lease import Lease, leader, new_owner

DAY = date(2026, 11, 24)


def run_out(database: Database) -> None:
    """Let the lease, and the start of every run, lie in the past of the database's clock."""
    with database.transaction() as connection:
        connection.execute(text("UPDATE leader_lease SET until = clock_timestamp() - interval '1 second'"))
        connection.execute(text("UPDATE job_run SET started_at = clock_timestamp() - interval '1 hour'"))


def test_one_server_leads_and_keeps_leading(fresh_database: Database) -> None:
    one, other = Lease(fresh_database, "one"), Lease(fresh_database, "other")
    assert not one.held
    assert one.renew()
    assert one.held
    assert not other.renew()
    assert not other.held
    assert one.renew()
    assert leader(fresh_database) == "one"


def test_another_leads_once_the_lease_ran_out(fresh_database: Database) -> None:
    one, other = Lease(fresh_database, "one"), Lease(fresh_database, "other")
    one.renew()
    run_out(fresh_database)
    assert leader(fresh_database) is None
    assert other.renew()
    assert not one.renew()
    assert not one.held
    assert leader(fresh_database) == "other"


def test_who_gives_up_lets_another_lead_at_once(fresh_database: Database) -> None:
    one, other = Lease(fresh_database, "one"), Lease(fresh_database, "other")
    one.renew()
    other.give_up()
    assert leader(fresh_database) == "one"
    one.give_up()
    assert not one.held
    assert other.renew()


def test_a_job_of_a_day_is_begun_once(fresh_database: Database) -> None:
    one, other = Lease(fresh_database, "one"), Lease(fresh_database, "other")
    assert one.begin("planning", DAY)
    assert not one.begin("planning", DAY)
    assert not other.begin("planning", DAY)
    one.finish("planning", DAY, {"on": DAY, "new": 3})
    run_out(fresh_database)
    assert not other.begin("planning", DAY)
    assert other.begin("planning", date(2026, 11, 25))
    with fresh_database.transaction() as connection:
        stored = connection.execute(text("SELECT result FROM job_run WHERE owner = 'one'")).scalar_one()
    assert stored == {"on": "2026-11-24", "new": 3}


def test_a_job_whose_server_died_is_begun_again_by_the_next(fresh_database: Database) -> None:
    one, other = Lease(fresh_database, "one"), Lease(fresh_database, "other")
    assert one.begin("planning", DAY)
    run_out(fresh_database)
    assert not one.begin("planning", DAY)
    assert other.begin("planning", DAY)
    one.finish("planning", DAY, {"new": 1})
    with fresh_database.transaction() as connection:
        assert connection.execute(text("SELECT finished_at IS NULL FROM job_run")).scalar_one()


def test_a_job_that_failed_can_be_begun_again(fresh_database: Database) -> None:
    lease = Lease(fresh_database, "one")
    assert lease.begin("planning", DAY)
    lease.forget("planning", DAY)
    assert lease.begin("planning", DAY)


def test_owners_differ() -> None:
    assert len({new_owner() for _ in range(100)}) == 100
