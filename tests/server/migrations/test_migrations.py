"""The schema: a fresh one equals the migrated one, and what is frozen equals the tables."""

from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from tests.conftest import NOW
from vesal_server import migrations
from vesal_server.cli.init import initialise
from vesal_server.kit.clock import FixedClock
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets
from vesal_server.migrations import ddl, freeze

#: Everything that a schema is made of, one text a thing, named so that a difference can be read.
CATALOGUE = text(
    """
    SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
           || coalesce(column_default, '') || ' ' || coalesce(collation_name, '') || ' ' || is_identity
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT 'constraint ' || conrelid::regclass || '.' || conname || ' ' || pg_get_constraintdef(oid)
           || ' ' || condeferrable || ' ' || condeferred
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'view ' || viewname || ' ' || definition FROM pg_views WHERE schemaname = 'public'
    UNION ALL
    SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
    WHERE p.pronamespace = 'public'::regnamespace AND l.lanname <> 'c'
    UNION ALL
    SELECT 'extension ' || extname FROM pg_extension
    """
)


def catalogue(connection: Connection) -> set[str]:
    """What a database's schema holds, Alembic's own table aside."""
    return {str(line) for line in connection.execute(CATALOGUE).scalars() if "alembic_version" not in line}


def test_a_migrated_schema_equals_a_fresh_one(empty_database: Database, database: Database) -> None:
    with empty_database.transaction() as connection:
        for statement in ddl.statements():
            connection.execute(text(statement.replace(":", r"\:")))
        fresh = catalogue(connection)
    with database.transaction() as connection:
        migrated = catalogue(connection)
    assert fresh ^ migrated == set()


def test_what_is_frozen_equals_the_tables() -> None:
    assert Path(freeze.TARGET).read_text(encoding="utf-8") == freeze.SEPARATOR.join(ddl.statements()) + ";\n"


def test_the_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.head()


def test_init_twice_changes_nothing(empty_database: Database, secrets: Secrets) -> None:
    first = initialise(empty_database, secrets, FixedClock(NOW))
    second = initialise(empty_database, secrets, FixedClock(NOW))
    assert (first.before, first.now) == (None, migrations.head())
    assert first.admin_password
    assert (second.before, second.now, second.admin_password) == (migrations.head(), migrations.head(), None)
