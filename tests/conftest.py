"""What every test can ask for: a PostgreSQL, a database of its own, a clock that stands still."""

import secrets as random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, Connection

from tests.worlds import CHEAP
from vesal_server.cli.init import initialise
from vesal_server.kit.clock import FixedClock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database, set_statement_timeout
from vesal_server.kit.embedded import EmbeddedPostgres
from vesal_server.kit.lock import FileLock
from vesal_server.kit.secrets import Secrets

#: A lost test database is no loss: nothing is flushed, nothing vacuumed behind a test's back.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "1GB",
}
TEMPLATE = "vesal_template"
#: Tuesday 1405/09/03 at 10:00 in Tehran, when every test begins unless it says otherwise.
NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
ADMIN = "admin"
ADMIN_PASSWORD = "گذرواژه‌ای-برای-آزمون"


class RolledBack(Database):
    """A database whose transactions are savepoints of one connection that is never committed."""

    def __init__(self, url: URL | str, connection: Connection) -> None:
        super().__init__(url)
        self._connection = connection

    @contextmanager
    def transaction(
        self, *, read_only: bool = False, repeatable: bool = False, statement_timeout_s: float | None = None
    ) -> Iterator[Connection]:
        with self._connection.begin_nested():
            if statement_timeout_s is not None:
                set_statement_timeout(self._connection, statement_timeout_s)
            yield self._connection

    @contextmanager
    def autocommit(self) -> Iterator[Connection]:
        # VACUUM can't run here; what it would improve doesn't matter to a test.
        raise AssertionError("this test needs the fixture `fresh_database`")
        yield


def plain(url: URL) -> str:
    """A URL as psycopg itself reads it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The xdist worker, or «master» without xdist."""
    workerinput = getattr(request.config, "workerinput", None)
    return str(workerinput["workerid"]) if workerinput else "master"


@pytest.fixture(scope="session")
def postgres(shared_folder: Path) -> Iterator[EmbeddedPostgres]:
    """One embedded PostgreSQL for the whole run: the first worker starts it, the last one stops it."""
    with EmbeddedPostgres(shared_folder / "vesal-postgres", settings=FAST) as server:
        yield server


@pytest.fixture(scope="session")
def secrets(shared_folder: Path) -> Secrets:
    """The key outside the database."""
    return Secrets.load_or_create(shared_folder / "secrets.key")


@pytest.fixture(scope="session")
def template(postgres: EmbeddedPostgres, shared_folder: Path, secrets: Secrets) -> str:
    """The database that is migrated and seeded once, to be copied."""
    done = shared_folder / "template.done"
    with FileLock(shared_folder / "template.lock").hold():
        if not done.exists():
            with psycopg.connect(plain(postgres.url("postgres")), autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
            with Database(postgres.url(TEMPLATE)) as database:
                initialise(database, secrets, FixedClock(NOW), admin_password=ADMIN_PASSWORD)
            done.touch()
    return TEMPLATE


@contextmanager
def copied(postgres: EmbeddedPostgres, template: str) -> Iterator[URL]:
    """A new database, copied from a template, dropped at the end."""
    name = f"test_{random.token_hex(6)}"
    admin = plain(postgres.url("postgres"))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    try:
        yield postgres.url(name)
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def empty_database(postgres: EmbeddedPostgres) -> Iterator[Database]:
    """A database of the test's own without any table."""
    with copied(postgres, "template0") as url, Database(url) as database:
        yield database


@pytest.fixture
def fresh_database(postgres: EmbeddedPostgres, template: str) -> Iterator[Database]:
    """A seeded database of the test's own, for what commits, waits for locks, or runs in threads."""
    with copied(postgres, template) as url, Database(url, pool_size=16) as database:
        yield database


@pytest.fixture(scope="module")
def module_database(postgres: EmbeddedPostgres, template: str) -> Iterator[Database]:
    """A seeded database that the tests of one module share and may fill."""
    with copied(postgres, template) as url, Database(url, pool_size=16) as database:
        yield database


@pytest.fixture(scope="session")
def worker_database(postgres: EmbeddedPostgres, template: str) -> Iterator[Database]:
    """A seeded database of this worker, which nobody ever changes for good."""
    with copied(postgres, template) as url, Database(url) as database:
        yield database


@pytest.fixture
def connection(worker_database: Database) -> Iterator[Connection]:
    """A connection to a seeded database, in a transaction that is rolled back at the end."""
    outer = worker_database._connect()
    transaction = outer.begin()
    try:
        yield outer
    finally:
        transaction.rollback()
        outer.close()


@pytest.fixture
def database(worker_database: Database, connection: Connection) -> RolledBack:
    """A seeded database all of whose transactions are undone at the end; the quickest one."""
    return RolledBack(worker_database.url, connection)


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at `NOW` until the test moves it."""
    return FixedClock(NOW)


@dataclass(frozen=True)
class Service:
    """A running service and what is behind it: nothing happens in it by itself, and its clock stands still."""

    url: str
    database: Database
    clock: FixedClock
    config: Config
    secrets: Secrets


@contextmanager
def served(database: Database, folder: Path, secrets: Secrets) -> Iterator[Service]:
    """The real application over HTTP on a free port of this machine, in threads of this process."""
    # Imported here, so that tests of everything else run without the whole application.
    from vesal_server.host import Host

    made = settings_in(folder, secrets)
    clock = FixedClock(NOW)
    host = Host(made, database.url, secrets, clock, hasher=CHEAP, background=False)
    host.start()
    try:
        yield Service(host.url, database, clock, made, secrets)
    finally:
        host.stop()


@pytest.fixture
def service(fresh_database: Database, tmp_path: Path, secrets: Secrets) -> Iterator[Service]:
    """A running service over a seeded database of the test's own."""
    with served(fresh_database, tmp_path, secrets) as running:
        yield running


@pytest.fixture(scope="module")
def module_service(
    module_database: Database, tmp_path_factory: pytest.TempPathFactory, secrets: Secrets
) -> Iterator[Service]:
    """A running service that the tests of one module share, over `module_database`."""
    with served(module_database, tmp_path_factory.mktemp("service"), secrets) as running:
        yield running


def settings_in(folder: Path, secrets: Secrets) -> Config:
    """Settings of a process whose data lies in `folder`, on any free port."""
    data_dir = folder / "data"
    data_dir.mkdir()
    made = Config(data_dir=data_dir, port=0, threads=6)
    made.secrets_key_file.touch(0o600)
    made.secrets_key_file.write_text(secrets.export().hex(), encoding="ascii")
    return made


@pytest.fixture
def config(tmp_path: Path, secrets: Secrets) -> Config:
    """Settings of a process whose data lies in the test's own folder."""
    return settings_in(tmp_path, secrets)
