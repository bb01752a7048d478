"""A bank of any size, written by SQL alone: provinces, branches, customers, and a facility each, all overdue."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Connection, text

from vesal_shared.text import search_key, sort_key

AS_OF = date(2026, 11, 24)

_FIRST = ("علی", "رضا", "زهرا", "مهری", "حسین", "فاطمه", "پیمان", "الهام", "جواد", "سیمین", "یوسف", "عطا")
_LAST = (
    "شکوهی", "کیانفر", "دلاوری", "تاجدینی", "زرین‌کفش", "بردستانی", "میرشکار", "فلاحتی", "رنجبران",
    "داورپناه", "نیک‌اندیش", "پورمند", "سالاروند", "قره‌باغی", "اشراقی", "صبوری", "آزادمنش",
)  # fmt: skip

_STATEMENTS = (
    "INSERT INTO province (code, title) SELECT i::text, 'استان ' || i FROM generate_series(1, :provinces) i",
    """
    INSERT INTO branch (code, title, province_code)
    SELECT (1000 + i)::text, 'شعبه ' || i, (1 + i % :provinces)::text FROM generate_series(1, :branches) i
    """,
    "INSERT INTO loan_type (code, title) SELECT (300 + i)::text, 'وام ' || i FROM generate_series(0, 7) i",
    "SELECT setseed(0.42)",
    # The keys of whole names are put together from the keys of their parts, made in Python once.
    """
    INSERT INTO customer (id, customer_no, person_id, first_name, last_name, mobile, national_id, mobile_ok,
                          name_sort, search)
    SELECT i, no, i, (CAST(:first AS text[]))[f], (CAST(:last AS text[]))[l] || ' ' || (i % 1000), mobile, nid, true,
           (CAST(:last_sort AS text[]))[l] || ' ' || (i % 1000) || ' ' || (CAST(:first_sort AS text[]))[f],
           no || (CAST(:first_search AS text[]))[f] || (CAST(:last_search AS text[]))[l] || (i % 1000) || nid || mobile
      FROM (SELECT i, (30000000 + i)::text AS no, 1 + floor(random() * :firsts)::int AS f,
                   1 + floor(random() * :lasts)::int AS l,
                   '09' || lpad((i::bigint * 7919 % 1000000000)::text, 9, '0') AS mobile,
                   lpad((i::bigint * 104729 % 10000000000)::text, 10, '0') AS nid
              FROM generate_series(1, :facilities) i) made
    """,
    """
    INSERT INTO facility (id, loan_no, customer_id, branch_code, loan_type_code, loan_date, amount, overdue_since,
                          overdue_installments, overdue_amount, customer_no, borrower_sort, search, episode_id)
    SELECT id, loan_no, id, branch, type, CAST(:as_of AS date) - (400 + floor(random() * 3000)::int),
           (floor(random() * 5000) + 10)::bigint * 1000000, CAST(:as_of AS date) - days, 1 + days / 30,
           (floor(random() * 1000000) + 1)::bigint * 10000, customer_no, name_sort, loan_no || ' ' || search, id
      FROM (SELECT c.*, (1001 + floor(random() * :branches)::int)::text AS branch,
                   (300 + floor(random() * 8)::int)::text AS type,
                   1 + floor(power(random(), 3) * 900)::int AS days FROM customer c) c,
           LATERAL (SELECT c.branch || '-' || c.type || '-' || c.customer_no || '-1' AS loan_no) l
    """,
    "INSERT INTO episode (id, facility_id, opened_on) SELECT id, id, overdue_since + 1 FROM facility",
    """
    INSERT INTO case_total (branch_code, loan_type_code, facilities, overdue_amount)
    SELECT branch_code, loan_type_code, count(*), sum(overdue_amount) FROM facility GROUP BY 1, 2
    """,
    """
    INSERT INTO feed_arrival (as_of, source, form, via, started_at, finished_at, status)
    VALUES (:as_of, 'bench', 'folder', 'command', now(), now(), 'taken')
    """,
    """
    INSERT INTO feed_state (id, as_of, arrival_id, distinct_loans, data_version)
    SELECT 1, :as_of, max(id), :facilities, 1 FROM feed_arrival
    ON CONFLICT (id) DO UPDATE SET as_of = excluded.as_of, arrival_id = excluded.arrival_id,
        distinct_loans = excluded.distinct_loans, data_version = feed_state.data_version + 1
    """,
)


def fill(connection: Connection, *, facilities: int, branches: int, provinces: int = 31) -> None:
    """Fill an empty seeded database, the same each time; VACUUM ANALYZE is the caller's."""
    names: dict[str, object] = {
        "facilities": facilities,
        "branches": branches,
        "provinces": provinces,
        "as_of": AS_OF,
        "first": list(_FIRST),
        "last": list(_LAST),
        "firsts": len(_FIRST),
        "lasts": len(_LAST),
        "first_sort": [sort_key(name) for name in _FIRST],
        "last_sort": [sort_key(name) for name in _LAST],
        "first_search": [search_key(name) for name in _FIRST],
        "last_search": [search_key(name) for name in _LAST],
    }
    with _without_indexes(connection, "customer", "facility", "episode"):
        for statement in _STATEMENTS:
            query = text(statement)
            connection.execute(query, {name: names[name] for name in query.compile().params})
    for table in ("customer", "facility", "episode"):
        connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), :last)"), {"last": facilities}
        )


@contextmanager
def _without_indexes(connection: Connection, *tables: str) -> Iterator[None]:
    """Drop the plain indexes of tables and make them again at the end: in one go they cost a fraction."""
    found = connection.execute(
        text(
            "SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS made FROM pg_index i"
            " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid"
            " WHERE t.relname = ANY(:tables) AND NOT i.indisunique"
        ),
        {"tables": list(tables)},
    ).all()
    for row in found:
        connection.execute(text(f"DROP INDEX {row.name}"))
    yield
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    for row in found:
        connection.execute(text(row.made.replace(":", "\\:")))
