"""Customers, facilities, guarantors and arrears episodes: what intake owns and nobody else writes."""

from typing import Any

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

from vesal_server.tables.base import Key, flag, identity, metadata, text

#: A person as the feed (or a form, for a case entered by hand) last gave them, normalised.
#: Corrections by hand lie in `customer_correction`, so that officers never wait for an intake.
customer = Table(
    "customer",
    metadata,
    identity(),
    Column("customer_no", Text, nullable=False, unique=True),
    # The same for all customer numbers that carry the same valid national id; else the row's own id.
    Column("person_id", BigInteger, nullable=False, index=True),
    text("first_name"),
    text("last_name"),
    text("father_name"),
    text("national_id"),
    text("birth_certificate_no"),
    # 'M', 'F' or empty.
    text("gender"),
    text("mobile"),
    text("home_phone"),
    text("work_phone"),
    text("email"),
    text("address"),
    flag("mobile_owner_verified"),
    # What the checks said of the feed's values: a bad value is kept, flagged and listed.
    flag("national_id_ok"),
    flag("mobile_ok"),
    flag("email_ok"),
    # The national id is an eleven-digit شناسه ملی: a company, its name in last_name.
    flag("legal_person"),
    # Entered by hand, not by a feed.
    flag("by_hand"),
    Column("name_sort", Key, nullable=False, server_default=""),
    # Search key of customer number, names, national id and mobile.
    Column("search", Text, nullable=False, server_default=""),
    Index("ix_customer_national_id", "national_id", postgresql_where=where("national_id_ok")),
    Index("ix_customer_search", "search", postgresql_using="gin", postgresql_ops={"search": "gin_trgm_ops"}),
)


def _listed(name: str, *keys: Any) -> Index:
    """One order of the list over the open rows alone.

    What the list's filters ask is included, so that a page's ids come from the index without the table.
    """
    asked = ("branch_code", "loan_type_code", "overdue_since", "state_as_of")
    return Index(
        name,
        *keys,
        "id",
        postgresql_where=where("episode_id IS NOT NULL"),
        postgresql_include=[column for column in asked if column not in keys],
    )


#: One loan, as the last feed that held a good row of it described it.
facility = Table(
    "facility",
    metadata,
    identity(),
    Column("loan_no", Text, nullable=False, unique=True),
    Column("customer_id", ForeignKey("customer.id"), nullable=False, index=True),
    Column("branch_code", ForeignKey("branch.code"), nullable=False),
    Column("loan_type_code", ForeignKey("loan_type.code"), nullable=False),
    Column("deposit_type_code", ForeignKey("deposit_type.code"), nullable=True),
    Column("loan_date", Date, nullable=True),
    Column("amount", BigInteger, nullable=True),
    # as_of − overdue days, so that a night writes only what changed; null while the feed says 0 days.
    # Effective overdue days on D are D − overdue_since.
    Column("overdue_since", Date, nullable=True),
    Column("overdue_installments", Integer, nullable=True),
    Column("overdue_amount", BigInteger, nullable=False),
    Column("outstanding_amount", BigInteger, nullable=True),
    Column("last_payment_date", Date, nullable=True),
    Column("first_unpaid_date", Date, nullable=True),
    # The date of this state where it is older than the last feed (a row set aside, a cure); null: the last feed's.
    Column("state_as_of", Date, nullable=True),
    # The open episode, null when the facility is not overdue; the partial indexes of the list hang on it.
    Column("episode_id", BigInteger, nullable=True),
    # Copies of the borrower's keys, so that the list sorts and searches one table by itself.
    Column("customer_no", Text, nullable=False),
    Column("borrower_sort", Key, nullable=False, server_default=""),
    Column("search", Text, nullable=False, server_default=""),
    CheckConstraint("overdue_amount >= 0", name="overdue_amount"),
    # An empty value counts as the smallest, so that it comes last where the greatest come first.
    _listed("ix_facility_plan", "loan_type_code", "overdue_since"),
    _listed("ix_facility_open_branch", "branch_code", "overdue_since"),
    _listed("ix_facility_open_since", "overdue_since"),
    _listed("ix_facility_open_amount", "overdue_amount"),
    _listed("ix_facility_open_installments", where("overdue_installments NULLS FIRST")),
    _listed("ix_facility_open_loan_amount", where("amount NULLS FIRST")),
    _listed("ix_facility_open_loan_date", where("loan_date NULLS FIRST")),
    _listed("ix_facility_open_name", "borrower_sort"),
    _listed("ix_facility_open_customer_no", "customer_no"),
    _listed("ix_facility_open_loan_no", "loan_no"),
    Index("ix_facility_search", "search", postgresql_using="gin", postgresql_ops={"search": "gin_trgm_ops"}),
)

#: A pair of the feed; a pair that ended and is back counts as new and begins again.
guarantor = Table(
    "guarantor",
    metadata,
    Column("facility_id", ForeignKey("facility.id"), primary_key=True),
    Column("customer_id", ForeignKey("customer.id"), primary_key=True, index=True),
    Column("since", Date, nullable=False),
    Column("ended_on", Date, nullable=True),
)

#: An unbroken run of feeds in which a facility is overdue.
episode = Table(
    "episode",
    metadata,
    identity(),
    Column("facility_id", ForeignKey("facility.id"), nullable=False),
    # The as_of of the feed that opened it, and that feed's arrival.
    Column("opened_on", Date, nullable=False),
    Column("opened_by", BigInteger, nullable=True),
    Column("closed_on", Date, nullable=True),
    Column("closed_by", BigInteger, nullable=True),
    # cured, written_off, feed_error («اشتباه فید»).
    Column("close_reason", Text, nullable=True),
    # What a manager named afterwards: امهال، سایر.
    Column("close_cause", Text, nullable=True),
    # The arrival that reopened it last, and what it was closed as before that.
    Column("reopened_by", BigInteger, nullable=True),
    Column("reopened_closed_on", Date, nullable=True),
    Column("reopened_close_reason", Text, nullable=True),
    CheckConstraint("(closed_on IS NULL) = (close_reason IS NULL)", name="closed_with_reason"),
    CheckConstraint("close_reason IN ('cured','written_off','feed_error')", name="close_reason"),
    Index("ux_episode_open", "facility_id", unique=True, postgresql_where=where("closed_on IS NULL")),
    Index("ix_episode_facility", "facility_id", "id"),
    # What the last feed opened, for the home page's change against the feed before.
    Index("ix_episode_opened_on", "opened_on", postgresql_where=where("closed_on IS NULL")),
    Index("ix_episode_closed_on", "closed_on", postgresql_where=where("closed_on IS NOT NULL")),
)

#: Open facilities and their overdue amount, kept by intake, so that a list's total asks no million rows.
case_total = Table(
    "case_total",
    metadata,
    Column("branch_code", ForeignKey("branch.code"), primary_key=True),
    Column("loan_type_code", ForeignKey("loan_type.code"), primary_key=True),
    Column("facilities", BigInteger, nullable=False),
    Column("overdue_amount", BigInteger, nullable=False),
)
