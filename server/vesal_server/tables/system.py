"""Settings, audit, alerts, attachments, announcements, and what the timetable keeps."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, LargeBinary, Table, Text
from sqlalchemy import text as where
from sqlalchemy.dialects.postgresql import JSONB

from vesal_server.tables.base import Instant, flag, identity, metadata, text

#: One row a setting that differs from its default; a secret is stored encrypted, in `secret` alone.
setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", JSONB, nullable=True),
    Column("secret", LargeBinary, nullable=True),
    Column("updated_at", Instant, nullable=False),
    Column("updated_by", BigInteger, nullable=True),
)

#: Who changed what, append only; `seq` and `seal` are filled by the leader, in the order of commit.
audit_entry = Table(
    "audit_entry",
    metadata,
    identity(),
    Column("at", Instant, nullable=False, index=True),
    Column("user_id", BigInteger, nullable=True),
    text("username"),
    Column("action", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("branch_code", Text, nullable=True),
    Column("old", JSONB, nullable=True),
    Column("new", JSONB, nullable=True),
    Column("seq", BigInteger, nullable=True, unique=True),
    Column("seal", LargeBinary, nullable=True),
    Index("ix_audit_entry_entity", "entity", "entity_id"),
)

#: What somebody must know; one open row a kind and key, counted up while it lasts.
alert = Table(
    "alert",
    metadata,
    identity(),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False, server_default=""),
    Column("severity", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("detail", JSONB, nullable=True),
    Column("raised_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("count", Integer, nullable=False, server_default="1"),
    Column("resolved_at", Instant, nullable=True),
    Index("ux_alert_open", "kind", "key", unique=True, postgresql_where=where("resolved_at IS NULL")),
)

attachment = Table(
    "attachment",
    metadata,
    identity(),
    Column("name", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", BigInteger, nullable=True),
)

announcement = Table(
    "announcement",
    metadata,
    identity(),
    Column("title", Text, nullable=False),
    text("code"),
    text("body"),
    flag("active", True),
    # Null: public; else only for the users of this province.
    Column("province_code", ForeignKey("province.code"), nullable=True),
    Column("attachment_id", ForeignKey("attachment.id"), nullable=True),
    Column("created_at", Instant, nullable=False),
    Column("created_by", BigInteger, nullable=True),
    Column("version", Integer, nullable=False, server_default="1"),
)

#: The single leader among the servers; its lease runs on the database's clock.
leader_lease = Table(
    "leader_lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", Instant, nullable=False),
)

#: A job of the timetable that was begun for a day: unique, so that a change of leader runs nothing twice.
job_run = Table(
    "job_run",
    metadata,
    Column("job", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant, nullable=True),
    Column("result", JSONB, nullable=True),
)
