"""How far accepted messages have come."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, text

from vesal_server.dispatch.queries.running import run
from vesal_server.gateways.base import told


def to_report(
    session: Connection, *, channel: str, gateway: str, since: date, now: datetime, size: int
) -> list[tuple[date, int, str]]:
    """(day, id, gateway's id) of sent messages whose delivery is to be asked about now."""
    rows = run(
        session,
        text(
            "SELECT day, id, gateway_id FROM notification WHERE status = 'sent' AND channel = :channel "
            "AND gateway = :gateway AND gateway_id IS NOT NULL AND day >= :since AND next_at <= :now "
            "ORDER BY next_at LIMIT :size"
        ),
        {"channel": channel, "gateway": gateway, "since": since, "now": now, "size": size},
    )
    return [(row.day, row.id, row.gateway_id) for row in rows]


def record_reports(
    session: Connection, rows: Sequence[tuple[date, int, str, str | None]], now: datetime
) -> None:
    """Write (day, id, status, code) of delivery reports."""
    run(
        session,
        text(
            "UPDATE notification n SET status = r.status, next_at = NULL, "
            "delivered_at = CASE WHEN r.status = 'delivered' THEN :now ELSE n.delivered_at END, "
            "error_code = CASE WHEN r.status = 'delivered' THEN n.error_code ELSE r.code END "
            "FROM unnest(CAST(:days AS date[]), CAST(:ids AS bigint[]), CAST(:statuses AS text[]), "
            "CAST(:codes AS text[])) AS r(day, id, status, code) "
            "WHERE n.day = r.day AND n.id = r.id AND n.status = 'sent'"
        ),
        {
            "days": [row[0] for row in rows],
            "ids": [row[1] for row in rows],
            "statuses": [row[2] for row in rows],
            "codes": [told(row[3]) for row in rows],
            "now": now,
        },
    )


def put_off_reports(session: Connection, rows: Sequence[tuple[date, int]], until: datetime | None) -> None:
    """Ask about these again at `until`, or never."""
    run(
        session,
        text(
            "UPDATE notification n SET next_at = :until "
            "FROM unnest(CAST(:days AS date[]), CAST(:ids AS bigint[])) AS r(day, id) "
            "WHERE n.day = r.day AND n.id = r.id AND n.status = 'sent'"
        ),
        {"days": [row[0] for row in rows], "ids": [row[1] for row in rows], "until": until},
    )
