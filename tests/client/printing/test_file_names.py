"""Files that people save have names that every system takes."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesal_client.printing.file_names import LONGEST, file_name, letter_file_name


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("1405/6140/000123", "1405-6140-000123.pdf"),
        ("۱۴۰۵/۶۱۴۰/۰۰۰۱۲۳", "1405-6140-000123.pdf"),
        ("\u20661405/6140/000123\u2069", "1405-6140-000123.pdf"),
        ("../../etc/passwd", "etc-passwd.pdf"),
        ("con", "con_.pdf"),
        ("NUL.x", "_NUL.x.pdf"),
        ("a.", "a.pdf"),
        ("", "letter.pdf"),
        ("...", "letter.pdf"),
    ],
)
def test_names(number: str, name: str) -> None:
    assert letter_file_name(number) == name


@given(st.text(max_size=400))
def test_any_text_makes_a_name_that_can_be_written(text: str) -> None:
    name = file_name(text, ".pdf")
    assert name.endswith(".pdf")
    assert len(name) <= LONGEST + 1
    assert len(name.encode("utf-8")) <= 250
    assert not re.search(r'[\\/:*?"<>|\x00-\x1f\u200b-\u200f\u202a-\u202e\u2066-\u2069]', name)
    assert name == name.strip(" .")
    assert Path(name).name == name
    assert file_name(name.removesuffix(".pdf"), ".pdf") == name or name.startswith("_")
