"""Workflows of both kinds, their ranges, branches and templates."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, INT4RANGE, JSONB, ExcludeConstraint

from vesal_server.tables.base import Instant, flag, identity, metadata, text

workflow = Table(
    "workflow",
    metadata,
    identity(),
    # notification: reaches customers; vesal: gives staff work.
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_key", Text, nullable=False),
    Column("days_from", Integer, nullable=False),
    Column("days_to", Integer, nullable=False),
    Column("min_amount", BigInteger, nullable=False, server_default="0"),
    flag("all_branches", True),
    flag("enabled"),
    # Notification workflows only.
    Column("channels", ARRAY(Text), nullable=False, server_default="{}"),
    Column("recipients", ARRAY(Text), nullable=False, server_default="{}"),
    Column("per_day", SmallInteger, nullable=False, server_default="1"),
    Column("start", Time, nullable=True),
    Column("repeat_minutes", Integer, nullable=True),
    Column("every_days", Integer, nullable=False, server_default="1"),
    Column("after_stage_days", Integer, nullable=True),
    # Vesal workflows only.
    Column("follow_up", Text, nullable=True),
    Column("within_days", Integer, nullable=True),
    Column("sharing", Text, nullable=True),
    Column("updated_at", Instant, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("kind", "title_key", name="uq_workflow_title"),
    CheckConstraint("kind IN ('notification','vesal')", name="kind"),
    CheckConstraint("1 <= days_from AND days_from <= days_to", name="range"),
    CheckConstraint("per_day BETWEEN 1 AND 10", name="per_day"),
    CheckConstraint("every_days >= 1", name="every_days"),
    CheckConstraint(
        "kind <> 'notification' OR ("
        "start IS NOT NULL AND cardinality(channels) > 0 AND cardinality(recipients) > 0"
        " AND (per_day = 1 OR repeat_minutes >= 1))",
        name="notification_fields",
    ),
    CheckConstraint(
        "kind <> 'vesal' OR (follow_up IS NOT NULL AND within_days IS NOT NULL AND sharing IS NOT NULL)",
        name="vesal_fields",
    ),
)

#: A row a loan type of a workflow. Two enabled workflows of a kind may not overlap for a loan type, and the
#: database itself says so, because of two people who save at once exactly one may win.
workflow_range = Table(
    "workflow_range",
    metadata,
    Column("workflow_id", ForeignKey("workflow.id", ondelete="CASCADE"), primary_key=True),
    Column("loan_type_code", ForeignKey("loan_type.code"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("days", INT4RANGE, nullable=False),
    flag("enabled"),
    ExcludeConstraint(
        ("kind", "="),
        ("loan_type_code", "="),
        ("days", "&&"),
        using="gist",
        where="enabled",
        deferrable=True,
        initially="DEFERRED",
        name="ex_workflow_range_overlap",
    ),
)

workflow_branch = Table(
    "workflow_branch",
    metadata,
    Column("workflow_id", ForeignKey("workflow.id", ondelete="CASCADE"), primary_key=True),
    Column("branch_code", ForeignKey("branch.code"), primary_key=True),
)

audio_file = Table(
    "audio_file",
    metadata,
    identity(),
    Column("title", Text, nullable=False, unique=True),
    Column("seconds", Integer, nullable=False),
    Column("attachment_id", ForeignKey("attachment.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
)

#: What a workflow says on a channel to a role; a missing row means the shipped default.
template = Table(
    "template",
    metadata,
    Column("workflow_id", ForeignKey("workflow.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("recipient", Text, primary_key=True),
    # E-mail's subject or a letter's موضوع; empty means the default.
    text("subject"),
    # [{"text": …} | {"field": …}, …] as in the workflow file.
    Column("parts", JSONB, nullable=True),
    # For calls: the title of the audio file that is played.
    Column("audio", Text, nullable=True),
    Index("ix_template_audio", "audio"),
)
