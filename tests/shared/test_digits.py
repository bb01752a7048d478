"""Digits and left-to-right runs."""

from hypothesis import given
from hypothesis import strategies as st

from vesal_shared.digits import (
    LTR_MARK,
    ascii_digits,
    code,
    free_text,
    isolate,
    isolate_runs,
    persian_digits,
    strip_isolates,
)


def test_digits_of_all_three_kinds() -> None:
    assert ascii_digits("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩0x") == "012345678901234567890x"
    assert persian_digits("0123456789٠١٢٣٤٥٦٧٨٩") == "۰۱۲۳۴۵۶۷۸۹۰۱۲۳۴۵۶۷۸۹"
    assert persian_digits(1405) == "۱۴۰۵"


@given(st.integers(min_value=0))
def test_a_number_survives_both_ways(number: int) -> None:
    assert ascii_digits(persian_digits(number)) == str(number)


def test_a_code_is_one_run_from_left_to_right() -> None:
    assert code("8329-307") == "\u2066۸۳۲۹-۳۰۷\u2069"
    assert isolate("") == ""


def test_only_what_would_be_turned_round_is_isolated() -> None:
    assert isolate_runs("تسهیلات 8329-307-1 در ۱۴۰۵/۰۹/۰۳، ۱۲ روز، ۵٬۰۰۰ ریال.") == (
        "تسهیلات \u20668329-307-1\u2069 در \u2066۱۴۰۵/۰۹/۰۳\u2069، ۱۲ روز، ۵٬۰۰۰ ریال."
    )
    assert isolate_runs("ali@bank.ir.") == "\u2066ali@bank.ir\u2069."


@given(st.text(alphabet=st.sampled_from("اب 19۲-/.:@aZ+\u2066\u2069،"), max_size=20))
def test_isolating_runs_twice_is_once_and_can_be_undone(value: str) -> None:
    once = isolate_runs(value)
    assert isolate_runs(once) == once
    assert strip_isolates(once) == strip_isolates(value)


def test_numbers_in_free_text_of_messages() -> None:
    mark = LTR_MARK
    assert (
        free_text("تلفن 021-88 تا ۱۵ روز.", marks=True) == f"تلفن {mark}۰۲۱-۸۸{mark} تا {mark}۱۵{mark} روز."
    )
    assert free_text("ماده 15", marks=False) == "ماده ۱۵"
    assert free_text("bank24.ir/p1", marks=True) == "bank24.ir/p1"
