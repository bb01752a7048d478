"""Mixed text reads as UAX #9 says; python-bidi, an implementation of others, is the oracle."""

from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from vesal_client.letters.bidi import LTR, NUMBER, levels
from vesal_client.letters.words import Typesetter, atoms

SETTER = Typesetter()
_MIRRORED = str.maketrans("()[]{}«»", ")(][}{»«")


def shown(text: str) -> str:
    """The text from left to right as levels say: runs of level 2 as they are, all else turned around."""
    found, i = [], 0
    at = levels(text)
    while i < len(text):
        end = i + 1
        if at[i] == LTR:
            while end < len(text) and at[end] == LTR:
                end += 1
            found.append(text[i:end])
        else:
            found.append(text[i].translate(_MIRRORED))
        i = end
    return "".join(reversed(found))


def expected(text: str) -> str:
    """What python-bidi shows, numbers isolated; it does not mirror brackets, which is done here by what is odd."""
    isolated = NUMBER.sub(lambda found: f"\u2066{found.group()}\u2069", text)
    return str(get_display(isolated, base_dir="R")).translate({0x2066: None, 0x2069: None})


WORDS = st.lists(
    st.sampled_from(
        ["نمونه", "با", "۱۴۰۵/۰۹/۰۳", "12", "8329-307-1", "Tavan", "Co.", "a-b", "؛", "،", ".", "–"]
    ),
    min_size=1,
    max_size=9,
)


@given(WORDS)
def test_order_is_that_of_the_standard(words: list[str]) -> None:
    text = " ".join(words)
    assert shown(text) == expected(text)


@given(st.lists(st.sampled_from(["نمونه", "Tavan", "Co", "۱۲"]), min_size=1, max_size=5))
def test_brackets_around_anything_are_turned_towards_it(words: list[str]) -> None:
    text = f"نامه ({' '.join(words)}) است"
    result = shown(text)
    assert result.index("(") < result.index(")")
    assert result.count("(") == result.count(")") == 1


def test_numbers_never_turn_around() -> None:
    assert shown("شماره 8329-307-1401659-1 است") == "تسا 8329-307-1401659-1 هرامش"
    assert shown("تلفن +98-21-00001405") == "+98-21-00001405 نفلت"


@given(WORDS)
def test_a_line_draws_every_piece_once(words: list[str]) -> None:
    found = SETTER.words(" ".join(words), "Regular")
    assert [w.text for w in found] == [w.text for w in SETTER.words(" ".join(words), "Bold")]
    assert sum(atom.piece is None for atom in atoms(found)) == len(words) - 1
