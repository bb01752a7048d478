"""The data reception report's SQL."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, select, text

from vesal_server.kit.db import AnyRow
from vesal_server.kit.listing import Key, Listing, Sort
from vesal_server.tables.feeds import feed_rejected_row

#: The rows of one arrival, in the order in which they were set aside.
SET_ASIDE: Final = Listing(
    "set_aside",
    feed_rejected_row,
    feed_rejected_row.c.ordinal,
    {
        "ordinal": Sort((Key(feed_rejected_row.c.ordinal),)),
        "file": Sort((Key(feed_rejected_row.c.file), Key(feed_rejected_row.c.ordinal))),
        "line": Sort((Key(feed_rejected_row.c.line), Key(feed_rejected_row.c.ordinal))),
        "code": Sort((Key(feed_rejected_row.c.code), Key(feed_rejected_row.c.ordinal))),
        "key": Sort((Key(feed_rejected_row.c.key), Key(feed_rejected_row.c.ordinal))),
    },
    default="ordinal",
)

_RECEPTIONS: Final = text(
    """
    WITH tries AS (
        SELECT a.id, a.as_of, coalesce(a.as_of::text, 'arrival ' || a.id) AS feed, a.status, a.source, a.form, a.via,
               a.started_at, a.finished_at, a.reason_code, a.reason, a.counts, a.notes, a.forced
          FROM feed_arrival a
         WHERE (CAST(:first AS date) IS NULL OR a.as_of >= :first)
           AND (CAST(:last AS date) IS NULL OR a.as_of <= :last)
    ), stands AS (
        SELECT DISTINCT ON (feed) * FROM tries
         ORDER BY feed, status = 'taken' DESC, status = 'unchanged' DESC, id DESC
    ), counted AS (
        SELECT feed, max(id) AS newest, count(*) AS tries, min(started_at) AS first_at,
               max(coalesce(finished_at, started_at)) AS last_at
          FROM tries GROUP BY feed
    )
    SELECT s.*, c.newest, c.tries, c.first_at, c.last_at,
           (SELECT count(*) FROM feed_rejected_row r WHERE r.arrival_id = s.id) AS rows_kept
      FROM stands s JOIN counted c USING (feed)
     WHERE (CAST(:status AS text) IS NULL OR s.status = :status)
     ORDER BY s.as_of DESC NULLS LAST, c.newest DESC
    """
)


def receptions(  # no scope: a feed is the bank's
    connection: Connection, *, first: date | None = None, last: date | None = None, status: str | None = None
) -> Sequence[AnyRow]:
    """A row a date of a feed (an arrival whose date nobody could read stands alone), the newest first.

    The try that stands is the last that was taken, else the last that changed nothing, else the last refused.
    """
    return connection.execute(_RECEPTIONS, {"first": first, "last": last, "status": status}).all()


_TRIES: Final = text(
    """
    SELECT a.*, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username) AS user_name,
           (SELECT count(*) FROM feed_rejected_row r WHERE r.arrival_id = a.id) AS rows_kept
      FROM feed_arrival a LEFT JOIN app_user u ON u.id = a.user_id
     WHERE a.id = :id OR a.as_of = (SELECT as_of FROM feed_arrival WHERE id = :id)
     ORDER BY a.id DESC
    """
)


def tries(connection: Connection, arrival_id: int) -> Sequence[AnyRow]:
    """All tries of the date that an arrival was for, the newest first."""
    return connection.execute(_TRIES, {"id": arrival_id}).all()


def arrival_exists(connection: Connection, arrival_id: int) -> bool:
    """Whether there is such an arrival."""
    query = text("SELECT 1 FROM feed_arrival WHERE id = :id")
    return connection.execute(query, {"id": arrival_id}).first() is not None


def of_arrival(arrival_id: int) -> ColumnElement[bool]:
    """The rows set aside of one arrival."""
    return feed_rejected_row.c.arrival_id == arrival_id


def matching(key: str) -> ColumnElement[bool]:
    """Rows in whose file, code, reason or key the search key stands."""
    shown = func.concat_ws(
        " ",
        feed_rejected_row.c.file,
        feed_rejected_row.c.line,
        feed_rejected_row.c.code,
        feed_rejected_row.c.reason,
        feed_rejected_row.c.key,
    )
    return func.vesal_search_key(shown).contains(key, autoescape=True)


def set_aside(connection: Connection, arrival_id: int, ordinals: Sequence[int]) -> Sequence[AnyRow]:
    """The rows of these ordinals, in their order."""
    query = select(feed_rejected_row).where(of_arrival(arrival_id), feed_rejected_row.c.ordinal.in_(ordinals))
    found = {row.ordinal: row for row in connection.execute(query)}
    return [found[one] for one in ordinals if one in found]


def all_set_aside(connection: Connection, arrival_id: int) -> Iterator[AnyRow]:
    """Every row set aside of an arrival, as it comes from the server."""
    query = select(feed_rejected_row).where(of_arrival(arrival_id)).order_by(feed_rejected_row.c.ordinal)
    result = connection.execute(query, execution_options={"yield_per": 2_000})
    yield from result
