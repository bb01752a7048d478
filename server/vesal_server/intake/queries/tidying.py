"""After an intake: the planner's statistics and the visibility map of what it changed."""

from sqlalchemy import Connection
from sqlalchemy import text as sql


def tidy(connection: Connection, *, analyze: bool) -> None:
    """Vacuum the tables that an intake writes, so that lists find their rows by the index alone.

    Runs outside any transaction. `analyze`: so much changed that the planner's statistics are worth renewing.
    Pages are not given back to the system (TRUNCATE), because that would make readers wait.
    """
    connection.execute(sql("SELECT set_config('statement_timeout', '0', false)"))
    options = "TRUNCATE false, SKIP_LOCKED" + (", ANALYZE" if analyze else "")
    connection.execute(sql(f"VACUUM ({options}) customer, facility, guarantor, episode, case_total"))
