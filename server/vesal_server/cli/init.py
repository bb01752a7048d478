"""`vesal-server init`: makes or migrates the database and seeds what a new system starts with."""

import argparse
from dataclasses import dataclass

from sqlalchemy import text

from vesal_server import migrations
from vesal_server.access.passwords import Hasher
from vesal_server.access.seeds import seed_admin, seed_groups
from vesal_server.catalogs.seeds import seed as seed_catalogs
from vesal_server.cli import fitness
from vesal_server.cli.frame import Context, Subparsers
from vesal_server.kit.clock import Clock
from vesal_server.kit.db import Connection, Database
from vesal_server.kit.secrets import Secrets
from vesal_server.letters import service as letters

#: Any fixed number: whoever holds this advisory lock is the one who migrates.
_MIGRATION_LOCK = 7_205_759_403


@dataclass(frozen=True, slots=True)
class Initialised:
    """What `initialise` did."""

    #: The revision before, None for an empty database; and now.
    before: str | None
    now: str
    #: The first administrator's password where one was made; it is shown once and kept nowhere.
    admin_password: str | None


def register(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("init")
    parser.set_defaults(run=run)


def run(context: Context, _arguments: argparse.Namespace) -> None:
    """Make the system ready; safe to repeat."""
    context.config.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = context.database(checked=False)
    fitness.check(database)
    secrets = Secrets.load_or_create(context.config.secrets_key_file)
    done = initialise(database, secrets, context.clock)
    context.answer(
        {"created": done.before is None, "migrated": done.before != done.now, "revision": done.now,
         "admin": {"username": ADMIN, "password": done.admin_password} if done.admin_password else None}
    )  # fmt: skip
    if done.before is None:
        context.say("پایگاه داده ساخته شد.")
    elif done.before != done.now:
        context.say(f"پایگاه داده از نسخه {done.before} به {done.now} رسید.")
    else:
        context.say("پایگاه داده آماده است؛ چیزی تغییر نکرد.")
    if done.admin_password:
        context.show(f"نام کاربری: {ADMIN}")
        context.show(f"کلمه عبور: {done.admin_password}")
        context.say("این کلمه عبور فقط همین یک بار نشان داده می‌شود.")


ADMIN = "admin"


def initialise(
    database: Database, secrets: Secrets, clock: Clock, *, admin_password: str | None = None
) -> Initialised:
    """Migrate, then seed; who comes second waits and finds it done.

    `admin_password` is given to the first administrator instead of one that is made.
    """
    with database.transaction(statement_timeout_s=0) as connection:
        _wait_for_turn(connection)
        before = migrations.current(connection)
        migrations.upgrade(connection)
    # A transaction of its own: under wal_level «minimal» PostgreSQL writes no log of a sequence that was made in
    # the same transaction, and after a crash it gives the same numbers again.
    with database.transaction(statement_timeout_s=0) as connection:
        _wait_for_turn(connection)
        now = clock.now()
        seed_catalogs(connection, clock.today())
        seed_groups(connection, now)
        # The first letter is signed long after; its key is made here, so that branches can fetch it before.
        letters.signing_key(connection, now=now, secrets=secrets)
        made = seed_admin(connection, now, Hasher(), admin_password)
    return Initialised(before, migrations.head(), made)


def _wait_for_turn(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
