"""A PostgreSQL and a seeded database for benches and faults that run outside pytest."""

import secrets as random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from vesal_server.cli.init import initialise
from vesal_server.kit.clock import SystemClock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.embedded import EmbeddedPostgres
from vesal_server.kit.secrets import Secrets


class Stand:
    """A running embedded PostgreSQL with the service's own settings, and the process settings beside it."""

    def __init__(self, folder: Path, server: EmbeddedPostgres) -> None:
        self.folder = folder
        self.server = server
        self.config = Config(data_dir=folder / "data")
        self.config.data_dir.mkdir(exist_ok=True)
        self.secrets = Secrets.load_or_create(self.config.secrets_key_file)

    @contextmanager
    def database(self, *, pool_size: int = 16) -> Iterator[Database]:
        """A new database, migrated and seeded."""
        name = f"stand_{random.token_hex(5)}"
        admin = self.server.url("postgres")
        with psycopg.connect(_plain(admin), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with Database(self.server.url(name), pool_size=pool_size) as database:
            initialise(database, self.secrets, SystemClock())
            yield database


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def stand(settings: dict[str, str] | None = None) -> Iterator[Stand]:
    """A stand in a folder of its own that goes with it."""
    with tempfile.TemporaryDirectory(prefix="vesal-") as name:
        folder = Path(name)
        # The embedded server may run as another system user, who has to get to its data.
        folder.chmod(0o755)
        with EmbeddedPostgres(folder / "postgres", settings=settings or {}) as server:
            yield Stand(folder, server)
