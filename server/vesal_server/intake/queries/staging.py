"""Temporary tables that hold a feed while it is looked at; they vanish with the transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy import text as sql

from vesal_server.kit.db import raw

#: The number of a file in the order of the list of set-aside rows.
FILE_NO = {"customers.csv": 1, "facilities.csv": 2, "guarantors.csv": 3}

_TABLES = (
    """
    CREATE TEMP TABLE stage_customer (
        line integer NOT NULL, customer_no text NOT NULL,
        first_name text NOT NULL, last_name text NOT NULL, father_name text NOT NULL,
        national_id text NOT NULL, birth_certificate_no text NOT NULL, gender text NOT NULL,
        mobile text NOT NULL, home_phone text NOT NULL, work_phone text NOT NULL,
        email text NOT NULL, address text NOT NULL, mobile_owner_verified boolean NOT NULL,
        national_id_ok boolean NOT NULL, mobile_ok boolean NOT NULL, email_ok boolean NOT NULL,
        legal_person boolean NOT NULL
    ) ON COMMIT DROP
    """,
    """
    CREATE TEMP TABLE stage_facility (
        line integer NOT NULL, loan_no text NOT NULL, customer_no text NOT NULL,
        branch_code text NOT NULL, loan_type_code text NOT NULL, deposit_type_code text,
        loan_date date, amount bigint, overdue_since date, overdue_installments integer,
        overdue_amount bigint NOT NULL, outstanding_amount bigint, last_payment_date date,
        first_unpaid_date date
    ) ON COMMIT DROP
    """,
    """
    CREATE TEMP TABLE stage_guarantor (
        line integer NOT NULL, loan_no text NOT NULL, customer_no text NOT NULL
    ) ON COMMIT DROP
    """,
    # `key` is the loan or customer number as far as it could be read, `pair_customer_no` a guarantor row's second
    # number; `itself` tells a row that is bad in itself from one lost with another row.
    """
    CREATE TEMP TABLE set_aside (
        file_no smallint NOT NULL, line integer NOT NULL, code text NOT NULL, value text NOT NULL,
        key text NOT NULL, pair_customer_no text NOT NULL, itself boolean NOT NULL
    ) ON COMMIT DROP
    """,
)

#: The columns of each staging table, in the order in which rows are copied.
CUSTOMER_COLUMNS = (
    "line",
    "customer_no",
    "first_name",
    "last_name",
    "father_name",
    "national_id",
    "birth_certificate_no",
    "gender",
    "mobile",
    "home_phone",
    "work_phone",
    "email",
    "address",
    "mobile_owner_verified",
    "national_id_ok",
    "mobile_ok",
    "email_ok",
    "legal_person",
)
FACILITY_COLUMNS = (
    "line",
    "loan_no",
    "customer_no",
    "branch_code",
    "loan_type_code",
    "deposit_type_code",
    "loan_date",
    "amount",
    "overdue_since",
    "overdue_installments",
    "overdue_amount",
    "outstanding_amount",
    "last_payment_date",
    "first_unpaid_date",
)
GUARANTOR_COLUMNS = ("line", "loan_no", "customer_no")
SET_ASIDE_COLUMNS = ("file_no", "line", "code", "value", "key", "pair_customer_no", "itself")


_TEMPORARY = tuple(
    f"pg_temp.{name}"
    for name in (
        "stage_customer",
        "stage_facility",
        "stage_guarantor",
        "set_aside",
        "diff_customer",
        "ended_correction",
        "person_now",
        "person_moved",
        "diff_facility",
        "returned",
        "absent_facility",
        "closed_episode",
        "diff_pair",
        "pair_set_aside",
        "total_now",
    )
)


def prepare(connection: Connection) -> None:
    """Make the staging tables, and set this transaction up for bulk work."""
    for name, value in (
        # Compiling pays for long queries over few rows; these are short ones over many.
        ("jit", "off"),
        ("work_mem", "96MB"),
        ("statement_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("lock_timeout", "0"),
    ):
        connection.execute(sql("SELECT set_config(:name, :value, true)"), {"name": name, "value": value})
    # A second intake in one transaction (there is none outside of tests) must not meet the first one's tables.
    connection.execute(sql(f"DROP TABLE IF EXISTS {', '.join(_TEMPORARY)}"))
    for statement in _TABLES:
        connection.execute(sql(statement))


@contextmanager
def copy_into(connection: Connection, table: str, columns: tuple[str, ...]) -> Iterator[psycopg.Copy]:
    """An open COPY in text format into a staging table."""
    names = ", ".join(columns)
    with raw(connection).cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        yield copy


def analyze(connection: Connection) -> None:
    """Tell the planner of the keys that the checks join by; the other columns don't matter to it."""
    connection.execute(sql("ANALYZE stage_customer (customer_no)"))
    connection.execute(sql("ANALYZE stage_facility (loan_no, customer_no)"))
    connection.execute(sql("ANALYZE stage_guarantor (loan_no, customer_no)"))


def catalogues(connection: Connection) -> tuple[dict[str, str], set[str], set[str]]:
    """Branch codes with the code that work goes to, loan type codes, deposit type codes; inactive ones too."""
    successors: dict[str, str | None] = {
        row.code: row.successor_code
        for row in connection.execute(sql("SELECT code, successor_code FROM branch"))
    }
    loan_types = {row.code for row in connection.execute(sql("SELECT code FROM loan_type"))}
    deposit_types = {row.code for row in connection.execute(sql("SELECT code FROM deposit_type"))}
    return {code: _last_successor(code, successors) for code in successors}, loan_types, deposit_types


def _last_successor(code: str, successors: dict[str, str | None]) -> str:
    seen = {code}
    while (following := successors.get(code)) is not None and following not in seen:
        seen.add(following)
        code = following
    return code


def scalar(connection: Connection, statement: str, **parameters: Any) -> int:
    """The one whole number that a query gives."""
    return int(connection.execute(sql(statement), parameters).scalar_one())
