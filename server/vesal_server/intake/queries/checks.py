"""Checks over all staged rows at once: what stands twice, what refers to nothing.

Each moves the rows that it finds from the staging table to `set_aside`.
"""

from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy import text as sql

from vesal_server.intake.queries.staging import scalar

_MOVED = "INSERT INTO set_aside (file_no, line, code, value, key, pair_customer_no, itself) "


def repeated_customers(connection: Connection) -> int:
    """Of a customer number that stands twice the first row stays; returns how many went."""
    return connection.execute(
        sql(
            "WITH twice AS (SELECT customer_no, min(line) AS first FROM stage_customer"
            " GROUP BY customer_no HAVING count(*) > 1), gone AS (DELETE FROM stage_customer s USING twice t"
            " WHERE s.customer_no = t.customer_no AND s.line > t.first RETURNING s.line, s.customer_no) "
            + _MOVED
            + "SELECT 1, line, 'customer_repeated', customer_no, customer_no, '', true FROM gone"
        )
    ).rowcount


def facilities_without_customer(connection: Connection) -> int:
    """Facilities whose customer is neither in this feed nor stored; lost by cascade if a row of theirs was bad."""
    return connection.execute(
        sql(
            "WITH gone AS (DELETE FROM stage_facility s"
            " WHERE NOT EXISTS (SELECT FROM stage_customer c WHERE c.customer_no = s.customer_no)"
            " AND NOT EXISTS (SELECT FROM customer c WHERE c.customer_no = s.customer_no)"
            " RETURNING line, loan_no, customer_no) "
            + _MOVED
            + "SELECT 2, line, 'unknown_customer', customer_no, loan_no, '', NOT EXISTS (SELECT FROM set_aside a"
            " WHERE a.file_no = 1 AND a.key = gone.customer_no AND a.key <> '') FROM gone"
        )
    ).rowcount


def repeated_facilities(connection: Connection) -> int:
    """Of a loan number that stands twice the first good row stays; returns how many went."""
    return connection.execute(
        sql(
            "WITH twice AS (SELECT loan_no, min(line) AS first FROM stage_facility"
            " GROUP BY loan_no HAVING count(*) > 1), gone AS (DELETE FROM stage_facility s USING twice t"
            " WHERE s.loan_no = t.loan_no AND s.line > t.first RETURNING s.line, s.loan_no) "
            + _MOVED
            + "SELECT 2, line, 'facility_repeated', loan_no, loan_no, '', true FROM gone"
        )
    ).rowcount


def bad_guarantors(connection: Connection) -> int:
    """Pairs without a good facility or a known customer, and those who guarantee their own loan."""
    return connection.execute(
        sql(
            "WITH judged AS MATERIALIZED (SELECT s.line, s.loan_no, s.customer_no, f.loan_no IS NULL AS no_facility,"
            " f.customer_no = s.customer_no AS own,"
            " c.customer_no IS NULL AND NOT EXISTS (SELECT FROM customer k WHERE k.customer_no = s.customer_no)"
            " AS no_customer FROM stage_guarantor s"
            " LEFT JOIN stage_facility f ON f.loan_no = s.loan_no"
            " LEFT JOIN stage_customer c ON c.customer_no = s.customer_no"
            " WHERE f.loan_no IS NULL OR c.customer_no IS NULL OR f.customer_no = s.customer_no),"
            " bad AS (SELECT * FROM judged WHERE no_facility OR no_customer OR own),"
            " gone AS (DELETE FROM stage_guarantor s USING bad WHERE s.line = bad.line) "
            + _MOVED
            + "SELECT 3, line, CASE WHEN no_facility THEN 'unknown_facility' WHEN no_customer THEN 'unknown_customer'"
            " ELSE 'own_guarantor' END, CASE WHEN no_facility THEN loan_no ELSE customer_no END, loan_no, customer_no,"
            " coalesce(own, false)"
            " OR (no_facility AND NOT EXISTS (SELECT FROM set_aside a WHERE a.file_no = 2 AND a.key = bad.loan_no))"
            " OR (no_customer AND NOT EXISTS (SELECT FROM set_aside a WHERE a.file_no = 1 AND a.key = bad.customer_no))"
            " FROM bad"
        )
    ).rowcount


class Found(NamedTuple):
    """What the checks found: rows bad in themselves, and the distinct loan numbers of facilities.csv."""

    bad: int
    distinct_loans: int
    #: A facility row without a readable loan number: nobody may be called cured.
    cures_wait: bool
    #: A guarantor row without readable numbers: no pair may be called ended.
    pairs_wait: bool


def found(connection: Connection) -> Found:
    """Sum the checks up."""
    row = connection.execute(
        sql(
            "SELECT (SELECT count(*) FROM set_aside WHERE itself) AS bad,"
            " (SELECT count(*) FROM stage_facility) + (SELECT count(DISTINCT key) FROM set_aside a WHERE file_no = 2"
            " AND key <> '' AND NOT EXISTS (SELECT FROM stage_facility s WHERE s.loan_no = a.key)) AS loans,"
            " EXISTS (SELECT FROM set_aside WHERE file_no = 2 AND key = '') AS cures_wait,"
            " EXISTS (SELECT FROM set_aside WHERE file_no = 3 AND (key = '' OR pair_customer_no = '')) AS pairs_wait"
        )
    ).one()
    return Found(row.bad, row.loans, row.cures_wait, row.pairs_wait)


def counts_by_code(connection: Connection) -> list[tuple[str, str, int, str, int]]:
    """Code, an example's file, line and value, and the count of rows bad in themselves, the commonest code first."""
    rows = connection.execute(
        sql(
            "SELECT code, (array_agg(file_no ORDER BY file_no, line))[1] AS file_no,"
            " (array_agg(line ORDER BY file_no, line))[1] AS line,"
            " (array_agg(value ORDER BY file_no, line))[1] AS value, count(*) AS n"
            " FROM set_aside WHERE itself GROUP BY code ORDER BY n DESC, code"
        )
    )
    names = {1: "customers.csv", 2: "facilities.csv", 3: "guarantors.csv"}
    return [(row.code, names[row.file_no], row.line, row.value, row.n) for row in rows]


def unknown_codes(connection: Connection, limit: int = 50) -> list[tuple[str, str, int]]:
    """Unknown branch and loan type codes of the feed with the number of rows each cost, the costliest first."""
    rows = connection.execute(
        sql(
            "SELECT code, value, count(*) AS n FROM set_aside WHERE code IN ('unknown_branch', 'unknown_loan_type')"
            " GROUP BY code, value ORDER BY n DESC, code, value LIMIT :limit"
        ),
        {"limit": limit},
    )
    return [(row.code, row.value, row.n) for row in rows]


def good_rows(connection: Connection, table: str) -> int:
    """How many good rows a staging table holds."""
    return scalar(connection, f"SELECT count(*) FROM {table}")
