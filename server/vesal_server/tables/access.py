"""Users, access groups, sessions, log-ins."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from vesal_server.tables.base import Instant, Key, flag, identity, metadata, text

access_group = Table(
    "access_group",
    metadata,
    identity(),
    Column("title", Text, nullable=False, unique=True),
    Column("scope", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    CheckConstraint("scope IN ('bank','province','branch','own')", name="scope"),
)

group_page = Table(
    "group_page",
    metadata,
    Column("group_id", ForeignKey("access_group.id", ondelete="CASCADE"), primary_key=True),
    Column("page", Text, primary_key=True),
)

#: The groups that members of a group may give to users (گروه‌های قابل واگذاری).
group_gives = Table(
    "group_gives",
    metadata,
    Column("group_id", ForeignKey("access_group.id", ondelete="CASCADE"), primary_key=True),
    Column("gives_id", ForeignKey("access_group.id", ondelete="CASCADE"), primary_key=True),
)

app_user = Table(
    "app_user",
    metadata,
    identity(),
    Column("username", Text, nullable=False),
    # The name as compared: folded and in lower case.
    Column("username_key", Key, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    flag("must_change_password"),
    Column("password_changed_at", Instant, nullable=True),
    text("first_name"),
    text("last_name"),
    Column("name_sort", Key, nullable=False, server_default=""),
    Column("search", Text, nullable=False, server_default=""),
    Column("employment", Text, nullable=False, server_default="full_time"),
    Column("branch_code", ForeignKey("branch.code"), nullable=True, index=True),
    Column("province_code", ForeignKey("province.code"), nullable=True, index=True),
    text("gender"),
    text("personnel_code"),
    text("national_id"),
    text("birth_certificate_no"),
    text("phone"),
    text("mobile"),
    text("email"),
    text("address"),
    Column("photo_id", ForeignKey("attachment.id"), nullable=True),
    flag("active", True),
    Column("absent_from", Date, nullable=True),
    Column("absent_to", Date, nullable=True),
    Column("created_at", Instant, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    CheckConstraint("employment IN ('full_time','part_time')", name="employment"),
    CheckConstraint("absent_to IS NULL OR absent_from <= absent_to", name="absence"),
)

user_group = Table(
    "user_group",
    metadata,
    Column("user_id", ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True),
    Column("group_id", ForeignKey("access_group.id"), primary_key=True, index=True),
)

#: A log-in that goes on; the token itself is never stored, only its SHA-256.
session = Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user_id", ForeignKey("app_user.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    # Until when the admin mode that this session entered stays open.
    Column("admin_until", Instant, nullable=True),
    text("address"),
    text("machine"),
)

login_attempt = Table(
    "login_attempt",
    metadata,
    identity(),
    Column("at", Instant, nullable=False, index=True),
    Column("username", Text, nullable=False),
    Column("user_id", BigInteger, nullable=True),
    text("address"),
    text("machine"),
    # ok, bad_password, unknown_user, inactive, address_not_allowed, paused.
    Column("result", Text, nullable=False),
    Index("ix_login_attempt_username", "username", "at"),
    Index("ix_login_attempt_address", "address", "at"),
)
