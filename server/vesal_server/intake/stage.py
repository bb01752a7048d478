"""Streams a feed's files through the checks of single rows into the staging tables, and counts on the way."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vesal_server.intake import check
from vesal_server.intake.check import Known, Take, Tally
from vesal_server.intake.columns import Header, read_header
from vesal_server.intake.manifest import Control, Manifest
from vesal_server.intake.queries import staging
from vesal_server.intake.read_folder import (
    CUSTOMERS,
    DATA_FILES,
    FACILITIES,
    GUARANTORS,
    READ_BYTES,
    Counted,
    Feed,
    FeedFile,
    unreadable,
)
from vesal_server.kit.db import Connection
from vesal_shared import problems
from vesal_shared.digits import persian_digits
from vesal_shared.money import show
from vesal_shared.problems import Refusal

if TYPE_CHECKING:
    from _csv import Reader

#: Rows are handed to PostgreSQL in batches, so that it works on one while the next is read.
BATCH_ROWS = 2_000


@dataclass(slots=True)
class Progress:
    """How far reading has come: bytes of all files, and data records."""

    total: int
    told: Callable[["Progress"], None] | None = None
    done: int = 0
    rows: int = 0

    def read(self, count: int) -> None:
        """Count bytes that were read, and tell whoever watches."""
        self.done += count
        if self.told is not None:
            self.told(self)


@dataclass(frozen=True, slots=True)
class Staged:
    """What reading the three files gave beside the staged rows."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    unknown_columns: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Data records of the three files together."""
        return sum(tally.rows for tally in self.tallies.values())

    @property
    def more(self) -> int:
        """Rows set aside that were counted only."""
        return sum(tally.more for tally in self.tallies.values())


def stage(
    connection: Connection, feed: Feed, manifest: Manifest, known: Known, keep: int, progress: Progress
) -> Staged:
    """Read the whole feed once; refuses what can't be read or is not what the manifest says.

    `keep`: so many set-aside rows a file are kept; beyond that they are only counted.
    """
    staged = Staged()
    for name in DATA_FILES:
        tally = Tally(keep)
        staged.tallies[name] = tally
        header = _file(connection, feed.files[name], manifest.files[name], tally, known, progress)
        staged.unknown_columns[name] = header.unknown
    owed = staged.tallies[FACILITIES].overdue_amount
    if owed != manifest.overdue_amount:
        raise Refusal(
            problems.FEED_AMOUNT_WRONG,
            params={"found": show(owed), "expected": show(manifest.overdue_amount)},
        )
    for name in DATA_FILES:
        _keep_set_aside(connection, name, staged.tallies[name])
    return staged


def _file(
    connection: Connection, file: FeedFile, control: Control, tally: Tally, known: Known, progress: Progress
) -> Header:
    with file.open() as stream:
        counted = Counted(stream, file.name, progress.read)
        try:
            header = _rows(connection, file.name, counted, tally, known, progress)
        except Refusal:
            # A file that was cut or changed on its way is told as that, not as what the cut looks like.
            if counted.drain() != control.sha256:
                raise Refusal(problems.FEED_SHA_WRONG, params={"file": file.name}) from None
            raise
        if counted.drain() != control.sha256:
            raise Refusal(problems.FEED_SHA_WRONG, params={"file": file.name})
    if tally.rows != control.rows:
        raise Refusal(
            problems.FEED_ROWS_WRONG,
            params={
                "file": file.name,
                "found": persian_digits(tally.rows),
                "expected": persian_digits(control.rows),
            },
        )
    return header


def _rows(
    connection: Connection, name: str, counted: Counted, tally: Tally, known: Known, progress: Progress
) -> Header:
    text = io.TextIOWrapper(io.BufferedReader(counted, READ_BYTES), encoding="utf-8-sig", newline="")
    reader = csv.reader(text)
    try:
        header = read_header(name, next((fields for fields in reader if fields), []))
        table, columns, take = _taker(name, header, tally, known)
        with staging.copy_into(connection, table, columns) as copy:
            before = tally.rows
            for batch in _batches(reader, take):
                copy.write(batch)
                progress.rows += tally.rows - before
                before = tally.rows
    except UnicodeDecodeError as error:
        raise unreadable(
            name, f"متن آن UTF-8 نیست (نزدیک سطر {persian_digits(reader.line_num + 1)})."
        ) from error
    except csv.Error as error:
        line = persian_digits(reader.line_num)
        raise unreadable(
            name, f"نزدیک سطر {line} گیومه‌ای بسته نشده یا فیلدی بیش از اندازه بلند است."
        ) from error
    return header


def _batches(reader: "Reader", take: Take) -> Iterator[str]:
    """The rows to copy, many at a time; a record's line is the one on which it begins."""
    batch: list[str] = []
    line = reader.line_num + 1
    for fields in reader:
        if fields:
            row = take(line, fields)
            if row is not None:
                batch.append(row)
                if len(batch) >= BATCH_ROWS:
                    yield "".join(batch)
                    batch.clear()
        line = reader.line_num + 1
    yield "".join(batch)


def _taker(name: str, header: Header, tally: Tally, known: Known) -> tuple[str, tuple[str, ...], Take]:
    if name == CUSTOMERS:
        return "stage_customer", staging.CUSTOMER_COLUMNS, check.customers(header, tally)
    if name == FACILITIES:
        return "stage_facility", staging.FACILITY_COLUMNS, check.facilities(header, tally, known)
    assert name == GUARANTORS
    return "stage_guarantor", staging.GUARANTOR_COLUMNS, check.guarantors(header, tally)


def _keep_set_aside(connection: Connection, name: str, tally: Tally) -> None:
    if not tally.set_aside:
        return
    number = staging.FILE_NO[name]
    with staging.copy_into(connection, "set_aside", staging.SET_ASIDE_COLUMNS) as copy:
        for row in tally.set_aside:
            copy.write_row((number, row.line, row.code, row.value, row.key, row.pair_customer_no, True))
    tally.set_aside.clear()
