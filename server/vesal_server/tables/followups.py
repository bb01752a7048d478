"""What officers write: corrections, flags, holds, follow-ups, promises, assignments, write-offs, staff marks."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)
from sqlalchemy import text as where
from sqlalchemy.dialects.postgresql import UUID

from vesal_server.tables.base import Instant, flag, identity, metadata, text

#: Values entered by hand that win over the feed until the feed brings a new one; null: the feed's value holds.
customer_correction = Table(
    "customer_correction",
    metadata,
    Column("customer_id", ForeignKey("customer.id"), primary_key=True),
    *(
        Column(name, Text, nullable=True)
        for name in (
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
        )
    ),
    # The search key of the corrected values, so that a corrected name is found too.
    text("search"),
    Column("updated_at", Instant, nullable=False),
    Column("updated_by", BigInteger, nullable=True),
    Column("version", Integer, nullable=False, server_default="1"),
)

#: A person's flags; `wrong_mobile` is the number that an expert marked wrong, so a new number is right again.
person_flag = Table(
    "person_flag",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    flag("do_not_contact"),
    flag("deceased"),
    text("wrong_mobile"),
    Column("updated_at", Instant, nullable=False),
    Column("updated_by", BigInteger, nullable=True),
    Column("version", Integer, nullable=False, server_default="1"),
)

#: Nothing goes out about a facility up to and including the day `until`, unless it was lifted.
hold = Table(
    "hold",
    metadata,
    identity(),
    Column("facility_id", ForeignKey("facility.id"), nullable=False),
    # hold, dispute, payment_announced, deceased.
    Column("kind", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    text("reason"),
    Column("created_at", Instant, nullable=False),
    Column("created_by", BigInteger, nullable=True),
    Column("lifted_at", Instant, nullable=True),
    Column("lifted_by", BigInteger, nullable=True),
    CheckConstraint("kind IN ('hold','dispute','payment_announced','deceased')", name="kind"),
    CheckConstraint("since <= until", name="span"),
    Index("ix_hold_open", "facility_id", postgresql_where=where("lifted_at IS NULL")),
)

follow_up = Table(
    "follow_up",
    metadata,
    identity(),
    Column("client_ref", UUID(as_uuid=True), nullable=False, unique=True),
    Column("facility_id", ForeignKey("facility.id"), nullable=False),
    Column("episode_id", ForeignKey("episode.id"), nullable=True),
    Column("branch_code", ForeignKey("branch.code"), nullable=False),
    Column("user_id", ForeignKey("app_user.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("status_id", ForeignKey("contact_status.id"), nullable=True),
    Column("result_id", ForeignKey("contact_result.id"), nullable=True),
    # borrower, guarantor (then addressee_id), relative.
    Column("addressee", Text, nullable=False),
    Column("addressee_id", ForeignKey("customer.id"), nullable=True),
    text("notes"),
    CheckConstraint(
        "kind IN ('call','visit','sms','introduction_letter','warning','declaration','other')", name="kind"
    ),
    Index("ix_follow_up_facility", "facility_id", "at"),
)

#: A promise and the facility's state when it was given, against which later feeds judge it.
promise = Table(
    "promise",
    metadata,
    identity(),
    Column("follow_up_id", ForeignKey("follow_up.id"), nullable=True),
    Column("facility_id", ForeignKey("facility.id"), nullable=False),
    Column("episode_id", ForeignKey("episode.id"), nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("branch_code", ForeignKey("branch.code"), nullable=False),
    Column("date", Date, nullable=False),
    Column("amount", BigInteger, nullable=True),
    Column("given_at", Instant, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("given_overdue_days", Integer, nullable=False),
    Column("given_installments", Integer, nullable=True),
    Column("given_overdue_amount", BigInteger, nullable=False),
    Column("status", Text, nullable=False, server_default="open"),
    Column("judged_on", Date, nullable=True),
    Column("judged_by", BigInteger, nullable=True),
    CheckConstraint("status IN ('open','kept','broken','replaced')", name="status"),
    Index(
        "ux_promise_open",
        "facility_id",
        "person_id",
        unique=True,
        postgresql_where=where("status = 'open'"),
    ),
    Index("ix_promise_facility", "facility_id", "date"),
)

assignment = Table(
    "assignment",
    metadata,
    identity(),
    Column("facility_id", ForeignKey("facility.id"), nullable=False),
    Column("branch_code", ForeignKey("branch.code"), nullable=False),
    Column("user_id", ForeignKey("app_user.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("assigned_at", Instant, nullable=False),
    Column("assigned_by", BigInteger, nullable=True),
    Column("closed_at", Instant, nullable=True),
    Column("closed_by", BigInteger, nullable=True),
    # cured, moved («انتقال شعبه»), reassigned (with دلیل لغو), written_off, user_left.
    Column("close_reason", Text, nullable=True),
    text("close_note"),
    CheckConstraint("kind IN ('call','warning','declaration')", name="kind"),
    Index("ux_assignment_open", "facility_id", unique=True, postgresql_where=where("closed_at IS NULL")),
    Index("ix_assignment_user", "user_id", postgresql_where=where("closed_at IS NULL")),
)

#: A facility written off by hand: later feeds are noted and open nothing until it is lifted.
write_off = Table(
    "write_off",
    metadata,
    identity(),
    Column("facility_id", ForeignKey("facility.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger, nullable=True),
    Column("lifted_at", Instant, nullable=True),
    Column("lifted_by", BigInteger, nullable=True),
    Index("ux_write_off_open", "facility_id", unique=True, postgresql_where=where("lifted_at IS NULL")),
)

#: Work that fell due for staff by a Vesal workflow: one per facility, workflow and episode.
staff_mark = Table(
    "staff_mark",
    metadata,
    Column("facility_id", ForeignKey("facility.id"), primary_key=True),
    Column("workflow_id", ForeignKey("workflow.id"), primary_key=True),
    Column("episode_id", ForeignKey("episode.id"), primary_key=True),
    Column("marked_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("done_at", Instant, nullable=True),
    Column("closed_at", Instant, nullable=True),
)
