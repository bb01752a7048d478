"""The least that an intake can cost: COPY to unlogged staging, and one merge a table into copies, without checks."""

from pathlib import Path

from sqlalchemy import text

from vesal_server.kit.db import Database, raw

_TABLES = ("customer", "facility", "guarantor")

_STAGING = (
    "CREATE UNLOGGED TABLE floor_stage_customer (customer_no text, first_name text, last_name text,"
    " father_name text, national_id text, birth_certificate_no text, gender text, mobile text, home_phone text,"
    " work_phone text, email text, address text)",
    "CREATE UNLOGGED TABLE floor_stage_facility (loan_no text, customer_no text, branch_code text,"
    " loan_type_code text, deposit_type_code text, loan_date date, amount bigint, overdue_days integer,"
    " overdue_installments integer, overdue_amount bigint)",
    "CREATE UNLOGGED TABLE floor_stage_guarantor (loan_no text, customer_no text)",
)

_PERSON = (
    "first_name", "last_name", "father_name", "national_id", "birth_certificate_no", "gender", "mobile",
    "home_phone", "work_phone", "email", "address",
)  # fmt: skip
_LOAN = (
    "branch_code", "loan_type_code", "deposit_type_code", "loan_date", "amount", "overdue_installments",
    "overdue_amount",
)  # fmt: skip


def _merges(as_of: str) -> tuple[str, ...]:
    keys = (
        "vesal_sort_key(s.last_name || ' ' || s.first_name) AS name_sort, vesal_search_key(s.customer_no || ' ' ||"
        " s.first_name || ' ' || s.last_name || ' ' || s.national_id || ' ' || s.mobile) AS search"
    )
    person = ", ".join(_PERSON)
    loan = ", ".join(_LOAN)
    since = f"DATE '{as_of}' - s.overdue_days"
    return (
        f"MERGE INTO floor_customer c USING floor_stage_customer s ON c.customer_no = s.customer_no"
        f" WHEN MATCHED AND ({_of('c', _PERSON)}) IS DISTINCT FROM ({_of('s', _PERSON)}) THEN UPDATE SET"
        f" {_set(_PERSON)}, name_sort = vesal_sort_key(s.last_name || ' ' || s.first_name),"
        " search = vesal_search_key(s.customer_no || ' ' || s.first_name || ' ' || s.last_name || ' ' ||"
        " s.national_id || ' ' || s.mobile)"
        f" WHEN NOT MATCHED THEN INSERT (customer_no, person_id, {person}, national_id_ok, name_sort, search)"
        f" VALUES (s.customer_no, CAST(s.customer_no AS bigint), {_of('s', _PERSON)}, true,"
        f" {keys.replace(' AS name_sort', '').replace(' AS search', '')})",
        "MERGE INTO floor_facility f USING (SELECT s.*, c.id AS customer_id, c.name_sort,"
        " vesal_search_key(s.loan_no) || ' ' || c.search AS search FROM floor_stage_facility s"
        " JOIN floor_customer c ON c.customer_no = s.customer_no) s ON f.loan_no = s.loan_no"
        f" WHEN MATCHED AND (f.customer_no, {_of('f', _LOAN)}, f.overdue_since) IS DISTINCT FROM"
        f" (s.customer_no, {_of('s', _LOAN)}, {since}) THEN UPDATE SET {_set(_LOAN)}, customer_id = s.customer_id,"
        f" customer_no = s.customer_no, overdue_since = {since}, borrower_sort = s.name_sort, search = s.search"
        f" WHEN NOT MATCHED THEN INSERT (loan_no, customer_id, {loan}, overdue_since, episode_id, customer_no,"
        f" borrower_sort, search) VALUES (s.loan_no, s.customer_id, {_of('s', _LOAN)}, {since}, s.customer_id,"
        " s.customer_no, s.name_sort, s.search)",
        "MERGE INTO floor_guarantor g USING (SELECT DISTINCT f.id AS facility_id, c.id AS customer_id"
        " FROM floor_stage_guarantor s JOIN floor_facility f ON f.loan_no = s.loan_no"
        " JOIN floor_customer c ON c.customer_no = s.customer_no) s"
        " ON g.facility_id = s.facility_id AND g.customer_id = s.customer_id"
        " WHEN MATCHED AND g.ended_on IS NOT NULL THEN UPDATE SET ended_on = NULL"
        f" WHEN NOT MATCHED THEN INSERT (facility_id, customer_id, since)"
        f" VALUES (s.facility_id, s.customer_id, DATE '{as_of}')",
    )


def _of(alias: str, columns: tuple[str, ...]) -> str:
    return ", ".join(f"{alias}.{column}" for column in columns)


def _set(columns: tuple[str, ...]) -> str:
    return ", ".join(f"{column} = s.{column}" for column in columns)


def prepare(database: Database) -> None:
    """Make the copies, empty, with the same indexes."""
    with database.transaction() as connection:
        for table in _TABLES:
            connection.execute(text(f"DROP TABLE IF EXISTS floor_{table}"))
            connection.execute(
                text(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL EXCLUDING STATISTICS)")
            )


def run(database: Database, folder: Path, as_of: str) -> None:
    """Copy and merge one feed, in one transaction."""
    with database.transaction() as connection:
        connection.execute(text("SET LOCAL jit = off"))
        connection.execute(text("SET LOCAL work_mem = '96MB'"))
        for table, statement in zip(_TABLES, _STAGING, strict=True):
            connection.execute(text(f"DROP TABLE IF EXISTS floor_stage_{table}"))
            connection.execute(text(statement))
            name = {"customer": "customers", "facility": "facilities", "guarantor": "guarantors"}[table]
            with (
                raw(connection).cursor() as cursor,
                cursor.copy(f"COPY floor_stage_{table} FROM STDIN (FORMAT csv, HEADER, FORCE_NOT_NULL *)" if table
                            == "customer" else f"COPY floor_stage_{table} FROM STDIN (FORMAT csv, HEADER)") as copy,
                (folder / f"{name}.csv").open("rb") as stream,
            ):  # fmt: skip
                while chunk := stream.read(2**20):
                    copy.write(chunk)
            connection.execute(text(f"ANALYZE floor_stage_{table}"))
        for statement in _merges(as_of):
            connection.execute(text(statement))
