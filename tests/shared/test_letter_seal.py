"""A seal says what its letter says, and any change of it is refused."""

import datetime as dt

import msgspec
import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from vesal_shared.letter_seal import MAX_DIGITS, MAX_NAME, SealFacts, key_id, sign, verify
from vesal_shared.problems import Refusal

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KEYS = {key_id(KEY.public_key()): KEY.public_key()}

NAMES = st.text("ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیآئ \u200cABab09", min_size=1, max_size=MAX_NAME)
FACTS = st.builds(
    SealFacts,
    kind=st.sampled_from(["introduction_letter", "warning", "declaration"]),
    number=st.from_regex(r"1[34][0-9]{2}/[0-9]{1,6}/[0-9]{6}", fullmatch=True),
    date=st.dates(dt.date(2000, 1, 1), dt.date(2200, 1, 1)),
    loan_no=st.from_regex(r"[0-9]{1,5}-[0-9]{1,4}-[0-9]{1,8}-[0-9]", fullmatch=True),
    addressee=NAMES,
    amount=st.integers(0, 10**15),
)
SAMPLE = SealFacts(
    kind="warning",
    number="1405/6140/000187",
    date=dt.date(2026, 11, 24),
    loan_no="8329-307-1400218-4",
    addressee="مریم مثالیان",
    amount=412_750_000,
)


def refused(text: str) -> str:
    with pytest.raises(Refusal) as caught:
        verify(KEYS, text)
    return caught.value.code


@settings(max_examples=60)
@given(FACTS)
def test_what_was_sealed_is_read(facts: SealFacts) -> None:
    text = sign(KEY, facts)
    read = verify(KEYS, text)
    assert read.key_id == key_id(KEY.public_key())
    kept = SealFacts(
        kind=facts.kind,
        number=facts.number,
        date=facts.date,
        loan_no=facts.loan_no,
        addressee=read.facts.addressee,
        amount=facts.amount,
    )
    assert read.facts == kept
    whole = read.facts.addressee == facts.addressee
    cut = read.facts.addressee.endswith("…") and facts.addressee.startswith(read.facts.addressee[:-1])
    assert whole or cut
    assert len(text) <= MAX_DIGITS


@settings(max_examples=60)
@given(st.text(max_size=1000), st.text(max_size=80), st.integers(0, 2**63 - 1))
def test_any_text_fits_the_code(name: str, code: str, amount: int) -> None:
    facts = SealFacts(
        kind="warning", number=code, date=SAMPLE.date, loan_no=code, addressee=name, amount=amount
    )
    text = sign(KEY, facts)
    assert len(text) <= MAX_DIGITS
    assert verify(KEYS, text).facts.amount == amount


@settings(max_examples=60)
@given(st.integers(0, len(sign(KEY, SAMPLE)) - 1), st.integers(1, 9))
def test_any_changed_digit_is_refused(at: int, by: int) -> None:
    text = sign(KEY, SAMPLE)
    changed = text[:at] + str((int(text[at]) + by) % 10) + text[at + 1 :]
    assert refused(changed) in {"letter_seal_forged", "letter_seal_malformed", "letter_seal_unknown_key"}


@settings(max_examples=60)
@given(st.text(max_size=500))
def test_anything_else_is_refused(text: str) -> None:
    assert refused(text) == "letter_seal_malformed"


def test_parts_of_two_seals_make_none() -> None:
    other = sign(KEY, msgspec.structs.replace(SAMPLE, amount=1))
    mixed = int(sign(KEY, SAMPLE)) >> 512 << 512 | int(other) & ((1 << 512) - 1)
    assert refused(str(mixed)) == "letter_seal_forged"


def test_another_key_is_named_unknown() -> None:
    assert refused(sign(OTHER, SAMPLE)) == "letter_seal_unknown_key"


def test_a_key_under_anothers_name_forges_nothing() -> None:
    text = sign(OTHER, SAMPLE)
    with pytest.raises(Refusal) as caught:
        verify({key_id(OTHER.public_key()): KEY.public_key()}, text)
    assert caught.value.code == "letter_seal_forged"


def test_persian_digits_and_spaces_of_a_scanner_are_read() -> None:
    text = sign(KEY, SAMPLE)
    persian = text.translate({ord(str(i)): chr(0x06F0 + i) for i in range(10)})
    assert verify(KEYS, f" {persian[:50]} {persian[50:]}\n").facts == SAMPLE


def test_the_same_facts_give_the_same_text() -> None:
    assert sign(KEY, SAMPLE) == sign(KEY, SAMPLE)


def test_the_longest_text_has_modules_of_at_least_045_mm() -> None:
    code = segno.make_qr("9" * MAX_DIGITS, error="m", boost_error=False)
    assert 27 / (len(code.matrix) + 8) >= 0.45
