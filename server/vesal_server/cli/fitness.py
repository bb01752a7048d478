"""Whether a PostgreSQL is fit for Vesal: its version, its encoding, its extensions, and Persian search."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from vesal_server.kit.db import Database
from vesal_shared import problems
from vesal_shared.problems import Refusal

#: PostgreSQL's `server_version_num` of 15.0.
OLDEST = 150000
EXTENSIONS = ("pg_trgm", "btree_gist")


@dataclass(frozen=True, slots=True)
class Unfit:
    """What is wrong with a database, and the way to mend it."""

    why: str
    mend: str


def check(database: Database) -> None:
    """Refuse a database that Vesal can't work in; changes nothing."""
    found = unfit(database)
    if found is not None:
        raise Refusal(problems.DATABASE_UNFIT, params={"why": found.why}, detail=found.mend)


def unfit(database: Database) -> Unfit | None:
    """The first thing that is wrong with the database, or None."""
    with database.transaction() as connection:
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
        if version < OLDEST:
            return Unfit(
                f"نسخه PostgreSQL آن {version // 10000} است.",
                f"به نسخه {OLDEST // 10000} یا بالاتر ارتقا دهید.",
            )
        name = str(connection.execute(text("SELECT current_database()")).scalar_one())
        create = create_line(name)
        encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
        if encoding != "UTF8":
            return Unfit(f"رمزگذاری آن {encoding} است.", f"پایگاه داده را چنین بسازید: {create}")
        offered = set(
            connection.execute(
                text("SELECT name FROM pg_available_extensions WHERE name = ANY(:names)"),
                {"names": list(EXTENSIONS)},
            ).scalars()
        )
        missing = [name for name in EXTENSIONS if name not in offered]
        if missing:
            return Unfit(
                f"افزونه {' و '.join(missing)} روی سرور آن نیست.", "بسته postgresql-contrib را نصب کنید."
            )
        if not _finds_persian(connection):
            return Unfit("جستجوی فارسی در آن کار نمی‌کند.", f"پایگاه داده را چنین بسازید: {create}")
    return None


def create_line(name: str) -> str:
    """The statement that makes a database in which Persian search works."""
    quoted = '"' + name.replace('"', '""') + '"'
    return f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';"


def _finds_persian(connection: Connection) -> bool:
    """Ask for a Persian word's trigrams, with the extension where it isn't made yet; leaves no trace."""
    with connection.begin_nested() as trial:
        there = connection.execute(text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")).first()
        if there is None:
            connection.execute(text("CREATE EXTENSION pg_trgm"))
        found = connection.execute(text("SELECT cardinality(show_trgm('علی'))")).scalar_one()
        trial.rollback()
    return bool(found)
