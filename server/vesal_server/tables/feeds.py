"""Arrivals of feeds: each try, what it counted, and the rows it set aside."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text
from sqlalchemy import text as where
from sqlalchemy.dialects.postgresql import JSONB

from vesal_server.tables.base import Instant, flag, identity, metadata, text

#: One try to take a feed in. The report shows one row per `as_of` with its tries.
feed_arrival = Table(
    "feed_arrival",
    metadata,
    identity(),
    Column("as_of", Date, nullable=True),
    # Where it came from, as a person may read it: a file's name, «SQL», the uploader.
    text("source"),
    # folder, zip, xlsx, sql; and by: watch, command, upload.
    text("form"),
    text("via"),
    Column("user_id", BigInteger, nullable=True),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant, nullable=True),
    Column("status", Text, nullable=False),
    # Why it was refused: the problem's code, and its Persian sentence.
    Column("reason_code", Text, nullable=True),
    text("reason"),
    # {"customers": {"rows","new","changed","unchanged","rejected"}, "facilities": …, "guarantors": …, "cured": n}
    Column("counts", JSONB, nullable=True),
    # Notes: unknown columns, unknown codes with their counts, unknown deposit types, waiting cures.
    Column("notes", JSONB, nullable=True),
    # Distinct loan numbers in facilities.csv, set-aside ones included: the half-size rule compares these.
    Column("distinct_loans", Integer, nullable=True),
    Column("overdue_amount", BigInteger, nullable=True),
    flag("forced"),
    CheckConstraint("status IN ('taken','unchanged','refused')", name="status"),
    Index("ix_feed_arrival_as_of", "as_of", "id"),
    Index("ix_feed_arrival_taken", "as_of", "id", postgresql_where=where("status = 'taken'")),
)

feed_rejected_row = Table(
    "feed_rejected_row",
    metadata,
    Column("arrival_id", ForeignKey("feed_arrival.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("file", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # The record's key as read (customer or loan number), for the person who mends the source.
    text("key"),
)

#: The one row that says which picture of the bank holds now; `data_version` rises with each intake.
feed_state = Table(
    "feed_state",
    metadata,
    Column("id", Integer, primary_key=True, server_default="1", autoincrement=False),
    Column("as_of", Date, nullable=True),
    Column("arrival_id", BigInteger, nullable=True),
    Column("distinct_loans", Integer, nullable=True),
    Column("data_version", BigInteger, nullable=False, server_default="0"),
    # A set-aside row without a readable loan number: cures wait for the next feed.
    flag("cures_wait"),
    CheckConstraint("id = 1", name="one_row"),
)
