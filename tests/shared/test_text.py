"""Persian text: what comes in odd goes out right, once and for all; what is searched and sorted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesal_shared.text import (
    ALPHABET,
    ZWNJ,
    clean,
    clean_lines,
    clean_piece,
    search_key,
    search_words,
    sort_key,
)

#: Letters of every spelling, marks, white space, direction, digits: what a bank's files are made of, and worse.
ODD = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            ALPHABET + "يىكةۀهٔأإآؤئٓٔـ  \u00a0\n\t\u200b\u200c\u200d\u200e\u202b\u2066\ufeffAz09۰٩"
        ),
        st.characters(min_codepoint=0x0600, max_codepoint=0x06FF),
        st.characters(min_codepoint=0xFB50, max_codepoint=0xFEFF),
        st.characters(),
    ),
    max_size=30,
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("علي", "علی"),
        ("مصطفى", "مصطفی"),
        ("كاظمي", "کاظمی"),
        ("فاطمة", "فاطمه"),
        ("  علی   رضا ", "علی رضا"),
        ("علی\u00a0رضا", "علی رضا"),
        ("علی\r\nرضا", "علی رضا"),
        ("محـــمد", "محمد"),
        ("\ufeff\u202bعلی\u202c\u200f", "علی"),
        ("\u2066۱۲۳\u2069", "۱۲۳"),
        ("ﻋﻠﯽ", "علی"),
        ("ﻋﻠﻲ", "علی"),
        ("ﻻله", "لاله"),
        ("ﷲ", "الله"),
        ("\ufe71", "\u064b"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("علی\u200c\u200cرضا", "علی\u200cرضا"),
        ("علی\u200bرضا", "علی\u200cرضا"),
        ("\u200cعلی \u200cرضا\u200c", "علی رضا"),
        ("رضا\u0654\u200d", "رضأ"),
        ("رئی\u200dسی", "رئیسی"),
        ("رییٔسی", "ریئسی"),
        ("خانهٔ", "خانۀ"),
        ("ا\u0653رش", "آرش"),
        ("a\x00b\ud800c", "abc"),
        ("شماره ٣ و ۴", "شماره ٣ و ۴"),
        ("", ""),
        (" \u200c\n", ""),
    ],
)
def test_text_that_enters_is_normalised(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@given(ODD)
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    once = clean(raw)
    assert clean(once) == once


@given(ODD)
def test_clean_text_is_fit_for_the_database_and_the_screen(raw: str) -> None:
    text = clean(raw)
    text.encode("utf-8")
    assert "\x00" not in text
    assert "  " not in text
    assert text == text.strip(" " + ZWNJ)
    assert f" {ZWNJ}" not in text
    assert f"{ZWNJ} " not in text
    assert not set(text) & set(
        "يىكة\u0640\u00a0\n\t\r\u200b\u200d\u200e\u200f\u202a\u202b\u202e\u2066\u2069\ufeff"
    )


@given(st.lists(st.sampled_from(["علی", "رضا", "بانک", "12", "(م)", "۳"]), min_size=1))
def test_what_is_clean_already_is_handed_back_untouched(words: list[str]) -> None:
    text = " ".join(words)
    assert clean(text) is text


def test_lines_stay_in_text_that_has_lines() -> None:
    assert clean_lines(" خط  اول \r\n\r\nخط ي\u2028خط ك\n\n") == "خط اول\n\nخط ی\nخط ک"


def test_a_piece_keeps_the_spaces_that_join_it_to_its_neighbours() -> None:
    assert clean_piece(" مشتري  گرامي\u00a0") == " مشتری  گرامی "
    assert clean_piece("يك\r\nدو ") == "یک\nدو "


@given(ODD)
def test_a_key_is_the_same_before_and_after_cleaning(raw: str) -> None:
    assert search_key(clean(raw)) == search_key(raw)
    assert sort_key(clean(raw)) == sort_key(raw)


@given(ODD)
def test_folding_a_search_key_again_changes_nothing(raw: str) -> None:
    key = search_key(raw)
    assert search_key(key) == key


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("علي", "علی"),
        ("علیرضا", "علی‌رضا"),
        ("علی رضا", "علی‌رضا"),
        ("حسيني نژاد", "حسینی‌نژاد"),
        ("ارش", "آرش"),
        ("رییسی", "رئیسی"),
        ("مومنی", "مؤمنی"),
        ("ضیا", "ضیاء"),
        ("محمد", "مُحَمَّد"),
        ("۸۳۲۹-٣٠٧-۱", "8329-307-1401659-1"),
        ("vesal", "VESAL"),
        ("خانه", "خانهٔ"),
    ],
)
def test_search_finds_what_is_meant(typed: str, stored: str) -> None:
    assert search_key(typed) in search_key(stored)


def test_words_of_a_search_are_keys_of_their_own() -> None:
    assert search_words("  رضايي  علی‌رضا ۱۲ ") == ["رضایی", "علی", "رضا", "12"]
    assert search_words("ء  ً") == []


def test_names_sort_in_the_persian_alphabet() -> None:
    names = [
        "آرش", "آریا", "ابراهیم", "احمد", "بابک", "بهرام", "پانته‌آ", "پرویز", "تارا", "ثریا", "جمشید", "جواد",
        "چنگیز", "حسن", "خسرو", "داریوش", "ذبیح", "رضا", "زهرا", "ژاله", "سارا", "شیرین", "صادق", "ضیا",
        "طاهره", "ظفر", "عباس", "غلام", "فرهاد", "قاسم", "کاوه", "کیوان", "گلناز", "گیتی", "لاله", "مریم",
        "نادر", "وحید", "هاشم", "هومن", "یاسمن", "یوسف",
    ]  # fmt: skip
    mixed = names[::2] + names[1::2]
    assert sorted(mixed, key=sort_key) == names


@given(st.lists(st.text(alphabet=ALPHABET + " ", max_size=6)))
def test_sorting_by_key_is_sorting_letter_by_letter(words: list[str]) -> None:
    words = [clean(word) for word in words]
    by_letter = sorted(words, key=lambda word: [(" " + ALPHABET).index(letter) for letter in word])
    assert sorted(words, key=sort_key) == by_letter
    assert sorted(words, key=lambda word: sort_key(word).encode()) == by_letter


def test_space_digits_latin_and_persian_follow_one_another() -> None:
    names = ["رضا احمدی", "رضا ۲", "رضا Bank", "رضا یزدی", "رضایی", "۱", "A", "ا"]
    assert sorted(names, key=sort_key) == [
        "۱",
        "A",
        "ا",
        "رضا ۲",
        "رضا Bank",
        "رضا احمدی",
        "رضا یزدی",
        "رضایی",
    ]


def test_spellings_of_a_letter_sort_as_one() -> None:
    assert sort_key("أحمد") == sort_key("احمد") == sort_key("إحمد")
    assert sort_key("علی‌رضا") == sort_key("علیرضا")
    assert sort_key("رئیس") == sort_key("رییس")
    assert sort_key("abc ۱۲") == sort_key("ABC 12")
