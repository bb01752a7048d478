"""A row that is as it should be and one that needs cleaning are read alike."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesal_server.intake import check
from vesal_server.intake.check import Known, Take, Tally
from vesal_server.intake.columns import COLUMNS, read_header
from vesal_shared.text import clean

KNOWN = Known(date(2026, 11, 24), {"6140": "6140", "6150": "6140"}, {"307"}, {"11"})
FILES = ("customers.csv", "facilities.csv", "guarantors.csv")

TEXT = st.one_of(
    st.sampled_from(
        [
            "",
            "علی",
            "علی‌رضا پور",
            "a b",
            "x\\y",
            'نام "دوم"',
            "خیابان، پلاک ۲",
            "O'Neil",
            "يك",
            " a  b ",
            "a\nb",
        ]
    ),
    st.text(max_size=12),
)
NUMBER = st.one_of(
    st.sampled_from(["", "0", "12", "12.000", "۱۲", "007", "1,2", "-3", "99999999999999999999", "1.", "12 "]),
    st.integers(0, 10**12).map(str),
)
DATE = st.sampled_from(["", "1403/02/01", "2024-02-29", "1403/02/32", "۱۴۰۳/۰۲/۰۱", "1403-02-01"])
CODE = st.sampled_from(["6140", "6150", "307", "11", "77", "", "۶۱۴۰", "A-1/2", "L 1", "ا"])


def cell(column: str) -> st.SearchStrategy[str]:
    if column in {"first_name", "last_name", "father_name", "address", "email"}:
        return TEXT
    if column.endswith("date"):
        return DATE
    if column in {"loan_no", "branch_code", "loan_type_code", "deposit_type_code"}:
        return CODE
    if column == "gender":
        return st.sampled_from(["M", "F", "", "مرد", "f", "?"])
    if column == "national_id":
        return st.sampled_from(
            ["", "0084575948", "84575948", "10380284790", "1111111111", "123", "۰۰۸۴۵۷۵۹۴۸"]
        )
    if column == "mobile":
        return st.sampled_from(["", "09121234567", "+989121234567", "0912", "۰۹۱۲۱۲۳۴۵۶۷"])
    return NUMBER


def columns_of(file: str) -> list[str]:
    return [*COLUMNS[file].needed, *COLUMNS[file].optional]


def reader(file: str, titles: list[str]) -> tuple[Take, Tally]:
    tally = Tally(keep=100)
    header = read_header(file, titles)
    if file == "customers.csv":
        return check.customers(header, tally), tally
    if file == "facilities.csv":
        return check.facilities(header, tally, KNOWN), tally
    return check.guarantors(header, tally), tally


@pytest.mark.parametrize("file", FILES)
@given(data=st.data())
def test_both_ways_give_the_same(file: str, data: st.DataObject) -> None:
    titles = columns_of(file)
    fields = [data.draw(cell(column)) for column in titles]
    quick, quick_tally = reader(file, titles)
    # A tab before a field makes the row one that needs cleaning, and cleaning takes it away again.
    slow, slow_tally = reader(file, titles)
    dirty = [f"\t{field}" for field in fields]
    assert quick(2, list(fields)) == slow(2, dirty)
    assert quick_tally.overdue_amount == slow_tally.overdue_amount
    assert quick_tally.unknown_deposit_types == slow_tally.unknown_deposit_types
    assert [(row.line, row.code, row.key) for row in quick_tally.set_aside] == [
        (row.line, row.code, row.key) for row in slow_tally.set_aside
    ]


@pytest.mark.parametrize("file", FILES)
@given(data=st.data())
def test_any_order_of_columns_gives_the_same(file: str, data: st.DataObject) -> None:
    titles = columns_of(file)
    fields = {column: data.draw(cell(column)) for column in titles}
    order = data.draw(st.permutations([*titles, "unknown"]))
    straight, _ = reader(file, titles)
    turned, _ = reader(file, order)
    assert straight(2, [fields[column] for column in titles]) == turned(
        2, [fields.get(column, "،\t\\") for column in order]
    )


@pytest.mark.parametrize("file", FILES)
@given(data=st.data())
def test_a_row_to_copy_holds_cleaned_values(file: str, data: st.DataObject) -> None:
    titles = columns_of(file)
    take, _ = reader(file, titles)
    row = take(2, [data.draw(cell(column)) for column in titles])
    if row is None:
        return
    assert row.endswith("\n")
    copied = [_unescape(value) for value in row[:-1].split("\t")]
    assert all(value is None or clean(value) == value for value in copied)


def _unescape(value: str) -> str | None:
    return None if value == "\\N" else value.replace("\\\\", "\\")


def test_records_end_as_the_csv_module_says() -> None:
    content = 'loan_no,customer_no\r\n"L ""1""\nx",۱۰۱\r\n'
    take, _ = reader("guarantors.csv", ["loan_no", "customer_no"])
    rows = list(csv.reader(io.StringIO(content, newline="")))
    assert take(2, rows[1]) == '2\tL "1" x\t101\n'
