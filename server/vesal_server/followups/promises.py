"""تعهد پرداخت: later feeds judge whether a promise was kept. Source: domain.md, «Staff follow-up»."""

from collections.abc import Collection
from datetime import date

from vesal_server.followups import queries
from vesal_server.kit.db import Connection


def cured(connection: Connection, episode_ids: Collection[int], as_of: date, arrival_id: int) -> int:
    """A cure keeps every open promise about the facility; returns how many."""
    return queries.keep_of_episodes(connection, episode_ids, as_of, arrival_id) if episode_ids else 0


def reopened(connection: Connection, episodes: Collection[tuple[int, int]]) -> int:
    """What a cure kept is open again, now that it was none; `episodes` are (episode, arrival that had closed it)."""
    return queries.reopen_of_episodes(connection, episodes) if episodes else 0


def judge(
    connection: Connection, as_of: date, arrival_id: int, *, grace_days: int, rest_days: Collection[int]
) -> tuple[int, int]:
    """Judge open promises by the feed that was just merged; returns (kept, broken).

    A promise for date P is judged by the first feed with as_of ≥ P + `grace_days`, a holiday or weekly rest day
    (`rest_days`, ISO weekday numbers) passing to the next working day; earlier if it is kept already.
    """
    return queries.judge(connection, as_of, arrival_id, grace_days=grace_days, rest_days=rest_days)


def persons_joined(connection: Connection, customer_ids: Collection[int]) -> int:
    """Promises move along with customers whose person became another's; returns how many."""
    return queries.move_persons(connection, customer_ids) if customer_ids else 0
