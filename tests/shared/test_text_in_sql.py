"""The database's twins of the keys: the same text comes out as in Python, character by character."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from vesal_shared.text import ALPHABET, ZWNJ, clean, search_key, sort_key

#: Every character that a fold could know, with its neighbours.
BLOCKS = [
    *range(0x20, 0x250),
    *range(0x600, 0x700),
    0x200C,
    0x2013,
    *range(0xFB50, 0xFDFF),
    *range(0xFE70, 0xFF00),
]


def keys(connection: Connection, values: list[str]) -> list[tuple[str, str, str]]:
    rows = connection.execute(
        text(
            "SELECT value, vesal_search_key(value), vesal_sort_key(value) "
            "FROM unnest(CAST(:values AS text[])) WITH ORDINALITY AS v (value, place) ORDER BY place"
        ),
        {"values": values},
    )
    return [(row[0], row[1], row[2]) for row in rows]


def test_every_character_folds_alike(connection: Connection) -> None:
    values = [clean(f"ا{chr(point)}ب") for point in BLOCKS] + [clean(chr(point)) for point in BLOCKS]
    assert keys(connection, values) == [(value, search_key(value), sort_key(value)) for value in values]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    st.lists(st.text(alphabet=st.sampled_from(ALPHABET + ZWNJ + " آأئؤۀيك۱٢3Aa-ًّ،"), max_size=20), max_size=20)
)
def test_texts_fold_alike(connection: Connection, raw: list[str]) -> None:
    values = [clean(value) for value in raw]
    assert keys(connection, values) == [(value, search_key(value), sort_key(value)) for value in values]


def test_null_has_no_key(connection: Connection) -> None:
    row = connection.execute(text("SELECT vesal_search_key(NULL), vesal_sort_key(NULL)")).one()
    assert tuple(row) == (None, None)


@pytest.mark.parametrize("letters", [ALPHABET])
def test_the_database_sorts_the_alphabet(connection: Connection, letters: str) -> None:
    rows = connection.execute(
        text(
            "SELECT letter FROM unnest(CAST(:letters AS text[])) AS v (letter) "
            'ORDER BY vesal_sort_key(letter) COLLATE "C"'
        ),
        {"letters": sorted(letters)},
    )
    assert "".join(row[0] for row in rows) == letters
