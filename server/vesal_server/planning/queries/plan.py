"""Writing a day's messages, counting and listing them; letters are written by their own term."""

# Statements are put together from constants of this package; whatever comes from outside is bound.

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, text

from vesal_server.planning.queries import candidates, partitions
from vesal_server.planning.queries.candidates import REFERENCE, Query, Way
from vesal_server.planning.rules import (
    REVIVABLE,
    Rules,
    message_reason,
)

#: Any fixed number: whoever holds this advisory lock is the one who changes plans.
_PLAN_LOCK = 7_205_759_404

#: fresh: the day's table is being made and not attached yet; all: new rows and revived ones; revive: none but
#: those that the end of an episode cancelled.
Mode = Literal["fresh", "all", "revive"]

#: How a candidate and a repeat find the row that they may have already.
_SAME_KEY = """
    n.day = CAST(:day AS date) AND n.facility_id = s.facility_id AND n.workflow_id = s.workflow_id
    AND n.person_id = s.person_id AND n.repeat = s.repeat AND n.channel = s.channel AND n.role = s.role
"""
#: A letter's status in the plan: issued in any state is planned, void is cancelled.
LETTER_STATUS = (
    "CASE WHEN status IN ('suppressed', 'cancelled') THEN status "
    "WHEN status = 'void' THEN 'cancelled' ELSE 'planned' END"
)

KEY = ("facility_id", "workflow_id", "person_id", "repeat", "channel", "role")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which messages one statement writes."""

    day: date
    rules: Rules
    ways: Sequence[Way]
    mode: Mode
    facility_ids: Sequence[int] | None = None
    #: With `revive`: the reopened episodes whose rows come back.
    episode_ids: Sequence[int] = ()
    #: Only repeats due at this instant or later; null: all of the day's.
    not_before: datetime | None = None


def lock_plan(connection: Connection) -> None:
    """Wait until nobody else changes plans, and keep others from it until the transaction ends.

    Planning, intake's cancelling, changes of workflows, holidays and holds exclude one another, so that each
    sees what the one before wrote. Waiting is the point, so the time limit for locks doesn't count here.
    """
    before = connection.execute(text("SELECT current_setting('lock_timeout')")).scalar_one()
    connection.execute(text("SELECT set_config('lock_timeout', '0', true)"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _PLAN_LOCK})
    connection.execute(text("SELECT set_config('lock_timeout', :before, true)"), {"before": before})


@contextmanager
def tuned(connection: Connection) -> Iterator[None]:
    """Give the big statements of a block what they need.

    Memory for hashing; no compiling of CASEs; and no nested loops over what PostgreSQL takes for one row: it
    can't guess how many facilities a workflow applies to, and one wrong guess makes a minute of a second.
    """
    names = list(_TUNED)
    current = ", ".join(f"current_setting('{name}') AS {name}" for name in names)
    before = connection.execute(text(f"SELECT {current}")).one()._asdict()
    _set(connection, _TUNED)
    yield
    # After an error there is nothing to give back: the transaction is rolled back, and the settings with it.
    _set(connection, before)


_TUNED: Final = {"work_mem": "256MB", "jit": "off", "enable_nestloop": "off"}


def _set(connection: Connection, values: Mapping[str, str]) -> None:
    made = ", ".join(f"set_config('{name}', :{name}, true)" for name in values)
    connection.execute(text(f"SELECT {made}"), dict(values))


def feed_as_of(connection: Connection) -> date | None:
    """The date of the last feed, or None before the first one."""
    found: date | None = connection.execute(text("SELECT as_of FROM feed_state")).scalar_one_or_none()
    return found


def enabled_ways(connection: Connection, workflow_ids: Collection[int] | None) -> Sequence[Row[Any]]:
    """Each channel and role of the enabled notification workflows, with its own template where it has one."""
    query = """
        SELECT w.id AS workflow_id, way.channel, stands.role, t.parts, t.audio, coalesce(t.subject, '') AS subject
        FROM workflow AS w
            CROSS JOIN LATERAL unnest(w.channels) AS way (channel)
            CROSS JOIN LATERAL unnest(w.recipients) AS stands (role)
            LEFT JOIN template AS t ON t.workflow_id = w.id AND t.channel = way.channel
                AND t.recipient = stands.role
        WHERE w.kind = 'notification' AND w.enabled
            AND (CAST(:all AS boolean) OR w.id = ANY(CAST(:ids AS bigint[])))
        ORDER BY w.id, way.channel, stands.role
    """
    ids = sorted(workflow_ids or ())
    return connection.execute(text(query), {"all": workflow_ids is None, "ids": ids}).all()


def count_messages(connection: Connection, day: date) -> int:
    """How many messages a day holds."""
    query = text("SELECT count(*) FROM notification WHERE day = :day")
    return int(connection.execute(query, {"day": day}).scalar_one())


def count_rows(connection: Connection, day: date) -> int:
    """How many messages and letters a day's plan holds."""
    query = text("SELECT count(*) FROM letter WHERE day = :day")
    return count_messages(connection, day) + int(connection.execute(query, {"day": day}).scalar_one())


def rows_of(scope: Scope) -> tuple[Query, str]:
    """The SELECT of the rows that `scope` may write, one a repeat (alias `s` inside), and the texts' CASE."""
    query, texts = candidates.build(
        scope.ways, scope.day, scope.rules, letters=False, facility_ids=scope.facility_ids
    )
    parameters = dict(query.parameters)
    due = "c.base_due + repeat * make_interval(mins => coalesce(c.repeat_minutes, 0))"
    repeats = (
        f"SELECT c.*, CAST(repeat AS smallint) AS repeat, {due} AS due_at FROM ({query.sql}) AS c "
        "CROSS JOIN LATERAL generate_series(0, c.per_day - 1) AS repeat"
    )
    conditions = []
    if scope.not_before is not None:
        conditions.append("s.due_at >= :not_before")
        parameters["not_before"] = scope.not_before
    if scope.mode == "fresh":
        sql = f"SELECT s.* FROM ({repeats}) AS s"
    elif scope.mode == "all":
        sql = f"SELECT s.* FROM ({repeats}) AS s LEFT JOIN notification AS n ON {_SAME_KEY}"
        conditions.append(
            "(n.id IS NULL OR (n.status = 'cancelled' AND n.reason = ANY(CAST(:revivable AS text[]))))"
        )
        parameters["revivable"] = list(REVIVABLE)
    else:
        sql = f"SELECT s.* FROM ({repeats}) AS s JOIN notification AS n ON {_SAME_KEY}"
        conditions.append(
            "n.status = 'cancelled' AND n.reason = 'cured' AND n.episode_id = ANY(CAST(:episodes AS bigint[]))"
        )
        parameters["episodes"] = list(scope.episode_ids)
    if conditions:
        sql += f" WHERE {' AND '.join(conditions)}"
    return Query(sql, parameters), texts.sql


def write_messages(connection: Connection, scope: Scope, *, capped: bool) -> int:
    """Plan messages in one statement: who, when, whether, what is said, and a reference; says how many rows.

    `capped`: the daily cap was judged, and its victims stand in the temporary table `plan_capped`.
    """
    query, texts = rows_of(scope)
    reason = message_reason(scope.rules)
    capping = ""
    if capped:
        reason = f"coalesce({reason}, CASE WHEN capped.facility_id IS NOT NULL THEN 'daily_cap' END)"
        same = " AND ".join(f"capped.{column} = s.{column}" for column in KEY)
        capping = f"LEFT JOIN plan_capped AS capped ON {same}"
    fresh = scope.mode == "fresh"
    target = partitions.name(scope.day) if fresh else "notification"
    identity = _identity(connection) if fresh else ""
    conflict = "" if fresh else _revive()
    statement = f"""
        INSERT INTO {target} ({"id, " if fresh else ""}day, facility_id, episode_id, workflow_id, channel, role,
            person_id, customer_id, repeat, branch_code, due_at, status, reason, reference, address, text, subject)
        SELECT {identity + "," if fresh else ""} CAST(:day AS date), facility_id, episode_id, workflow_id, channel,
            role, person_id, customer_id, repeat, branch_code, due_at,
            CASE WHEN reason IS NULL THEN 'planned' ELSE 'suppressed' END, reason, {REFERENCE},
            address, body, subject
        FROM (
            SELECT s.facility_id, s.episode_id, s.workflow_id, s.channel, s.role, s.person_id, s.customer_id,
                s.repeat, s.branch_code, s.due_at, {reason} AS reason,
                CASE s.channel WHEN 'email' THEN s.email ELSE s.mobile END AS address,
                CASE s.channel WHEN 'call' THEN s.audio ELSE {texts} END AS body, s.subject
            FROM ({query.sql}) AS s {capping}
            OFFSET 0
        ) AS judged
        {conflict}
    """
    return connection.execute(text(statement), query.parameters).rowcount


def _identity(connection: Connection) -> str:
    """The expression that gives rows their id outside the partitioned table, whose identity nobody gives there."""
    name = connection.execute(text("SELECT pg_get_serial_sequence('notification', 'id')")).scalar_one()
    return f"nextval('{name}'::regclass)"


def missing_facilities(connection: Connection, scope: Scope) -> list[int]:
    """The facilities about which messages of the day are missing, or may come back."""
    query = candidates.missing(scope.ways, scope.day, REVIVABLE)
    return list(connection.execute(text(query.sql), query.parameters).scalars())


def _revive() -> str:
    """A cancelled row is judged as if new, but keeps its reference: nothing ever left under it."""
    again = (
        "episode_id", "customer_id", "branch_code", "due_at", "status", "reason", "address", "text", "subject",
    )  # fmt: skip
    changes = ", ".join(f"{column} = excluded.{column}" for column in again)
    return (
        "ON CONFLICT (facility_id, workflow_id, person_id, repeat, channel, role, day) "
        f"DO UPDATE SET {changes}, attempts = 0, next_at = NULL, settled_at = NULL "
        "WHERE notification.status = 'cancelled'"
    )


def remember_day(connection: Connection, day: date, as_of: date, now: datetime) -> None:
    """Note that a day was planned, and on which feed."""
    query = """
        INSERT INTO plan_day (day, feed_as_of, planned_at) VALUES (:day, :as_of, :now)
        ON CONFLICT (day) DO UPDATE SET feed_as_of = excluded.feed_as_of, planned_at = excluded.planned_at
    """
    connection.execute(text(query), {"day": day, "as_of": as_of, "now": now})


def feed_since_plan(connection: Connection, day: date) -> int | None:
    """The last feed taken (its arrival), where it came after the day was planned or the day never was; else None."""
    query = text(
        """
        SELECT a.id FROM feed_arrival a
        WHERE a.status = 'taken'
          AND a.finished_at > coalesce((SELECT planned_at FROM plan_day WHERE day = :day), '-infinity')
        ORDER BY a.id DESC LIMIT 1
        """
    )
    return connection.execute(query, {"day": day}).scalar_one_or_none()


def planned_days(connection: Connection, first: date) -> list[date]:
    """The days from `first` on that were planned, in order."""
    query = text("SELECT day FROM plan_day WHERE day >= :first ORDER BY day")
    return list(connection.execute(query, {"first": first}).scalars())


def tally(connection: Connection, day: date) -> Sequence[Row[Any]]:
    """A day's rows counted by channel, status and reason, letters as the plan's CSV names their status."""
    query = f"""
        SELECT channel, status, reason, sum(rows) AS rows FROM (
            SELECT channel, status, reason, count(*) AS rows
            FROM notification WHERE day = :day GROUP BY channel, status, reason
            UNION ALL
            SELECT channel, {LETTER_STATUS}, reason, count(*)
            FROM letter WHERE day = :day GROUP BY channel, 2, reason
        ) AS counted GROUP BY channel, status, reason ORDER BY channel, status, reason
    """
    return connection.execute(text(query), {"day": day}).all()


def export(day: date) -> str:
    """The SELECT of a day's plan as the CSV lists it, for COPY; the day is a literal, since COPY binds nothing."""
    due = "to_char(n.due_at AT TIME ZONE 'Asia/Tehran', 'YYYY-MM-DD\"T\"HH24:MI:SS') || '+03:30' AS due_at"
    names = f"""
        w.title AS workflow, f.loan_no, n.channel, n.role AS recipient, c.customer_no AS person_customer_no,
        n.repeat, {due}, n.status, n.reason
    """
    joins = """
        JOIN workflow AS w ON w.id = n.workflow_id
        JOIN facility AS f ON f.id = n.facility_id
        JOIN customer AS c ON c.id = n.customer_id
    """
    literal = f"DATE '{day.isoformat()}'"
    return f"""
        SELECT {names} FROM notification AS n {joins} WHERE n.day = {literal}
        UNION ALL
        SELECT {names} FROM (
            SELECT workflow_id, facility_id, customer_id, channel, role, 0 AS repeat, due_at,
                {LETTER_STATUS} AS status, reason
            FROM letter WHERE day = {literal}
        ) AS n {joins}
    """


def facilities_of(connection: Connection, episode_ids: Sequence[int]) -> list[int]:
    """The facilities of some episodes."""
    query = text("SELECT DISTINCT facility_id FROM episode WHERE id = ANY(CAST(:ids AS bigint[]))")
    return list(connection.execute(query, {"ids": list(episode_ids)}).scalars())
