"""The SQL of planning: messages are written, revived, suppressed and cancelled here; letters by their own term."""

# Statements are put together from constants of this package; whatever comes from outside is bound.

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, text

from vesal_server.planning import candidates, partitions
from vesal_server.planning.candidates import REFERENCE, Query, Way
from vesal_server.planning.rules import (
    BRANCH_DAY,
    NO_MOBILE,
    REVIVABLE,
    Rules,
    applies,
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


# What happens to planned rows afterwards


def cancel_episodes(connection: Connection, episode_ids: Sequence[int], today: date) -> int:
    """Cancel planned messages of today and later of episodes that ended; says how many."""
    query = text(
        """
        UPDATE notification SET status = 'cancelled', reason = 'cured'
        WHERE day >= :today AND status = 'planned' AND episode_id = ANY(CAST(:ids AS bigint[]))
        """
    )
    return connection.execute(query, {"today": today, "ids": list(episode_ids)}).rowcount


def cancel_workflows(connection: Connection, workflow_ids: Sequence[int], today: date) -> int:
    """Cancel planned and suppressed messages, today and later, of workflows that changed; how many were planned."""
    query = text(
        """
        WITH had AS (
            SELECT count(*) AS planned FROM notification
            WHERE day >= :today AND status = 'planned' AND workflow_id = ANY(CAST(:ids AS bigint[]))
        ), cancelled AS (
            UPDATE notification SET status = 'cancelled', reason = 'workflow_changed'
            WHERE day >= :today AND status IN ('planned', 'suppressed')
                AND workflow_id = ANY(CAST(:ids AS bigint[]))
        )
        SELECT planned FROM had
        """
    )
    return int(connection.execute(query, {"today": today, "ids": list(workflow_ids)}).scalar_one())


def cancel_no_longer_applies(connection: Connection, today: date) -> int:
    """Cancel planned messages of today and later whose workflow or person the figures no longer justify."""
    query = text(
        f"""
        WITH gone AS (
            SELECT n.day, n.id
            FROM notification AS n
                JOIN facility AS f ON f.id = n.facility_id
                JOIN workflow AS w ON w.id = n.workflow_id
                JOIN customer AS borrower ON borrower.id = f.customer_id
                LEFT JOIN workflow_range AS r ON r.workflow_id = w.id AND r.loan_type_code = f.loan_type_code
            WHERE n.day >= :today AND n.status = 'planned' AND (
                r.workflow_id IS NULL
                OR {applies("n.day")} IS NOT TRUE
                OR CASE n.role
                    WHEN 'borrower' THEN borrower.person_id <> n.person_id AND borrower.id <> n.customer_id
                    ELSE NOT EXISTS (
                        SELECT FROM guarantor AS g JOIN customer AS c ON c.id = g.customer_id
                        WHERE g.facility_id = n.facility_id AND g.ended_on IS NULL
                            AND (c.person_id = n.person_id OR c.id = n.customer_id))
                END)
        )
        UPDATE notification AS n SET status = 'cancelled', reason = 'no_longer_applies'
        FROM gone WHERE n.day = gone.day AND n.id = gone.id AND n.day >= :today AND n.status = 'planned'
        """
    )
    return connection.execute(query, {"today": today}).rowcount


def suppress_holiday(connection: Connection, day: date, rules: Rules) -> int:
    """Suppress planned messages of a day whose channel rests in the province of their branch."""
    query = text(
        f"""
        UPDATE notification AS n SET status = 'suppressed', reason = 'holiday'
        FROM ({BRANCH_DAY}) AS b
        WHERE n.day = CAST(:day AS date) AND n.status = 'planned' AND b.code = n.branch_code
            AND CASE n.channel WHEN 'call' THEN b.rests ELSE b.messages_rest END
        """
    )
    return connection.execute(query, {"day": day, "rests": rules.rests(day)}).rowcount


def suppress_held(connection: Connection, facility_ids: Sequence[int], today: date) -> int:
    """Suppress planned messages, today and later, on days that a hold of their facility covers."""
    query = text(
        """
        UPDATE notification AS n SET status = 'suppressed', reason = 'hold'
        WHERE n.day >= :today AND n.status = 'planned' AND n.facility_id = ANY(CAST(:ids AS bigint[]))
            AND EXISTS (
                SELECT FROM hold AS h WHERE h.facility_id = n.facility_id AND h.lifted_at IS NULL
                    AND n.day BETWEEN h.since AND h.until)
        """
    )
    return connection.execute(query, {"today": today, "ids": list(facility_ids)}).rowcount


def suppress_flagged(connection: Connection, person_ids: Sequence[int], today: date) -> int:
    """Suppress planned messages, today and later, to persons that may no longer be reached so."""
    query = text(
        f"""
        WITH barred AS (
            SELECT n.day, n.id, CASE WHEN flags.do_not_contact OR flags.deceased THEN 'do_not_contact'
                WHEN {NO_MOBILE} AND n.channel IN ('sms', 'call') THEN 'no_mobile' END AS reason
            FROM notification AS n JOIN person_flag AS flags ON flags.person_id = n.person_id
                JOIN customer_now AS p ON p.id = n.customer_id
            WHERE n.day >= :today AND n.status = 'planned' AND n.person_id = ANY(CAST(:ids AS bigint[]))
        )
        UPDATE notification AS n SET status = 'suppressed', reason = barred.reason
        FROM barred WHERE n.day = barred.day AND n.id = barred.id AND barred.reason IS NOT NULL
            AND n.day >= :today AND n.status = 'planned'
        """
    )
    return connection.execute(query, {"today": today, "ids": list(person_ids)}).rowcount


def persons_joined(connection: Connection, customer_ids: Sequence[int], today: date) -> None:
    """Give the messages of today and later the person that their customer now is, where no row has that key."""
    query = text(
        """
        UPDATE notification AS n SET person_id = c.person_id
        FROM customer AS c
        WHERE n.day >= :today AND c.id = n.customer_id AND c.id = ANY(CAST(:ids AS bigint[]))
            AND n.person_id <> c.person_id AND NOT EXISTS (
                SELECT FROM notification AS o
                WHERE o.day = n.day AND o.facility_id = n.facility_id AND o.workflow_id = n.workflow_id
                    AND o.person_id = c.person_id AND o.repeat = n.repeat AND o.channel = n.channel
                    AND o.role = n.role)
        """
    )
    connection.execute(query, {"today": today, "ids": list(customer_ids)})


def facilities_of(connection: Connection, episode_ids: Sequence[int]) -> list[int]:
    """The facilities of some episodes."""
    query = text("SELECT DISTINCT facility_id FROM episode WHERE id = ANY(CAST(:ids AS bigint[]))")
    return list(connection.execute(query, {"ids": list(episode_ids)}).scalars())
