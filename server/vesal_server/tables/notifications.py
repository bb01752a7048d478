"""Planned and sent messages (partitioned by day), and the letters that branches print."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as where
from sqlalchemy.dialects.postgresql import JSONB, UUID

from vesal_server.tables.base import Instant, Key, identity, metadata, text

#: Which days were planned, on what feed; a change of a workflow plans these again for that workflow alone.
plan_day = Table(
    "plan_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("feed_as_of", Date, nullable=False),
    Column("planned_at", Instant, nullable=False),
)

#: One message or call for one person about one facility on one day. A unique key of a partitioned table must
#: hold the partition's column, so every key begins with `day`; foreign keys are left out, since a day's plan
#: writes half a million rows that were read from those very tables in the same statement.
notification = Table(
    "notification",
    metadata,
    Column("day", Date, nullable=False),
    Column("id", BigInteger, Identity(always=False), nullable=False),
    Column("facility_id", BigInteger, nullable=False),
    Column("episode_id", BigInteger, nullable=False),
    Column("workflow_id", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    Column("repeat", SmallInteger, nullable=False),
    # The branch on that day: what was done counts where it was done.
    Column("branch_code", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("status", Text, nullable=False),
    # Why suppressed or cancelled.
    Column("reason", Text, nullable=True),
    # The client reference that gateways know: 63 random bits, made with the row, never a sequence.
    Column("reference", BigInteger, nullable=False),
    # Frozen when planned: where to, and what (an audio file's title for calls).
    Column("address", Text, nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default=""),
    text("subject"),
    # Dispatch: the server that holds it, its fencing number, and until when.
    Column("owner", Text, nullable=True),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    Column("lease_until", Instant, nullable=True),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("next_at", Instant, nullable=True),
    Column("first_try_at", Instant, nullable=True),
    Column("sent_at", Instant, nullable=True),
    Column("settled_at", Instant, nullable=True),
    Column("delivered_at", Instant, nullable=True),
    Column("gateway", Text, nullable=True),
    Column("gateway_id", Text, nullable=True),
    Column("error_code", Text, nullable=True),
    Column("error_text", Text, nullable=True),
    PrimaryKeyConstraint("day", "id", name="pk_notification"),
    # It begins with the facility, so that a facility's messages are found by it too: one index less to write.
    UniqueConstraint(
        "facility_id",
        "workflow_id",
        "person_id",
        "repeat",
        "channel",
        "role",
        "day",
        name="uq_notification_key",
    ),
    CheckConstraint(
        "status IN ('planned','sending','sent','delivered','undelivered','failed','suppressed','cancelled',"
        "'expired','unknown')",
        name="status",
    ),
    # What is to be sent, in the order of sending: only open rows stand in it, so it stays small.
    Index("ix_notification_due", "channel", "due_at", "id", postgresql_where=where("status = 'planned'")),
    Index("ix_notification_sending", "lease_until", postgresql_where=where("status = 'sending'")),
    # Accepted messages whose delivery is still to be asked about.
    Index(
        "ix_notification_sent",
        "channel",
        "next_at",
        postgresql_where=where("status = 'sent' AND next_at IS NOT NULL"),
    ),
    Index("ix_notification_reference", "reference"),
    postgresql_partition_by="RANGE (day)",
)

#: A letter: one per episode, workflow, channel, role and person. `day` and `number` are those of its issue.
letter = Table(
    "letter",
    metadata,
    identity(),
    Column("facility_id", ForeignKey("facility.id"), nullable=False, index=True),
    Column("episode_id", ForeignKey("episode.id"), nullable=False),
    Column("workflow_id", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("customer_id", ForeignKey("customer.id"), nullable=False, index=True),
    # The day it was issued, or was last looked at while suppressed.
    Column("day", Date, nullable=False, index=True),
    Column("due_at", Instant, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=True),
    # The state before it became void, given back when the episode is reopened.
    Column("void_from", Text, nullable=True),
    # The reason a suppressed letter had before a cure cancelled it, given back with that state.
    Column("reason_from", Text, nullable=True),
    # The branch whose queue it stands in now; the number keeps the branch that issued it.
    Column("branch_code", ForeignKey("branch.code"), nullable=False),
    Column("number", Text, nullable=True, unique=True),
    Column("number_branch", Text, nullable=True),
    Column("number_year", Integer, nullable=True),
    Column("number_seq", Integer, nullable=True),
    # 1 + the warnings issued and not void to this person about this facility in this episode (warnings only).
    Column("stage", SmallInteger, nullable=True),
    Column("reference", BigInteger, nullable=False),
    Column("issued_at", Instant, nullable=True),
    # The frozen content that the client renders (`vesal_shared.letter_content`), null until issued.
    Column("content", JSONB, nullable=True),
    # What lists show without opening the content, frozen with it.
    text("addressee"),
    # Made by the database, so that who issues a letter need not think of it.
    Column("addressee_sort", Key, Computed("vesal_sort_key(addressee)", persisted=True)),
    text("search"),
    Column("printed_at", Instant, nullable=True),
    Column("printed_by", BigInteger, nullable=True),
    Column("print_count", Integer, nullable=False, server_default="0"),
    # Served, returned, not found, filed: on which day, said by whom, with what note and scan.
    Column("outcome_on", Date, nullable=True),
    Column("outcome_by", BigInteger, nullable=True),
    text("outcome_note"),
    Column("scan_id", ForeignKey("attachment.id"), nullable=True),
    text("tracking_code"),
    Column("void_at", Instant, nullable=True),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("episode_id", "workflow_id", "channel", "role", "person_id", name="uq_letter_key"),
    UniqueConstraint("number_year", "number_branch", "number_seq", name="uq_letter_sequence"),
    CheckConstraint(
        "status IN ('suppressed','cancelled','issued','printed','served','returned','not_found','filed',"
        "'not_served','void')",
        name="status",
    ),
    CheckConstraint(
        "status IN ('suppressed','cancelled') OR (number IS NOT NULL AND content IS NOT NULL)",
        name="issued_whole",
    ),
    # A branch's queue in the order of names.
    Index("ix_letter_addressee", "branch_code", "addressee_sort", "id"),
    Index("ix_letter_queue", "branch_code", "status", "day"),
    Index("ix_letter_search", "search", postgresql_using="gin", postgresql_ops={"search": "gin_trgm_ops"}),
)

#: The last number given, per branch and Jalali year: taken under its row lock, so numbers run without gaps.
letter_counter = Table(
    "letter_counter",
    metadata,
    Column("branch_code", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

#: The keys that letters were sealed with, the newest in use; the private half is encrypted under the secrets' key.
letter_key = Table(
    "letter_key",
    metadata,
    Column("key_id", Text, primary_key=True),
    # Ed25519, 32 raw bytes: what any branch verifies with, also long after the key has been replaced.
    Column("public_key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False),
)

#: The logos that letters bear, in base64, kept once each: a letter's content names its logo by its SHA-256.
letter_logo = Table(
    "letter_logo",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("image", Text, nullable=False),
)

#: What happened to a letter, append only; `client_ref` makes a mark that is sent twice count once.
letter_event = Table(
    "letter_event",
    metadata,
    identity(),
    Column("letter_id", ForeignKey("letter.id"), nullable=False, index=True),
    Column("client_ref", UUID(as_uuid=True), nullable=True, unique=True),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("user_id", BigInteger, nullable=True),
    text("note"),
    Column("detail", JSONB, nullable=True),
)

#: A channel that may not send now, and why; gone when it is mended.
channel_stop = Table(
    "channel_stop",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Instant, nullable=False),
    # When one message may be tried again, to see whether it is mended.
    Column("probe_at", Instant, nullable=False),
)
