"""A bank of any size, written by SQL alone: provinces, branches, customers, and a facility each, all overdue."""

from datetime import date

from sqlalchemy import Connection, text

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
    """
    INSERT INTO customer (customer_no, person_id, first_name, last_name, mobile, national_id, mobile_ok,
                          name_sort, search)
    SELECT no, i, first, last, mobile, nid, true, vesal_sort_key(last || ' ' || first),
           vesal_search_key(no || ' ' || first || ' ' || last || ' ' || nid || ' ' || mobile)
      FROM (SELECT i, (30000000 + i)::text AS no,
                   (CAST(:first AS text[]))[1 + floor(random() * :firsts)::int] AS first,
                   (CAST(:last AS text[]))[1 + floor(random() * :lasts)::int] || ' ' || (i % 1000) AS last,
                   '09' || lpad((i::bigint * 7919 % 1000000000)::text, 9, '0') AS mobile,
                   lpad((i::bigint * 104729 % 10000000000)::text, 10, '0') AS nid
              FROM generate_series(1, :facilities) i) made
    """,
    """
    INSERT INTO facility (loan_no, customer_id, branch_code, loan_type_code, loan_date, amount, overdue_since,
                          overdue_installments, overdue_amount, customer_no, borrower_sort, search)
    SELECT loan_no, c.id, branch, type, CAST(:as_of AS date) - (400 + floor(random() * 3000)::int),
           (floor(random() * 5000) + 10)::bigint * 1000000, CAST(:as_of AS date) - days, 1 + days / 30,
           (floor(random() * 1000000) + 1)::bigint * 10000, c.customer_no, c.name_sort,
           vesal_search_key(loan_no) || ' ' || c.search
      FROM (SELECT c.*, (1001 + floor(random() * :branches)::int)::text AS branch,
                   (300 + floor(random() * 8)::int)::text AS type,
                   1 + floor(power(random(), 3) * 900)::int AS days FROM customer c) c,
           LATERAL (SELECT c.branch || '-' || c.type || '-' || c.customer_no || '-1' AS loan_no) l
    """,
    "INSERT INTO episode (facility_id, opened_on) SELECT id, overdue_since + 1 FROM facility",
    "UPDATE facility f SET episode_id = e.id FROM episode e WHERE e.facility_id = f.id",
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
    names = {
        "facilities": facilities,
        "branches": branches,
        "provinces": provinces,
        "as_of": AS_OF,
        "first": list(_FIRST),
        "last": list(_LAST),
        "firsts": len(_FIRST),
        "lasts": len(_LAST),
    }
    for statement in _STATEMENTS:
        query = text(statement)
        wanted = {name: names[name] for name in query.compile().params}
        connection.execute(query, wanted)
