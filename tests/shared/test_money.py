"""Money: read strictly from feeds and kindly from forms, shown in groups and in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesal_shared import money
from vesal_shared.digits import persian_digits
from vesal_shared.money import BadNumber

AMOUNTS = st.integers(min_value=0, max_value=money.HIGHEST)


@given(AMOUNTS)
def test_what_is_shown_is_read_again(amount: int) -> None:
    assert money.parse_typed(money.show(amount)) == amount
    assert money.parse_typed(f"{money.group(amount)} ریال") == amount
    assert money.parse_typed(f"{amount:,}") == amount
    assert money.parse_feed(str(amount)) == amount
    assert money.parse_feed(persian_digits(amount) + ".0000") == amount


def test_how_an_amount_looks() -> None:
    assert money.show(412750000) == "۴۱۲٬۷۵۰٬۰۰۰"
    assert money.group(999) == "999"
    assert money.group(1000) == "1٬000"


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), ("١٢٣", 123), ("۱2٣", 123), ("5.0", 5), ("5.0000", 5), ("0" * 5000 + "5", 5)],
)
def test_numbers_of_a_feed(text: str, number: int) -> None:
    assert money.parse_feed(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-1", "+1", "1,000", "1٬000", "1 000", "1.5", "1.", ".0", "1.0.0", "1e3", "1E0", "0x1", "۱٫۰", "²",
        "१२३", "1\n", "NaN", "9223372036854775808", "9" * 5000,
    ],
)  # fmt: skip
def test_a_feed_must_be_exact(text: str) -> None:
    with pytest.raises(BadNumber):
        money.parse_feed(text)


@pytest.mark.parametrize(
    ("typed", "rial"),
    [
        ("1234567", 1234567),
        (" ۱٬۲۳۴٬۵۶۷ ", 1234567),
        ("1,234,567 ریال", 1234567),
        ("۱ ۲۳۴ ۵۶۷ريال", 1234567),
        ("5،000", 5000),
        ("۵ میلیون", 5_000_000),
        ("۵ ميليون ريال", 5_000_000),
        ("۲٫۵ میلیون تومان", 25_000_000),
        ("2.5میلیارد", 2_500_000_000),
        ("1/5 میلیون", 1_500_000),
        ("۱۰۰ هزار تومان", 1_000_000),
        ("۰", 0),
        ("12.00", 12),
        ("1.5 تومان", 15),
    ],
)
def test_amounts_as_people_type_them(typed: str, rial: int) -> None:
    assert money.parse_typed(typed) == rial


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ریال",
        "-5",
        "1,00",
        "1,0000",
        "12,34,567",
        "1.5",
        "پنج",
        "5 دلار",
        "9223372036854775808",
        "9" * 5000,
        "²",
    ],
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(BadNumber):
        money.parse_typed(typed)


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    for read in (money.parse_feed, money.parse_typed):
        try:
            assert 0 <= read(text) <= money.HIGHEST
        except BadNumber:
            continue


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "صفر"),
        (1, "یک"),
        (15, "پانزده"),
        (20, "بیست"),
        (21, "بیست و یک"),
        (100, "یکصد"),
        (101, "یکصد و یک"),
        (999, "نهصد و نود و نه"),
        (1000, "یک هزار"),
        (1001, "یک هزار و یک"),
        (412_750_000, "چهارصد و دوازده میلیون و هفتصد و پنجاه هزار"),
        (1_000_000_000, "یک میلیارد"),
        (2_000_000_100_000, "دو هزار میلیارد و یکصد هزار"),
    ],
)
def test_words(amount: int, words: str) -> None:
    assert money.in_words(amount) == words
    assert money.rial_in_words(amount) == f"{words} ریال"


VALUES = {
    word: value
    for words, step in (
        (("یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده"), 1),
        (("یازده", "دوازده", "سیزده", "چهارده", "پانزده", "شانزده", "هفده", "هجده", "نوزده"), 1),
        (("بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود"), 10),
        (("یکصد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد"), 100),
    )
    for value, word in zip(
        range({"یک": 1, "یازده": 11, "بیست": 20, "یکصد": 100}[words[0]], 1000, step), words, strict=False
    )
}


def read_words(words: str) -> int:
    """An oracle that knows nothing of how the words were made: it adds them up."""
    total = group = 0
    for word in words.replace(" و ", " ").split():
        if word == "میلیارد":
            total, group = (total + group) * 10**9, 0
        elif word in {"میلیون", "هزار"}:
            total, group = total + group * (10**6 if word == "میلیون" else 1000), 0
        else:
            group += VALUES[word]
    return total + group


@given(st.integers(min_value=1, max_value=10**15))
def test_words_add_up_to_the_amount(amount: int) -> None:
    assert read_words(money.in_words(amount)) == amount


def test_a_debt_is_never_negative() -> None:
    with pytest.raises(BadNumber):
        money.in_words(-1)
