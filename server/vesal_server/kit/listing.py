"""The one way to list: declared orders, a search key, filters, pages; ids first, then the rows of the page.

A page's ids come from an index alone, and only then are the fifty rows joined. Totals are counted once per
version of the data; where there is a search, only to 10,000. Far pages are cut from a page map: all ids of a
list in its order, eight bytes each, made once per scope, filter, order and version.
"""

import sys
from array import array
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    LargeBinary,
    Select,
    UnaryExpression,
    bindparam,
    func,
    select,
    text,
)

from vesal_server.kit.db import raw
from vesal_server.kit.memory import Memory
from vesal_shared import problems
from vesal_shared.problems import Refusal

#: A search counts to here; beyond it the total is «بیش از ۱۰٬۰۰۰».
COUNT_LIMIT: Final = 10_000
#: Rows that a page may skip by OFFSET; farther pages come from a page map.
NEAR: Final = 2_000
LARGEST_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Key:
    """One part of an order as it rises; `falling`: the stored column falls while what is shown rises.

    An empty value counts as the smallest, so that it comes last where the greatest come first.
    """

    column: ColumnElement[Any]
    falling: bool = False
    nullable: bool | None = None

    def by(self, *, reverse: bool) -> UnaryExpression[Any]:
        """The order's part in SQL, the way an index (or the same index read backwards) has it.

        A column that is never empty says nothing of empty values, or the index would not be seen to fit.
        """
        falls = self.falling != reverse
        part = self.column.desc() if falls else self.column.asc()
        nullable = self.nullable if self.nullable is not None else getattr(self.column, "nullable", True)
        if not nullable:
            return part
        return part.nulls_last() if reverse else part.nulls_first()


@dataclass(frozen=True, slots=True)
class Sort:
    """An order as it rises; `join` brings in a side table that it needs, as (table, condition).

    The last part must make it total (the id), so that pages neither repeat nor lose a row. An order with a
    `join` has no index to walk: all its pages come from a page map.
    """

    keys: tuple[Key, ...]
    join: tuple[FromClause, ColumnElement[bool]] | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that is declared: where its ids come from and by what it may be sorted.

    `sorts` maps a column's key to its order; `default` is what an empty `sort` means.
    """

    name: str
    source: FromClause
    id: ColumnElement[int]
    sorts: Mapping[str, Sort]
    default: str

    @property
    def sort_values(self) -> list[str]:
        """What `sort` may be: each key, rising and falling."""
        return [sign + key for key in self.sorts for sign in ("", "-")]

    def sort(self, wanted: str) -> tuple[Sort, list[UnaryExpression[Any]]]:
        """The order that `wanted` names (`-` falls), and its parts in SQL."""
        wanted = wanted or self.default
        sort = self.sorts.get(wanted.removeprefix("-"))
        if sort is None:
            raise Refusal(problems.UNKNOWN_SORT, params={"sort": wanted}, field="sort")
        return sort, [key.by(reverse=wanted.startswith("-")) for key in sort.keys]


@dataclass(frozen=True, slots=True)
class Ask:
    """Which page of a list, in which order: as every list takes it."""

    sort: str = ""
    page: int = 1
    size: int = 50

    @property
    def offset(self) -> int:
        """Rows before the page."""
        return (self.page - 1) * self.size


@dataclass(frozen=True, slots=True)
class Keep:
    """Where a list's totals and page maps are kept, and under what: everything that they depend on.

    `ttl_s` is short where something that is not in `key` may change them (who has which case, say).
    """

    memory: Memory
    key: Hashable
    ttl_s: float = 3600.0


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of a page in their order, and how many there are in all."""

    ids: list[int]
    total: int
    total_exact: bool


def find(
    connection: Connection,
    listing: Listing,
    conditions: Sequence[ColumnElement[bool]],
    ask: Ask,
    keep: Keep,
    *,
    searching: bool,
    known_total: int | None = None,
) -> Found:
    """The page's ids and the total.

    `conditions` hold the caller's reach, the filters and the search. `known_total` spares the count where it
    is kept elsewhere. With `searching` the total stops at 10,000.
    """
    if searching:
        # The best plan depends on the very words: a plan made for any words walks the wrong index.
        connection.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    sort, order = listing.sort(ask.sort)
    total, exact = _total(connection, listing, conditions, keep, searching=searching, known=known_total)
    if ask.offset >= total and exact:
        return Found([], total, exact)
    near = sort.join is None and ask.offset < NEAR
    if near or not exact:
        query = _ids(listing, conditions, sort).order_by(*order).limit(ask.size).offset(ask.offset)
        ids = list(connection.execute(query).scalars())
    else:
        mapped = page_map(connection, listing, conditions, ask.sort, keep)
        ids = mapped[ask.offset : ask.offset + ask.size].tolist()
    return Found(ids, total, exact)


def page_map(
    connection: Connection,
    listing: Listing,
    conditions: Sequence[ColumnElement[bool]],
    sort: str,
    keep: Keep,
) -> "array[int]":
    """All ids of a list in its order, from memory or made now: one sorted scan, carried over in one value."""

    def make() -> "array[int]":
        order = listing.sort(sort)
        ids = _ids(listing, conditions, order[0]).order_by(*order[1]).subquery()
        packed = select(func.string_agg(func.int8send(ids.c[0]), bindparam("nothing", b"", LargeBinary)))
        return _unpack(_binary(connection, packed))

    return keep.memory.get(  # type: ignore[no-any-return]
        (listing.name, "map", keep.key, sort or listing.default),
        make,
        ttl_s=keep.ttl_s,
        size=lambda made: made.itemsize * len(made),
    )


def in_order(ids: Sequence[int], rows: Sequence[Any], id_of: Callable[[Any], int]) -> list[Any]:
    """The joined rows of a page in the order of its ids; one that vanished meanwhile is left out."""
    by_id = {id_of(row): row for row in rows}
    return [by_id[one] for one in ids if one in by_id]


def _ids(
    listing: Listing, conditions: Sequence[ColumnElement[bool]], sort: Sort | None = None
) -> Select[int]:
    source = listing.source
    if sort is not None and sort.join is not None:
        source = source.outerjoin(*sort.join)
    return select(listing.id).select_from(source).where(*conditions)


def _total(
    connection: Connection,
    listing: Listing,
    conditions: Sequence[ColumnElement[bool]],
    keep: Keep,
    *,
    searching: bool,
    known: int | None,
) -> tuple[int, bool]:
    if known is not None and not searching:
        return known, True

    def count() -> int:
        rows = _ids(listing, conditions)
        if searching:
            rows = rows.limit(COUNT_LIMIT + 1)
        return int(connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one())

    counted = keep.memory.get((listing.name, "total", keep.key), count, ttl_s=keep.ttl_s)
    return min(counted, COUNT_LIMIT) if searching else counted, not searching or counted <= COUNT_LIMIT


def _binary(connection: Connection, query: Select[Any]) -> bytes | None:
    """The one value of a query in PostgreSQL's binary form: as text, bytes would travel as twice as many digits."""
    compiled = query.compile(dialect=connection.dialect)
    # A filter of several values is bound as so many parameters, which are spelt out only now.
    expanded = compiled.construct_expanded_state()
    with raw(connection).cursor(binary=True) as cursor:
        row = cursor.execute(expanded.statement, expanded.parameters).fetchone()
    return row[0] if row else None


def _unpack(packed: bytes | memoryview | None) -> "array[int]":
    ids = array("q")
    if packed:
        ids.frombytes(packed)
        # int8send writes the network's byte order.
        if sys.byteorder == "little":
            ids.byteswap()
    return ids
