"""Lines break by total fit, pages by the rules; both are tried on any widths and heights."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.letters import samples
from vesal_client.letters.breaking import SHRINK, break_points, lines
from vesal_client.letters.flow import Frame, Row, paginate
from vesal_client.letters.words import Typesetter

SETTER = Typesetter()
SPACE = 3.0


def cost(widths: list[float], starts: list[int], measure: float) -> float:
    """Demerits as breaking.py counts them, over whole lines, for comparison with every other way to break."""
    total = 0.0
    for start, end in itertools.pairwise(starts):
        gaps = end - start - 1
        slack = measure - sum(widths[start:end]) - gaps * SPACE
        if slack < -gaps * SPACE * SHRINK - 0.01:
            return float("inf")
        if end == len(widths) and slack >= 0:
            total += 1e9 if gaps == 0 and start else 1.0
        elif gaps == 0:
            total += 1e8 if slack > 1 else 1.0
        else:
            ratio = slack / (gaps * SPACE * (0.5 if slack > 0 else SHRINK))
            total += (1.0 + 100.0 * min(abs(ratio), 20.0) ** 3) ** 2
    return total


@given(st.lists(st.floats(5, 40), min_size=1, max_size=9))
def test_no_other_breaking_is_better(widths: list[float]) -> None:
    measure, count = 60.0, len(widths)
    found = cost(widths, break_points(widths, [False] * count, SPACE, measure), measure)
    for size in range(count):
        for middle in itertools.combinations(range(1, count), size):
            assert found <= cost(widths, [0, *middle, count], measure) * (1 + 1e-9)


@pytest.mark.parametrize("name", samples.ALL)
def test_spaces_never_shrink_too_far_and_no_line_is_too_long(name: str) -> None:
    measure = 453.5
    for text in samples.ALL[name]().paragraphs:
        found = lines(SETTER, text, "Regular", 11.5, measure)
        natural = SETTER.faces["Regular"].space_width * 11.5 / 1000
        for line in found:
            assert line.width <= measure + 0.05
            assert line.space >= natural * (1 - SHRINK) - 0.01
        assert all(line.width == pytest.approx(measure, abs=0.05) for line in found[:-1])
        assert len(found) == 1 or len(found[-1].words) > 1
        for line in found[1:]:
            assert not line.words[0].tied


@given(st.text("ابپ", min_size=60, max_size=400))
def test_a_word_longer_than_the_line_is_parted(word: str) -> None:
    found = lines(SETTER, word, "Regular", 11.5, 120.0)
    assert "".join(w.text for line in found for w in line.words) == word
    assert all(line.width <= 120.05 for line in found)


def rows(heights: list[float], breakable: list[bool]) -> list[Row]:
    return [Row(h, lambda _sheet, _y: None, 1.0, b) for h, b in zip(heights, breakable, strict=True)]


@given(st.lists(st.tuples(st.floats(1, 30), st.booleans()), min_size=1, max_size=40))
def test_pages_hold_all_rows_in_order_and_never_more_than_they_can(
    given_rows: list[tuple[float, bool]],
) -> None:
    made = rows([h for h, _ in given_rows], [b for _, b in given_rows])
    frame = Frame(first_top=30, later_top=20, bottom=100, last_bottom=80)
    pages = paginate(made, frame)
    assert [id(row) for page in pages for _, row in page] == [id(row) for row in made]
    for number, page in enumerate(pages, 1):
        bottom = frame.last_bottom if number == len(pages) else frame.bottom
        assert page[-1][0] + page[-1][1].height <= bottom + 0.01
        for (y, row), (below, _) in itertools.pairwise(page):
            assert below >= y + row.height - 1e-9


def test_a_page_begins_where_it_may_with_the_head_again() -> None:
    head = Row(5, lambda _sheet, _y: None)
    made = rows([10] * 12, [i in (4, 9) for i in range(12)])
    for row in made:
        row.head = head
        row.gap = 0
    pages = paginate(made, Frame(0, 0, 65, 65))
    assert [len(page) for page in pages] == [5, 6, 4]
    assert [page[0][1] is head for page in pages] == [True, True, True]
