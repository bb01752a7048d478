"""Who a day's plan is about: one query's text, from which every statement of planning starts.

The facilities that a workflow applies to, then their persons by role, then the workflow's channels; each with
what the reasons are judged by and with the values that its templates name. Built as text because which values
and reasons are needed depends on templates and settings; whatever came from outside is a bound parameter.
"""

# Statements are put together from constants of this package; whatever comes from outside is bound.

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from vesal_server.planning import rendering
from vesal_server.planning.rules import BRANCH_DAY, EVERY_K, HELD, NO_MOBILE, PROMISED, Rules, applies
from vesal_shared.digits import LTR_MARK
from vesal_shared.jalali import show
from vesal_shared.merge_fields import Part

#: 63 bits from PostgreSQL's generator, which each session seeds from the system's strong one: unique enough for
#: a reference, never a sequence, and cheap enough for half a million rows.
REFERENCE: Final = "((floor(random() * 2147483648)::bigint << 32) | floor(random() * 4294967296)::bigint)"


#: The workflows that are planned, each with the instant of its first repeat.
_RUNNING: Final = """
    running AS MATERIALIZED (
        SELECT w.*, (CAST(:day AS date) + w.start) AT TIME ZONE 'Asia/Tehran' AS base_due
        FROM workflow AS w
        WHERE w.kind = 'notification' AND w.enabled AND w.id = ANY(CAST(:workflows AS bigint[]))
    )
"""
_WAY: Final = """
    way AS MATERIALIZED (
        SELECT * FROM unnest(
            CAST(:way_workflow AS bigint[]), CAST(:way_channel AS text[]), CAST(:way_role AS text[]),
            CAST(:way_template AS int[]), CAST(:way_audio AS text[]), CAST(:way_subject AS text[])
        ) AS way (workflow_id, channel, role, template_no, audio, subject)
    )
"""
#: Who stands for a facility in which role.
_STANDS: Final = """
    stands AS (
        SELECT facility_id, workflow_id, customer_id, 'borrower' AS role FROM target
        WHERE workflow_id IN (SELECT workflow_id FROM way WHERE role = 'borrower')
        UNION ALL
        SELECT g.facility_id, target.workflow_id, g.customer_id, 'guarantor'
        FROM target JOIN guarantor AS g ON g.facility_id = target.facility_id AND g.ended_on IS NULL
        WHERE workflow_id IN (SELECT workflow_id FROM way WHERE role = 'guarantor')
    )
"""
_BORROWER: Final = "JOIN customer_now AS borrower ON borrower.id = f.customer_id"
_BORROWER_FIELDS: Final = {"borrower_first_name", "borrower_last_name", "customer_no"}


@dataclass(frozen=True, slots=True)
class Way:
    """One channel of one workflow to one role, and what it says there."""

    workflow_id: int
    channel: str
    role: str
    #: Null text for calls: `audio` is the title of an audio file.
    parts: tuple[Part, ...] = ()
    audio: str = ""
    subject: str = ""


@dataclass(slots=True)
class Query:
    """The text of a SELECT and its parameters."""

    sql: str
    parameters: dict[str, Any] = field(default_factory=dict)


def missing(ways: Sequence[Way], day: date, revivable: Sequence[str]) -> Query:
    """Return the SELECT of the facilities that may get a row: a repeat has none, or one that may come back.

    Judges no reasons and makes no texts, so that planning again, when nothing came up, costs little.
    """
    sql = f"""
    WITH {_RUNNING}, target AS MATERIALIZED (
        SELECT w.id AS workflow_id, f.id AS facility_id, f.customer_id
        FROM running AS w
            JOIN workflow_range AS r ON r.workflow_id = w.id
            JOIN facility AS f ON f.loan_type_code = r.loan_type_code
        WHERE {applies("CAST(:day AS date)")} AND {EVERY_K}
    ), {_WAY}, {_STANDS}, wanted AS (
        SELECT way.workflow_id, way.channel, way.role, repeat
        FROM way JOIN running ON running.id = way.workflow_id
            CROSS JOIN LATERAL generate_series(0, running.per_day - 1) AS repeat
    ), settled AS (
        SELECT facility_id, workflow_id, person_id, repeat, channel, role FROM notification
        WHERE day = CAST(:day AS date)
            AND NOT (status = 'cancelled' AND reason = ANY(CAST(:revivable AS text[])))
    )
    SELECT DISTINCT stands.facility_id
    FROM stands JOIN customer AS c ON c.id = stands.customer_id
        JOIN wanted ON wanted.workflow_id = stands.workflow_id AND wanted.role = stands.role
        LEFT JOIN settled AS n ON n.facility_id = stands.facility_id AND n.workflow_id = wanted.workflow_id
            AND n.person_id = c.person_id AND n.repeat = wanted.repeat AND n.channel = wanted.channel
            AND n.role = wanted.role
    WHERE n.facility_id IS NULL
    """
    return Query(sql, _way_parameters(ways, day) | {"revivable": list(revivable)})


def _way_parameters(
    ways: Sequence[Way], day: date, numbers: Mapping[object, int] | None = None
) -> dict[str, Any]:
    return {
        "day": day,
        "workflows": sorted({way.workflow_id for way in ways}),
        "way_workflow": [way.workflow_id for way in ways],
        "way_channel": [way.channel for way in ways],
        "way_role": [way.role for way in ways],
        "way_template": [(numbers or {}).get(way.parts, -1) for way in ways],
        "way_audio": [way.audio for way in ways],
        "way_subject": [way.subject for way in ways],
    }


def build(
    ways: Sequence[Way],
    day: date,
    rules: Rules,
    *,
    letters: bool,
    facility_ids: Sequence[int] | None = None,
) -> tuple[Query, rendering.Compiled]:
    """Return the SELECT of all candidates of a day, and the CASE that renders their texts.

    Columns: workflow_id, facility_id, episode_id, loan_no, branch_code, days, amount, base_due, per_day,
    repeat_minutes, after_stage_days, role, customer_id, customer_no, person_id, mobile, email, held, promised,
    do_not_contact, deceased, no_mobile, no_email, no_address, rests, messages_rest, channel, template_no, audio,
    subject, v_<field>. `letters`: k is not judged. One row a channel, role and person; repeats come later.
    """
    texts = list(dict.fromkeys(way.parts for way in ways if way.parts and not letters))
    compiled = rendering.compile_texts(texts)
    used = rendering.used_fields(texts)
    numbers: dict[object, int] = {parts: number for number, parts in enumerate(texts)}
    parameters = _way_parameters(ways, day, numbers)
    parameters |= {"rests": rules.rests(day), **compiled.parameters}
    some = ""
    if facility_ids is not None:
        some = "AND f.id = ANY(CAST(:facilities AS bigint[]))"
        parameters["facilities"] = list(facility_ids)
    constants = ""
    if "date" in used:
        constants = ", CAST(:shown_date AS text) AS v_date"
        parameters["shown_date"] = f"{LTR_MARK}{show(day)}{LTR_MARK}"
    sql = f"""
    WITH branch_day AS MATERIALIZED (
        SELECT b.code, b.rests, b.messages_rest {_values(rendering.BRANCH_VALUES, used)} FROM ({BRANCH_DAY}) AS b
    ), {_RUNNING}, target AS MATERIALIZED (
        SELECT w.id AS workflow_id, w.per_day, w.repeat_minutes, w.after_stage_days, w.base_due,
            f.id AS facility_id, f.episode_id, f.loan_no, f.branch_code, f.customer_id,
            CAST(:day AS date) - f.overdue_since AS days, f.overdue_amount AS amount,
            b.rests, b.messages_rest,
            held.facility_id IS NOT NULL AS held, promised.facility_id IS NOT NULL AS promised
            {_values(rendering.FACILITY_VALUES, used)} {_names(rendering.BRANCH_VALUES, used, "b")}
        FROM running AS w
            JOIN workflow_range AS r ON r.workflow_id = w.id
            JOIN facility AS f ON f.loan_type_code = r.loan_type_code
            {_BORROWER if used & _BORROWER_FIELDS else ""}
            JOIN branch_day AS b ON b.code = f.branch_code
            LEFT JOIN ({HELD}) AS held ON held.facility_id = f.id
            LEFT JOIN ({PROMISED}) AS promised ON promised.facility_id = f.id
        WHERE {applies("CAST(:day AS date)")} {"" if letters else f"AND {EVERY_K}"} {some}
    ), {_WAY}, {_STANDS}, person AS (
        SELECT stands.facility_id, stands.role, p.id AS customer_id, p.customer_no, p.person_id, p.mobile, p.email,
            coalesce(flags.do_not_contact, false) AS do_not_contact,
            coalesce(flags.deceased, false) AS deceased,
            {NO_MOBILE} AS no_mobile, NOT p.email_ok AS no_email, p.address = '' AS no_address
            {_values(rendering.PERSON_VALUES, used)}
        FROM stands JOIN customer_now AS p ON p.id = stands.customer_id
            LEFT JOIN person_flag AS flags ON flags.person_id = p.person_id
        -- Somebody who guarantees a loan under several customer numbers is told once.
        WHERE p.person_id = p.id OR stands.role = 'borrower' OR NOT EXISTS (
            SELECT FROM guarantor AS g JOIN customer AS c ON c.id = g.customer_id
            WHERE g.facility_id = stands.facility_id AND g.ended_on IS NULL AND c.person_id = p.person_id
                AND c.id <> p.id
                AND (c.id = c.person_id OR c.customer_no COLLATE "C" < p.customer_no COLLATE "C"))
    ), met AS (
        SELECT target.workflow_id, target.per_day, target.repeat_minutes, target.after_stage_days,
            target.base_due, target.facility_id, target.episode_id, target.loan_no, target.branch_code,
            target.days, target.amount, target.rests, target.messages_rest, target.held, target.promised,
            person.role, person.customer_id, person.customer_no, person.person_id, person.mobile, person.email,
            person.do_not_contact, person.deceased, person.no_mobile, person.no_email, person.no_address
            {_names(rendering.FACILITY_VALUES | rendering.BRANCH_VALUES, used, "target")}
            {_names(rendering.PERSON_VALUES, used, "person")} {constants}
        FROM target JOIN person ON person.facility_id = target.facility_id
        OFFSET 0
    )
    SELECT met.*, way.channel, way.template_no, way.audio, way.subject
    FROM met JOIN way ON way.workflow_id = met.workflow_id AND way.role = met.role
    """
    return Query(sql, parameters), compiled


def _values(values: dict[str, str], used: set[str]) -> str:
    made = [f", {rendering.shown(name, value)} AS v_{name}" for name, value in values.items() if name in used]
    return "".join(made)


def _names(values: dict[str, str], used: set[str], source: str) -> str:
    return "".join(f", {source}.v_{name}" for name in values if name in used)
