"""The whole schema as SQL: extensions, functions, tables, views, in the order they are made.

The tables come from `vesal_server.tables`, the functions that fold and order Persian text from the very maps
of `vesal_shared.text`, so that Python and the database can't come apart.
"""

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from vesal_server.tables import metadata
from vesal_server.tables.followups import customer_correction
from vesal_shared import text as persian

EXTENSIONS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
)


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def functions() -> list[str]:
    """SQL twins of `search_key` and `sort_key`; immutable, so that they can be indexed.

    Not STRICT (null comes to null anyway): PostgreSQL would then not inline them, at more than twice the price.
    """
    return [
        "CREATE FUNCTION vesal_search_key(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE "
        f"RETURN {persian.sql_search_key('value', _literal)}",
        "CREATE FUNCTION vesal_sort_key(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE "
        f"RETURN {persian.sql_sort_key('value', _literal)}",
    ]


def views() -> list[str]:
    """`customer_now`: each person as they stand now, corrections by hand before the feed's values."""
    skip = {"customer_id", "search", "updated_at", "updated_by", "version"}
    corrected = [column.name for column in customer_correction.columns if column.name not in skip]
    columns = ", ".join(f"coalesce(k.{name}, c.{name}) AS {name}" for name in corrected)
    return [
        "CREATE VIEW customer_now AS SELECT c.id, c.customer_no, c.person_id, c.legal_person, c.by_hand, "
        "c.mobile_owner_verified, c.name_sort, c.search, k.version AS correction_version, "
        f"{columns}, "
        "CASE WHEN k.mobile IS NULL THEN c.mobile_ok ELSE k.mobile ~ '^09[0-9]{9}$' END AS mobile_ok, "
        "CASE WHEN k.email IS NULL THEN c.email_ok ELSE k.email <> '' END AS email_ok "
        "FROM customer c LEFT JOIN customer_correction k ON k.customer_id = c.id"
    ]


def statements() -> list[str]:
    """Every statement that makes an empty database a fresh schema, in order."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    made: list[str] = [*EXTENSIONS, *functions()]
    for table in metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        indexes = sorted(table.indexes, key=lambda one: str(one.name))
        made += [str(CreateIndex(index).compile(dialect=dialect)).strip() for index in indexes]
    return made + views()
