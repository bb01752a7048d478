"""The SQL of everything that happened to a facility: one small query a kind."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, TextClause, text

from vesal_server.kit.db import AnyRow

_USER: Final = "coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username, '') AS by"

#: A query a kind; each takes the facility's number as :id.
_QUERIES: Final[Mapping[str, TextClause]] = {
    "episode": text(
        """
        SELECT e.id, e.opened_on, e.closed_on, e.close_reason, e.close_cause,
               coalesce(o.finished_at, e.opened_on::timestamp AT TIME ZONE 'Asia/Tehran') AS opened_at,
               coalesce(c.finished_at, e.closed_on::timestamp AT TIME ZONE 'Asia/Tehran') AS closed_at
          FROM episode e
          LEFT JOIN feed_arrival o ON o.id = e.opened_by
          LEFT JOIN feed_arrival c ON c.id = e.closed_by
         WHERE e.facility_id = :id
        """
    ),
    "notification": text(
        """
        SELECT n.channel, n.role, n.status, n.reason, n.error_text, n.due_at, n.sent_at, n.settled_at,
               n.delivered_at, coalesce(w.title, '') AS workflow_title
          FROM notification n LEFT JOIN workflow w ON w.id = n.workflow_id
         WHERE n.facility_id = :id AND n.status NOT IN ('planned', 'cancelled')
         ORDER BY n.day DESC, n.id DESC LIMIT 500
        """
    ),
    "letter": text(
        """
        SELECT l.id, l.channel, l.role, l.stage, l.number, l.issued_at, l.day
          FROM letter l WHERE l.facility_id = :id AND l.number IS NOT NULL
        """
    ),
    "letter_event": text(
        f"""
        SELECT l.id, l.channel, l.role, l.stage, l.number, e.kind, e.at, e.note, {_USER}
          FROM letter_event e JOIN letter l ON l.id = e.letter_id LEFT JOIN app_user u ON u.id = e.user_id
         WHERE l.facility_id = :id AND e.kind <> 'issued'
        """
    ),
    "follow_up": text(
        f"""
        SELECT f.kind, f.at, f.notes, f.addressee, s.title AS status, r.title AS result, s.code AS status_code,
               r.code AS result_code, {_USER}
          FROM follow_up f JOIN app_user u ON u.id = f.user_id
          LEFT JOIN contact_status s ON s.id = f.status_id LEFT JOIN contact_result r ON r.id = f.result_id
         WHERE f.facility_id = :id
        """
    ),
    "promise": text(
        """
        SELECT p.date, p.amount, p.given_at, p.status, p.judged_on,
               coalesce(j.finished_at, p.judged_on::timestamp AT TIME ZONE 'Asia/Tehran') AS judged_at
          FROM promise p LEFT JOIN feed_arrival j ON j.id = p.judged_by
         WHERE p.facility_id = :id
        """
    ),
    "assignment": text(
        f"""
        SELECT a.kind, a.assigned_at, a.closed_at, a.close_reason, a.close_note, {_USER},
               coalesce(nullif(trim(m.first_name || ' ' || m.last_name), ''), m.username, '') AS assigned_by
          FROM assignment a JOIN app_user u ON u.id = a.user_id LEFT JOIN app_user m ON m.id = a.assigned_by
         WHERE a.facility_id = :id
        """
    ),
    "hold": text(
        f"""
        SELECT h.kind, h.until, h.reason, h.created_at, h.lifted_at, {_USER},
               coalesce(nullif(trim(m.first_name || ' ' || m.last_name), ''), m.username, '') AS lifted_by
          FROM hold h LEFT JOIN app_user u ON u.id = h.created_by LEFT JOIN app_user m ON m.id = h.lifted_by
         WHERE h.facility_id = :id
        """
    ),
    "write_off": text(
        f"""
        SELECT w.reason, w.at, w.lifted_at, {_USER},
               coalesce(nullif(trim(m.first_name || ' ' || m.last_name), ''), m.username, '') AS lifted_by
          FROM write_off w LEFT JOIN app_user u ON u.id = w.by LEFT JOIN app_user m ON m.id = w.lifted_by
         WHERE w.facility_id = :id
        """
    ),
}


def happened(connection: Connection, facility_id: int) -> dict[str, Sequence[AnyRow]]:
    """All that happened to the facility, by kind, in no order."""
    return {kind: connection.execute(query, {"id": facility_id}).all() for kind, query in _QUERIES.items()}
