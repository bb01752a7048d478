"""Saving and importing workflows: what is refused, what is warned of, what is replaced."""

import threading
from datetime import time
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.conftest import NOW
from tests.server.planning.bank import notification
from tests.worlds import add_bank
from vesal_server.audit.service import SYSTEM
from vesal_server.kit.db import Database
from vesal_server.workflows import queries, service
from vesal_server.workflows.files import WorkflowFile
from vesal_server.workflows.model import NotificationWorkflow, Template, VesalWorkflow, Workflow
from vesal_shared import problems
from vesal_shared.merge_fields import Part
from vesal_shared.problems import Problem, Refusal


def take(connection: Connection, *made: Workflow) -> service.Saved:
    return service.import_file(connection, WorkflowFile(made), SYSTEM, now=NOW)


def refused(connection: Connection, *made: Workflow) -> Refusal:
    with pytest.raises(Refusal) as caught:
        take(connection, *made)
    return caught.value


def vesal(title: str = "کار", **values: Any) -> VesalWorkflow:
    fields: dict[str, Any] = {
        "title": title, "loan_types": ("307",), "days_from": 1, "days_to": 60, "min_amount": 0, "branches": None,
        "enabled": True,
    }  # fmt: skip
    return VesalWorkflow(**(fields | values))


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"days_from": 0}, problems.WORKFLOW_RANGE),
        ({"days_from": 31, "days_to": 30}, problems.WORKFLOW_RANGE),
        ({"channels": ()}, problems.WORKFLOW_NO_CHANNEL),
        ({"recipients": ()}, problems.WORKFLOW_NO_RECIPIENT),
        ({"loan_types": ("307", "999")}, problems.WORKFLOW_UNKNOWN_LOAN_TYPE),
        ({"loan_types": ()}, problems.WORKFLOW_BAD),
        ({"branches": ("6140", "1")}, problems.WORKFLOW_UNKNOWN_BRANCH),
        ({"branches": ()}, problems.WORKFLOW_BAD),
        ({"per_day": 0}, problems.WORKFLOW_BAD),
        ({"per_day": 11, "repeat_minutes": 1}, problems.WORKFLOW_BAD),
        ({"per_day": 2}, problems.WORKFLOW_BAD),
        ({"per_day": 2, "repeat_minutes": 0}, problems.WORKFLOW_BAD),
        ({"every_days": 0}, problems.WORKFLOW_BAD),
        ({"start": time(7, 59)}, problems.WORKFLOW_OUTSIDE_WINDOW),
        ({"start": time(20)}, problems.WORKFLOW_OUTSIDE_WINDOW),
        ({"start": time(19), "per_day": 2, "repeat_minutes": 60}, problems.WORKFLOW_OUTSIDE_WINDOW),
        ({"start": time(19), "per_day": 10, "repeat_minutes": 1000}, problems.WORKFLOW_OUTSIDE_WINDOW),
    ],
)
def test_refused_fields(bank: Connection, values: dict[str, Any], problem: Problem) -> None:
    refusal = refused(bank, notification("الف", **values))
    assert refusal.problem is problem
    assert "«الف»" in refusal.title
    # Disabled ones are refused for these too.
    assert refused(bank, notification("الف", enabled=False, **values)).problem is problem


@pytest.mark.parametrize(
    "values",
    [
        {"start": time(8)},
        {"start": time(19, 59)},
        {"start": time(19), "per_day": 2, "repeat_minutes": 59},
        {"per_day": 10, "repeat_minutes": 60},
        {"days_from": 1, "days_to": 1},
    ],
)
def test_just_allowed(bank: Connection, values: dict[str, Any]) -> None:
    assert take(bank, notification("الف", **values)).added == ["الف"]


def test_the_window_is_a_setting(bank: Connection) -> None:
    bank.execute(
        text("INSERT INTO setting (key, value, updated_at) VALUES ('window.start', '\"10:00\"', now())")
    )
    assert refused(bank, notification(start=time(9))).problem is problems.WORKFLOW_OUTSIDE_WINDOW


# Overlap


def test_overlap_names_the_others_title_and_range(bank: Connection) -> None:
    take(bank, notification("نخست", days_from=1, days_to=30, branches=("6140",)))
    refusal = refused(bank, notification("دوم", days_from=30, days_to=40, branches=("3101",)))
    assert refusal.problem is problems.WORKFLOW_OVERLAP
    assert refusal.title == (
        "گردش کار «دوم» (بازه ۳۰ تا ۴۰ روز) پذیرفته نشد: با گردش کار فعال «نخست» (بازه ۱ تا ۳۰ روز) برای نوع وام 307 "
        "هم‌پوشانی دارد."
    )


@pytest.mark.parametrize(
    "values",
    [
        {"days_from": 31, "days_to": 40},
        {"loan_types": ("308",)},
        {"enabled": False},
    ],
)
def test_no_overlap(bank: Connection, values: dict[str, Any]) -> None:
    take(bank, notification("نخست", days_from=1, days_to=30))
    assert take(bank, notification("دوم", **({"days_from": 20, "days_to": 40} | values))).added == ["دوم"]


def test_enabling_is_checked(bank: Connection) -> None:
    take(bank, notification("نخست"), notification("دوم", enabled=False))
    assert refused(bank, notification("دوم")).problem is problems.WORKFLOW_OVERLAP


def test_the_kinds_do_not_overlap_each_other(bank: Connection) -> None:
    assert take(bank, notification("یکسان"), vesal("یکسان")).added == ["یکسان", "یکسان"]
    assert refused(bank, vesal("دیگر")).problem is problems.WORKFLOW_OVERLAP


def test_an_import_is_judged_by_its_end_state(bank: Connection) -> None:
    take(bank, notification("الف", days_from=1, days_to=30), notification("ب", days_from=31, days_to=60))
    saved = take(
        bank, notification("الف", days_from=31, days_to=60), notification("ب", days_from=1, days_to=30)
    )
    assert saved.changed == ["الف", "ب"]
    within = refused(
        bank, notification("پ", days_from=70, days_to=80), notification("ت", days_from=80, days_to=90)
    )
    assert within.problem is problems.WORKFLOW_OVERLAP


def test_two_saves_at_once_one_wins(fresh_database: Database) -> None:
    with fresh_database.transaction() as connection:
        add_bank(connection)
    barrier = threading.Barrier(2)
    ends: dict[str, str] = {}

    def save(title: str) -> None:
        try:
            with fresh_database.transaction() as connection:
                barrier.wait(10)
                service.save(connection, notification(title), SYSTEM, now=NOW)
        except Refusal as refusal:
            ends[title] = refusal.title
        else:
            ends[title] = "saved"

    threads = [threading.Thread(target=save, args=(title,)) for title in ("الف", "ب")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    winner = next(title for title, end in ends.items() if end == "saved")
    loser = next(title for title in ends if title != winner)
    assert f"گردش کار فعال «{winner}» (بازه ۱ تا ۶۰ روز)" in ends[loser]
    with fresh_database.transaction() as connection:
        assert [one.workflow.title for one in queries.stored(connection)] == [winner]


# Replacing, all or nothing


def test_the_same_title_is_replaced_in_place_and_others_stay(bank: Connection) -> None:
    take(bank, notification("الف"), notification("ب", loan_types=("308",)))
    before = {one.workflow.title: one.id for one in queries.stored(bank)}
    saved = take(bank, notification("الف", days_to=50, loan_types=("307", "401")))
    assert (saved.added, saved.changed, saved.changed_ids) == ([], ["الف"], [before["الف"]])
    after = {one.workflow.title: one for one in queries.stored(bank)}
    assert {title: one.id for title, one in after.items()} == before
    assert after["الف"].workflow == notification("الف", days_to=50, loan_types=("307", "401"))


def test_an_import_that_changes_nothing(bank: Connection) -> None:
    made = notification(
        "الف", channels=("warning", "sms"), loan_types=("308", "307"), branches=("6141", "6140"),
        templates=(Template("sms", "borrower", (Part(text="سلام"),)),),
    )  # fmt: skip
    take(bank, made, vesal())
    saved = take(bank, *service.all_stored(bank))
    assert (saved.added, saved.changed, sorted(saved.unchanged)) == ([], [], ["الف", "کار"])
    assert saved.changed_ids == []


def test_a_title_stands_once_in_a_file(bank: Connection) -> None:
    assert refused(bank, notification("الف"), notification("الف")).problem is problems.WORKFLOW_TITLE_TWICE


def test_one_bad_workflow_refuses_the_file(database: Database, connection: Connection) -> None:
    add_bank(connection)
    with pytest.raises(Refusal), database.transaction() as inner:
        take(inner, notification("الف"), notification("ب", loan_types=("999",)))
    assert service.all_stored(connection) == []


# Templates


def templated(channel: str, role: str, *parts: Part, **values: Any) -> NotificationWorkflow:
    fields: dict[str, Any] = {"channels": (channel,), "recipients": (role,)} | values
    return notification("الف", **fields, templates=(Template(channel, role, parts),))


@pytest.mark.parametrize("parts", [(), (Part(text="  "),), (Part(text="\n"),)])
def test_an_emptied_template_of_a_chosen_channel_and_role(bank: Connection, parts: tuple[Part, ...]) -> None:
    refusal = refused(bank, templated("sms", "borrower", *parts))
    assert refusal.problem is problems.TEMPLATE_EMPTY
    assert "«الف»" in refusal.title
    assert "پیامک" in refusal.title
    assert "وام‌گیرنده" in refusal.title
    assert take(bank, templated("sms", "borrower", *parts, channels=("email",))).added == ["الف"]


@pytest.mark.parametrize(
    ("channel", "role", "field"),
    [
        ("sms", "borrower", "guarantor_last_name"),
        ("sms", "guarantor", "customer_no"),
        ("sms", "guarantor", "overdue_installments"),
        ("sms", "borrower", "letter_no"),
        ("sms", "borrower", "colour"),
    ],
)
def test_fields_that_a_template_may_not_hold(bank: Connection, channel: str, role: str, field: str) -> None:
    assert refused(bank, templated(channel, role, Part(field=field))).problem is problems.TEMPLATE_BAD


@pytest.mark.parametrize(
    ("channel", "role", "field"),
    [
        ("sms", "guarantor", "borrower_last_name"),
        ("sms", "guarantor", "loan_no"),
        ("sms", "guarantor", "overdue_days"),
        ("sms", "guarantor", "overdue_amount"),
        ("sms", "guarantor", "guarantor_first_name"),
        ("warning", "borrower", "letter_no"),
        ("sms", "borrower", "customer_no"),
    ],
)
def test_fields_that_a_template_may_hold(bank: Connection, channel: str, role: str, field: str) -> None:
    assert take(bank, templated(channel, role, Part(field=field))).added == ["الف"]


def test_a_text_that_may_get_too_long_for_the_gateway(bank: Connection) -> None:
    made = templated("sms", "borrower", Part(text="الف" * 270), Part(field="branch_address"))
    assert take(bank, made).added == ["الف"]
    bank.execute(
        text("INSERT INTO setting (key, value, updated_at) VALUES ('sms.driver', '\"kavenegar\"', now())")
    )
    refusal = refused(bank, templated("sms", "borrower", *made.templates[0].parts, Part(text=".")))
    assert refusal.problem is problems.TEMPLATE_TOO_LONG
    assert refusal.params["max"] == "۹۰۰"


def test_an_unknown_audio_title_of_a_chosen_call(bank: Connection) -> None:
    audio = (Template("call", "borrower", audio="یادآوری"),)
    assert (
        refused(bank, notification(channels=("call",), templates=audio)).problem
        is problems.WORKFLOW_UNKNOWN_AUDIO
    )
    assert take(bank, notification("الف", channels=("sms",), templates=audio)).added == ["الف"]
    attachment = bank.execute(
        text(
            "INSERT INTO attachment (name, content_type, size, sha256, data, created_at) "
            "VALUES ('a.wav', 'audio/wav', 1, '', '', now()) RETURNING id"
        )
    ).scalar_one()
    queries.add_audio(bank, "یادآوری", 12, attachment, NOW)
    assert take(bank, notification("الف", channels=("call",), templates=audio)).changed == ["الف"]


# Warnings, deleting, the ready ones


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"days_from": 5, "days_to": 5}, "one_day_range"),
        ({"days_from": 5, "days_to": 10, "channels": ("warning",)}, "short_range_for_letters"),
        ({"days_from": 5, "days_to": 11, "channels": ("warning",)}, None),
        ({"days_from": 5, "days_to": 6}, None),
    ],
)
def test_warnings(bank: Connection, values: dict[str, Any], code: str | None) -> None:
    warned = take(bank, notification("الف", **values)).warnings
    assert [(one.title, one.code) for one in warned] == ([("الف", code)] if code else [])


def test_a_workflow_with_history_is_not_deleted(bank: Connection) -> None:
    take(bank, notification("الف"), vesal())
    ids = {one.workflow.title: one.id for one in queries.stored(bank)}
    service.delete(bank, ids["کار"], SYSTEM, now=NOW)
    bank.execute(
        text("CREATE TABLE n1 PARTITION OF notification FOR VALUES FROM ('2026-01-01') TO ('2026-01-02')")
    )
    bank.execute(
        text(
            "INSERT INTO notification (day, facility_id, episode_id, workflow_id, channel, role, person_id, "
            "customer_id, repeat, branch_code, due_at, status, reference) VALUES "
            "('2026-01-01', 1, 1, :id, 'sms', 'borrower', 1, 1, 0, '6140', now(), 'sent', 1)"
        ),
        {"id": ids["الف"]},
    )
    with pytest.raises(Refusal) as refusal:
        service.delete(bank, ids["الف"], SYSTEM, now=NOW)
    assert refusal.value.problem is problems.WORKFLOW_HAS_HISTORY
    assert [one.workflow.title for one in queries.stored(bank)] == ["الف"]


def test_the_ready_workflows_come_disabled_for_every_loan_type(bank: Connection) -> None:
    saved = service.import_file(bank, service.ready_made(), SYSTEM, now=NOW)
    assert saved.warnings == []
    made = [one.workflow for one in queries.stored(bank)]
    assert sorted((one.days_from, one.days_to) for one in made) == [(15, 29), (30, 59), (60, 90)]
    assert {one.loan_types for one in made} == {("307", "308", "401")}
    assert not any(one.enabled for one in made)


def test_each_change_leaves_an_audit_row(bank: Connection) -> None:
    take(bank, notification("الف"))
    take(bank, notification("الف", days_to=50))
    rows = bank.execute(
        text("SELECT action, new FROM audit_entry WHERE entity = 'workflow' ORDER BY id")
    ).all()
    assert [row.action for row in rows] == ["create", "change"]
    assert rows[1].new == {"days": [1, 50]}
