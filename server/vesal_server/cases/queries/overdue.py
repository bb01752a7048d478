"""The SQL of the overdue list."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import distinct_on

from vesal_server.cases.buckets import Bucket
from vesal_server.cases.filters import OverdueFilter
from vesal_server.kit.db import AnyRow
from vesal_server.kit.listing import Key, Listing, Sort
from vesal_server.scope import Reach
from vesal_server.tables.access import app_user
from vesal_server.tables.catalogs import branch, loan_type, province
from vesal_server.tables.feeds import feed_state
from vesal_server.tables.followups import assignment, follow_up, hold, promise
from vesal_server.tables.loans import case_total, facility

_ID: Final = Key(facility.c.id)
#: Among equals the oldest first, as the index behind has it; where empty values go doesn't matter there.
_SINCE: Final = Key(facility.c.overdue_since, nullable=False)
_last_contact = (
    select(follow_up.c.facility_id, func.max(follow_up.c.at).label("at"))
    .group_by(follow_up.c.facility_id)
    .subquery("last_contact")
)
_newest_promise = (
    select(promise.c.facility_id, promise.c.date)
    .ext(distinct_on(promise.c.facility_id))
    .order_by(promise.c.facility_id, promise.c.id.desc())
    .subquery("newest_promise")
)
_expert = (
    select(assignment.c.facility_id, app_user.c.name_sort)
    .join(app_user, app_user.c.id == assignment.c.user_id)
    .where(assignment.c.closed_at.is_(None))
    .subquery("expert")
)

#: The list's orders. More overdue days mean an earlier day since when, so that one falls while the other
#: rises.
OVERDUE: Final = Listing(
    "overdue_cases",
    facility,
    facility.c.id,
    {
        "loan_no": Sort((Key(facility.c.loan_no), _ID)),
        "customer_no": Sort((Key(facility.c.customer_no), _ID)),
        "customer_name": Sort((Key(facility.c.borrower_sort), _ID)),
        "branch_code": Sort((Key(facility.c.branch_code), _SINCE, _ID)),
        "loan_type": Sort((Key(facility.c.loan_type_code), _SINCE, _ID)),
        "overdue_days": Sort((Key(facility.c.overdue_since, falling=True), Key(facility.c.id, falling=True))),
        "overdue_installments": Sort((Key(facility.c.overdue_installments), _ID)),
        "overdue_amount": Sort((Key(facility.c.overdue_amount), _ID)),
        "amount": Sort((Key(facility.c.amount), _ID)),
        "loan_date": Sort((Key(facility.c.loan_date), _ID)),
        # What officers write lies beside the facility, where no intake locks it: these orders are mapped.
        "last_contact": Sort(
            (Key(_last_contact.c.at, nullable=True), _ID),
            (_last_contact, _last_contact.c.facility_id == facility.c.id),
        ),
        "promise": Sort(
            (Key(_newest_promise.c.date, nullable=True), _ID),
            (_newest_promise, _newest_promise.c.facility_id == facility.c.id),
        ),
        "expert": Sort(
            (Key(_expert.c.name_sort, nullable=True), _ID), (_expert, _expert.c.facility_id == facility.c.id)
        ),
    },
    default="-overdue_days",
)


def state(connection: Connection) -> tuple[date | None, int]:  # no scope: the feed is the bank's
    """The date of the last feed taken, and the version of what it changed."""
    row = connection.execute(select(feed_state.c.as_of, feed_state.c.data_version)).one_or_none()
    return (row.as_of, row.data_version) if row is not None else (None, 0)


def visible(reach: Reach) -> list[ColumnElement[bool]]:
    """All open episodes that the caller sees: list, count, sums and export begin here."""
    return [facility.c.episode_id.is_not(None), reach.facilities(facility)]


def narrowed(
    wanted: OverdueFilter, classes: Sequence[Bucket], as_of: date | None, today: date
) -> list[ColumnElement[bool]]:
    """The conditions of the filters."""
    made: list[ColumnElement[bool]] = []
    if wanted.branch:
        made.append(facility.c.branch_code.in_(wanted.branch))
    if wanted.province is not None:
        inside = select(branch.c.code).where(branch.c.province_code == wanted.province)
        made.append(facility.c.branch_code.in_(inside))
    if wanted.loan_type:
        made.append(facility.c.loan_type_code.in_(wanted.loan_type))
    if wanted.loan_no:
        made.append(facility.c.loan_no.in_(wanted.loan_no))
    if wanted.customer_no is not None:
        made.append(facility.c.customer_no == wanted.customer_no)
    for column, lowest, highest in (
        (facility.c.overdue_installments, wanted.installments_from, wanted.installments_to),
        (facility.c.overdue_amount, wanted.amount_from, wanted.amount_to),
    ):
        if lowest is not None:
            made.append(column >= lowest)
        if highest is not None:
            made.append(column <= highest)
    made += _days(wanted.days_from, wanted.days_to, as_of)
    if wanted.bucket:
        chosen = [one for one in classes if one.code in wanted.bucket]
        parts = [and_(true(), *_days(_first(one), one.to_days, as_of)) for one in chosen]
        made.append(or_(*parts) if parts else false())
    return made + _by_officers(wanted, today)


def _first(one: Bucket) -> int | None:
    # The youngest class holds facilities with 0 days too.
    return one.from_days if one.from_days > 1 else None


def _days(lowest: int | None, highest: int | None, as_of: date | None) -> list[ColumnElement[bool]]:
    """Overdue days as the screen shows them: on the date of the facility's own state.

    The date of nearly all is the last feed's; comparing `overdue_since` alone lets an index answer for them.
    """
    if as_of is None:
        return []
    since, own = facility.c.overdue_since, facility.c.state_as_of
    day = literal(as_of, Date)
    made: list[ColumnElement[bool]] = []
    if lowest is not None and lowest > 0:
        made += [since <= day - lowest, or_(own.is_(None), since <= own - lowest)]
    if highest is not None:
        made.append(or_(since.is_(None), since >= day - highest, since >= own - highest))
    return made


def _by_officers(wanted: OverdueFilter, today: date) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    assigned = exists().where(assignment.c.facility_id == facility.c.id, assignment.c.closed_at.is_(None))
    if wanted.expert == 0:
        made.append(not_(assigned))
    elif wanted.expert is not None:
        made.append(assigned.where(assignment.c.user_id == wanted.expert))
    if wanted.promise is not None:
        newest = (
            select(promise.c.status)
            .where(promise.c.facility_id == facility.c.id)
            .order_by(promise.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        made.append(newest.is_(None) if wanted.promise == "none" else newest == wanted.promise)
    if wanted.contacted_before is not None:
        day_begins = func.timezone("Asia/Tehran", literal(wanted.contacted_before, Date))
        made.append(
            not_(exists().where(follow_up.c.facility_id == facility.c.id, follow_up.c.at >= day_begins))
        )
    if wanted.on_hold is not None:
        held = exists().where(
            hold.c.facility_id == facility.c.id, hold.c.lifted_at.is_(None), hold.c.until >= today
        )
        made.append(held if wanted.on_hold else not_(held))
    return made


def matching(
    connection: Connection, key: str
) -> ColumnElement[bool]:  # no scope: a condition beside `visible`
    """Rows in which part of any shown column matches the search key.

    Titles of branches and loan types, experts and corrected names are few: they are found first and their
    codes are looked for, so that one index a part answers.
    """
    pattern = {"pattern": f"%{_escaped(key)}%"}
    found = connection.execute(_CATALOGUE_HITS, pattern).one()
    parts: list[ColumnElement[bool]] = [facility.c.search.contains(key, autoescape=True)]
    if found.branches:
        parts.append(facility.c.branch_code.in_(found.branches))
    if found.loan_types:
        parts.append(facility.c.loan_type_code.in_(found.loan_types))
    if found.customers:
        parts.append(facility.c.customer_id.in_(found.customers))
    if found.assigned:
        parts.append(facility.c.id.in_(found.assigned))
    return or_(*parts)


_CATALOGUE_HITS: Final = text(
    """
    SELECT
        (SELECT array_agg(code) FROM branch
          WHERE vesal_search_key(title) LIKE :pattern OR code LIKE :pattern) AS branches,
        (SELECT array_agg(code) FROM loan_type WHERE vesal_search_key(title) LIKE :pattern) AS loan_types,
        (SELECT array_agg(customer_id) FROM (
            SELECT customer_id FROM customer_correction WHERE search LIKE :pattern LIMIT 1000) AS c) AS
            customers,
        (SELECT array_agg(facility_id) FROM (
            SELECT a.facility_id FROM assignment a JOIN app_user u ON u.id = a.user_id
             WHERE a.closed_at IS NULL AND u.search LIKE :pattern LIMIT 10000) AS e) AS assigned
    """
)


def _escaped(key: str) -> str:
    return key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def kept_total(connection: Connection, reach: Reach, wanted: OverdueFilter) -> tuple[int, int] | None:
    """Facilities and their amount from the totals that intake keeps; None for «own», which has none."""
    if reach.scope == "own":
        return None
    query = select(
        func.coalesce(func.sum(case_total.c.facilities), 0).label("facilities"),
        func.coalesce(func.sum(case_total.c.overdue_amount), 0).label("amount"),
    ).where(reach.branches(case_total.c.branch_code))
    if wanted.branch:
        query = query.where(case_total.c.branch_code.in_(wanted.branch))
    if wanted.province is not None:
        inside = select(branch.c.code).where(branch.c.province_code == wanted.province)
        query = query.where(case_total.c.branch_code.in_(inside))
    if wanted.loan_type:
        query = query.where(case_total.c.loan_type_code.in_(wanted.loan_type))
    row = connection.execute(query).one()
    return int(row.facilities), int(row.amount)


def amount(connection: Connection, conditions: Sequence[ColumnElement[bool]]) -> int:
    """The overdue amount of the rows that the conditions leave."""
    total = select(func.coalesce(func.sum(facility.c.overdue_amount), 0)).where(*conditions)
    return int(connection.execute(total).scalar_one())


_ROWS: Final = text(
    """
    SELECT f.id, f.loan_no, f.customer_no, f.branch_code, f.loan_type_code, f.loan_date, f.amount,
           f.overdue_since, f.state_as_of, f.overdue_installments, f.overdue_amount,
           c.first_name, c.last_name, c.legal_person,
           b.title AS branch_title, t.title AS loan_type_title,
           lc.at AS last_contact, p.date AS promise_date, p.status AS promise_status,
           a.user_id AS expert_id, u.first_name AS expert_first_name, u.last_name AS expert_last_name,
           u.username AS expert_username, h.until AS hold_until
      FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS wanted(id, place)
      JOIN facility f ON f.id = wanted.id
      JOIN customer_now c ON c.id = f.customer_id
      JOIN branch b ON b.code = f.branch_code
      JOIN loan_type t ON t.code = f.loan_type_code
      LEFT JOIN LATERAL (SELECT max(at) AS at FROM follow_up WHERE facility_id = f.id) lc ON true
      LEFT JOIN LATERAL (
          SELECT date, status FROM promise WHERE facility_id = f.id ORDER BY id DESC LIMIT 1) p ON true
      LEFT JOIN assignment a ON a.facility_id = f.id AND a.closed_at IS NULL
      LEFT JOIN app_user u ON u.id = a.user_id
      LEFT JOIN LATERAL (
          SELECT max(until) AS until FROM hold
           WHERE facility_id = f.id AND lifted_at IS NULL AND until >= :today) h ON true
     ORDER BY wanted.place
    """
).bindparams(bindparam("ids"), bindparam("today"))


def rows(connection: Connection, ids: Sequence[int], today: date) -> Sequence[AnyRow]:
    """The rows of a page, in the order of its ids."""
    return connection.execute(_ROWS, {"ids": list(ids), "today": today}).all()


def branches(connection: Connection, reach: Reach) -> Sequence[AnyRow]:
    """The branches in reach that have overdue facilities, with their number."""
    count = func.sum(case_total.c.facilities)
    query = (
        select(branch.c.code, branch.c.title, count.label("facilities"))
        .join(case_total, case_total.c.branch_code == branch.c.code)
        .where(reach.branches(branch.c.code))
        .group_by(branch.c.code, branch.c.title)
        .having(count > 0)
        .order_by(branch.c.code)
    )
    return connection.execute(query).all()


def provinces(connection: Connection, reach: Reach) -> Sequence[AnyRow]:
    """The provinces of the branches in reach."""
    query = (
        select(province.c.code, province.c.title)
        .where(exists().where(branch.c.province_code == province.c.code, reach.branches(branch.c.code)))
        .order_by(province.c.code)
    )
    return connection.execute(query).all()


def loan_types(connection: Connection) -> Sequence[AnyRow]:  # no scope: a catalogue
    """All loan types."""
    return connection.execute(select(loan_type.c.code, loan_type.c.title).order_by(loan_type.c.code)).all()


def experts(connection: Connection, reach: Reach) -> Sequence[AnyRow]:
    """Who has an open assignment of a facility in reach, and how many."""
    query = (
        select(
            app_user.c.id,
            app_user.c.username,
            app_user.c.first_name,
            app_user.c.last_name,
            func.count().label("facilities"),
        )
        .join(assignment, assignment.c.user_id == app_user.c.id)
        .join(facility, facility.c.id == assignment.c.facility_id)
        .where(assignment.c.closed_at.is_(None), *visible(reach))
        .group_by(app_user.c.id)
        .order_by(app_user.c.name_sort, app_user.c.id)
    )
    return connection.execute(query).all()
