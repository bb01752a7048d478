"""Planning a day, and planning again what a change of a workflow or a reopened episode touches."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from vesal_server import alerts, settings
from vesal_server.kit.clock import tehran_day, tehran_instant
from vesal_server.kit.db import Connection
from vesal_server.kit.secrets import Secrets
from vesal_server.letters import service as letters
from vesal_server.letters.content import LetterText
from vesal_server.planning.queries import changes, daily_cap, letter_candidates, partitions
from vesal_server.planning.queries import plan as queries
from vesal_server.planning.queries.candidates import Way
from vesal_server.planning.queries.plan import Scope
from vesal_server.planning.rules import LETTER_CHANNELS, Rules, weekdays
from vesal_server.workflows import templates
from vesal_shared import jalali, problems
from vesal_shared.problems import Refusal


@dataclass(slots=True)
class Planned:
    """What a day's plan holds after planning; `new` and `existing` together are all of its rows."""

    on: date
    as_of: date | None
    stale: bool
    new: int = 0
    existing: int = 0
    planned: int = 0
    cancelled: int = 0
    suppressed: dict[str, int] = field(default_factory=dict)
    by_channel: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replanned:
    """What a change of workflows did: planned messages and suppressed letters taken back, rows planned anew."""

    cancelled: int
    planned: int


def rules(connection: Connection) -> Rules:
    """What the settings say about planning."""
    stored = settings.read(connection)
    return Rules(
        stale_days=stored.integer("feed.stale_days"),
        rest_days=weekdays(stored.items("planning.rest_days")),
        skip_promised=stored.flag("planning.skip_promised"),
        daily_cap=stored.number("planning.daily_cap"),
        window_start=stored.clock("window.start"),
        window_end=stored.clock("window.end"),
    )


def begin_change(connection: Connection) -> None:
    """Take the plan lock: before workflows are changed, so that no planner works on what is about to change."""
    queries.lock_plan(connection)


def plan(connection: Connection, day: date, *, now: datetime, secrets: Secrets) -> Planned:
    """Plan a day, today or later, on the last feed; planning it again adds nothing but what has come up since.

    Without a feed, or with a stale one, nothing is planned and an alert is raised. Raises Refusal
    `plan_past_day`. Rolling the transaction back afterwards undoes all of it, numbers of letters included,
    so a dry run is a plan that is rolled back.
    """
    if day < tehran_day(now):
        raise Refusal(problems.PLAN_PAST_DAY, params={"day": jalali.show(day)})
    queries.lock_plan(connection)
    as_of = queries.feed_as_of(connection)
    judged_by = rules(connection)
    stale = as_of is not None and judged_by.stale(day, as_of)
    before = queries.count_rows(connection, day)
    if as_of is None or stale:
        _alert(connection, day, as_of, now)
    else:
        alerts.resolve(connection, now, "no_feed")
        if day == tehran_day(now):
            alerts.resolve(connection, now, "stale_feed")
        _write(connection, day, judged_by, now=now, secrets=secrets)
        queries.remember_day(connection, day, as_of, now)
    return _counted(connection, Planned(day, as_of, stale), before)


def feed_since_plan(connection: Connection, day: date) -> int | None:
    """The feed (its arrival's number) that was taken since the day was last planned, or None: then plan again."""
    return queries.feed_since_plan(connection, day)


def workflows_changed(
    connection: Connection, workflow_ids: Collection[int], *, now: datetime, secrets: Secrets
) -> Replanned:
    """Cancel what changed, switched-off or new workflows planned and did not begin, and plan them anew.

    Planned and suppressed messages of today and later and suppressed letters become cancelled with reason
    `workflow_changed`; issued letters stay. Those of the workflows that are enabled are planned alone, in date
    order, for the days already planned on a feed that isn't stale; messages whose time has passed stay as they
    are until the day is planned again. `cancelled` counts what would have gone out: planned messages.
    """
    ids = sorted(workflow_ids)
    if not ids:
        return Replanned(0, 0)
    queries.lock_plan(connection)
    today = tehran_day(now)
    cancelled = changes.cancel_workflows(connection, ids, today)
    letters.workflows_changed(connection, ids)
    as_of = queries.feed_as_of(connection)
    judged_by = rules(connection)
    planned = 0
    for day in queries.planned_days(connection, today):
        if as_of is not None and not judged_by.stale(day, as_of):
            planned += _write(
                connection, day, judged_by, now=now, secrets=secrets, workflow_ids=ids, not_before=now
            )
    return Replanned(cancelled, planned)


def revive_cured(connection: Connection, episode_ids: Sequence[int], *, now: datetime) -> int:
    """Plan again the messages that the cure of these reopened episodes cancelled, judged as if new; how many.

    For the days, today or later, that were planned and whose sending window has not ended.
    """
    judged_by = rules(connection)
    facility_ids = queries.facilities_of(connection, episode_ids)
    ways, _ = _ways(connection, None)
    revived = 0
    for day in queries.planned_days(connection, tehran_day(now)):
        if now >= tehran_instant(day, judged_by.window_end) or not ways:
            continue
        scope = Scope(
            day, judged_by, ways, "revive", facility_ids=facility_ids, episode_ids=list(episode_ids)
        )
        revived += _write_messages(connection, scope)
    return revived


def _write(
    connection: Connection,
    day: date,
    judged_by: Rules,
    *,
    now: datetime,
    secrets: Secrets,
    workflow_ids: Collection[int] | None = None,
    not_before: datetime | None = None,
) -> int:
    """Write a day's messages and letters, of all workflows or of these; says how many rows were written."""
    messages, papers = _ways(connection, workflow_ids)
    fresh = not partitions.exists(connection, day)
    if fresh:
        partitions.prepare(connection, day)
    written = 0
    if messages:
        scope = Scope(day, judged_by, messages, "fresh" if fresh else "all", not_before=not_before)
        written += _write_messages(connection, scope)
    if fresh:
        partitions.attach(connection, day)
    if papers:
        scope = Scope(day, judged_by, list(papers.values()), "all")
        with queries.tuned(connection):
            found = letter_candidates.judge(connection, scope)
        if found:
            texts = {key: LetterText(way.subject, way.parts) for key, way in papers.items()}
            letters.issue_planned(connection, day, texts, now=now, secrets=secrets)
        written += found
    return written


def _write_messages(connection: Connection, scope: Scope) -> int:
    capped = scope.rules.daily_cap is not None
    with queries.tuned(connection):
        if scope.mode == "all":
            found = queries.missing_facilities(connection, scope)
            if not found:
                return 0
            scope = replace(scope, facility_ids=found)
        if capped:
            daily_cap.judge(connection, scope)
        return queries.write_messages(connection, scope, capped=capped)


def _ways(
    connection: Connection, workflow_ids: Collection[int] | None
) -> tuple[list[Way], dict[tuple[int, str, str], Way]]:
    """The ways of the enabled workflows: those of messages, and those of letters by workflow, channel, role."""
    messages: list[Way] = []
    papers: dict[tuple[int, str, str], Way] = {}
    stored = settings.read(connection)
    deadlines = templates.Deadlines(
        stored.integer("letters.introduction_days"), stored.integer("letters.warning_days")
    )
    for row in queries.enabled_ways(connection, workflow_ids):
        text = templates.said(row.channel, row.role, row.parts, row.audio, row.subject, deadlines)
        way = Way(row.workflow_id, row.channel, row.role, text.parts, text.audio, text.subject)
        if row.channel in LETTER_CHANNELS:
            papers[(row.workflow_id, row.channel, row.role)] = way
        else:
            messages.append(way)
    return messages, papers


def _alert(connection: Connection, day: date, as_of: date | None, now: datetime) -> None:
    if as_of is None:
        alerts.raise_alert(connection, now, "no_feed")
        return
    shown = {"as_of": jalali.show(as_of), "day": jalali.show(day)}
    alerts.raise_alert(connection, now, "stale_feed", params=shown)


def _counted(connection: Connection, result: Planned, before: int) -> Planned:
    total = 0
    for row in queries.tally(connection, result.on):
        rows = int(row.rows)
        total += rows
        result.by_channel[row.channel] = result.by_channel.get(row.channel, 0) + rows
        if row.status == "planned":
            result.planned += rows
        elif row.status == "cancelled":
            result.cancelled += rows
        elif row.status == "suppressed":
            result.suppressed[row.reason] = result.suppressed.get(row.reason, 0) + rows
    result.new, result.existing = total - before, before
    return result
