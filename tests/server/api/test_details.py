"""A facility's details: what it shows, and what happened to it in words."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.server.api.world import World

LOAN = "6140-307-1001-1"


def test_the_facility_shows_its_borrower_and_state(world: World) -> None:
    item = next(one for one in world.items("manager", "/overdue-cases") if one["loan_no"] == LOAN)
    body = world.get("manager", f"/overdue-cases/{LOAN}").json()
    for name in ("customer_no", "customer_name", "overdue_days", "overdue_amount", "bucket", "branch_title"):
        assert body[name] == item[name]
    assert body["national_id"]
    assert body["as_of"] == "2026-11-24"
    assert body["overdue"] is True
    assert body["guarantor_count"] == 1
    assert body["other_branches"] == 0


def test_guarantors_are_listed(world: World) -> None:
    items = world.items("manager", f"/overdue-cases/{LOAN}/guarantors")
    assert [item["customer_no"] for item in items] == ["1002"]
    assert items[0]["loan_no"] == LOAN
    assert items[0]["mobile"] == "09120001002"
    assert world.items("manager", f"/overdue-cases/{LOAN}/guarantors", q="هیچ‌کس") == []


def test_notifications_are_the_messages_and_letters_about_it(world: World) -> None:
    items = world.items("manager", f"/overdue-cases/{LOAN}/notifications")
    assert sorted((item["channel"], item["role"]) for item in items) == [
        ("sms", "borrower"),
        ("sms", "guarantor"),
        ("warning", "borrower"),
        ("warning", "guarantor"),
    ]
    assert {item["status"] for item in items} == {"planned", "issued"}
    assert all(item["letter_number"] for item in items if item["channel"] == "warning")
    assert all(item["text"] for item in items if item["channel"] == "sms")
    only = world.items("manager", f"/overdue-cases/{LOAN}/notifications", channel="sms")
    assert {item["channel"] for item in only} == {"sms"}
    none = world.items("manager", f"/overdue-cases/{LOAN}/notifications", date_to="2026-11-23")
    assert none == []
    counted = world.get("manager", f"/overdue-cases/{LOAN}").json()
    assert counted["notification_count"] == len(items)


def test_the_timeline_tells_everything_in_words_the_newest_first(world: World) -> None:
    with world.database.transaction() as connection:
        _happen(connection, world)
    entries = world.items("manager", f"/overdue-cases/{LOAN}/timeline")
    assert [entry["at"] for entry in entries] == sorted((entry["at"] for entry in entries), reverse=True)
    titles = {entry["kind"]: entry for entry in entries}
    assert titles["follow_up"]["title"] == "تماس: پاسخ داد، تعهد پرداخت"
    assert titles["follow_up"]["subtitle"] == "نگار صبوری expert"
    assert titles["follow_up"]["quote"] == "سه‌شنبه واریز می‌کند"
    assert titles["promise"]["subtitle"] == "۸۰٬۰۰۰٬۰۰۰ ریال تا ۱۴۰۵/۰۹/۱۰"
    assert titles["assignment"]["title"] == "تخصیص به نگار صبوری expert"
    assert titles["hold"]["title"] == "اعتراض مشتری"
    assert titles["letter"]["title"].startswith("اخطار اول")
    assert titles["episode_opened"]["subtitle"] == "اطلاعات ۱۴۰۵/۰۹/۰۳"
    assert world.get("manager", f"/overdue-cases/{LOAN}").json()["timeline_count"] == len(entries)
    # What officers write shows in the list and at home, too.
    item = next(one for one in world.items("manager", "/overdue-cases") if one["loan_no"] == LOAN)
    assert item["promise_status"] == "open"
    assert item["hold_until"] == "2026-11-25"
    assert item["last_contact"] is not None
    assert item["expert"] == "نگار صبوری expert"
    home = world.get("manager", "/home").json()
    assert home["figures"]["contacts_today"] == 1
    reasons = [(work["kind"], work["urgency"], work["reason"]) for work in home["work"]]
    assert ("hold_ending", "soon", "اعتراض مشتری فردا تمام می‌شود") in reasons
    mine = world.get("expert", "/home").json()
    assert mine["figures"]["facilities"] == 1


@pytest.mark.parametrize("path", ["/guarantors", "/notifications", "/timeline"])
def test_small_lists_page_and_refuse_unknown_orders(world: World, path: str) -> None:
    whole = world.items("manager", f"/overdue-cases/{LOAN}{path}")
    body = world.get("manager", f"/overdue-cases/{LOAN}{path}", size=1, page=1).json()
    assert body["items"] == whole[:1]
    assert body["total"] == len(whole)
    assert world.get("manager", f"/overdue-cases/{LOAN}{path}", sort="nothing").status_code == 400


def _happen(connection: Any, world: World) -> None:
    now = world.clock.now()
    statements = (
        "INSERT INTO follow_up (client_ref, facility_id, episode_id, branch_code, user_id, at, kind, status_id,"
        " result_id, addressee, notes) SELECT gen_random_uuid(), f.id, f.episode_id, f.branch_code, u.id, :now,"
        " 'call', s.id, r.id, 'borrower', 'سه‌شنبه واریز می‌کند' FROM facility f, app_user u, contact_status s,"
        " contact_result r WHERE f.loan_no = :loan AND u.username = 'expert' AND s.code = 'answered'"
        " AND r.code = 'promise'",
        "INSERT INTO promise (facility_id, episode_id, person_id, branch_code, date, amount, given_at, given_on,"
        " given_overdue_days, given_overdue_amount) SELECT f.id, f.episode_id, c.person_id, f.branch_code,"
        " '2026-12-01', 80000000, :now, '2026-11-24', 3, 5000000 FROM facility f JOIN customer c"
        " ON c.id = f.customer_id WHERE f.loan_no = :loan",
        "INSERT INTO assignment (facility_id, branch_code, user_id, kind, assigned_at) SELECT f.id, f.branch_code,"
        " u.id, 'call', :now FROM facility f, app_user u WHERE f.loan_no = :loan AND u.username = 'expert'",
        "INSERT INTO hold (facility_id, kind, since, until, reason, created_at) SELECT f.id, 'dispute',"
        " '2026-11-24', '2026-11-25', 'مبلغ را قبول ندارد', :now FROM facility f WHERE f.loan_no = :loan",
    )
    for statement in statements:
        query = text(statement)
        wanted = {name: {"now": now, "loan": LOAN}[name] for name in query.compile().params}
        connection.execute(query, wanted)
