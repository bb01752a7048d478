"""Which letters a day issues, and which stand suppressed with what reason.

The result lies in the temporary table `plan_letter`, from which the term `letters` numbers and writes them.
"""

# Statements are put together from constants of this package; whatever comes from outside is bound.

from typing import Final

from sqlalchemy import Connection, text

from vesal_server.planning.queries import candidates
from vesal_server.planning.queries.plan import Scope
from vesal_server.planning.rules import REVIVABLE, letter_reason

_TABLE: Final = """
    CREATE TEMP TABLE plan_letter (
        -- The order of numbers: by loan number, then channel, role and person.
        ordinal integer PRIMARY KEY,
        facility_id bigint, episode_id bigint, workflow_id bigint, channel text, role text, person_id bigint,
        customer_id bigint, branch_code text, due_at timestamptz, days integer,
        -- Null: it is issued.
        reason text, stage smallint, number_seq integer
    ) ON COMMIT DROP
"""

#: The channels in the order in which one planning issues them: a warning counts before a declaration.
_RANK: Final = "array_position(ARRAY['introduction_letter', 'warning', 'declaration'], s.channel)"


def judge(connection: Connection, scope: Scope) -> int:
    """Fill `plan_letter`; says how many letters it holds.

    A letter that was issued before, in whatever state, is not looked at; one that is suppressed or was
    cancelled as workflows and figures changed is, but never on a day before its own.
    """
    connection.execute(text("DROP TABLE IF EXISTS plan_letter"))
    connection.execute(text(_TABLE))
    query, _ = candidates.build(
        scope.ways, scope.day, scope.rules, letters=True, facility_ids=scope.facility_ids
    )
    # A warning counts if it was issued and isn't void; it waits until it is served, returned or not found.
    statement = f"""
        WITH candidate AS MATERIALIZED (
            SELECT s.*, {letter_reason(scope.rules)} AS base_reason
            FROM ({query.sql}) AS s
                LEFT JOIN letter AS e ON e.episode_id = s.episode_id AND e.workflow_id = s.workflow_id
                    AND e.channel = s.channel AND e.role = s.role AND e.person_id = s.person_id
            WHERE e.id IS NULL OR (e.day <= CAST(:day AS date) AND (e.status = 'suppressed'
                OR (e.status = 'cancelled' AND e.reason = ANY(CAST(:revivable AS text[])))))
        ), warned AS (
            SELECT l.episode_id, l.person_id, count(*) AS warnings,
                (array_agg(l.status ORDER BY l.day DESC, l.id DESC))[1] AS last_status,
                (array_agg(l.outcome_on ORDER BY l.day DESC, l.id DESC))[1] AS last_outcome_on
            FROM letter AS l
            WHERE l.channel = 'warning' AND l.status NOT IN ('suppressed', 'cancelled', 'void')
                AND l.episode_id IN (SELECT episode_id FROM candidate)
            GROUP BY l.episode_id, l.person_id
        ), waited AS (
            SELECT c.*, coalesce(warned.warnings, 0) AS warnings, coalesce(
                c.channel IN ('warning', 'declaration') AND c.after_stage_days IS NOT NULL
                AND (warned.last_status IN ('issued', 'printed')
                    OR CAST(:day AS date) - warned.last_outcome_on < c.after_stage_days), false) AS too_early
            FROM candidate AS c LEFT JOIN warned
                ON warned.episode_id = c.episode_id AND warned.person_id = c.person_id
        ), together AS (
            -- Warnings that this planning issues to the same person in the same episode before this row.
            SELECT w.*, count(*) FILTER (
                WHERE w.channel = 'warning' AND w.base_reason IS NULL AND NOT w.too_early AND NOT w.rests
            ) OVER (
                PARTITION BY w.episode_id, w.person_id
                ORDER BY array_position(ARRAY['introduction_letter', 'warning', 'declaration'], w.channel), w.role
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS just_warned
            FROM waited AS w
        )
        INSERT INTO plan_letter (ordinal, facility_id, episode_id, workflow_id, channel, role, person_id,
            customer_id, branch_code, due_at, days, reason, stage)
        SELECT row_number() OVER (
                ORDER BY s.loan_no COLLATE "C", {_RANK}, s.role, s.customer_no COLLATE "C"),
            s.facility_id, s.episode_id, s.workflow_id, s.channel, s.role, s.person_id, s.customer_id,
            s.branch_code, s.base_due, s.days,
            CASE WHEN s.base_reason IS NOT NULL THEN s.base_reason
                WHEN s.too_early THEN 'earlier_letter'
                WHEN s.channel IN ('warning', 'declaration') AND s.after_stage_days IS NOT NULL
                    AND s.just_warned > 0 THEN 'earlier_letter'
                WHEN s.rests THEN 'holiday' END,
            CASE WHEN s.channel = 'warning' THEN 1 + s.warnings + s.just_warned END
        FROM together AS s
    """
    connection.execute(text(statement), {**query.parameters, "revivable": list(REVIVABLE)})
    return int(connection.execute(text("SELECT count(*) FROM plan_letter")).scalar_one())
