"""The search's SQL: a few first hits of each kind, by what their own lists search in."""

from collections.abc import Sequence

from sqlalchemy import Connection, select, text

from vesal_server.kit.db import AnyRow
from vesal_server.scope import Reach
from vesal_server.tables.catalogs import branch
from vesal_server.tables.loans import customer, facility
from vesal_server.tables.notifications import letter


def prepare(connection: Connection) -> None:  # no scope: reads nothing
    """Let each search be planned for its own words."""
    connection.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


def facilities(connection: Connection, reach: Reach, key: str, most: int) -> Sequence[AnyRow]:
    """Facilities, overdue ones first, in whose loan number or borrower the key stands."""
    hits = (
        select(facility.c.id)
        .where(facility.c.search.contains(key, autoescape=True), reach.facilities(facility))
        .limit(most * 20)
        .cte("hits")
    )
    query = (
        select(
            facility.c.loan_no,
            facility.c.customer_no,
            facility.c.branch_code,
            facility.c.episode_id,
            branch.c.title.label("branch_title"),
            customer.c.first_name,
            customer.c.last_name,
        )
        .join(branch, branch.c.code == facility.c.branch_code)
        .join(customer, customer.c.id == facility.c.customer_id)
        .where(facility.c.id.in_(select(hits.c.id)))
        .order_by(facility.c.episode_id.is_(None), facility.c.overdue_amount.desc(), facility.c.id)
        .limit(most)
    )
    return connection.execute(query).all()


def customers(connection: Connection, reach: Reach, key: str, most: int) -> Sequence[AnyRow]:
    """People in whose number, name, national id or mobile the key stands."""
    query = (
        select(customer.c.customer_no, customer.c.first_name, customer.c.last_name, customer.c.mobile)
        .where(customer.c.search.contains(key, autoescape=True), reach.customers(customer))
        .limit(most)
    )
    return connection.execute(query).all()


def letters(connection: Connection, reach: Reach, key: str, most: int) -> Sequence[AnyRow]:
    """Issued letters in whose number, addressee or loan the key stands."""
    query = (
        select(
            letter.c.id,
            letter.c.number,
            letter.c.channel,
            letter.c.stage,
            letter.c.role,
            letter.c.addressee,
            letter.c.branch_code,
            facility.c.loan_no,
            facility.c.customer_no,
        )
        .join(facility, facility.c.id == letter.c.facility_id)
        .where(
            letter.c.search.contains(key, autoescape=True),
            letter.c.status.not_in(("suppressed", "cancelled")),
            reach.letters(letter),
        )
        .order_by(letter.c.id.desc())
        .limit(most)
    )
    return connection.execute(query).all()
