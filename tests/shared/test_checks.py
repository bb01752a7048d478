"""Checks of people's data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesal_shared import checks
from vesal_shared.digits import persian_digits

BODIES = st.integers(min_value=0, max_value=10**9 - 1).map("{:09}".format)


def with_control(body: str) -> str:
    (right,) = [digit for digit in "0123456789" if checks.is_national_id(body + digit)]
    return body + right


@given(BODIES.filter(lambda body: len(set(body)) > 1))
def test_each_body_has_one_control_digit(body: str) -> None:
    assert checks.is_national_id(with_control(body))


@given(BODIES.filter(lambda body: len(set(body)) > 2), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_seen(body: str, place: int, off: int) -> None:
    right = with_control(body)
    wrong = right[:place] + str((int(right[place]) + off) % 10) + right[place + 1 :]
    # Control digits 0 and 1 stand for two remainders each: only these may hide a wrong digit.
    assert not checks.is_national_id(wrong) or right[9] in "01"


@given(BODIES.filter(lambda body: len(set(body)) > 1))
def test_zeros_that_a_sheet_dropped_come_back(body: str) -> None:
    right = with_control(body)
    if right.startswith("0") and not right.startswith("000"):
        assert checks.fold_national_id(right.lstrip("0")) == right
    assert checks.fold_national_id(f" {persian_digits(right)} ") == right
    assert checks.fold_national_id(f"{right[:3]}-{right[3:9]}-{right[9]}") == right


@pytest.mark.parametrize("digit", "0123456789")
def test_ten_times_a_digit_is_nobody(digit: str) -> None:
    assert not checks.is_national_id(digit * 10)
    assert not checks.is_legal_id(digit * 11)


@pytest.mark.parametrize("value", ["", "123456789", "12345678901", "12345678a1", "۱۲۳۴۵۶۷۸۹۱", "x"])
def test_other_shapes_are_no_national_id(value: str) -> None:
    assert not checks.is_national_id(value)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("۱۲۳", "123"), ("1234567", "1234567"), ("A-12", "A-12"), ("", ""), ("²3456789", "²3456789")],
)
def test_a_bad_national_id_is_kept(typed: str, kept: str) -> None:
    assert checks.fold_national_id(typed) == kept


@given(st.integers(min_value=1, max_value=10**10 - 1).map("{:010}".format))
def test_each_legal_body_has_one_control_digit(body: str) -> None:
    controls = [digit for digit in "0123456789" if checks.is_legal_id(body + digit)]
    assert len(controls) == 1 or len(set(body)) == 1


def test_a_legal_id_by_hand() -> None:
    # 1038028479 + tens digit 9, plus 2: (d + 11) × 29, 27, 23, 19, 17, 29, 27, 23, 19, 17; 3,597 leaves 0 by 11.
    assert checks.is_legal_id("10380284790")
    assert not checks.is_legal_id("10380284791")
    assert not checks.is_legal_id("1038028479")


@given(st.integers(min_value=0, max_value=10**9 - 1).map("{:09}".format), st.data())
def test_every_writing_of_a_mobile_folds_to_one(rest: str, data: st.DataObject) -> None:
    prefix = data.draw(st.sampled_from(["0", "", "98", "+98", "0098", "+98 0", "0098-0"]))
    typed = f" {prefix} 9{rest[:2]}-{rest[2:5]} ({rest[5:]})"
    assert checks.fold_mobile(typed) == f"09{rest}"
    assert checks.fold_mobile(persian_digits(typed)) == f"09{rest}"
    assert checks.is_mobile(f"09{rest}")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("۰۲۱۸۸۷۷", "0218877"),
        ("0812345678", "0812345678"),
        ("ندارد", "ندارد"),
        ("091212345678", "091212345678"),
    ],
)
def test_a_bad_mobile_is_kept_and_is_none(typed: str, kept: str) -> None:
    assert checks.fold_mobile(typed) == kept
    assert not checks.is_mobile(kept)


@given(st.text())
def test_folding_twice_is_once(value: str) -> None:
    for fold in (checks.fold_mobile, checks.fold_national_id):
        assert fold(fold(value)) == fold(value)


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("a@b.ir", True), ("ali.rezaei+x@mail.bank.ir", True), ("", False), ("a@b", False), ("@b.ir", False),
        ("a b@c.ir", False), ("a@b.ir,c@d.ir", False), ("a@-b.ir", False), ("a@b.ir\n", False),
    ],
)  # fmt: skip
def test_addresses_of_mail(value: str, good: bool) -> None:
    assert checks.is_email(value) is good


@pytest.mark.parametrize(
    ("value", "expected"),
    [("M", "M"), ("f", "F"), ("مرد", "M"), (" زن ", "F"), ("", ""), ("x", ""), ("نامشخص", "")],
)
def test_gender(value: str, expected: str) -> None:
    assert checks.fold_gender(value) == expected
