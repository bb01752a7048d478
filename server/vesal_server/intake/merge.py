"""Merges a staged, checked feed into the bank's picture, and tells downwards whom it concerns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from vesal_server.assignments import service as assignments
from vesal_server.followups import promises
from vesal_server.intake.queries import arrivals, checks, episodes, merge_customers, merge_facilities
from vesal_server.intake.queries.episodes import Moment
from vesal_server.intake.read_folder import CUSTOMERS, FACILITIES, GUARANTORS
from vesal_server.kit.db import Connection
from vesal_server.planning import events
from vesal_server.planning import service as planning
from vesal_server.planning.rules import weekdays
from vesal_server.settings.service import Settings
from vesal_shared.digits import persian_digits
from vesal_shared.messages.data_reception import IntakeCounts


@dataclass(frozen=True, slots=True)
class Merged:
    """What the merge did: counts a file (without the rows set aside), cures, and whether anything changed at all."""

    files: Mapping[str, IntakeCounts]
    cured: int
    effect: bool
    notes: tuple[str, ...] = ()


def merge(
    connection: Connection,
    now: datetime,
    as_of: date,
    arrival_id: int,
    found: checks.Found,
    configured: Settings,
    last_as_of: date | None,
) -> Merged:
    """Write what differs, move episodes and pairs, and tell planning, letters, promises and assignments.

    The rows that officers write too are touched last, so that nobody waits for the length of an intake.
    """
    moment = Moment(as_of, arrival_id, last_as_of)
    customers, customers_written = _customers(connection)
    facilities, facilities_written = _facilities(connection, moment, found)
    opened, reopened = episodes.open_and_reopen(connection, moment)
    closed, cured = episodes.close(connection, moment)
    episodes.date_states(connection, moment)
    guarantors, ended = _guarantors(connection, moment, found)
    effect = (
        not moment.corrects
        or customers_written
        or any((facilities_written, opened, reopened, closed, guarantors.new, ended))
    )
    notes: tuple[str, ...] = ()
    if effect:
        merge_facilities.renew_totals(connection)
        arrivals.set_state(connection, as_of, arrival_id, found.distinct_loans, cures_wait=found.cures_wait)
        notes = _notes(connection, moment, reopened, closed - cured)
        _tell(connection, now, moment, configured)
    return Merged(
        {CUSTOMERS: customers, FACILITIES: facilities, GUARANTORS: guarantors}, cured, effect, notes
    )


def _customers(connection: Connection) -> tuple[IntakeCounts, bool]:
    ended = merge_customers.note_ended_corrections(connection)
    new, changed = merge_customers.compare(connection)
    merge_customers.persons(connection)
    merge_customers.write(connection)
    merge_customers.join_persons(connection)
    good = checks.good_rows(connection, "stage_customer")
    return IntakeCounts(new=new, changed=changed, unchanged=good - new - changed), bool(
        new or changed or ended
    )


def _facilities(connection: Connection, moment: Moment, found: checks.Found) -> tuple[IntakeCounts, int]:
    merge_facilities.compare(connection, moment.as_of, moment.last_as_of)
    episodes.find_absent(connection, cures_wait=found.cures_wait)
    episodes.settle_returns(connection, moment)
    new, changed = merge_facilities.counts(connection)
    written = merge_facilities.write(connection)
    merge_facilities.refresh_borrower_keys(connection)
    good = checks.good_rows(connection, "stage_facility")
    return IntakeCounts(new=new, changed=changed, unchanged=good - new - changed), written


def _guarantors(connection: Connection, moment: Moment, found: checks.Found) -> tuple[IntakeCounts, int]:
    distinct, new = merge_facilities.pairs(connection)
    merge_facilities.write_pairs(connection, moment.as_of)
    ended = merge_facilities.end_pairs(
        connection, moment.as_of, pairs_wait=found.pairs_wait, cures_wait=found.cures_wait
    )
    return IntakeCounts(new=new, unchanged=distinct - new), ended


def _tell(connection: Connection, now: datetime, moment: Moment, configured: Settings) -> None:
    changed = episodes.changed(connection)
    # A planner that is at work is waited for here, before any row is held that officers write too.
    planning.begin_change(connection)
    merge_customers.end_corrections(connection)
    merge_customers.carry_corrections(connection)
    assignments.episodes_closed(connection, changed.closed, now=now)
    assignments.facilities_moved(connection, changed.moved, now=now)
    promises.persons_joined(connection, changed.joined)
    promises.reopened(connection, changed.reopened)
    promises.cured(connection, changed.cured, moment.as_of, moment.arrival_id)
    promises.judge(
        connection,
        moment.as_of,
        moment.arrival_id,
        grace_days=configured.integer("promises.judge_after_days"),
        rest_days=weekdays(configured.items("planning.rest_days")),
    )
    events.persons_joined(connection, changed.joined, now=now)
    events.episodes_closed(connection, changed.closed, now=now)
    events.episodes_reopened(
        connection, [episode for episode, _ in changed.reopened], now=now, correction=moment.corrects
    )
    events.facilities_moved(connection, changed.moved)
    events.cancel_no_longer_applies(connection, now=now)


def _notes(connection: Connection, moment: Moment, reopened: int, uncounted: int) -> tuple[str, ...]:
    notes = []
    if moment.corrects:
        notes.append("اصلاح اطلاعات همین تاریخ بود.")
    if reopened:
        notes.append(f"{persian_digits(reopened)} دوره تأخیر دوباره باز شد.")
    if uncounted:
        notes.append(
            f"{persian_digits(uncounted)} دوره تأخیر به دلیل اصلاح اطلاعات بسته شد و خروج از معوقات نیست."
        )
    written_off = episodes.written_off_in_feed(connection)
    if written_off:
        notes.append(
            f"{persian_digits(written_off)} تسهیلات حذف‌شده از معوقات در این اطلاعات هست؛ دوره‌ای باز نشد."
        )
    return tuple(notes)
