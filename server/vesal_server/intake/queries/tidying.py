"""After an intake: the planner's statistics and the visibility map of what it changed."""

from sqlalchemy import Connection
from sqlalchemy import text as sql


def tidy(connection: Connection) -> None:
    """Vacuum and analyse the tables that an intake writes; runs outside any transaction.

    Pages are not given back to the system (TRUNCATE), because that would make readers wait.
    """
    connection.execute(sql("SELECT set_config('statement_timeout', '0', false)"))
    connection.execute(
        sql(
            "VACUUM (ANALYZE, TRUNCATE false, SKIP_LOCKED) customer, facility, guarantor, episode, case_total"
        )
    )
