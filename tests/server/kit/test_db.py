"""Transactions: who starts the work commits it or takes it all back; nobody waits for ever."""

import threading
from datetime import UTC

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError

from tests.conftest import NOW, RolledBack
from tests.worlds import add_bank, add_user
from vesal_server.kit.db import Database, plain_url, raw, violated
from vesal_server.tables.catalogs import loan_type, province
from vesal_shared.pages import BRANCH_MANAGERS
from vesal_shared.problems import Refusal


def test_a_block_commits_and_an_exception_takes_it_back(fresh_database: Database) -> None:
    with fresh_database.transaction() as connection:
        connection.execute(insert(province).values(code="1", title="یک"))

    def fail() -> None:
        with fresh_database.transaction() as connection:
            connection.execute(insert(province).values(code="2", title="دو"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with fresh_database.transaction(read_only=True) as connection:
        assert connection.execute(select(province.c.code)).scalars().all() == ["1"]


def test_a_violation_names_its_constraint(database: RolledBack) -> None:
    with pytest.raises(IntegrityError) as caught, database.transaction() as connection:
        connection.execute(
            text("INSERT INTO branch (code, title, province_code) VALUES ('1', 'الف', 'nowhere')")
        )
    assert violated(caught.value) == "fk_branch_province_code"


def test_who_waits_too_long_for_a_connection_is_refused(fresh_database: Database) -> None:
    with Database(fresh_database.url, pool_size=1, pool_timeout_s=0.05) as small, small.transaction():
        with pytest.raises(Refusal) as caught, small.transaction():
            pass
        assert (caught.value.code, caught.value.problem.status) == ("busy", 503)


def test_an_unreachable_database_is_a_refusal(fresh_database: Database) -> None:
    away = fresh_database.url.set(query={"host": "/nowhere"})
    with Database(away) as database, pytest.raises(Refusal) as caught, database.transaction():
        pass
    assert caught.value.code == "unavailable"


def test_a_lost_connection_is_replaced_before_it_is_used(fresh_database: Database) -> None:
    with Database(fresh_database.url, pool_size=1) as database:
        with database.transaction() as connection:
            lost = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with fresh_database.transaction() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": lost})
        with database.transaction() as connection:
            assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() != lost


def test_time_outs_hold_and_a_transaction_may_lift_its_own(fresh_database: Database) -> None:
    show = text("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
    with Database(fresh_database.url, statement_timeout_s=2, lock_timeout_s=0.5) as database:
        with database.transaction() as connection:
            assert connection.execute(show).one() == ("2s", "500ms")
        with database.transaction(statement_timeout_s=0) as connection:
            assert connection.execute(show).one() == ("0", "500ms")
        with database.transaction() as connection:
            assert connection.execute(show).one() == ("2s", "500ms")


def test_one_snapshot_for_a_repeatable_block(fresh_database: Database) -> None:
    count = text("SELECT count(*) FROM province")
    with fresh_database.transaction(repeatable=True) as reader:
        before = reader.execute(count).scalar_one()
        with fresh_database.transaction() as writer:
            writer.execute(insert(province).values(code="1", title="یک"))
        assert reader.execute(count).scalar_one() == before
    with fresh_database.transaction() as reader:
        assert reader.execute(count).scalar_one() == before + 1


def test_copy_goes_through_the_same_transaction(database: RolledBack) -> None:
    with database.transaction() as connection:
        with raw(connection).cursor().copy("COPY loan_type (code, title) FROM STDIN") as copy:
            copy.write_row(("900", "آزمون"))
        assert (
            connection.execute(select(loan_type.c.title).where(loan_type.c.code == "900")).scalar_one()
            == "آزمون"
        )


def test_instants_come_back_in_utc(connection: Connection) -> None:
    read = connection.execute(text("SELECT CAST(:at AS timestamptz)"), {"at": NOW}).scalar_one()
    assert (read, read.utcoffset()) == (NOW, UTC.utcoffset(NOW))


def test_a_world_is_built_and_taken_back(connection: Connection) -> None:
    bank = add_bank(connection)
    user = add_user(connection, "manager", BRANCH_MANAGERS, at=NOW, branch_code=bank.branches[0])
    assert user > 0


def test_nothing_of_another_test_is_left(connection: Connection) -> None:
    assert connection.execute(text("SELECT count(*) FROM branch")).scalar_one() == 0


@pytest.mark.parametrize("spelling", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_usual_spelling_of_a_url_is_taken(spelling: str) -> None:
    assert plain_url(spelling).render_as_string() == "postgresql+psycopg://u@h/d"


def test_threads_share_the_pool(fresh_database: Database) -> None:
    found: list[int] = []

    def ask() -> None:
        with fresh_database.transaction() as connection:
            found.append(connection.execute(text("SELECT 1")).scalar_one())

    threads = [threading.Thread(target=ask) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 24
