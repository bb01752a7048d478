"""What happens to planned rows when something outside planning changes: a cure, a return, a holiday, a hold.

Each function runs inside the transaction of who started the work and commits nothing. Each takes the plan lock
first, so that it neither misses rows that a planner is writing at this moment nor is overtaken by one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from vesal_server.kit.clock import tehran_day
from vesal_server.letters import service as letters
from vesal_server.planning import service
from vesal_server.planning.queries import changes
from vesal_server.planning.queries import plan as queries


@dataclass(frozen=True, slots=True)
class Ended:
    """What the end of episodes took back: planned messages, suppressed letters, and letters made void."""

    cancelled: int
    void: int


def episodes_closed(connection: Connection, episode_ids: Collection[int], *, now: datetime) -> Ended:
    """Take back what is planned for episodes that just closed (cured, «اشتباه فید», written off).

    Planned messages of today and later, and suppressed letters, become `cancelled` with reason `cured`;
    unserved letters become void and remember the state they had. Suppressed messages stay. Call it after the
    merge, in the intake's own transaction.
    """
    queries.lock_plan(connection)
    ids = sorted(episode_ids)
    if not ids:
        return Ended(0, 0)
    cancelled = changes.cancel_episodes(connection, ids, tehran_day(now))
    taken_back, void = letters.episodes_closed(connection, ids, now=now)
    return Ended(cancelled + taken_back, void)


def episodes_reopened(
    connection: Connection, episode_ids: Collection[int], *, now: datetime, correction: bool
) -> int:
    """Give back to reopened episodes what their cure took: call it after the merge, with the new figures in place.

    Void letters get back the state they had, and suppressed ones are suppressed again with their reason. For a
    `correction` (a corrected feed for the same date) messages that the cure cancelled become planned again on
    each day, today or later, whose sending window has not ended, judged as if new; after a return they wait for
    the next planning. Returns how many messages stand in the plan again.
    """
    queries.lock_plan(connection)
    ids = sorted(episode_ids)
    if not ids:
        return 0
    letters.episodes_reopened(connection, ids, now=now)
    return service.revive_cured(connection, ids, now=now) if correction else 0


def cancel_no_longer_applies(connection: Connection, *, now: datetime) -> int:
    """Cancel planned messages of today and later that the figures in place no longer justify.

    For after every intake, once facilities, guarantors and episodes are merged: range, minimum, branch or loan
    type of the workflow no longer fit, the guarantor is none any more, or the borrower is somebody else. Only
    planned rows are touched; how many were cancelled is returned. k («every k days») cancels nothing.
    """
    queries.lock_plan(connection)
    return changes.cancel_no_longer_applies(connection, tehran_day(now))


def facilities_moved(connection: Connection, facility_ids: Collection[int]) -> int:
    """Let unprinted letters follow facilities to their new branch's queue, with their number; returns how many."""
    return letters.facilities_moved(connection, sorted(facility_ids))


def persons_joined(connection: Connection, customer_ids: Collection[int], *, now: datetime) -> None:
    """Let plans and letters follow customers whose person changed (a national id became known or was mended).

    Call it when `customer.person_id` of stored customers was changed: rows about them carry the person in their
    key, and would be planned a second time under the new one.
    """
    queries.lock_plan(connection)
    ids = sorted(customer_ids)
    if ids:
        changes.persons_joined(connection, ids, tehran_day(now))
        letters.persons_joined(connection, ids)


def holidays_added(connection: Connection, days: Collection[date], *, now: datetime) -> int:
    """Suppress what is still planned on holidays that were just added or made «بدون پیامک».

    Planned messages of those days, today or later, whose channel rests in the province of their branch become
    suppressed with reason `holiday`; issued letters stay. Returns how many.
    """
    queries.lock_plan(connection)
    today = tehran_day(now)
    rules = service.rules(connection)
    return sum(changes.suppress_holiday(connection, day, rules) for day in sorted(set(days)) if day >= today)


def facilities_held(connection: Connection, facility_ids: Collection[int], *, now: datetime) -> int:
    """Suppress what is planned, today or later, about facilities that a hold or dispute now covers."""
    queries.lock_plan(connection)
    return changes.suppress_held(connection, sorted(facility_ids), tehran_day(now))


def persons_flagged(connection: Connection, person_ids: Collection[int], *, now: datetime) -> int:
    """Suppress what is planned, today or later, for persons now marked do-not-contact, deceased, or wrong number."""
    queries.lock_plan(connection)
    return changes.suppress_flagged(connection, sorted(person_ids), tehran_day(now))
