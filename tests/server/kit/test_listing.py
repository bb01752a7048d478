"""The one way to list, over a table of its own: orders, pages near and far, totals that stop at 10,000."""

import itertools

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, insert
from sqlalchemy.schema import CreateTable

from vesal_server.kit import listing
from vesal_server.kit.listing import Ask, Keep, Key, Listing, Sort, find, page_map
from vesal_server.kit.memory import Memory
from vesal_shared.problems import Refusal

thing = Table(
    "thing_listed",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("grade", Integer, nullable=True),
    Column("name", Text, nullable=False),
)
THINGS = Listing(
    "things",
    thing,
    thing.c.id,
    {
        "grade": Sort((Key(thing.c.grade), Key(thing.c.id))),
        "name": Sort((Key(thing.c.name), Key(thing.c.id))),
    },
    default="-grade",
)


@pytest.fixture
def things(connection: Connection) -> Connection:
    """12,000 things, a few without a grade."""
    connection.execute(CreateTable(thing, if_not_exists=False))
    rows = [
        {"id": number, "grade": None if number % 100 == 0 else number % 7, "name": f"n{number % 50:02}"}
        for number in range(1, 12_001)
    ]
    connection.execute(insert(thing), rows)
    return connection


def keep() -> Keep:
    return Keep(Memory(), "all")


@pytest.mark.parametrize("sort", THINGS.sort_values)
@pytest.mark.parametrize("size", [500, 333])
def test_near_and_far_pages_together_hold_each_row_once(things: Connection, sort: str, size: int) -> None:
    kept = keep()
    whole = page_map(things, THINGS, [], sort, kept).tolist()
    assert sorted(whole) == list(range(1, 12_001))
    paged: list[int] = []
    for page in itertools.count(1):
        found = find(things, THINGS, [], Ask(sort, page, size), kept, searching=False)
        assert (found.total, found.total_exact) == (12_000, True)
        if not found.ids:
            break
        paged += found.ids
    assert paged == whole


def test_an_empty_value_comes_first_rising_and_last_falling(things: Connection) -> None:
    rising = page_map(things, THINGS, [], "grade", keep()).tolist()
    falling = page_map(things, THINGS, [], "-grade", keep()).tolist()
    assert rising == falling[::-1]
    assert all(number % 100 == 0 for number in rising[:120])
    assert rising[120] % 100


def test_an_unknown_order_is_refused(things: Connection) -> None:
    for sort in ("size", "-size", "--grade", "id"):
        with pytest.raises(Refusal, match="unknown_sort"):
            find(things, THINGS, [], Ask(sort, 1, 10), keep(), searching=False)


def test_a_search_counts_to_ten_thousand(things: Connection) -> None:
    many = find(things, THINGS, [thing.c.name.contains("n")], Ask("name", 1, 10), keep(), searching=True)
    assert (many.total, many.total_exact, len(many.ids)) == (listing.COUNT_LIMIT, False, 10)
    # Beyond what was counted there are pages still.
    far = find(things, THINGS, [thing.c.name.contains("n")], Ask("name", 1_150, 10), keep(), searching=True)
    assert len(far.ids) == 10
    few = find(things, THINGS, [thing.c.name.contains("n07")], Ask("name", 1, 10), keep(), searching=True)
    assert (few.total, few.total_exact) == (240, True)


def test_a_known_total_spares_the_count(things: Connection) -> None:
    found = find(things, THINGS, [], Ask("name", 1, 10), keep(), searching=False, known_total=12_000)
    assert found.total == 12_000


def test_totals_and_maps_are_made_once_a_key(things: Connection) -> None:
    kept = keep()
    first = page_map(things, THINGS, [], "name", kept)
    things.execute(thing.delete().where(thing.c.id == 1))
    assert page_map(things, THINGS, [], "name", kept) is first
    other = Keep(kept.memory, "next version")
    assert len(page_map(things, THINGS, [], "name", other)) == 11_999
