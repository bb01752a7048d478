"""Facilities and their guarantors: what differs from the last feed is written, and nothing else."""

from datetime import date

from sqlalchemy import Connection
from sqlalchemy import text as sql

#: The feed's values of a facility beside the borrower and the days, as compared and as written.
_VALUES = (
    "branch_code",
    "loan_type_code",
    "deposit_type_code",
    "loan_date",
    "amount",
    "overdue_installments",
    "overdue_amount",
    "outstanding_amount",
    "last_payment_date",
    "first_unpaid_date",
)
_NEEDED = {"branch_code", "loan_type_code", "overdue_amount"}
_SEARCH = "vesal_search_key({0}.loan_no) || ' ' || c.search"


def compare(connection: Connection, as_of: date, last_as_of: date | None) -> None:
    """Put the facilities that are new, back, absent, or other than stored into `diff_facility`, in one pass.

    Absent ones (set aside in this feed, or missing from it) have no `loan_no`; `episodes.find_absent` takes them
    out. `differs` tells whether the feed's values differ: neither equal days nor days that rose by just the days
    since the stored state do. Both go by `overdue_since`, which is null at 0 days; equal days on a later date are
    no difference between the feeds, but are written all the same.
    """
    other = " OR ".join(
        f"s.{name} <> f.{name}" if name in _NEEDED else f"s.{name} IS DISTINCT FROM f.{name}"
        for name in _VALUES
    )
    other = f"(s.customer_no <> f.customer_no OR {other})"
    moved = "s.overdue_since IS DISTINCT FROM f.overdue_since"
    state_on = "coalesce(f.state_as_of, CAST(:last AS date))"
    grew = f"f.overdue_since IS NULL AND s.overdue_since = {state_on}"
    days = "{day} - coalesce({row}.overdue_since, {day})"
    stayed = f"{days.format(day='CAST(:as_of AS date)', row='s')} = {days.format(day=state_on, row='f')}"
    connection.execute(
        sql(
            "CREATE TEMP TABLE diff_facility ON COMMIT DROP AS SELECT"
            " coalesce(f.id, nextval('facility_id_seq')) AS id, f.id IS NULL AS is_new,"
            " f.id IS NOT NULL AND f.episode_id IS NULL AS is_back, false AS is_reopened,"
            " CASE WHEN f.id IS NULL THEN nextval('episode_id_seq') ELSE f.episode_id END"
            " AS episode_id, f.branch_code AS was_branch_code, f.loan_no AS was_loan_no,"
            f" f.id IS NOT NULL AND ({other} OR ({moved} AND ({grew} OR {stayed}) IS NOT TRUE)) AS differs, s.*"
            " FROM stage_facility s FULL JOIN facility f ON f.loan_no = s.loan_no"
            " WHERE CASE WHEN s.loan_no IS NULL THEN f.episode_id IS NOT NULL OR f.state_as_of IS NULL"
            f" ELSE f.id IS NULL OR f.episode_id IS NULL OR f.state_as_of IS NOT NULL OR {moved} OR {other} END"
        ),
        {"as_of": as_of, "last": last_as_of},
    )


def write(connection: Connection) -> int:
    """Insert new facilities and update stored ones; returns how many rows were written."""
    names = ", ".join(_VALUES)
    values = ", ".join(f"d.{name}" for name in _VALUES)
    inserted = connection.execute(
        sql(
            f"INSERT INTO facility (id, loan_no, customer_id, {names}, overdue_since, episode_id, customer_no,"
            f" borrower_sort, search) SELECT d.id, d.loan_no, c.id, {values}, d.overdue_since, d.episode_id,"
            f" c.customer_no, c.name_sort, {_SEARCH.format('d')}"
            " FROM diff_facility d JOIN customer c ON c.customer_no = d.customer_no WHERE d.is_new ORDER BY d.id"
        )
    ).rowcount
    settings = ", ".join(f"{name} = d.{name}" for name in _VALUES)
    updated = connection.execute(
        sql(
            f"UPDATE facility f SET {settings}, customer_id = c.id, overdue_since = d.overdue_since,"
            " state_as_of = NULL, episode_id = d.episode_id, customer_no = c.customer_no,"
            f" borrower_sort = c.name_sort, search = {_SEARCH.format('d')}"
            " FROM diff_facility d JOIN customer c ON c.customer_no = d.customer_no"
            " WHERE f.id = d.id AND NOT d.is_new AND (d.differs OR d.episode_id IS DISTINCT FROM f.episode_id"
            " OR f.state_as_of IS NOT NULL OR f.overdue_since IS DISTINCT FROM d.overdue_since)"
        )
    ).rowcount
    return inserted + updated


def refresh_borrower_keys(connection: Connection) -> None:
    """Facilities carry their borrower's keys for sorting and searching: follow the customers that changed."""
    connection.execute(
        sql(
            "UPDATE facility f SET borrower_sort = c.name_sort, "
            f"search = {_SEARCH.format('f')} FROM diff_customer d JOIN customer c ON c.id = d.id"
            " WHERE NOT d.is_new AND f.customer_id = c.id"
            f" AND (f.borrower_sort <> c.name_sort OR f.search <> {_SEARCH.format('f')})"
        )
    )


def counts(connection: Connection) -> tuple[int, int]:
    """How many facilities are new, and how many changed or came back to be followed up."""
    row = connection.execute(
        sql(
            "SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE NOT is_new AND"
            " (differs OR is_back AND episode_id IS NOT NULL)) AS changed FROM diff_facility"
        )
    ).one()
    return row.new, row.changed


def pairs(connection: Connection) -> tuple[int, int]:
    """Put the pairs that are new, back, or missing into `diff_pair`; returns how many distinct good pairs there are.

    The second value is how many of them are new: a pair that had ended is new again.
    """
    connection.execute(
        sql(
            "CREATE TEMP TABLE diff_pair ON COMMIT DROP AS"
            " SELECT coalesce(p.facility_id, g.facility_id) AS facility_id,"
            " coalesce(p.customer_id, g.customer_id) AS customer_id,"
            " g.facility_id IS NULL AS is_new, p.facility_id IS NULL AS is_missing"
            " FROM (SELECT DISTINCT f.id AS facility_id, c.id AS customer_id FROM stage_guarantor s"
            " JOIN facility f ON f.loan_no = s.loan_no JOIN customer c ON c.customer_no = s.customer_no) AS p"
            " FULL JOIN guarantor g ON g.facility_id = p.facility_id AND g.customer_id = p.customer_id"
            " WHERE g.facility_id IS NULL OR (p.facility_id IS NULL) = (g.ended_on IS NULL)"
        )
    )
    row = connection.execute(
        sql(
            "SELECT count(*) FILTER (WHERE is_missing) AS missing, count(*) FILTER (WHERE NOT is_missing) AS new,"
            " (SELECT count(*) FROM guarantor WHERE ended_on IS NULL) AS standing FROM diff_pair"
        )
    ).one()
    return row.standing - row.missing + row.new, row.new


def write_pairs(connection: Connection, as_of: date) -> None:
    """Insert the new pairs, and begin those anew that had ended."""
    connection.execute(
        sql(
            "INSERT INTO guarantor (facility_id, customer_id, since)"
            " SELECT facility_id, customer_id, :as_of FROM diff_pair WHERE is_new ORDER BY facility_id, customer_id"
        ),
        {"as_of": as_of},
    )
    connection.execute(
        sql(
            "UPDATE guarantor g SET since = :as_of, ended_on = NULL FROM diff_pair p WHERE NOT p.is_new"
            " AND NOT p.is_missing AND g.facility_id = p.facility_id AND g.customer_id = p.customer_id"
        ),
        {"as_of": as_of},
    )


def end_pairs(connection: Connection, as_of: date, *, pairs_wait: bool, cures_wait: bool) -> int:
    """End the pairs whose facility left, and those missing from the file; returns how many ended.

    A pair that stands in a row set aside is not missing. `pairs_wait`: a row without readable numbers may be any
    pair, so none is called missing. `cures_wait`: an absent facility has not left yet, and its pairs wait with it.
    """
    connection.execute(
        sql(
            "CREATE TEMP TABLE pair_set_aside ON COMMIT DROP AS"
            " SELECT DISTINCT f.id AS facility_id, c.id AS customer_id FROM set_aside a"
            " JOIN facility f ON f.loan_no = a.key JOIN customer c ON c.customer_no = a.pair_customer_no"
            " WHERE a.file_no = 3 AND a.key <> '' AND a.pair_customer_no <> ''"
        )
    )
    return connection.execute(
        sql(
            "WITH judged AS MATERIALIZED (SELECT m.facility_id, m.customer_id,"
            " NOT EXISTS (SELECT FROM stage_facility s WHERE s.loan_no = f.loan_no)"
            " AND NOT EXISTS (SELECT FROM set_aside a WHERE a.file_no = 2 AND a.key = f.loan_no) AS has_left,"
            " EXISTS (SELECT FROM pair_set_aside p WHERE p.facility_id = m.facility_id"
            " AND p.customer_id = m.customer_id) AS is_set_aside"
            " FROM diff_pair m JOIN facility f ON f.id = m.facility_id WHERE m.is_missing)"
            " UPDATE guarantor g SET ended_on = :as_of FROM judged j"
            " WHERE g.facility_id = j.facility_id AND g.customer_id = j.customer_id"
            " AND CASE WHEN j.has_left THEN NOT :cures_wait ELSE NOT :pairs_wait AND NOT j.is_set_aside END"
        ),
        {"as_of": as_of, "pairs_wait": pairs_wait, "cures_wait": cures_wait},
    ).rowcount


def renew_totals(connection: Connection) -> None:
    """Bring the counts of open facilities per branch and loan type up to date."""
    connection.execute(
        sql(
            "CREATE TEMP TABLE total_now ON COMMIT DROP AS SELECT branch_code, loan_type_code,"
            " count(*) AS facilities, CAST(sum(overdue_amount) AS bigint) AS overdue_amount"
            " FROM facility WHERE episode_id IS NOT NULL GROUP BY branch_code, loan_type_code"
        )
    )
    connection.execute(
        sql(
            "DELETE FROM case_total t WHERE NOT EXISTS (SELECT FROM total_now n"
            " WHERE n.branch_code = t.branch_code AND n.loan_type_code = t.loan_type_code)"
        )
    )
    connection.execute(
        sql(
            "INSERT INTO case_total AS t (branch_code, loan_type_code, facilities, overdue_amount)"
            " SELECT branch_code, loan_type_code, facilities, overdue_amount FROM total_now"
            " ON CONFLICT (branch_code, loan_type_code) DO UPDATE"
            " SET facilities = excluded.facilities, overdue_amount = excluded.overdue_amount"
            " WHERE (t.facilities, t.overdue_amount) IS DISTINCT FROM (excluded.facilities, excluded.overdue_amount)"
        )
    )
