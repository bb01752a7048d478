"""The SQL of follow-ups and promises."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection
from sqlalchemy import text as sql

#: Kept: less by what was promised, or (none promised) less owed or fewer days; or paid in between without the
#: installments having risen.
_KEPT = """
    CASE WHEN p.amount IS NOT NULL THEN f.overdue_amount <= p.given_overdue_amount - p.amount
        ELSE f.overdue_amount < p.given_overdue_amount
            OR coalesce(CAST(:as_of AS date) - f.overdue_since, 0) < p.given_overdue_days END
    OR (f.last_payment_date BETWEEN p.given_on AND p.date
        AND coalesce(f.overdue_installments, 0) <= coalesce(p.given_installments, f.overdue_installments, 0))
"""

#: The first working day on or after the promised date and the days of grace, in the branch's province.
_DUE = """
    (SELECT min(CAST(d AS date)) FROM generate_series(
        CAST(p.date + :grace AS timestamp), CAST(p.date + :grace + 60 AS timestamp), interval '1 day') AS d
    WHERE NOT extract(isodow FROM d)::int = ANY(CAST(:rest AS int[])) AND NOT EXISTS (SELECT FROM holiday h
        WHERE h.date = CAST(d AS date) AND (h.province_code IS NULL OR h.province_code = b.province_code)))
"""


def keep_of_episodes(
    connection: Connection, episode_ids: Collection[int], as_of: date, arrival_id: int
) -> int:
    """Call the open promises of these episodes kept; returns how many."""
    return connection.execute(
        sql(
            "UPDATE promise SET status = 'kept', judged_on = :as_of, judged_by = :arrival"
            " WHERE status = 'open' AND episode_id = ANY(CAST(:episodes AS bigint[]))"
        ),
        {"episodes": list(episode_ids), "as_of": as_of, "arrival": arrival_id},
    ).rowcount


def reopen_of_episodes(connection: Connection, episodes: Collection[tuple[int, int]]) -> int:
    """Open the promises again that were kept by what (episode, arrival) closed; returns how many."""
    return connection.execute(
        sql(
            "UPDATE promise p SET status = 'open', judged_on = NULL, judged_by = NULL FROM unnest("
            "CAST(:episodes AS bigint[]), CAST(:arrivals AS bigint[])) AS r (episode_id, arrival_id)"
            " WHERE p.episode_id = r.episode_id AND p.judged_by = r.arrival_id AND p.status = 'kept'"
            " AND NOT EXISTS (SELECT FROM promise o WHERE o.facility_id = p.facility_id"
            " AND o.person_id = p.person_id AND o.status = 'open')"
        ),
        {"episodes": [one for one, _ in episodes], "arrivals": [arrival for _, arrival in episodes]},
    ).rowcount


def judge(
    connection: Connection, as_of: date, arrival_id: int, *, grace_days: int, rest_days: Collection[int]
) -> tuple[int, int]:
    """Judge open promises by the feed in place; returns how many were kept, and how many broken.

    Only facilities whose state is of this feed are judged: a row set aside says nothing about a payment.
    """
    rows = connection.execute(
        sql(
            "WITH judged AS MATERIALIZED (SELECT p.id,"
            f" ({_KEPT}) IS TRUE AS kept, p.date + :grace <= :as_of AND {_DUE} <= :as_of AS due"
            " FROM promise p JOIN facility f ON f.id = p.facility_id JOIN branch b ON b.code = f.branch_code"
            " WHERE p.status = 'open' AND f.episode_id IS NOT NULL AND f.state_as_of IS NULL"
            " AND p.given_on <= :as_of)"
            " UPDATE promise p SET status = CASE WHEN j.kept THEN 'kept' ELSE 'broken' END,"
            " judged_on = :as_of, judged_by = :arrival FROM judged j WHERE p.id = j.id AND (j.kept OR j.due)"
            " RETURNING p.status"
        ),
        {
            "as_of": as_of,
            "arrival": arrival_id,
            "grace": grace_days,
            "rest": sorted(rest_days),
        },
    ).scalars()
    found = list(rows)
    return found.count("kept"), found.count("broken")


def move_persons(connection: Connection, customer_ids: Collection[int]) -> int:
    """Let open and judged promises follow a person who is now known as another; returns how many moved.

    Where the other has an open promise about the same facility, the newer one replaces the older.
    """
    moves = (
        "moves AS (SELECT DISTINCT p.id, p.facility_id, p.status, p.given_at, c.person_id FROM promise p"
        " JOIN customer c ON c.id = p.person_id AND c.person_id <> p.person_id"
        " WHERE c.id = ANY(CAST(:customers AS bigint[])))"
    )
    connection.execute(
        sql(
            f"WITH {moves}, rivals AS (SELECT m.id AS moving, o.id AS staying, m.given_at > o.given_at AS newer"
            " FROM moves m JOIN promise o ON o.facility_id = m.facility_id AND o.person_id = m.person_id"
            " AND o.status = 'open' WHERE m.status = 'open')"
            " UPDATE promise p SET status = 'replaced' FROM rivals r"
            " WHERE p.id = CASE WHEN r.newer THEN r.staying ELSE r.moving END"
        ),
        {"customers": list(customer_ids)},
    )
    return connection.execute(
        sql(f"WITH {moves} UPDATE promise p SET person_id = m.person_id FROM moves m WHERE p.id = m.id"),
        {"customers": list(customer_ids)},
    ).rowcount
