"""Templates: who may be told what, and what a text comes to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesal_shared.digits import LTR_MARK
from vesal_shared.merge_fields import (
    FIELDS,
    LETTER_CHANNELS,
    Fault,
    Part,
    check,
    gender_title,
    longest_text,
    render,
)

VALUES = {
    "gender_title": "سرکار خانم",
    "borrower_first_name": "مریم",
    "borrower_last_name": "مثالیان",
    "customer_no": "100200",
    "loan_no": "8329-307-1401659-1",
    "overdue_days": "103",
    "overdue_installments": "4",
    "overdue_amount": "412750000",
    "branch": "میدان نمونه ۲",
    "branch_address": "پلاک 14",
    "guarantor_first_name": "علی",
    "guarantor_last_name": "فرضی",
    "date": "1405/09/03",
    "letter_no": "1405/6140/000187",
}
CONTRACT = (
    "gender_title borrower_first_name borrower_last_name customer_no loan_no overdue_days overdue_installments "
    "overdue_amount branch branch_address guarantor_first_name guarantor_last_name date letter_no"
)


def parts(template: str) -> list[Part]:
    """«سلام {branch}» as parts."""
    pieces = template.replace("{", "\0{").replace("}", "}\0").split("\0")
    return [Part(field=piece[1:-1]) if piece[:1] == "{" else Part(text=piece) for piece in pieces if piece]


def test_the_fields_are_those_of_the_contract() -> None:
    assert list(FIELDS) == CONTRACT.split()
    assert len({field.label for field in FIELDS.values()}) == len(FIELDS)


def test_numbers_in_messages_stand_between_marks() -> None:
    text = render(
        parts("{overdue_days} روز، {overdue_amount} ریال، {loan_no} تا {date} {branch}"), VALUES, "sms"
    )
    m = LTR_MARK
    assert text == (
        f"{m}۱۰۳{m} روز، {m}۴۱۲٬۷۵۰٬۰۰۰{m} ریال، {m}۸۳۲۹-۳۰۷-۱۴۰۱۶۵۹-۱{m} تا {m}۱۴۰۵/۰۹/۰۳{m} میدان نمونه ۲"
    )
    assert not set(text) & set("\u2066\u2067\u2068\u2069")


def test_letters_have_no_marks() -> None:
    assert render(parts("{loan_no} {letter_no} {branch_address} ماده 15"), VALUES, "warning") == (
        "۸۳۲۹-۳۰۷-۱۴۰۱۶۵۹-۱ ۱۴۰۵/۶۱۴۰/۰۰۰۱۸۷ پلاک ۱۴ ماده ۱۵"
    )


def test_free_text_is_normalised_and_its_numbers_are_marked() -> None:
    assert render(parts("مشتري گرامي، تلفن 021-88"), {}, "sms") == (
        f"مشتری گرامی، تلفن {LTR_MARK}۰۲۱-۸۸{LTR_MARK}"
    )


@pytest.mark.parametrize(
    ("template", "missing", "expected"),
    [
        ("{gender_title} {borrower_last_name}، سلام", "gender_title", "مثالیان، سلام"),
        ("{gender_title} {borrower_last_name}، سلام", "borrower_last_name", "سرکار خانم، سلام"),
        ("سلام {borrower_first_name} {borrower_last_name}، بله", "borrower_first_name", "سلام مثالیان، بله"),
        ("سلام {borrower_first_name}، بله", "borrower_first_name", "سلام، بله"),
        ("به {branch}", "branch", "به"),
        ("{branch} است", "branch", "است"),
        ("{branch}\nاست", "branch", "\nاست"),
        ("(«{branch}» است)", "branch", "(«» است)"),
        ("الف  {branch}  ب", "branch", "الف   ب"),
    ],
)
def test_a_field_without_a_value_goes_with_its_space(template: str, missing: str, expected: str) -> None:
    for empty in ({missing: ""}, {}):
        values = {name: value for name, value in VALUES.items() if name != missing} | empty
        assert render(parts(template), values, "sms") == expected


def test_zero_is_a_value() -> None:
    assert render(parts("{overdue_amount}"), {"overdue_amount": "0"}, "warning") == "۰"


@given(st.sets(st.sampled_from(sorted(VALUES))))
def test_whatever_is_missing_no_space_is_doubled(missing: set[str]) -> None:
    template = parts(" ".join(f"{{{name}}}" for name in VALUES))
    values = {name: value for name, value in VALUES.items() if name not in missing}
    text = render(template, values, "declaration")
    assert "  " not in text
    assert text == text.strip()
    assert text.count(" ") >= len(values) - 1


TEMPLATES = st.lists(
    st.one_of(
        st.builds(Part, text=st.text(alphabet=st.sampled_from("اب 12-۳\n،aي"), max_size=8)),
        st.builds(Part, field=st.sampled_from(sorted(VALUES))),
    ),
    max_size=12,
)


@given(TEMPLATES, st.sampled_from(["sms", "email", "warning"]))
def test_no_text_is_longer_than_the_longest(template: list[Part], channel: str) -> None:
    assert len(render(template, VALUES, channel)) <= longest_text(template, channel)
    full = {name: "9" * FIELDS[name].longest for name in VALUES} | {"overdue_amount": "9" * 16}
    assert len(render(template, full, channel)) <= longest_text(template, channel)


@given(TEMPLATES)
def test_marks_are_all_that_messages_and_letters_differ_in(template: list[Part]) -> None:
    message = render(template, VALUES, "sms")
    assert message.replace(LTR_MARK, "").strip(" ") == render(template, VALUES, "warning").strip(" ")


@pytest.mark.parametrize(
    ("channel", "role", "template", "faults"),
    [
        ("sms", "borrower", "سلام {gender_title}", []),
        ("sms", "borrower", "", [Fault("empty")]),
        ("sms", "borrower", " \u200f\n", [Fault("empty")]),
        ("sms", "borrower", "{branch}", []),
        ("sms", "borrower", "{name}", [Fault("unknown_field", "name")]),
        ("sms", "borrower", "{guarantor_last_name}", [Fault("field_not_for_role", "guarantor_last_name")]),
        ("sms", "guarantor", "{customer_no}", [Fault("field_not_for_role", "customer_no")]),
        (
            "warning",
            "guarantor",
            "{overdue_installments}{letter_no}",
            [Fault("field_not_for_role", "overdue_installments")],
        ),
        ("email", "borrower", "{letter_no}", [Fault("letters_only", "letter_no")]),
        ("call", "borrower", "سلام", [Fault("has_parts")]),
        ("call", "borrower", "", []),
    ],
)
def test_who_may_be_told_what(channel: str, role: str, template: str, faults: list[Fault]) -> None:
    assert check(channel, role, parts(template)) == faults


def test_a_guarantor_is_told_of_the_borrower_only_name_loan_days_and_amount() -> None:
    told = {name for name, field in FIELDS.items() if "guarantor" in field.roles}
    of_the_borrower = told - {"gender_title", "branch", "branch_address", "date", "letter_no"}
    assert {name for name in of_the_borrower if not name.startswith("guarantor")} == {
        "borrower_first_name",
        "borrower_last_name",
        "loan_no",
        "overdue_days",
        "overdue_amount",
    }


@pytest.mark.parametrize("channel", sorted(LETTER_CHANNELS))
def test_letters_may_name_their_number(channel: str) -> None:
    assert check(channel, "borrower", parts("{letter_no}")) == []


@pytest.mark.parametrize(
    ("gender", "legal", "title"),
    [
        ("M", False, "جناب آقای"),
        ("F", False, "سرکار خانم"),
        ("", False, "جناب آقای/سرکار خانم"),
        ("", True, "مدیریت محترم"),
        ("M", True, "مدیریت محترم"),
    ],
)
def test_how_a_person_is_addressed(gender: str, legal: bool, title: str) -> None:
    assert gender_title(gender, legal_person=legal) == title
    assert len(title) <= FIELDS["gender_title"].longest
