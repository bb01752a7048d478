"""Nobody sees, counts or tells apart what is outside their scope."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from tests.server.api.world import EACH, World
from tests.worlds import add_user
from vesal_shared.pages import COLLECTORS

#: Who sees which branches' facilities on پرونده‌های معوق.
SEEN = {
    "bank": {"6140", "6141", "3101", "3102"},
    "province": {"6140", "6141"},
    "manager": {"6140"},
    "elsewhere": {"3101"},
    "expert": set(),
}
LISTS = ["/overdue-cases", "/letters"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("username", SEEN)
def test_lists_hold_the_scope_and_nothing_else(world: World, username: str, path: str) -> None:
    items = world.items(username, path)
    assert {item["branch_code"] for item in items} == SEEN[username]
    if path == "/overdue-cases":
        assert len(items) == EACH * len(SEEN[username])


@pytest.mark.parametrize("username", [name for name in SEEN if name != "bank"])
def test_totals_counts_and_sums_are_of_the_scope(world: World, username: str) -> None:
    all_items = world.items("bank", "/overdue-cases")
    mine = [item for item in all_items if item["branch_code"] in SEEN[username]]
    body = world.get(username, "/overdue-cases", size=1).json()
    assert body["total"] == len(mine)
    assert body["sums"]["overdue_amount"] == sum(item["overdue_amount"] for item in mine)
    searched = world.get(username, "/overdue-cases", q="نمونه", size=1).json()
    assert searched["total"] == len(mine)
    figures = world.get(username, "/home").json()["figures"]
    assert figures["facilities"] == len(mine)
    assert figures["overdue_amount"] == sum(item["overdue_amount"] for item in mine)


@pytest.mark.parametrize("username", [name for name in SEEN if name != "bank"])
def test_filters_offer_the_scope_only(world: World, username: str) -> None:
    choices = world.get(username, "/overdue-cases/filters").json()
    offered = {choice["code"] for choice in choices["branches"]}
    # An expert's own branch may be named, but not how many facilities it has.
    assert offered <= (SEEN[username] or {"6140"})
    if username == "expert":
        assert all(choice["count"] is None for choice in choices["branches"])
    for branch in {"6140", "6141", "3101", "3102"} - SEEN[username]:
        assert world.get(username, "/overdue-cases", branch=branch).json()["total"] == 0


def facility_paths(item: dict[str, Any]) -> list[str]:
    base = [f"/overdue-cases/{item['loan_no']}", f"/letters/facilities/{item['loan_no']}"]
    return [path + tail for path in base for tail in ("", "/guarantors", "/notifications", "/timeline")]


def letter_paths(item: dict[str, Any]) -> list[str]:
    return [f"/letters/{item['id']}{tail}" for tail in ("", "/content", "/events", "/scan")]


@pytest.mark.parametrize(
    ("path", "paths", "missing"),
    [
        ("/overdue-cases", facility_paths, {"loan_no": "0000-000-0000-0"}),
        ("/letters", letter_paths, {"id": 9_999_999}),
    ],
)
@pytest.mark.parametrize("username", [name for name in SEEN if name != "bank"])
def test_a_foreign_id_answers_as_a_missing_one(
    world: World,
    username: str,
    path: str,
    paths: Callable[[dict[str, Any]], list[str]],
    missing: dict[str, Any],
) -> None:
    foreign = [item for item in world.items("bank", path) if item["branch_code"] not in SEEN[username]]
    assert foreign
    for address, nowhere in zip(paths(foreign[0]), paths(missing), strict=True):
        theirs, nobodys = world.get(username, address), world.get(username, nowhere)
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.content == nobodys.content


def test_foreign_letters_are_left_out_of_batches_like_missing_ones(world: World) -> None:
    letters = world.items("bank", "/letters")
    foreign = next(item["id"] for item in letters if item["branch_code"] == "3101")
    own = next(item["id"] for item in letters if item["branch_code"] == "6140")
    body = world.post("manager", "/letters/contents", {"ids": [foreign, 9_999_999, own]}).json()
    assert [item["id"] for item in body["items"]] == [own]


def test_what_is_mine_follows_the_assignment(world: World) -> None:
    with world.database.transaction() as connection:
        add_user(connection, "collector", COLLECTORS, at=world.clock.now(), branch_code="6140")
        assign = text(
            "INSERT INTO assignment (facility_id, branch_code, user_id, kind, assigned_at) "
            "SELECT f.id, f.branch_code, u.id, 'call', :now FROM facility f, app_user u "
            "WHERE u.username = 'collector' AND f.loan_no IN ('6140-307-1002-1', '3101-307-1026-1')"
        )
        connection.execute(assign, {"now": world.clock.now()})
    mine = {"6140-307-1002-1", "3101-307-1026-1"}
    assert {item["loan_no"] for item in world.items("collector", "/overdue-cases")} == mine
    assert {item["loan_no"] for item in world.items("collector", "/letters")} == mine
    assert world.get("collector", "/overdue-cases/6140-307-1002-1/timeline").status_code == 200
    assert world.get("collector", "/overdue-cases/6140-307-1003-1").status_code == 404
    found = world.get("collector", "/search", q="6140-307-1003").json()["items"]
    assert found == []
    # An expert is told who has what; the branch sees its own.
    experts = world.get("manager", "/overdue-cases/filters").json()["experts"]
    assert [(one["title"], one["count"]) for one in experts] == [("سارا محمدی", 1)]
    with world.database.transaction() as connection:
        connection.execute(text("UPDATE assignment SET closed_at = :now"), {"now": world.clock.now()})
    assert world.get("collector", "/overdue-cases/6140-307-1002-1").status_code == 404


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("manager", "/data-reception"),
        ("expert", "/data-reception"),
        ("clerk", "/overdue-cases"),
        ("clerk", "/letters"),
        ("clerk", "/overdue-cases/6140-307-1001-1"),
    ],
)
def test_a_page_that_no_group_grants_is_shut(world: World, username: str, path: str) -> None:
    answer = world.get(username, path)
    assert (answer.status_code, answer.json()["code"]) == (403, "page_not_granted")


@pytest.mark.parametrize("username", ["manager", "province", "clerk"])
def test_search_anywhere_finds_what_a_page_would_show(world: World, username: str) -> None:
    inside = world.get(username, "/search", q="1002").json()["items"]
    outside = world.get(username, "/search", q="3101-307").json()["items"]
    assert inside
    assert outside == []
    assert {hit["page"] for hit in inside} <= {page["code"] for page in _pages(world, username)}


def _pages(world: World, username: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = world.get(username, "/session").json()["pages"]
    return found
