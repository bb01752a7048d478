"""The overdue list: every order, filter and page holds each row exactly once; search finds what is shown."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.server.api.world import BRANCHES, EACH, World
from vesal_server.cases.queries.overdue import OVERDUE
from vesal_shared.text import sort_key

ALL = EACH * len(BRANCHES)

#: What each order compares, as the items show it; None where the item doesn't show it.
SHOWN: dict[str, Any] = {
    "loan_no": lambda item: item["loan_no"],
    "customer_no": lambda item: item["customer_no"],
    "branch_code": lambda item: item["branch_code"],
    "loan_type": lambda item: item["loan_type_code"],
    "overdue_days": lambda item: item["overdue_days"],
    "overdue_installments": lambda item: item["overdue_installments"],
    "overdue_amount": lambda item: item["overdue_amount"],
    "amount": lambda item: item["amount"] if item["amount"] is not None else -1,
    "loan_date": lambda item: item["loan_date"] or "",
}


@pytest.mark.parametrize("sort", OVERDUE.sort_values)
@pytest.mark.parametrize("narrowed", [{}, {"branch": ["6140", "3102"]}, {"q": "نمونه"}, {"days_from": 20}])
def test_pages_hold_each_row_exactly_once(world: World, sort: str, narrowed: dict[str, Any]) -> None:
    whole = world.items("bank", "/overdue-cases", sort=sort, **narrowed)
    paged: list[dict[str, Any]] = []
    page = 1
    while len(paged) < len(whole):
        body = world.get("bank", "/overdue-cases", sort=sort, page=page, size=7, **narrowed).json()
        assert body["total"] == len(whole)
        assert body["total_exact"] is True
        assert body["items"]
        paged += body["items"]
        page += 1
    assert [item["loan_no"] for item in paged] == [item["loan_no"] for item in whole]
    assert len({item["loan_no"] for item in whole}) == len(whole)
    assert world.get("bank", "/overdue-cases", sort=sort, page=page, size=7, **narrowed).json()["items"] == []


@pytest.mark.parametrize("key", SHOWN)
def test_orders_rise_and_fall_by_what_is_shown(world: World, key: str) -> None:
    rising = [SHOWN[key](item) for item in world.items("bank", "/overdue-cases", sort=key)]
    falling = [SHOWN[key](item) for item in world.items("bank", "/overdue-cases", sort=f"-{key}")]
    assert rising == sorted(rising)
    assert falling == sorted(falling, reverse=True)
    assert len(set(rising)) > 1


def test_falling_is_rising_read_backwards(world: World) -> None:
    for key in OVERDUE.sorts:
        rising = [item["loan_no"] for item in world.items("bank", "/overdue-cases", sort=key)]
        falling = [item["loan_no"] for item in world.items("bank", "/overdue-cases", sort=f"-{key}")]
        assert falling == rising[::-1], key


def test_names_sort_by_the_persian_alphabet(world: World) -> None:
    names = [item["customer_name"] for item in world.items("bank", "/overdue-cases", sort="customer_name")]
    by_last = [sort_key(" ".join(reversed(name.split(" ", 1)))) for name in names]
    assert by_last == sorted(by_last)
    # Code points alone would put پ after ی.
    firsts = [name.split()[0] for name in names if name.endswith("نمونه 0")]
    assert firsts.index("پروین") < firsts.index("یلدا")


def test_an_unknown_order_is_refused(world: World) -> None:
    answer = world.get("bank", "/overdue-cases", sort="mobile")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_sort")


@pytest.mark.parametrize(
    ("q", "finds"),
    [
        ("1002", lambda item: "1002" in item["loan_no"]),
        ("۱۰۰۲", lambda item: "1002" in item["loan_no"]),
        ("6141-307", lambda item: item["loan_no"].startswith("6141-307")),
        ("ژاله", lambda item: item["customer_name"].startswith("ژاله")),
        ("زهرا نمونه 3", lambda item: item["customer_name"] == "زهرا نمونه 3"),
        ("كامران", lambda item: item["customer_name"].startswith("کامران")),
        ("صادقيه", lambda item: item["branch_title"] == "صادقیه"),
        ("فروش‌اقساطی", lambda item: item["loan_type_title"] == "فروش اقساطی"),
        ("0912", lambda _: True),
        ("%", lambda _: False),
        ("هیچ‌کس", lambda _: False),
    ],
)
def test_search_finds_part_of_what_is_shown(world: World, q: str, finds: Any) -> None:
    items = world.items("bank", "/overdue-cases")
    expected = {item["loan_no"] for item in items if finds(item)}
    assert {item["loan_no"] for item in world.items("bank", "/overdue-cases", q=q)} == expected


@pytest.mark.parametrize(
    ("wanted", "keeps"),
    [
        ({"branch": "6140"}, lambda item: item["branch_code"] == "6140"),
        ({"province": "31"}, lambda item: item["branch_code"] in {"3101", "3102"}),
        ({"loan_type": "308"}, lambda item: item["loan_type_code"] == "308"),
        ({"bucket": "past_due"}, lambda item: 61 <= item["overdue_days"] <= 180),
        ({"bucket": ["current", "past_due"]}, lambda _: True),
        ({"bucket": "none-of-these"}, lambda _: False),
        ({"days_from": 14, "days_to": 36}, lambda item: 14 <= item["overdue_days"] <= 36),
        ({"installments_from": 3}, lambda item: item["overdue_installments"] >= 3),
        ({"installments_to": 1}, lambda item: item["overdue_installments"] <= 1),
        ({"amount_from": 10_000_000, "amount_to": 15_000_000},
         lambda item: 10_000_000 <= item["overdue_amount"] <= 15_000_000),
        ({"customer_no": "1005"}, lambda item: item["customer_no"] == "1005"),
        ({"expert": 0}, lambda item: item["expert"] is None),
        ({"expert": 1}, lambda _: False),
        ({"promise": "none"}, lambda item: item["promise_status"] is None),
        ({"promise": "open"}, lambda _: False),
        ({"on_hold": "true"}, lambda _: False),
        ({"contacted_before": "2026-11-24"}, lambda _: True),
    ],
)  # fmt: skip
def test_filters_keep_what_they_say(world: World, wanted: dict[str, Any], keeps: Any) -> None:
    items = world.items("bank", "/overdue-cases")
    expected = {item["loan_no"] for item in items if keeps(item)}
    body = world.get("bank", "/overdue-cases", size=500, **wanted).json()
    assert {item["loan_no"] for item in body["items"]} == expected
    assert body["total"] == len(expected)
    kept = [item for item in items if keeps(item)]
    assert body["sums"]["overdue_amount"] == sum(item["overdue_amount"] for item in kept)
    assert body["scope_total"] == ALL


@pytest.mark.parametrize(
    "wrong",
    [
        {"page": 0},
        {"size": 0},
        {"size": 501},
        {"days_from": -1},
        {"promise": "x"},
        {"days_to": "ده"},
        {"page": 10**12},
    ],
)
def test_bad_questions_are_refused_with_their_field(world: World, wrong: dict[str, Any]) -> None:
    answer = world.get("bank", "/overdue-cases", **wrong)
    assert answer.status_code == 400
    body = answer.json()
    assert body["code"] == "invalid_input"
    assert [error["field"] for error in body["errors"]] == list(wrong)


def test_excel_holds_what_is_filtered_in_the_lists_order(world: World) -> None:
    asked = {"branch": ["6140", "9999"], "sort": "-overdue_amount", "q": "نمونه", "days_from": 1}
    answer = world.get("bank", "/overdue-cases/excel", **asked)
    assert answer.status_code == 200
    assert "overdue-cases.xlsx" in answer.headers["content-disposition"]
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert sheet.sheet_view.rightToLeft
    rows = list(sheet.iter_rows(values_only=True))
    items = world.items("bank", "/overdue-cases", **asked)
    assert [row[0] for row in rows[1:]] == [item["loan_no"] for item in items]
    assert [row[11] for row in rows[1:]] == [item["overdue_amount"] for item in items]
    assert rows[0][0] == "شماره تسهیلات"
    assert {row[6] for row in rows[1:]} == {"1403/02/15", None}


def test_home_fills_by_the_case_settings(world: World) -> None:
    body = world.get("bank", "/home/cases", size=500).json()
    assert body["total"] == ALL
