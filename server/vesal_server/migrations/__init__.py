"""Alembic migrations: bring a database to the schema that this version of the service needs."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

#: The revision that this version of the service needs: the newest of `versions`, as a test sees to.
HEAD: Final = "0001"


def upgrade(connection: Connection) -> None:
    """Bring the schema up to date inside the caller's transaction; repeating it changes nothing."""
    # Only who migrates waits for Alembic; every command and each /ready asks for the revision.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def head() -> str:
    """The revision that this version of the service needs."""
    return HEAD


def current(connection: Connection) -> str | None:
    """The revision of the database, or None where it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return str(found) if found is not None else None
