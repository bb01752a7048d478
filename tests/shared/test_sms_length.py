"""How long a message is, at every border."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesal_shared.sms_length import SmsLength, measure

GSM = "@ aZ9_"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", SmsLength(0, 0, 0, "GSM-7", 160)),
        ("a" * 160, SmsLength(160, 160, 1, "GSM-7", 0)),
        ("a" * 161, SmsLength(161, 161, 2, "GSM-7", 145)),
        ("a" * 306, SmsLength(306, 306, 2, "GSM-7", 0)),
        ("a" * 307, SmsLength(307, 307, 3, "GSM-7", 152)),
        ("€" * 80, SmsLength(80, 160, 1, "GSM-7", 0)),
        ("a" * 152 + "€" * 5, SmsLength(157, 162, 2, "GSM-7", 143)),
        ("ا" * 70, SmsLength(70, 70, 1, "UCS-2", 0)),
        ("ا" * 71, SmsLength(71, 71, 2, "UCS-2", 63)),
        ("ا" * 119, SmsLength(119, 119, 2, "UCS-2", 15)),
        ("ا" * 134, SmsLength(134, 134, 2, "UCS-2", 0)),
        ("ا" * 135, SmsLength(135, 135, 3, "UCS-2", 66)),
        ("a" * 70 + "ی", SmsLength(71, 71, 2, "UCS-2", 63)),
        ("😀" * 35, SmsLength(35, 70, 1, "UCS-2", 0)),
        ("ا" * 66 + "😀" * 3, SmsLength(69, 72, 2, "UCS-2", 61)),
    ],
)
def test_borders(text: str, expected: SmsLength) -> None:
    assert measure(text) == expected


@given(st.text(max_size=400))
def test_the_encoding_is_the_shorter_one_that_holds_the_text(text: str) -> None:
    length = measure(text)
    assert length.characters == len(text)
    if length.encoding == "UCS-2":
        assert length.units == len(text.encode("utf-16-le")) // 2
    else:
        assert length.units >= len(text)


@given(st.text(alphabet=st.sampled_from(GSM + "€اب😀"), max_size=300))
def test_a_longer_text_never_needs_fewer_parts(text: str) -> None:
    assert measure(text + "a").parts >= measure(text).parts
    assert measure(text).left >= 0


@given(st.text(alphabet=st.sampled_from("ابپ 😀"), min_size=1, max_size=300))
def test_what_is_left_still_fits(text: str) -> None:
    length = measure("ا" + text)
    assert measure("ا" + text + "ا" * length.left).parts == length.parts
    assert measure("ا" + text + "ا" * (length.left + 1)).parts == length.parts + 1
