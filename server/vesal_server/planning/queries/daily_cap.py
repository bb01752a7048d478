"""The daily cap: so many messages a day for a person, and for a mobile, over all facilities; the rest rests.

The day's budget is used up in one order (repeat, days falling, amount falling, loan number, channel). A message
takes one from its person's budget and, but for e-mails, one from its mobile's; it goes out only if both have one
left. Where persons share a mobile a refusal by one budget leaves the other's untouched, so plain ranks are not
enough: they are taken in rounds, each deciding at least the first open message of every person and mobile.
"""

# Statements are put together from constants of this package; whatever comes from outside is bound.

from typing import Final

from sqlalchemy import Connection, text

from vesal_server.planning.queries.plan import KEY, Scope, rows_of
from vesal_server.planning.rules import message_reason

_ORDER: Final = (
    's.repeat, s.days DESC, s.amount DESC, s.loan_no COLLATE "C", s.channel COLLATE "C", s.role, '
    's.customer_no COLLATE "C"'
)

#: What of the day already went into a budget: everything but what was never to go out.
_USED: Final = """
    SELECT person_id, CASE WHEN channel IN ('sms', 'call') THEN address END AS mobile
    FROM notification WHERE day = CAST(:day AS date) AND status NOT IN ('suppressed', 'cancelled')
"""


def judge(connection: Connection, scope: Scope) -> None:
    """Fill the temporary table `plan_capped` with the keys of the messages that the cap suppresses."""
    connection.execute(text("DROP TABLE IF EXISTS plan_cap, plan_capped"))
    connection.execute(
        text(
            "CREATE TEMP TABLE plan_cap (position bigint PRIMARY KEY, facility_id bigint, workflow_id bigint, "
            "person_id bigint, repeat smallint, channel text, role text, mobile text, goes boolean) "
            "ON COMMIT DROP"
        )
    )
    query, _ = rows_of(scope)
    columns = ", ".join(f"s.{column}" for column in KEY)
    connection.execute(
        text(
            f"""
            INSERT INTO plan_cap (position, {", ".join(KEY)}, mobile)
            SELECT row_number() OVER (ORDER BY {_ORDER}), {columns},
                CASE WHEN s.channel IN ('sms', 'call') THEN s.mobile END
            FROM ({query.sql}) AS s
            WHERE {message_reason(scope.rules)} IS NULL
            """
        ),
        query.parameters,
    )
    connection.execute(text("ANALYZE plan_cap"))
    while _round(connection, scope):
        pass
    connection.execute(
        text(
            f"CREATE TEMP TABLE plan_capped ON COMMIT DROP AS SELECT {', '.join(KEY)} FROM plan_cap WHERE NOT goes"
        )
    )
    connection.execute(text("ANALYZE plan_capped"))


def _round(connection: Connection, scope: Scope) -> int:
    """Decide what can be decided: sure to be within both budgets, or one of them used up; how many it was."""
    statement = f"""
        WITH used AS ({_USED}),
        used_person AS (SELECT person_id, count(*) AS used FROM used GROUP BY person_id),
        used_mobile AS (SELECT mobile, count(*) AS used FROM used WHERE mobile IS NOT NULL GROUP BY mobile),
        ranked AS (
            SELECT position, c.goes,
                -- At most so many went before: those that go, and those still open.
                row_number() OVER (PARTITION BY c.person_id ORDER BY position) + coalesce(up.used, 0) AS person_most,
                row_number() OVER (PARTITION BY c.mobile ORDER BY position) + coalesce(um.used, 0) AS mobile_most,
                -- At least so many went before: those that go.
                count(*) FILTER (WHERE c.goes) OVER (PARTITION BY c.person_id ORDER BY position)
                    + coalesce(up.used, 0) AS person_least,
                count(*) FILTER (WHERE c.goes) OVER (PARTITION BY c.mobile ORDER BY position)
                    + coalesce(um.used, 0) AS mobile_least,
                c.mobile IS NULL AS no_mobile
            FROM plan_cap AS c
                LEFT JOIN used_person AS up ON up.person_id = c.person_id
                LEFT JOIN used_mobile AS um ON um.mobile = c.mobile
            WHERE c.goes IS NOT FALSE
        ), decided AS (
            SELECT position, CASE
                WHEN person_most <= :cap AND (no_mobile OR mobile_most <= :cap) THEN true
                WHEN person_least >= :cap OR (NOT no_mobile AND mobile_least >= :cap) THEN false END AS goes
            FROM ranked WHERE goes IS NULL
        )
        UPDATE plan_cap AS c SET goes = d.goes FROM decided AS d WHERE d.position = c.position AND d.goes IS NOT NULL
    """
    return connection.execute(text(statement), {"day": scope.day, "cap": scope.rules.daily_cap}).rowcount
