"""What happens to assignments when the bank's list says that a facility left, or moved."""

from collections.abc import Collection
from datetime import datetime

from vesal_server.assignments import queries
from vesal_server.kit.db import Connection


def episodes_closed(connection: Connection, episode_ids: Collection[int], *, now: datetime) -> int:
    """A cure closes the assignment; returns how many were open."""
    return queries.close_of_episodes(connection, episode_ids, now) if episode_ids else 0


def facilities_moved(connection: Connection, facility_ids: Collection[int], *, now: datetime) -> int:
    """A facility that moved to another branch closes its assignment as «انتقال شعبه»; returns how many were open."""
    return queries.close_moved(connection, facility_ids, now) if facility_ids else 0
