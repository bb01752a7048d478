"""The data reception report, its set-aside rows, and the upload of a feed."""

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.server.api.world import TODAY, World, feed
from tests.worlds import Feed, customer, facility
from vesal_server.alerts import raise_alert, resolve


def zipped(made: Feed, folder: Path) -> bytes:
    return made.zip(folder / "feed.zip").read_bytes()


def with_bad_rows(**values: Any) -> Feed:
    """Today's feed with a row that looks like a formula and one of an unknown branch."""
    made = feed()
    return Feed(
        TODAY,
        [*made.customers, customer(5000) | {"customer_no": "=1+1"}],
        [*made.facilities, facility("6140-307-5001-1", 1001, branch_code="0000")],
        made.guarantors,
        **values,
    )


def test_the_report_has_a_row_a_date_with_its_tries(world: World, tmp_path: Path) -> None:
    before = world.items("bank", "/data-reception")
    assert [(row["as_of"], row["status"]) for row in before] == [("2026-11-24", "taken")]
    again = world.upload("bank", zipped(feed(), tmp_path)).json()
    assert (again["status"], again["facilities"]["new"]) == ("unchanged", 0)
    row = world.items("bank", "/data-reception")[0]
    assert row["tries"] == before[0]["tries"] + 1
    # The try that stands is still the one that was taken.
    assert row["status"] == "taken"
    assert row["facilities"]["new"] == 48
    details = world.get("bank", f"/data-reception/{row['id']}").json()
    assert details["tries"][0]["status"] == "unchanged"
    assert details["tries"][0]["via"] == "upload"
    assert details["tries"][0]["user"] == "نگار صبوری bank"
    assert details["reception"] == row


def test_an_upload_sets_bad_rows_aside_and_says_why(world: World, tmp_path: Path) -> None:
    done = world.upload("bank", zipped(with_bad_rows(), tmp_path)).json()
    assert done["status"] in {"taken", "unchanged"}
    assert [(row["file"], row["line"]) for row in done["rejected"]] == [
        ("customers.csv", 50), ("facilities.csv", 50),
    ]  # fmt: skip
    rows = world.items("bank", f"/data-reception/{done['id']}/set-aside")
    assert [(row["file"], row["line"], row["code"]) for row in rows] == [
        (row["file"], row["line"], row["code"]) for row in done["rejected"]
    ]
    assert all(row["reason"] for row in rows)
    found = world.items("bank", f"/data-reception/{done['id']}/set-aside", q="facilities")
    assert [row["file"] for row in found] == ["facilities.csv"]
    falling = world.items("bank", f"/data-reception/{done['id']}/set-aside", sort="-ordinal")
    assert falling == rows[::-1]


def test_excel_of_set_aside_rows_holds_no_formula(world: World, tmp_path: Path) -> None:
    done = world.upload("bank", zipped(with_bad_rows(), tmp_path)).json()
    answer = world.get("bank", f"/data-reception/{done['id']}/set-aside/excel")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert len({cell.row for cell in cells}) == 2
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n"}


def test_a_refused_feed_is_an_answer_with_its_reason(world: World, tmp_path: Path) -> None:
    made = feed()
    wrong = Feed(TODAY, made.customers, made.facilities, made.guarantors, manifest={"overdue_amount": 1})
    done = world.upload("bank", zipped(wrong, tmp_path)).json()
    assert done["status"] == "refused"
    assert done["reason"]
    assert done["facilities"] == {"new": 0, "changed": 0, "unchanged": 0, "rejected": 0}
    row = world.items("bank", "/data-reception")[0]
    assert row["status"] == "taken"
    refused = world.get("bank", f"/data-reception/{row['id']}").json()["tries"][0]
    assert (refused["status"], refused["reason"]) == ("refused", done["reason"])
    # The bank is as it was.
    assert world.get("bank", "/overdue-cases").json()["total"] == 48


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "upload_empty"),
        (b"customer_no,first_name\n", 415, "upload_type"),
        (b"%PDF-1.7", 415, "upload_type"),
    ],
)
def test_what_is_no_feed_is_refused_by_its_content(
    world: World, content: bytes, status: int, code: str
) -> None:
    answer = world.upload("bank", content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_only_who_has_the_page_uploads(world: World, tmp_path: Path) -> None:
    answer = world.upload("manager", zipped(feed(), tmp_path))
    assert (answer.status_code, answer.json()["code"]) == (403, "page_not_granted")


def test_filters_and_excel_of_the_report(world: World) -> None:
    assert world.items("bank", "/data-reception", status="refused") == []
    assert world.items("bank", "/data-reception", date_from="2026-11-25") == []
    assert len(world.items("bank", "/data-reception", date_to="2026-11-24")) == 1
    answer = world.get("bank", "/data-reception/excel")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert sheet.cell(2, 1).value == "1405/09/03"
    assert sheet.cell(2, 2).value == "دریافت شد"


@pytest.mark.parametrize("tail", ["", "/set-aside", "/set-aside/excel"])
def test_a_missing_arrival_is_not_found(world: World, tail: str) -> None:
    assert world.get("bank", f"/data-reception/999999{tail}").status_code == 404


def test_alerts_are_for_who_sees_their_page_bank_wide(world: World) -> None:
    begin = world.get("bank", "/status").json()["alerts"]
    with world.database.transaction() as connection:
        for _ in range(2):
            raise_alert(connection, world.clock.now(), "cures_wait", key="x")
    mine = [one for one in world.items("bank", "/alerts") if one["kind"] == "cures_wait"]
    assert [(one["count"], one["page"], one["severity"]) for one in mine] == [
        (2, "data_reception", "warning")
    ]
    assert mine[0]["title"]
    assert world.items("manager", "/alerts") == []
    assert world.get("bank", "/status").json()["alerts"] == begin + 1
    assert mine[0] in world.get("bank", "/home").json()["alerts"]
    with world.database.transaction() as connection:
        assert resolve(connection, world.clock.now(), "cures_wait") == 1
    assert "cures_wait" not in {one["kind"] for one in world.items("bank", "/alerts")}
    assert "cures_wait" in {one["kind"] for one in world.items("bank", "/alerts", resolved=True)}
