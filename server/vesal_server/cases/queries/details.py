"""The SQL of one facility's details."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection, select, text

from vesal_server.kit.db import AnyRow
from vesal_server.scope import Reach
from vesal_server.tables.loans import facility


def visible_id(connection: Connection, reach: Reach, loan_no: str) -> int | None:
    """The facility of a loan number as this caller sees it; None for one outside the reach as for a missing one."""
    query = select(facility.c.id).where(facility.c.loan_no == loan_no, reach.facilities(facility))
    return connection.execute(query).scalar_one_or_none()


_FACILITY: Final = text(
    """
    SELECT f.id, f.loan_no, f.customer_no, f.customer_id, f.branch_code, f.loan_type_code, f.loan_date, f.amount,
           f.outstanding_amount, f.last_payment_date, f.overdue_since, f.state_as_of, f.overdue_installments,
           f.overdue_amount, f.episode_id,
           c.first_name, c.last_name, c.legal_person, c.national_id, c.mobile, c.mobile_ok, c.home_phone,
           c.work_phone, c.email, c.address,
           coalesce(g.do_not_contact, false) AS do_not_contact, coalesce(g.deceased, false) AS deceased,
           b.title AS branch_title, t.title AS loan_type_title, d.title AS deposit_type_title,
           s.as_of, e.opened_on,
           a.user_id AS expert_id, u.first_name AS expert_first_name, u.last_name AS expert_last_name,
           u.username AS expert_username,
           p.date AS promise_date, p.amount AS promise_amount, p.status AS promise_status,
           h.kind AS hold_kind, h.until AS hold_until, coalesce(h.reason, '') AS hold_reason,
           (SELECT count(*) FROM guarantor WHERE facility_id = f.id AND ended_on IS NULL) AS guarantors
      FROM facility f
      JOIN customer_now c ON c.id = f.customer_id
      JOIN branch b ON b.code = f.branch_code
      JOIN loan_type t ON t.code = f.loan_type_code
      LEFT JOIN deposit_type d ON d.code = f.deposit_type_code
      LEFT JOIN person_flag g ON g.person_id = c.person_id
      LEFT JOIN feed_state s ON true
      LEFT JOIN episode e ON e.id = f.episode_id
      LEFT JOIN assignment a ON a.facility_id = f.id AND a.closed_at IS NULL
      LEFT JOIN app_user u ON u.id = a.user_id
      LEFT JOIN LATERAL (
          SELECT date, amount, status FROM promise WHERE facility_id = f.id ORDER BY id DESC LIMIT 1) p ON true
      LEFT JOIN LATERAL (
          SELECT kind, until, reason FROM hold WHERE facility_id = f.id AND lifted_at IS NULL AND until >= :today
           ORDER BY until DESC, id DESC LIMIT 1) h ON true
     WHERE f.id = :id
    """
)


def one(connection: Connection, facility_id: int, today: date) -> AnyRow:
    """The facility, its borrower and what is open about it."""
    return connection.execute(_FACILITY, {"id": facility_id, "today": today}).one()


def overdue_of_customer(connection: Connection, reach: Reach, customer_id: int) -> tuple[int, int]:
    """How many overdue facilities the borrower has in all, and how many of them the caller sees."""
    mine = select(facility.c.id).where(
        facility.c.customer_id == customer_id, facility.c.episode_id.is_not(None)
    )
    everywhere = len(connection.execute(mine).all())
    seen = len(connection.execute(mine.where(reach.facilities(facility))).all())
    return everywhere, seen


_GUARANTORS: Final = text(
    """
    SELECT c.customer_no, c.first_name, c.last_name, c.legal_person, c.mobile, c.mobile_ok, c.address,
           g.since, g.ended_on
      FROM guarantor g JOIN customer_now c ON c.id = g.customer_id
     WHERE g.facility_id = :id
     ORDER BY g.ended_on IS NOT NULL, c.name_sort, c.customer_no
    """
)


def guarantors(connection: Connection, facility_id: int) -> Sequence[AnyRow]:
    """The facility's guarantors, those who guarantee it now first."""
    return connection.execute(_GUARANTORS, {"id": facility_id}).all()


_NOTIFICATIONS: Final = text(
    """
    SELECT n.day, n.due_at, n.sent_at, n.delivered_at, n.channel, n.role, n.status, n.reason, n.error_text,
           n.address, n.text, n.branch_code, c.customer_no, c.first_name, c.last_name,
           coalesce(w.title, '') AS workflow_title, NULL::bigint AS letter_id, NULL::text AS number, n.id
      FROM notification n
      JOIN customer_now c ON c.id = n.customer_id
      LEFT JOIN workflow w ON w.id = n.workflow_id
     WHERE n.facility_id = :id
       AND (CAST(:first AS date) IS NULL OR n.day >= :first) AND (CAST(:last AS date) IS NULL OR n.day <= :last)
       AND (CAST(:channel AS text) IS NULL OR n.channel = :channel)
    UNION ALL
    SELECT l.day, l.due_at, l.printed_at, NULL, l.channel, l.role, l.status, l.reason, NULL,
           c.address, '', l.branch_code, c.customer_no, c.first_name, c.last_name,
           coalesce(w.title, ''), l.id, l.number, l.id
      FROM letter l
      JOIN customer_now c ON c.id = l.customer_id
      LEFT JOIN workflow w ON w.id = l.workflow_id
     WHERE l.facility_id = :id
       AND (CAST(:first AS date) IS NULL OR l.day >= :first) AND (CAST(:last AS date) IS NULL OR l.day <= :last)
       AND (CAST(:channel AS text) IS NULL OR l.channel = :channel)
     ORDER BY due_at DESC, id DESC
     LIMIT :most
    """
)


def notifications(
    connection: Connection,
    facility_id: int,
    *,
    first: date | None,
    last: date | None,
    channel: str | None,
    most: int,
) -> Sequence[AnyRow]:
    """The newest messages, calls and letters about the facility."""
    asked = {"id": facility_id, "first": first, "last": last, "channel": channel, "most": most}
    return connection.execute(_NOTIFICATIONS, asked).all()


_COUNT_NOTIFICATIONS: Final = text(
    """
    SELECT (SELECT count(*) FROM notification WHERE facility_id = :id)
         + (SELECT count(*) FROM letter WHERE facility_id = :id)
    """
)


def count_notifications(connection: Connection, facility_id: int) -> int:
    """How many messages, calls and letters there are about the facility."""
    return int(connection.execute(_COUNT_NOTIFICATIONS, {"id": facility_id}).scalar_one())
