"""Base information: provinces, branches, loan and deposit types, holidays, follow-up catalogues."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, SmallInteger, Table, Text

from vesal_server.tables.base import flag, identity, metadata, text

province = Table(
    "province",
    metadata,
    Column("code", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
)

branch = Table(
    "branch",
    metadata,
    Column("code", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("province_code", ForeignKey("province.code"), nullable=False, index=True),
    text("address"),
    text("postal_code"),
    text("phone"),
    # IP networks in CIDR form, separated by blanks; empty means any address may log in.
    text("ip"),
    text("head_name"),
    text("head_post"),
    text("head_national_id"),
    flag("active", True),
    # Where a closed branch's work goes; a feed's row for this code is taken as the successor's.
    Column("successor_code", ForeignKey("branch.code"), nullable=True),
    Column("version", Integer, nullable=False, server_default="1"),
    CheckConstraint("successor_code IS NULL OR successor_code <> code", name="successor_is_another"),
)

loan_type = Table(
    "loan_type",
    metadata,
    Column("code", Text, primary_key=True),
    Column("title", Text, nullable=False),
    flag("active", True),
    Column("version", Integer, nullable=False, server_default="1"),
)

deposit_type = Table(
    "deposit_type",
    metadata,
    Column("code", Text, primary_key=True),
    Column("title", Text, nullable=False),
    flag("active", True),
    Column("version", Integer, nullable=False, server_default="1"),
)

holiday = Table(
    "holiday",
    metadata,
    identity(),
    Column("date", Date, nullable=False),
    Column("title", Text, nullable=False),
    # Null: the whole country.
    Column("province_code", ForeignKey("province.code"), nullable=True),
    # Messages (sms and e-mail) rest too, not only calls and letters.
    flag("no_messages"),
    # A lunar date of a later year that was computed, not announced.
    flag("estimated"),
    Column("version", Integer, nullable=False, server_default="1"),
    Index(
        "ux_holiday_date_province",
        "date",
        "province_code",
        unique=True,
        postgresql_nulls_not_distinct=True,
    ),
)

#: The two lists a follow-up chooses from (وضعیت تماس، نتیجه تماس); `code` ties a row to a rule, if it has one.
contact_status = Table(
    "contact_status",
    metadata,
    identity(),
    Column("code", Text, nullable=True, unique=True),
    Column("title", Text, nullable=False, unique=True),
    flag("active", True),
    Column("ordinal", SmallInteger, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
)

contact_result = Table(
    "contact_result",
    metadata,
    identity(),
    Column("code", Text, nullable=True, unique=True),
    Column("title", Text, nullable=False, unique=True),
    flag("active", True),
    Column("ordinal", SmallInteger, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
)
