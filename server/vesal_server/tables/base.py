"""The one metadata object, and the column kinds that every table uses."""

from sqlalchemy import BigInteger, Boolean, Column, Identity, MetaData, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.sql import expression

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

metadata = MetaData(naming_convention=NAMING)

#: An instant: always stored with its zone.
Instant = TIMESTAMP(timezone=True)

#: Text compared by code point, so that sort keys order alike on every build of PostgreSQL.
Key = Text(collation="C")


def identity() -> Column[int]:
    """The surrogate key of a table: a 64-bit number that the database gives."""
    return Column("id", BigInteger, Identity(always=False), primary_key=True)


def text(name: str) -> Column[str]:
    """A text that is never null: an unknown value is the empty text, so that rows compare simply."""
    return Column(name, Text, nullable=False, server_default="")


def flag(name: str, default: bool = False) -> Column[bool]:  # noqa: FBT001 - reads as a declaration
    """A yes or no that is never null."""
    return Column(
        name,
        Boolean,
        nullable=False,
        server_default=expression.true() if default else expression.false(),
    )
