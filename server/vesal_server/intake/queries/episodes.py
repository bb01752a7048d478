"""Episodes: opened by appearing, closed by missing, reopened by a return that shows they were never cured."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy import text as sql

from vesal_server.intake.queries.staging import scalar


class Moment(NamedTuple):
    """Which feed is being taken: its date, its arrival, the date of the last one, and whether it corrects that."""

    as_of: date
    arrival_id: int
    last_as_of: date | None

    @property
    def corrects(self) -> bool:
        """Whether this is a new picture of the last feed's own date."""
        return self.as_of == self.last_as_of

    def parameters(self) -> dict[str, object]:
        """The same as bound parameters."""
        return {
            "as_of": self.as_of,
            "arrival": self.arrival_id,
            "last": self.last_as_of,
            "corrects": self.corrects,
        }


def settle_returns(connection: Connection, moment: Moment) -> None:
    """Decide for each facility that is back which episode it stands in: the last one reopened, or a new one.

    One written off opens nothing. What a correction finds present that its own date's feed cured is reopened
    whatever its days say; else the first unpaid date decides: before the closing feed's date, it was never cured.
    """
    connection.execute(
        sql(
            "CREATE TEMP TABLE returned ON COMMIT DROP AS"
            " SELECT d.id, last.id AS last_episode_id, last.closed_by,"
            " last.id IS NOT NULL AND (coalesce(d.first_unpaid_date, d.overdue_since, :as_of) < last.closed_on"
            " OR (:corrects AND last.close_reason = 'cured' AND last.closed_on = :as_of)) AS reopens"
            " FROM diff_facility d LEFT JOIN LATERAL (SELECT e.id, e.closed_on, e.closed_by, e.close_reason FROM episode e"
            " WHERE e.facility_id = d.id ORDER BY e.id DESC LIMIT 1) AS last ON true"
            " WHERE d.is_back AND NOT EXISTS (SELECT FROM write_off w"
            " WHERE w.facility_id = d.id AND w.lifted_at IS NULL)"
        ),
        moment.parameters(),
    )
    connection.execute(
        sql(
            "UPDATE diff_facility d SET is_reopened = r.reopens, episode_id = CASE WHEN r.reopens"
            " THEN r.last_episode_id ELSE nextval('episode_id_seq') END"
            " FROM returned r WHERE r.id = d.id"
        )
    )


def find_absent(connection: Connection, *, cures_wait: bool) -> None:
    """Move to `absent_facility` what has no good row in this feed: set aside in it, or missing from it.

    `closes` marks the open ones that are missing and need not wait.
    """
    connection.execute(
        sql(
            "CREATE TEMP TABLE absent_facility ON COMMIT DROP AS SELECT id, episode_id,"
            " episode_id IS NOT NULL AND NOT :cures_wait AND NOT EXISTS (SELECT FROM set_aside a"
            " WHERE a.file_no = 2 AND a.key = d.was_loan_no) AS closes FROM diff_facility d WHERE loan_no IS NULL"
        ),
        {"cures_wait": cures_wait},
    )
    connection.execute(sql("DELETE FROM diff_facility WHERE loan_no IS NULL"))


def open_and_reopen(connection: Connection, moment: Moment) -> tuple[int, int]:
    """Write the new episodes and reopen the old ones of `diff_facility`; returns how many of each."""
    opened = connection.execute(
        sql(
            "INSERT INTO episode (id, facility_id, opened_on, opened_by)"
            " SELECT episode_id, id, :as_of, :arrival FROM diff_facility"
            " WHERE episode_id IS NOT NULL AND (is_new OR is_back AND NOT is_reopened) ORDER BY id"
        ),
        moment.parameters(),
    ).rowcount
    # What it was closed as before this date's first feed stays known while corrections of that date come in.
    keeps = "(e.closed_on = :as_of AND EXISTS (SELECT FROM feed_arrival a WHERE a.id = e.reopened_by AND a.as_of = :as_of))"
    reopened = connection.execute(
        sql(
            "UPDATE episode e SET closed_on = NULL, closed_by = NULL, close_reason = NULL, close_cause = NULL,"
            f" reopened_closed_on = CASE WHEN {keeps} THEN e.reopened_closed_on ELSE e.closed_on END,"
            f" reopened_close_reason = CASE WHEN {keeps} THEN e.reopened_close_reason ELSE e.close_reason END,"
            " reopened_by = :arrival FROM diff_facility d WHERE d.is_reopened AND e.id = d.episode_id"
        ),
        moment.parameters(),
    ).rowcount
    return opened, reopened


def close(connection: Connection, moment: Moment) -> tuple[int, int]:
    """Close the episodes of the facilities that left; returns how many closed, and how many count as cured.

    What only this date's earlier feed opened was a mistake of that feed; what only it reopened closes again,
    uncounted. `closed_episode` keeps them for who is told.
    """
    connection.execute(
        sql(
            "CREATE TEMP TABLE closed_episode ON COMMIT DROP AS SELECT e.id, e.facility_id,"
            " CASE WHEN :corrects AND e.opened_on = :as_of THEN 'feed_error' ELSE 'cured' END AS reason,"
            " NOT (:corrects AND (e.opened_on = :as_of OR EXISTS (SELECT FROM feed_arrival r WHERE r.id = e.reopened_by"
            " AND r.as_of = :as_of AND e.reopened_closed_on < :as_of))) AS counted"
            " FROM absent_facility a JOIN episode e ON e.id = a.episode_id WHERE a.closes"
        ),
        moment.parameters(),
    )
    connection.execute(
        sql(
            "UPDATE episode e SET closed_on = :as_of, closed_by = :arrival, close_reason = c.reason, close_cause = NULL"
            " FROM closed_episode c WHERE e.id = c.id"
        ),
        moment.parameters(),
    )
    row = connection.execute(
        sql("SELECT count(*) AS all, count(*) FILTER (WHERE counted) AS counted FROM closed_episode")
    ).one()
    return row.all, row.counted


def date_states(connection: Connection, moment: Moment) -> None:
    """Let absent facilities go on from their last good state, and take those that left out of the open ones."""
    connection.execute(
        sql(
            "UPDATE facility f SET episode_id = CASE WHEN a.closes THEN NULL ELSE f.episode_id END,"
            " state_as_of = coalesce(f.state_as_of, :last) FROM absent_facility a"
            " WHERE f.id = a.id AND (a.closes OR (f.state_as_of IS NULL AND NOT :corrects))"
        ),
        moment.parameters(),
    )


class Changed(NamedTuple):
    """Who must be told of an intake: ids of episodes, facilities and customers."""

    closed: list[int]
    #: Those of `closed` that were no mistake of the feed.
    cured: list[int]
    #: With the arrival that had closed each.
    reopened: list[tuple[int, int]]
    moved: list[int]
    joined: list[int]


def changed(connection: Connection) -> Changed:
    """Episodes closed and reopened, open facilities that moved to another branch, customers whose person changed."""

    def ids(statement: str) -> list[int]:
        return list(connection.execute(sql(statement)).scalars())

    return Changed(
        ids("SELECT id FROM closed_episode ORDER BY id"),
        ids("SELECT id FROM closed_episode WHERE reason = 'cured' ORDER BY id"),
        [
            (row.last_episode_id, row.closed_by or 0)
            for row in connection.execute(
                sql("SELECT last_episode_id, closed_by FROM returned WHERE reopens ORDER BY last_episode_id")
            )
        ],
        ids(
            "SELECT id FROM diff_facility WHERE NOT is_new AND episode_id IS NOT NULL"
            " AND branch_code <> was_branch_code ORDER BY id"
        ),
        ids("SELECT customer_id FROM person_moved ORDER BY customer_id"),
    )


def written_off_in_feed(connection: Connection) -> int:
    """How many facilities of this feed are written off: they are noted and open nothing."""
    return scalar(connection, "SELECT count(*) FROM diff_facility WHERE is_back AND episode_id IS NULL")
