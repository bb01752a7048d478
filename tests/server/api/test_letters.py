"""The print queue: its list, the frozen content, and marks that count once."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from tests.server.api.world import World
from vesal_server.letters.queue.queries import LETTERS


@pytest.fixture
def letters(world: World) -> Iterator[list[dict[str, Any]]]:
    """The manager's letters as they were issued; whatever a test does to them is undone."""
    yield world.items("manager", "/letters", sort="number")
    with world.database.transaction() as connection:
        connection.execute(text("DELETE FROM letter_event WHERE kind <> 'issued'"))
        connection.execute(
            text(
                "UPDATE letter SET status = 'issued', print_count = 0, printed_at = NULL, printed_by = NULL,"
                " outcome_on = NULL, outcome_by = NULL, outcome_note = '', tracking_code = '', scan_id = NULL,"
                " void_at = NULL, void_from = NULL WHERE number IS NOT NULL"
            )
        )


def printed(letter_id: int, **values: Any) -> dict[str, Any]:
    return {"reference": str(uuid4()), "letter_id": letter_id, "printed_at": "2026-11-24T05:00:00Z", **values}


def outcome(letter_id: int, kind: str, **values: Any) -> dict[str, Any]:
    return {"reference": str(uuid4()), "letter_id": letter_id, "outcome": kind, "on": "2026-11-24", **values}


def mark(world: World, *marks: dict[str, Any], username: str = "manager") -> list[dict[str, Any]]:
    path = "/letters/outcomes" if "outcome" in marks[0] else "/letters/prints"
    answer = world.post(username, path, {"marks": list(marks)})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def test_letters_are_numbered_without_gaps_and_titled(world: World, letters: list[dict[str, Any]]) -> None:
    assert [item["number"] for item in letters] == [
        f"1405/6140/{number:06}" for number in range(1, len(letters) + 1)
    ]
    assert {item["title"] for item in letters} == {"اخطار اول", "اخطار اول (ضامن)"}
    assert {item["status"] for item in letters} == {"issued"}
    assert world.get("manager", "/status").json()["counts"]["print_queue"] == len(letters)


@pytest.mark.parametrize("sort", LETTERS.sort_values)
def test_pages_hold_each_letter_once(world: World, sort: str) -> None:
    whole = [item["id"] for item in world.items("bank", "/letters", sort=sort)]
    paged: list[int] = []
    for page in range(1, len(whole) // 9 + 2):
        body = world.get("bank", "/letters", sort=sort, page=page, size=9).json()
        paged += [item["id"] for item in body["items"]]
    assert paged == whole
    assert len(set(whole)) == len(whole)


@pytest.mark.parametrize(
    ("wanted", "keeps"),
    [
        ({"role": "guarantor"}, lambda item: item["role"] == "guarantor"),
        ({"kind": "warning"}, lambda _: True),
        ({"kind": "declaration"}, lambda _: False),
        ({"stage": 1}, lambda _: True),
        ({"status": ["printed", "void"]}, lambda _: False),
        ({"date_from": "2026-11-25"}, lambda _: False),
        ({"loan_no": "6140-307-1001-1"}, lambda item: item["loan_no"] == "6140-307-1001-1"),
        ({"q": "1405/6140/000002"}, lambda item: item["number"] == "1405/6140/000002"),
        ({"q": "آزادی"}, lambda item: item["branch_title"] == "آزادی"),
        ({"q": "مریم"}, lambda item: "مریم" in item["addressee"]),
    ],
)  # fmt: skip
def test_filters_and_search(
    world: World, letters: list[dict[str, Any]], wanted: dict[str, Any], keeps: Any
) -> None:
    found = {item["id"] for item in world.items("manager", "/letters", **wanted)}
    assert found == {item["id"] for item in letters if keeps(item)}


def test_content_is_frozen_and_comes_in_the_order_asked(world: World, letters: list[dict[str, Any]]) -> None:
    ids = [letters[2]["id"], letters[0]["id"]]
    items = world.post("manager", "/letters/contents", {"ids": ids}).json()["items"]
    assert [item["id"] for item in items] == ids
    one = world.get("manager", f"/letters/{ids[0]}/content").json()
    assert one == items[0]
    assert one["content"]["number"] == letters[2]["number"]
    mark(world, printed(ids[0]))
    again = world.get("manager", f"/letters/{ids[0]}/content").json()
    assert again["content"] == one["content"]
    assert again["print_count"] == 1


def test_a_print_mark_sent_twice_counts_once(world: World, letters: list[dict[str, Any]]) -> None:
    letter_id = letters[0]["id"]
    first = printed(letter_id)
    assert mark(world, first)[0]["result"] == "done"
    assert mark(world, first)[0]["result"] == "repeated"
    # Within one request, too.
    other = printed(letter_id)
    assert [one["result"] for one in mark(world, other, other)] == ["done", "repeated"]
    letter = world.get("manager", f"/letters/{letter_id}").json()
    assert (letter["status"], letter["print_count"]) == ("printed", 2)
    assert letter["printed_by"] == "نگار صبوری manager"
    # A reference belongs to one letter.
    stolen = {**first, "letter_id": letters[1]["id"]}
    assert mark(world, stolen)[0]["code"] == "mark_reused"


def test_marks_of_two_clients_at_once_all_count_and_never_block(
    world: World, letters: list[dict[str, Any]]
) -> None:
    ids = [item["id"] for item in letters[:6]]
    batches = [[printed(one) for one in (ids, ids[::-1])[turn % 2]] for turn in range(6)]
    with ThreadPoolExecutor(len(batches)) as pool:
        results = list(pool.map(lambda batch: mark(world, *batch), batches))
    assert all(one["result"] == "done" for batch in results for one in batch)
    counts = {item["print_count"] for item in world.items("manager", "/letters") if item["id"] in ids}
    assert counts == {len(batches)}


def test_a_mark_of_a_letter_out_of_sight_is_refused_like_a_missing_one(world: World) -> None:
    foreign = world.items("elsewhere", "/letters")[0]["id"]
    theirs, nobodys = mark(world, printed(foreign), printed(9_999_999))
    assert theirs["result"] == nobodys["result"] == "refused"
    assert (theirs["code"], theirs["title"], theirs["status"]) == (
        nobodys["code"], nobodys["title"], nobodys["status"],
    )  # fmt: skip
    assert world.get("elsewhere", f"/letters/{foreign}").json()["print_count"] == 0


@pytest.mark.parametrize("kind", ["served", "returned", "not_found"])
def test_a_printed_letter_is_settled_once(world: World, letters: list[dict[str, Any]], kind: str) -> None:
    letter_id = letters[0]["id"]
    assert mark(world, outcome(letter_id, kind))[0]["code"] == "letter_not_printed"
    mark(world, printed(letter_id))
    done = outcome(letter_id, kind, note="به خود ایشان")
    assert mark(world, done)[0]["result"] == "done"
    assert mark(world, done)[0]["result"] == "repeated"
    assert mark(world, outcome(letter_id, "served"))[0]["code"] == "letter_settled"
    letter = world.get("manager", f"/letters/{letter_id}").json()
    assert (letter["status"], letter["outcome_on"], letter["outcome_note"]) == (
        kind, "2026-11-24", "به خود ایشان",
    )  # fmt: skip
    events = world.items("manager", f"/letters/{letter_id}/events")
    assert [event["kind"] for event in events] == [kind, "printed", "issued"]
    assert all(event["title"] for event in events)


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        ("served", {"on": "2026-11-25"}, "date_in_future"),
        ("served", {"on": "2026-11-23"}, "date_before_issue"),
        ("filed", {"tracking_code": "1"}, "letter_outcome_kind"),
        ("not_served", {}, "letter_outcome_kind"),
        ("served", {"scan_id": 999_999}, "not_found"),
    ],
)
def test_outcomes_that_make_no_sense_are_refused(
    world: World, letters: list[dict[str, Any]], kind: str, values: dict[str, Any], code: str
) -> None:
    mark(world, printed(letters[0]["id"]))
    result = mark(world, outcome(letters[0]["id"], kind, **values))[0]
    assert (result["result"], result["code"]) == ("refused", code)
    assert result["title"]
    assert result["status"] == "printed"


def test_a_declaration_is_filed_before_it_is_served(world: World, letters: list[dict[str, Any]]) -> None:
    letter_id = letters[1]["id"]
    with world.database.transaction() as connection:
        connection.execute(
            text("UPDATE letter SET channel = 'declaration' WHERE id = :id"), {"id": letter_id}
        )
    mark(world, printed(letter_id))
    assert mark(world, outcome(letter_id, "served"))[0]["code"] == "letter_not_filed"
    assert mark(world, outcome(letter_id, "filed"))[0]["code"] == "tracking_code_needed"
    assert mark(world, outcome(letter_id, "filed", tracking_code="۱۴۰۵-۱۲"))[0]["status"] == "filed"
    assert mark(world, outcome(letter_id, "not_served"))[0]["status"] == "not_served"
    with world.database.transaction() as connection:
        connection.execute(text("UPDATE letter SET channel = 'warning' WHERE id = :id"), {"id": letter_id})


def test_a_void_letter_is_not_printed_but_an_early_print_is_told(
    world: World, letters: list[dict[str, Any]]
) -> None:
    letter_id = letters[0]["id"]
    now = world.clock.now()
    with world.database.transaction() as connection:
        connection.execute(
            text("UPDATE letter SET status = 'void', void_from = 'issued', void_at = :at WHERE id = :id"),
            {"at": now, "id": letter_id},
        )
    late = printed(letter_id, printed_at=(now + timedelta(minutes=1)).isoformat())
    assert mark(world, late)[0]["code"] == "letter_void"
    assert mark(world, outcome(letter_id, "served"))[0]["code"] == "letter_void"
    assert world.get("manager", "/home").json()["void_letters"] == []
    # Printed offline before it became void, told afterwards.
    early = printed(letter_id, printed_at=(now - timedelta(minutes=1)).isoformat())
    assert mark(world, early)[0] | {"reference": ""} == {
        "reference": "", "letter_id": letter_id, "result": "done", "status": "void", "print_count": 1,
        "code": None, "title": None,
    }  # fmt: skip
    told = world.get("manager", "/home").json()["void_letters"]
    assert [one["number"] for one in told] == [letters[0]["number"]]
    assert world.get("elsewhere", "/home").json()["void_letters"] == []


def test_a_scan_is_told_by_its_content_and_belongs_to_who_sent_it(
    world: World, letters: list[dict[str, Any]]
) -> None:
    letter_id = letters[0]["id"]
    mark(world, printed(letter_id))
    refused = scan(world, "manager", b"#!/bin/sh")
    assert (refused.status_code, refused.json()["code"]) == (415, "upload_type")
    assert scan(world, "manager", b"").json()["code"] == "upload_empty"
    theirs = scan(world, "elsewhere", b"%PDF-1.7 theirs").json()["id"]
    assert mark(world, outcome(letter_id, "served", scan_id=theirs))[0]["code"] == "not_found"
    mine = scan(world, "manager", b"%PDF-1.7 mine").json()
    assert mine["content_type"] == "application/pdf"
    assert mark(world, outcome(letter_id, "served", scan_id=mine["id"]))[0]["result"] == "done"
    answer = world.get("manager", f"/letters/{letter_id}/scan")
    assert answer.content == b"%PDF-1.7 mine"
    assert answer.headers["content-disposition"] == "attachment"
    assert world.get("elsewhere", f"/letters/{letter_id}/scan").status_code == 404


def scan(world: World, username: str, content: bytes) -> Any:
    return world.client.post(
        "/api/v1/letters/scans",
        files={"file": ("../../scan.pdf", io.BytesIO(content), "application/pdf")},
        headers=world.headers(username),
    )


def test_keys_that_verify_letters_are_everybodys(world: World) -> None:
    keys = world.get("clerk", "/letters/keys").json()["keys"]
    assert len(keys) == 1
    assert keys[0]["key_id"]
    assert len(keys[0]["public_key"]) == 44


def test_excel_of_letters(world: World, letters: list[dict[str, Any]]) -> None:
    every = ["introduction_letter", "warning", "declaration"]
    answer = world.get(
        "manager", "/letters/excel", sort="number", kind=every, status=["issued", "printed"], q="1405"
    )
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == [item["number"] for item in letters]


def test_marking_writes_one_audit_row_a_request(world: World, letters: list[dict[str, Any]]) -> None:
    with world.database.transaction(read_only=True) as connection:
        before = connection.execute(text("SELECT count(*) FROM audit_entry")).scalar_one()
    mark(world, *(printed(item["id"]) for item in letters[:3]))
    with world.database.transaction(read_only=True) as connection:
        rows = connection.execute(
            text("SELECT action, branch_code, new FROM audit_entry ORDER BY id OFFSET :n"), {"n": before}
        ).all()
    assert [(row.action, row.branch_code, len(row.new["letters"])) for row in rows] == [("print", "6140", 3)]


def test_more_marks_than_fit_are_refused_whole(world: World, letters: list[dict[str, Any]]) -> None:
    marks = [printed(letters[0]["id"]) for _ in range(201)]
    assert world.post("manager", "/letters/prints", {"marks": marks}).status_code == 400
    assert world.get("manager", f"/letters/{letters[0]['id']}").json()["print_count"] == 0
