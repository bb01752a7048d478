"""Customers: what differs from the last feed is written, and nothing else.

Who carries the same valid national id is one person: `person_id` is the lowest customer id among them.
"""

from sqlalchemy import Connection
from sqlalchemy import text as sql

from vesal_server.intake.queries.staging import scalar

#: The feed's values of a person, as compared and as written.
_VALUES = (
    "first_name",
    "last_name",
    "father_name",
    "national_id",
    "birth_certificate_no",
    "gender",
    "mobile",
    "home_phone",
    "work_phone",
    "email",
    "address",
    "mobile_owner_verified",
)
#: Follow from the values.
_FLAGS = ("national_id_ok", "mobile_ok", "email_ok", "legal_person")
#: The fields that a correction by hand may hold.
_CORRECTED = _VALUES[:-1]

_NAME_SORT = "vesal_sort_key({0}.last_name || ' ' || {0}.first_name)"
_SEARCH = (
    "vesal_search_key({0}.customer_no || ' ' || {0}.first_name || ' ' || {0}.last_name || ' '"
    " || {0}.national_id || ' ' || {0}.mobile)"
)


def compare(connection: Connection) -> tuple[int, int]:
    """Put new and changed customers into `diff_customer`; returns how many are new and how many changed."""
    differs = " OR ".join(f"s.{name} <> c.{name}" for name in _VALUES)
    connection.execute(
        sql(
            "CREATE TEMP TABLE diff_customer ON COMMIT DROP AS"
            " SELECT coalesce(c.id, nextval('customer_id_seq')) AS id, c.id IS NULL AS is_new,"
            " c.person_id AS was_person, CASE WHEN c.national_id_ok THEN c.national_id END AS was_national_id, s.*"
            " FROM stage_customer s LEFT JOIN customer c ON c.customer_no = s.customer_no"
            f" WHERE c.id IS NULL OR c.by_hand OR {differs}"
        )
    )
    row = connection.execute(
        sql("SELECT count(*) FILTER (WHERE is_new) AS new, count(*) AS all FROM diff_customer")
    ).one()
    return row.new, row.all - row.new


def note_ended_corrections(connection: Connection) -> int:
    """Keep in `ended_correction` which corrections by hand this feed ends; returns how many customers have one.

    A new value of the feed ends a correction, and so does one equal to it; an empty value never does.
    Run it while `customer` still holds the last feed's values.
    """
    columns = ", ".join(
        f"k.{name} IS NOT NULL AND s.{name} <> '' AND (s.{name} = k.{name} OR s.{name} <> c.{name}) AS {name}"
        for name in _CORRECTED
    )
    connection.execute(
        sql(
            "CREATE TEMP TABLE ended_correction ON COMMIT DROP AS"
            f" SELECT k.customer_id, {columns} FROM customer_correction k JOIN customer c ON c.id = k.customer_id"
            " JOIN stage_customer s ON s.customer_no = c.customer_no"
        )
    )
    any_ended = " OR ".join(_CORRECTED)
    connection.execute(sql(f"DELETE FROM ended_correction WHERE NOT ({any_ended})"))
    return scalar(connection, "SELECT count(*) FROM ended_correction")


def persons(connection: Connection) -> None:
    """Work out in `person_now` the person of each national id that comes, goes or is joined by this feed."""
    connection.execute(
        sql(
            "CREATE TEMP TABLE person_now ON COMMIT DROP AS SELECT national_id, min(id) AS person_id FROM ("
            " SELECT national_id, id FROM diff_customer WHERE national_id_ok UNION ALL"
            " SELECT c.national_id, c.id FROM customer c WHERE c.national_id_ok AND c.national_id IN ("
            " SELECT national_id FROM diff_customer WHERE national_id_ok"
            " UNION SELECT was_national_id FROM diff_customer WHERE was_national_id IS NOT NULL)"
            " AND NOT EXISTS (SELECT FROM diff_customer d WHERE d.id = c.id)"
            ") AS holders GROUP BY national_id"
        )
    )


def write(connection: Connection) -> None:
    """Insert the new customers and update the changed ones, with their keys for sorting and searching."""
    names = ", ".join((*_VALUES, *_FLAGS))
    values = ", ".join(f"d.{name}" for name in (*_VALUES, *_FLAGS))
    connection.execute(
        sql(
            f"INSERT INTO customer (id, customer_no, person_id, {names}, name_sort, search)"
            f" SELECT d.id, d.customer_no, coalesce(p.person_id, d.id), {values},"
            f" {_NAME_SORT.format('d')}, {_SEARCH.format('d')}"
            " FROM diff_customer d LEFT JOIN person_now p ON p.national_id = d.national_id AND d.national_id_ok"
            " WHERE d.is_new ORDER BY d.id"
        )
    )
    settings = ", ".join(f"{name} = d.{name}" for name in (*_VALUES, *_FLAGS))
    connection.execute(
        sql(
            f"UPDATE customer c SET {settings}, by_hand = false, person_id = coalesce(p.person_id, d.id),"
            f" name_sort = {_NAME_SORT.format('d')}, search = {_SEARCH.format('d')}"
            " FROM diff_customer d LEFT JOIN person_now p ON p.national_id = d.national_id AND d.national_id_ok"
            " WHERE c.id = d.id AND NOT d.is_new"
        )
    )


def join_persons(connection: Connection) -> None:
    """Give the other holders of a national id their person; `person_moved` keeps whose person changed.

    Only customers that were stored before this feed stand in it, with the person that they had.
    """
    connection.execute(
        sql(
            "CREATE TEMP TABLE person_moved ON COMMIT DROP AS"
            " SELECT c.id AS customer_id, d.was_person AS old, c.person_id AS new"
            " FROM diff_customer d JOIN customer c ON c.id = d.id"
            " WHERE NOT d.is_new AND d.was_person <> c.person_id"
        )
    )
    connection.execute(
        sql(
            "WITH joined AS (SELECT c.id, c.person_id AS old, p.person_id AS new FROM person_now p"
            " JOIN customer c ON c.national_id = p.national_id AND c.national_id_ok"
            " WHERE c.person_id <> p.person_id),"
            " moved AS (UPDATE customer c SET person_id = j.new FROM joined j WHERE c.id = j.id)"
            " INSERT INTO person_moved (customer_id, old, new) SELECT id, old, new FROM joined"
        )
    )


def end_corrections(connection: Connection) -> None:
    """Take the corrections of `ended_correction` back: the feed's values hold again."""
    settings = ", ".join(f"{name} = CASE WHEN e.{name} THEN NULL ELSE k.{name} END" for name in _CORRECTED)
    connection.execute(
        sql(
            f"UPDATE customer_correction k SET {settings}, version = k.version + 1"
            " FROM ended_correction e WHERE k.customer_id = e.customer_id"
        )
    )
    empty = " AND ".join(f"k.{name} IS NULL" for name in _CORRECTED)
    connection.execute(
        sql(
            "DELETE FROM customer_correction k USING ended_correction e"
            f" WHERE k.customer_id = e.customer_id AND {empty}"
        )
    )
    connection.execute(
        sql(
            "UPDATE customer_correction k SET search = vesal_search_key(concat_ws(' ', k.first_name, k.last_name,"
            " k.national_id, k.mobile)) FROM ended_correction e WHERE k.customer_id = e.customer_id"
        )
    )


def carry_corrections(connection: Connection) -> int:
    """A person's corrections go along to a new customer number of theirs; returns how many numbers got some.

    A value that the new number brings and the old one's feed did not have is new, and wins.
    """
    taken = ", ".join(
        f"CASE WHEN n.{name} = '' OR (n.{name} = o.{name} AND n.{name} <> k.{name}) THEN k.{name} END AS {name}"
        for name in _CORRECTED
    )
    names = ", ".join(_CORRECTED)
    return connection.execute(
        sql(
            f"INSERT INTO customer_correction (customer_id, {names}, search, updated_at, updated_by)"
            f" SELECT customer_id, {names},"
            " vesal_search_key(concat_ws(' ', first_name, last_name, national_id, mobile)), updated_at, updated_by"
            f" FROM (SELECT DISTINCT ON (n.id) n.id AS customer_id, {taken}, k.updated_at, k.updated_by"
            " FROM diff_customer d JOIN customer n ON n.id = d.id"
            " JOIN customer o ON o.person_id = n.person_id AND o.id <> n.id"
            " JOIN customer_correction k ON k.customer_id = o.id"
            " WHERE d.is_new AND n.national_id_ok ORDER BY n.id, k.updated_at DESC) AS carried"
            f" WHERE coalesce({names}) IS NOT NULL ON CONFLICT (customer_id) DO NOTHING"
        )
    ).rowcount
