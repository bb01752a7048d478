"""No two enabled workflows of a kind may claim a loan type on the same overdue days."""

from collections.abc import Collection

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from vesal_server.kit.db import violated
from vesal_server.workflows import queries
from vesal_shared import problems
from vesal_shared.digits import persian_digits
from vesal_shared.problems import Refusal

CONSTRAINT = "ex_workflow_range_overlap"


def check(connection: Connection, workflow_ids: Collection[int]) -> None:
    """Refuse if one of these workflows, as they are stored now, overlaps another enabled one.

    For the end of a change, so that an import is judged by its end state. What somebody else saves at the same
    moment is caught by the exclusion constraint, which is judged here instead of at the commit, since then
    the other workflow can still be named.
    """
    if not workflow_ids:
        return
    _refuse_overlap(connection, workflow_ids)
    try:
        with connection.begin_nested():
            queries.check_overlaps_now(connection)
    except IntegrityError as error:
        if violated(error) != CONSTRAINT:
            raise
        _refuse_overlap(connection, workflow_ids)
        raise


def _refuse_overlap(connection: Connection, workflow_ids: Collection[int]) -> None:
    found = queries.overlaps(connection, workflow_ids)
    if found is not None:
        raise Refusal(
            problems.WORKFLOW_OVERLAP,
            params={
                "title": found.title,
                "from_days": persian_digits(found.days[0]),
                "to_days": persian_digits(found.days[1]),
                "other": found.other_title,
                "other_from": persian_digits(found.other_days[0]),
                "other_to": persian_digits(found.other_days[1]),
                "loan_type": found.loan_type,
            },
        )
