"""چاپ نامه‌ها against the real service: letters that planning issued are seen, printed, saved and served."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PIL import Image
from sqlalchemy import text

from tests.client.letters.readers import mupdf, page_count, words
from tests.client.pages.conftest import Desk
from tests.client.printing.queue_world import Chosen
from tests.conftest import Service
from vesal_client.letters.words import clean
from vesal_client.pages.print_queue import PrintQueuePage, build
from vesal_client.printing.dialogs import OutcomeSheet
from vesal_server.audit.service import SYSTEM
from vesal_server.planning import service as planning
from vesal_server.workflows import service as workflows
from vesal_server.workflows.files import WorkflowFile
from vesal_server.workflows.model import NotificationWorkflow
from vesal_shared.messages.letters import Letter
from vesal_shared.problems import Refusal


@pytest.fixture(scope="module")
def issued(bank: Service) -> Service:
    """The bank after a day's planning with warnings."""
    workflow = NotificationWorkflow(
        title="اخطار نخست",
        loan_types=("307",),
        days_from=10,
        days_to=20,
        min_amount=0,
        branches=None,
        enabled=True,
        channels=("warning", "introduction_letter"),
        recipients=("borrower", "guarantor"),
        per_day=1,
        start=dt.time(9),
        templates=(),
    )
    with bank.database.transaction() as connection:
        planning.begin_change(connection)
        saved = workflows.import_file(connection, WorkflowFile((workflow,)), SYSTEM, now=bank.clock.now())
        planning.workflows_changed(connection, saved.changed_ids, now=bank.clock.now(), secrets=bank.secrets)
        planning.plan(connection, bank.clock.today(), now=bank.clock.now(), secrets=bank.secrets)
    return bank


@pytest.fixture
def page(issued: Service, desk: Desk, tmp_path: Path) -> PrintQueuePage:
    made = cast("PrintQueuePage", desk.open(build))
    made.queue._means = replace(made.queue._means, choosers=Chosen(tmp_path))
    return made


def chosen(page: PrintQueuePage) -> Chosen:
    return cast("Chosen", page.queue._means.choosers)


def record(page: PrintQueuePage, row: int) -> Letter:
    found = page.queue.table.model.row(row)
    assert found is not None
    return cast("Letter", found.record)


def current(page: PrintQueuePage, desk: Desk, letter_id: int) -> Letter:
    page.refresh()
    desk.settle()
    at = page.queue.table.feed.find(letter_id)
    assert at is not None
    return record(page, at)


def test_the_branchs_letters_with_the_pdf_beside_them(page: PrintQueuePage, desk: Desk) -> None:
    queue = page.queue
    # 11 facilities; a borrower and a guarantor each; two kinds.
    assert queue.table.feed.total == 44
    assert {record(page, row).branch_code for row in range(20)} == {"6140"}
    assert queue.head.state.accessibleName() == "۴۴ آماده چاپ"
    queue.table.view.go_to(2)
    desk.settle()
    assert queue.preview.preview.page_count == 1
    assert page.ready()


def test_what_is_saved_is_the_letter_that_was_issued(page: PrintQueuePage, desk: Desk) -> None:
    letter = record(page, 0)
    page.queue.save([letter])
    desk.settle()
    (path,) = chosen(page).folder_path.glob("*.pdf")
    assert path.name == letter.number.replace("/", "-") + ".pdf"
    found = words(mupdf(path.read_bytes()))
    assert set(clean(letter.addressee).split()) <= set(found)


def test_printed_once_and_then_served(page: PrintQueuePage, desk: Desk, issued: Service) -> None:
    letter = next(record(page, row) for row in range(44) if record(page, row).kind == "warning")
    page.queue.print_letters([letter])
    desk.settle()
    assert page_count(chosen(page).printed.read_bytes()) == 1
    printed = current(page, desk, letter.id)
    assert (printed.status, printed.print_count) == ("printed", 1)
    page.queue.settle([printed], "served")
    sheet = page.window().findChild(OutcomeSheet)
    assert sheet is not None
    Image.new("RGB", (8, 8)).save(chosen(page).folder_path / "receipt.png")
    sheet._attach.click()
    sheet.form.fill({"outcome": "served", "on": issued.clock.today(), "note": "به خود او"})
    sheet.form.ask_save()
    desk.settle()
    with issued.database.transaction() as connection:
        row = connection.execute(
            text(
                "SELECT status, outcome_note, content_type FROM letter "
                "JOIN attachment ON attachment.id = scan_id WHERE letter.id = :id"
            ),
            {"id": letter.id},
        ).one()
    assert tuple(row) == ("served", "به خود او", "image/png")
    assert desk.window.said[-1] == "۱ نامه: ابلاغ شد"


def test_search_opens_one_letter_whatever_its_state(page: PrintQueuePage, desk: Desk) -> None:
    letter = record(page, 5)
    page.show_what({"letter_id": str(letter.id), "loan_no": letter.loan_no})
    desk.settle()
    assert page.queue.table.feed.total == 1
    assert record(page, 0).id == letter.id
    page.show_what({"loan_no": letter.loan_no})
    desk.settle()
    assert {record(page, row).loan_no for row in range(page.queue.table.feed.total)} == {letter.loan_no}


def test_the_code_on_a_letter_is_judged_by_the_services_keys(page: PrintQueuePage, desk: Desk) -> None:
    letter = record(page, 0)
    content = page._wire.contents([letter.id]).items[0].content
    page.queue.verify()
    desk.settle()
    facts = page.queue.verifier.judge(content["seal"]["text"])
    assert (facts.number, facts.loan_no) == (letter.number, letter.loan_no)
    with pytest.raises(Refusal):
        page.queue.verifier.judge(content["seal"]["text"][::-1])


def test_esc_closes_the_preview_first(page: PrintQueuePage) -> None:
    assert page.needs_room()
    assert page.go_up()
    assert not page.go_up()
    assert not page.needs_room()
