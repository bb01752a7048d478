"""The home page's SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    Integer,
    Select,
    Text,
    case,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    table,
    text,
    tuple_,
)

from vesal_server.cases.buckets import Bucket
from vesal_server.kit.db import AnyRow
from vesal_server.scope import Reach
from vesal_server.tables.access import app_user
from vesal_server.tables.catalogs import province
from vesal_server.tables.feeds import feed_arrival, feed_state
from vesal_server.tables.followups import assignment, follow_up, promise, staff_mark
from vesal_server.tables.loans import episode, facility
from vesal_server.tables.notifications import letter
from vesal_server.tables.system import announcement, attachment


@dataclass(frozen=True, slots=True)
class Class:
    """What stands in one age class."""

    cases: int
    facilities: int
    overdue_amount: int


def feed(connection: Connection) -> AnyRow | None:  # no scope: the feed is the bank's
    """The last feed taken: its date, when it was taken, and the version of the data."""
    query = select(feed_state.c.as_of, feed_state.c.data_version, feed_arrival.c.finished_at).outerjoin(
        feed_arrival, feed_arrival.c.id == feed_state.c.arrival_id
    )
    return connection.execute(query).one_or_none()


def classes(
    connection: Connection, reach: Reach, buckets: Sequence[Bucket], as_of: date
) -> tuple[int, dict[str, Class]]:
    """Customers with overdue facilities in reach, and cases, facilities and amount of each age class.

    A customer whose facilities stand in two classes counts in each, and once in all.
    """
    days = func.coalesce(func.coalesce(facility.c.state_as_of, literal(as_of)) - facility.c.overdue_since, 0)
    rank = case(
        *((cast(days, Integer) <= one.to_days, place) for place, one in enumerate(buckets) if one.to_days),
        else_=len(buckets) - 1,
    )
    rows = (
        select(rank.label("rank"), facility.c.customer_id, facility.c.overdue_amount)
        .where(facility.c.episode_id.is_not(None), reach.facilities(facility))
        .subquery()
    )
    # Sets of groups: each class, and once all together, where the rank is null.
    query = select(
        rows.c.rank,
        func.count(func.distinct(rows.c.customer_id)).label("cases"),
        func.count().label("facilities"),
        func.coalesce(func.sum(rows.c.overdue_amount), 0).label("amount"),
    ).group_by(func.grouping_sets(tuple_(rows.c.rank), tuple_()))
    cases, found = 0, {}
    for row in connection.execute(query):
        if row.rank is None:
            cases = int(row.cases)
        else:
            found[buckets[row.rank].code] = Class(int(row.cases), int(row.facilities), int(row.amount))
    return cases, found


def change(connection: Connection, reach: Reach, as_of: date) -> int | None:
    """By how many customers the last feed changed the overdue ones; None where it was the first.

    A customer came where all their open episodes were opened by it, and left where it closed one and none is open.
    """
    first = select(feed_arrival.c.id).where(feed_arrival.c.status == "taken", feed_arrival.c.as_of < as_of)
    if connection.execute(first.limit(1)).first() is None:
        return None
    other, older = facility.alias("other"), episode.alias("older")
    still_open = (
        select(other.c.id)
        .join(older, older.c.id == other.c.episode_id)
        .where(other.c.customer_id == facility.c.customer_id)
        .correlate(facility)
    )
    seen = select(func.count(func.distinct(facility.c.customer_id))).join(
        episode, episode.c.facility_id == facility.c.id
    )
    seen = seen.where(reach.facilities(facility))
    came = seen.where(
        episode.c.opened_on == as_of,
        episode.c.closed_on.is_(None),
        ~still_open.where(older.c.opened_on < as_of).exists(),
    )
    left = seen.where(episode.c.closed_on == as_of, ~still_open.exists())
    return int(connection.execute(came).scalar_one()) - int(connection.execute(left).scalar_one())


def contacts(connection: Connection, reach: Reach, begin: datetime) -> int:
    """Calls and visits recorded since `begin`: the caller's own in «own», else those of the reach's branches."""
    mine = follow_up.c.user_id == reach.user_id
    where = mine if reach.scope == "own" else reach.branches(follow_up.c.branch_code)
    query = select(func.count()).where(
        follow_up.c.at >= begin, follow_up.c.kind.in_(("call", "visit")), where
    )
    return int(connection.execute(query).scalar_one())


def due_contacts(connection: Connection, reach: Reach, today: date, begin: datetime) -> int:
    """Facilities that a call or visit is due for by today and that nobody reached since `begin`."""
    reached = select(follow_up.c.id).where(follow_up.c.facility_id == facility.c.id, follow_up.c.at >= begin)
    query = select(func.count()).where(
        facility.c.episode_id.is_not(None),
        reach.facilities(facility),
        or_(
            facility.c.id.in_(_open_marks(today)),
            facility.c.id.in_(_open_promises(today)),
        ),
        ~reached.exists(),
    )
    return int(connection.execute(query).scalar_one())


def _open_marks(today: date) -> Select[int]:
    return select(staff_mark.c.facility_id).where(
        staff_mark.c.done_at.is_(None), staff_mark.c.closed_at.is_(None), staff_mark.c.due_on <= today
    )


def _open_promises(today: date) -> Select[int]:
    return select(promise.c.facility_id).where(promise.c.status == "open", promise.c.date <= today)


def promises(connection: Connection, reach: Reach, today: date) -> tuple[int, int]:
    """Open promises due today, and how many of them nobody has spoken to since they were given."""
    later = select(follow_up.c.id).where(
        follow_up.c.facility_id == promise.c.facility_id, follow_up.c.at > promise.c.given_at
    )
    query = (
        select(func.count(), func.count().filter(~later.exists()))
        .join(facility, facility.c.id == promise.c.facility_id)
        .where(promise.c.status == "open", promise.c.date == today, reach.facilities(facility))
    )
    row = connection.execute(query).one()
    return int(row[0]), int(row[1])


def kept(connection: Connection, reach: Reach, first: date, last: date) -> tuple[int, int]:
    """Promises judged from `first` to `last`: how many were kept, and how many there were."""
    query = (
        select(func.count().filter(promise.c.status == "kept"), func.count())
        .join(facility, facility.c.id == promise.c.facility_id)
        .where(
            promise.c.status.in_(("kept", "broken")),
            promise.c.judged_on.between(first, last),
            reach.facilities(facility),
        )
    )
    row = connection.execute(query).one()
    return int(row[0]), int(row[1])


def announcements(  # no scope: an announcement is public or a province's
    connection: Connection, province_code: str | None, most: int
) -> Sequence[AnyRow]:
    """Active announcements for everybody and for the province, the newest first."""
    query = (
        select(
            announcement.c.id,
            announcement.c.title,
            announcement.c.body,
            announcement.c.province_code,
            province.c.title.label("province_title"),
            announcement.c.created_at,
            app_user.c.first_name,
            app_user.c.last_name,
            attachment.c.id.label("attachment_id"),
            attachment.c.name,
            attachment.c.content_type,
            attachment.c.size,
        )
        .outerjoin(province, province.c.code == announcement.c.province_code)
        .outerjoin(app_user, app_user.c.id == announcement.c.created_by)
        .outerjoin(attachment, attachment.c.id == announcement.c.attachment_id)
        .where(
            announcement.c.active,
            or_(announcement.c.province_code.is_(None), announcement.c.province_code == province_code),
        )
        .order_by(announcement.c.created_at.desc(), announcement.c.id.desc())
        .limit(most)
    )
    return connection.execute(query).all()


def void_letters(connection: Connection, reach: Reach, since: datetime, most: int) -> Sequence[AnyRow]:
    """Letters that the caller printed and that became void since then."""
    query = (
        select(
            letter.c.id,
            letter.c.number,
            facility.c.loan_no,
            facility.c.customer_no,
            letter.c.branch_code,
            letter.c.addressee,
            letter.c.void_at,
        )
        .join(facility, facility.c.id == letter.c.facility_id)
        .where(letter.c.status == "void", letter.c.printed_by == reach.user_id, letter.c.void_at >= since)
        .order_by(letter.c.void_at.desc(), letter.c.id.desc())
        .limit(most)
    )
    return connection.execute(query).all()


def letters_to_print(connection: Connection, reach: Reach, most: int) -> int:
    """How many issued letters wait in the queues of the reach, counted to `most`."""
    rows = select(letter.c.id).where(letter.c.status == "issued", reach.letters(letter)).limit(most)
    return int(connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one())


def own_assignments(connection: Connection, user_id: int) -> int:
    """How many facilities the user has openly."""
    query = select(func.count()).where(assignment.c.user_id == user_id, assignment.c.closed_at.is_(None))
    return int(connection.execute(query).scalar_one())


#: Each person as they stand now: the view that corrections by hand have gone into.
customer_now = table("customer_now", column("id"), column("first_name"), column("last_name"))

#: Work that is open: what fell due, promises, letters nobody served, what was assigned today, holds that end.
_WORK: Final = """
    SELECT 'mark' AS source, m.due_on AS due_on, w.follow_up AS detail, NULL::bigint AS letter_id,
           NULL::bigint AS amount, '' AS note, f.id AS facility_id
      FROM staff_mark m JOIN workflow w ON w.id = m.workflow_id JOIN seen f ON f.id = m.facility_id
     WHERE m.done_at IS NULL AND m.closed_at IS NULL
    UNION ALL
    SELECT 'promise', p.date, p.status, NULL, p.amount, '', f.id
      FROM promise p JOIN seen f ON f.id = p.facility_id
     WHERE p.status = 'open' AND p.date <= :today
    UNION ALL
    SELECT 'broken', p.judged_on, p.status, NULL, p.amount, '', f.id
      FROM promise p JOIN seen f ON f.id = p.facility_id
     WHERE p.status = 'broken' AND p.judged_on >= CAST(:today AS date) - 3
       AND NOT EXISTS (
           SELECT FROM follow_up u
            WHERE u.facility_id = f.id AND (u.at AT TIME ZONE 'Asia/Tehran')::date >= p.judged_on)
    UNION ALL
    SELECT 'letter', (l.printed_at AT TIME ZONE 'Asia/Tehran')::date + 3, l.channel, l.id, NULL,
           coalesce(l.stage::text, ''), f.id
      FROM letter l JOIN seen f ON f.id = l.facility_id
     WHERE l.status = 'printed' AND (l.printed_at AT TIME ZONE 'Asia/Tehran')::date <= CAST(:today AS date) - 3
    UNION ALL
    SELECT 'assigned', :today, a.kind, NULL, NULL, '', f.id
      FROM assignment a JOIN seen f ON f.id = a.facility_id
     WHERE a.closed_at IS NULL AND a.user_id = :me
       AND (a.assigned_at AT TIME ZONE 'Asia/Tehran')::date = :today
       AND NOT EXISTS (SELECT FROM follow_up u WHERE u.facility_id = f.id AND u.at >= a.assigned_at)
    UNION ALL
    SELECT 'hold', h.until, h.kind, NULL, NULL, h.reason, f.id
      FROM hold h JOIN seen f ON f.id = h.facility_id
     WHERE h.lifted_at IS NULL AND h.until BETWEEN :today AND CAST(:today AS date) + 1
"""


def work(connection: Connection, reach: Reach, today: date, most: int) -> tuple[int, Sequence[AnyRow]]:
    """The open work about the facilities in reach: how much there is, and the most urgent of it."""
    seen = (
        select(facility.c.id)
        .where(facility.c.episode_id.is_not(None), reach.facilities(facility))
        .cte("seen")
    )
    kinds = {
        "source": Text,
        "due_on": Date,
        "detail": Text,
        "letter_id": BigInteger,
        "amount": BigInteger,
        "note": Text,
        "facility_id": BigInteger,
    }
    items = text(_WORK).bindparams(today=today, me=reach.user_id).columns(**kinds).subquery("items")
    total = connection.execute(select(func.count()).select_from(items).add_cte(seen)).scalar_one()
    query = (
        select(
            items,
            facility.c.loan_no,
            facility.c.customer_no,
            facility.c.branch_code,
            facility.c.overdue_since,
            facility.c.state_as_of,
            facility.c.overdue_installments,
            facility.c.overdue_amount,
            customer_now.c.first_name,
            customer_now.c.last_name,
        )
        .join(facility, facility.c.id == items.c.facility_id)
        .join(customer_now, customer_now.c.id == facility.c.customer_id)
        .add_cte(seen)
        .order_by(items.c.due_on, facility.c.overdue_amount.desc(), facility.c.id, items.c.source)
        .limit(most)
    )
    return int(total), connection.execute(query).all()
