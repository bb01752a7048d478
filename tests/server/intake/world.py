"""A small bank in a database whose transaction is never committed, feeds made of cells, and what stands stored."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from tests.conftest import RolledBack
from tests.feeds import (
    CUSTOMER_COLUMNS,
    FACILITY_COLUMNS,
    GUARANTOR_COLUMNS,
    FeedRows,
    Row,
    customer,
    facility,
    write_feed,
)
from tests.server.intake import oracle
from vesal_server.intake.service import Offer, take
from vesal_server.kit.clock import FixedClock
from vesal_server.kit.db import Database
from vesal_shared.messages.data_reception import IntakeResult

#: Tables that a refused or unchanged feed must leave as they are.
DOMAIN_TABLES = (
    "customer", "facility", "guarantor", "episode", "case_total", "feed_state", "customer_correction", "promise",
    "assignment", "letter", "notification",
)  # fmt: skip
#: 6150 was closed, its work goes to 6140.
BRANCHES = {"6140": "6140", "6145": "6145", "6150": "6140"}
LOAN_TYPES = {"307", "308"}


def found(connection: Connection) -> None:
    """Set the bank's catalogues up; what is there already stays."""
    connection.execute(
        text("INSERT INTO province (code, title) VALUES ('96', 'تهران') ON CONFLICT DO NOTHING")
    )
    for code in BRANCHES:
        connection.execute(
            text(
                "INSERT INTO branch (code, title, province_code) VALUES (:code, :code, '96')"
                " ON CONFLICT DO NOTHING"
            ),
            {"code": code},
        )
    connection.execute(text("UPDATE branch SET successor_code = '6140', active = false WHERE code = '6150'"))
    for table, codes in (("loan_type", LOAN_TYPES), ("deposit_type", {"11"})):
        for code in codes:
            connection.execute(
                text(f"INSERT INTO {table} (code, title) VALUES (:code, :code) ON CONFLICT DO NOTHING"),
                {"code": code},
            )


def set_setting(connection: Connection, key: str, value: int) -> None:
    connection.execute(
        text(
            "INSERT INTO setting (key, value, updated_at) VALUES (:key, to_jsonb(:value ::int), now())"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        ),
        {"key": key, "value": value},
    )


class World:
    """A bank that takes feeds on a day of its own; every transaction is undone in the end."""

    def __init__(self, database: Database, connection: Connection, folder: Path) -> None:
        self.connection = connection
        self.database = RolledBack(database.url, connection)
        self.folder = folder
        self.clock = FixedClock(datetime(2026, 11, 24, 6, 30, tzinfo=UTC))
        self._feeds = 0
        found(connection)

    def path(self) -> Path:
        """A place for the next feed."""
        self._feeds += 1
        return self.folder / f"feed{self._feeds}"

    def take(self, path: Path, *, force: bool = False, at: date | None = None) -> IntakeResult:
        """Take the feed at a path in, at noon of a day."""
        if at is not None:
            self.clock.set(datetime.combine(at, time(8), UTC))
        return take(self.database, self.clock, Offer(path, force=force), tidy=False)

    def take_files(
        self,
        as_of: date,
        files: Mapping[str, bytes],
        changes: Mapping[str, object] | None = None,
        *,
        force: bool = False,
    ) -> IntakeResult:
        """Write files with a manifest, and take them in."""
        return self.take(write_feed(self.path(), as_of, files, changes), force=force)

    def night(
        self,
        as_of: date,
        facilities: Sequence[Row],
        *,
        customers: Sequence[Row] | None = None,
        pairs: Sequence[Row] = (),
        force: bool = False,
    ) -> IntakeResult:
        """Take in a feed of these rows; without `customers` the borrowers and guarantors stand in it."""
        if customers is None:
            numbers = {row["customer_no"] for row in (*facilities, *pairs)}
            customers = [customer(number) for number in sorted(numbers)]
        rows = FeedRows(as_of, list(customers), list(facilities), list(pairs))
        return self.take(rows.write(self.path()), force=force)

    def episodes(self, loan_no: str = "L1") -> list[tuple[Any, ...]]:
        """The episodes of a facility: opened, closed, why; the oldest first."""
        return self.rows(
            "SELECT e.opened_on, e.closed_on, e.close_reason FROM episode e JOIN facility f ON f.id = e.facility_id"
            " WHERE f.loan_no = :loan ORDER BY e.id",
            loan=loan_no,
        )

    def facility(self, columns: str, loan_no: str = "L1") -> tuple[Any, ...]:
        """Some columns of a stored facility."""
        return self.rows(f"SELECT {columns} FROM facility WHERE loan_no = :loan", loan=loan_no)[0]

    def customer(self, columns: str, number: str = "101") -> tuple[Any, ...]:
        """Some columns of a stored customer."""
        return self.rows(f"SELECT {columns} FROM customer WHERE customer_no = :number", number=number)[0]

    def standing_pairs(self) -> set[tuple[str, str]]:
        """Loan and customer numbers of the guarantors that hold."""
        return {
            (loan, number)
            for loan, number in self.rows(
                "SELECT f.loan_no, c.customer_no FROM guarantor g JOIN facility f ON f.id = g.facility_id"
                " JOIN customer c ON c.id = g.customer_id WHERE g.ended_on IS NULL"
            )
        }

    def dump(self) -> dict[str, list[Any]]:
        """All that the domain's tables hold."""
        return {
            table: [
                tuple(row)
                for row in self.connection.execute(
                    text(f"SELECT t.*::text FROM {table} t ORDER BY t.*::text")
                )
            ]
            for table in DOMAIN_TABLES
        }

    def rows(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """What a query gives."""
        return [tuple(row) for row in self.connection.execute(text(statement), parameters)]


@contextmanager
def world(database: Database) -> Iterator[World]:
    """A world on a database, undone at the end."""
    connection = database._connect()
    transaction = connection.begin()
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield World(database, connection, Path(folder))
        finally:
            transaction.rollback()
            connection.close()


def files_of(feed: oracle.Feed) -> dict[str, bytes]:
    """A feed of cells as files."""
    return {
        "customers.csv": _csv(CUSTOMER_COLUMNS, [_customer(row) for row in feed.customers]),
        "facilities.csv": _csv(
            (*FACILITY_COLUMNS, "first_unpaid_date"), [_facility(row) for row in feed.facilities]
        ),
        "guarantors.csv": _csv(
            GUARANTOR_COLUMNS, [_width([row.loan.raw, row.customer.raw], row.odd_width) for row in feed.pairs]
        ),
    }


def _customer(row: oracle.CustomerRow) -> list[str]:
    values = customer(row.number.raw, last_name=row.last_name.raw, mobile=row.mobile.raw)
    return _width([values[column] for column in CUSTOMER_COLUMNS], row.odd_width)


def _facility(row: oracle.FacilityRow) -> list[str]:
    values = facility(
        row.loan.raw, row.customer.raw, branch_code=row.branch.raw, loan_type_code=row.kind.raw,
        overdue_days=row.days.raw, overdue_amount=row.amount.raw,
    )  # fmt: skip
    return _width([*(values[column] for column in FACILITY_COLUMNS), row.unpaid.raw], row.odd_width)


def _width(fields: list[str], odd: int) -> list[str]:
    wrong = fields[:odd] if odd < 0 else [*fields, *["x"] * odd]
    # One empty field alone would be an empty line, which is no record at all.
    return ["x"] if wrong == [""] else wrong


def _csv(columns: tuple[str, ...], rows: list[list[str]]) -> bytes:
    lines = [
        ",".join(f'"{field}"' if "," in field else field for field in row) for row in [list(columns), *rows]
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def stored(world: World) -> dict[str, Any]:
    """What the database holds, in the shape of `expected`."""
    return {
        "people": {
            row[0]: row[1:] for row in world.rows("SELECT customer_no, last_name, mobile FROM customer")
        },
        "loans": {
            row[0]: row[1:]
            for row in world.rows(
                "SELECT f.loan_no, f.customer_no, f.branch_code, f.loan_type_code,"
                " coalesce(coalesce(f.state_as_of, s.as_of) - f.overdue_since, 0), f.overdue_amount,"
                " f.first_unpaid_date, coalesce(f.state_as_of, s.as_of), f.episode_id IS NOT NULL"
                " FROM facility f CROSS JOIN feed_state s"
            )
        },
        "episodes": sorted(
            world.rows(
                "SELECT f.loan_no, e.opened_on, coalesce(e.closed_on, '9999-01-01'), coalesce(e.close_reason, '')"
                " FROM episode e JOIN facility f ON f.id = e.facility_id"
            )
        ),
        "pairs": {
            row[:2]: row[2]
            for row in world.rows(
                "SELECT f.loan_no, c.customer_no, g.ended_on IS NULL FROM guarantor g"
                " JOIN facility f ON f.id = g.facility_id JOIN customer c ON c.id = g.customer_id"
            )
        },
        "totals": sorted(
            world.rows("SELECT branch_code, loan_type_code, facilities, overdue_amount FROM case_total")
        ),
    }


def expected(bank: oracle.Bank) -> dict[str, Any]:
    """What the oracle says that the database holds."""
    never = date(9999, 1, 1)
    totals: dict[tuple[str, str], list[int]] = {}
    for loan in bank.loans.values():
        if loan.open:
            held = totals.setdefault((loan.branch, loan.kind), [0, 0])
            held[0] += 1
            held[1] += loan.amount
    return {
        "people": dict(bank.people),
        "loans": {
            number: (
                loan.customer, loan.branch, loan.kind, loan.days, loan.amount, loan.unpaid, loan.state_on,
                loan.open is not None,
            )
            for number, loan in bank.loans.items()
        },
        "episodes": sorted(
            (number, one.opened_on, one.closed_on or never, one.reason or "")
            for number, loan in bank.loans.items()
            for one in loan.episodes
        ),
        "pairs": dict(bank.pairs),
        "totals": sorted((branch, kind, *held) for (branch, kind), held in totals.items()),
    }  # fmt: skip


def told(result: IntakeResult) -> dict[str, Any]:
    """An answer in the shape of `foretold`."""
    return {
        "status": result.status,
        **{
            name: (count.new, count.changed, count.unchanged, count.rejected)
            for name, count in (
                ("customers", result.customers), ("facilities", result.facilities), ("pairs", result.guarantors),
            )
        },
        "cured": result.cured,
        "set_aside": [(row.file, row.line) for row in result.rejected],
    }  # fmt: skip


def foretold(answer: oracle.Answer) -> dict[str, Any]:
    """What the oracle says that the answer is."""
    return {
        "status": answer.status,
        **{
            name: (count.new, count.changed, count.unchanged, count.rejected)
            for name, count in (
                ("customers", answer.customers), ("facilities", answer.facilities), ("pairs", answer.pairs),
            )
        },
        "cured": answer.cured,
        "set_aside": answer.set_aside[:100],
    }  # fmt: skip


DAY = date(2026, 11, 1)


def day(number: int) -> date:
    """The first day of the tests, and so many after it."""
    return DAY + timedelta(days=number)


def lines(result: IntakeResult) -> list[tuple[str, int, str]]:
    """File, line, and code of the rows set aside."""
    return [(row.file, row.line, row.code) for row in result.rejected]
