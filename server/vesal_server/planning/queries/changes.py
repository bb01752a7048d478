"""What happens to planned messages afterwards: cancelled, suppressed, or about another person."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, text

from vesal_server.planning.rules import BRANCH_DAY, NO_MOBILE, Rules, applies


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
