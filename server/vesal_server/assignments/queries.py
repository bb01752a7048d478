"""The SQL of assignments."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql


def close_of_episodes(connection: Connection, episode_ids: Collection[int], at: datetime) -> int:
    """Close the open assignments of the facilities of these episodes as cured; returns how many."""
    return connection.execute(
        sql(
            "UPDATE assignment a SET closed_at = :at, close_reason = 'cured' FROM episode e"
            " WHERE e.id = ANY(CAST(:episodes AS bigint[])) AND a.facility_id = e.facility_id AND a.closed_at IS NULL"
        ),
        {"episodes": list(episode_ids), "at": at},
    ).rowcount


def close_moved(connection: Connection, facility_ids: Collection[int], at: datetime) -> int:
    """Close the open assignments of facilities whose branch is another now; returns how many."""
    return connection.execute(
        sql(
            "UPDATE assignment a SET closed_at = :at, close_reason = 'moved', close_note = 'انتقال شعبه'"
            " FROM facility f WHERE f.id = ANY(CAST(:facilities AS bigint[])) AND a.facility_id = f.id"
            " AND a.closed_at IS NULL AND a.branch_code <> f.branch_code"
        ),
        {"facilities": list(facility_ids), "at": at},
    ).rowcount
