"""پرونده‌های معوق against the real service."""

import datetime as dt
import io
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.client.pages.conftest import MINE, OTHERS, Desk
from vesal_client.kit.excel import Download
from vesal_client.kit.filters.declared import Chosen, Range
from vesal_client.pages.overdue_cases import OverdueCasesPage, build
from vesal_shared import money
from vesal_shared.messages.facilities import Facility, FacilityNotification
from vesal_shared.messages.lists import Choice, Page
from vesal_shared.messages.overdue_cases import OverdueCase


@pytest.fixture
def page(desk: Desk) -> OverdueCasesPage:
    return cast("OverdueCasesPage", desk.open(build))


def numbers(page: OverdueCasesPage, count: int) -> list[str]:
    rows = [page.list.table.model.row(number) for number in range(count)]
    return ["" if row is None else row.record.loan_no for row in rows]


def current(page: OverdueCasesPage) -> OverdueCase:
    record = page.list.table.current()
    assert isinstance(record, OverdueCase)
    return record


def test_shows_the_branch_its_own_cases_with_the_greatest_amount_first(page: OverdueCasesPage) -> None:
    assert page.list.table.model.rowCount() == MINE
    assert numbers(page, 2) == ["6140-307-1400239-1", "6140-307-1400238-1"]
    assert page.list.head.count.accessibleName() == money.show(MINE)
    foot = page.list.table.footer
    assert foot.count.text() == f"{money.show(MINE)} پرونده"
    assert foot.sums.text() == f"جمع مبلغ: {money.show(MINE * (MINE + 1) // 2 * 1_000_000)} ریال"


def test_the_chief_sees_every_branch_and_may_filter_by_them(chief: Desk) -> None:
    page = cast("OverdueCasesPage", chief.open(build))
    assert page.list.table.model.rowCount() == MINE + OTHERS
    assert page.list.bar._chips["branch"].isVisible()
    page.list.bar.set_value("branch", Chosen((Choice(code="3101", title="چهارباغ"),)))
    chief.settle()
    assert page.list.table.model.rowCount() == OTHERS
    assert (
        page.list.table.footer.count.text() == f"{money.show(OTHERS)} پرونده از {money.show(MINE + OTHERS)}"
    )


def test_a_branch_that_sees_only_itself_is_not_offered_to_filter_by_branch(page: OverdueCasesPage) -> None:
    assert not page.list.bar._chips["branch"].isVisible()


def test_every_sortable_column_is_known_to_the_server(page: OverdueCasesPage, desk: Desk) -> None:
    model = page.list.table.model
    for section, column in enumerate(model.columns, start=1):
        if column.sortable:
            model.sort(section, Qt.SortOrder.DescendingOrder)
            desk.settle()
            assert page.list.table.feed.problem is None, column.key


@pytest.mark.parametrize(
    ("words", "found"),
    [("1400007", 1), ("۱۴۰۰۰۰۷", 1), ("رضایی ۱۱۰۰", 1), ("هیچ‌کس", 0)],
)
def test_search_finds_what_is_shown_in_any_digits(
    page: OverdueCasesPage, desk: Desk, words: str, found: int
) -> None:
    page.list.bar.search.set_text(words)
    page.list.bar.search.ask_now()
    desk.settle()
    assert page.list.table.model.rowCount() == found
    assert page.list.table.notice.isVisible() == (found == 0)


def test_a_range_of_days_narrows_the_list_and_the_cross_widens_it_again(
    page: OverdueCasesPage, desk: Desk
) -> None:
    page.list.bar.set_value("days", Range(31, 60))
    desk.settle()
    assert page.list.table.model.rowCount() == 30
    assert page.list.bar._chips["days"].value == "۳۱ تا ۶۰"
    page.list.bar._chips["days"].cleared.emit()
    desk.settle()
    assert page.list.table.model.rowCount() == MINE


def test_the_panel_follows_the_current_row_and_its_arrows_go_on(
    page: OverdueCasesPage, desk: Desk, qtbot: QtBot
) -> None:
    table = page.list.table
    table.view.go_to(1)
    QTest.keyClick(table.view, Qt.Key.Key_Return)
    assert page.drawer.is_open
    desk.settle()
    assert page.panel.loan_no == "6140-307-1400238-1"
    assert page.panel.name.text() == "علی رضایی ۱۲۳۸" or page.panel.name.text() == "علی رضایی 1238"
    QTest.keyClick(table.view, Qt.Key.Key_Down)
    assert page.panel.loan_no == "6140-307-1400237-1"
    page.panel.up.click()
    assert table.view.currentIndex().row() == 1
    assert page.panel.loan_no == "6140-307-1400238-1"
    qtbot.waitUntil(lambda: page.panel._facility is not None, timeout=60_000)
    assert page.go_up()
    assert not page.drawer.is_open
    assert not page.go_up()


def test_the_panel_shows_facts_guarantors_and_history(
    page: OverdueCasesPage, desk: Desk, qtbot: QtBot
) -> None:
    page.list.table.view.go_to(1)
    page.open(current(page))
    qtbot.waitUntil(lambda: page.panel._facility is not None, timeout=60_000)
    desk.settle()
    facility = page.panel._facility
    assert facility is not None
    assert facility.guarantor_count == 1
    assert [moment.title for moment in page.panel.history._moments] == ["آغاز دوره تأخیر"]
    page.panel.tabs.choose(0)
    desk.settle()
    moments = page.panel.guarantors._moments
    assert len(moments) == 1
    assert "۱۲۳۹" in moments[0].subtitle
    page.panel.tabs.choose(1)
    desk.settle()
    assert page.panel.notifications.note.isVisible()
    asked: list[tuple[str, dt.date | None]] = []
    read = page._wire.notifications

    def noted(
        loan_no: str, number: int, size: int, *, channel: str = "", first: dt.date | None = None
    ) -> Page[FacilityNotification]:
        asked.append((channel, first))
        return read(loan_no, number, size, channel=channel, first=first)

    page._wire.notifications = noted  # type: ignore[assignment, method-assign]
    page.panel._take_channel("sms")
    desk.settle()
    page.panel._take_span("۷ روز گذشته")
    desk.settle()
    week = desk.context.today() - dt.timedelta(days=6)
    assert asked == [("sms", None), ("sms", week)]


def test_begins_with_the_first_case_beside_the_list_until_it_is_put_away(
    page: OverdueCasesPage, desk: Desk
) -> None:
    assert page.drawer.is_open
    assert page.panel.loan_no == "6140-307-1400239-1"
    page.close_panel()
    again = cast("OverdueCasesPage", desk.open(build))
    assert not again.drawer.is_open


def test_a_held_arrow_key_asks_for_the_row_it_rests_on_alone(
    page: OverdueCasesPage, desk: Desk, qtbot: QtBot
) -> None:
    asked: list[str] = []
    read = page._wire.facility

    def noted(loan_no: str) -> Facility:
        asked.append(loan_no)
        return read(loan_no)

    page._wire.facility = noted  # type: ignore[method-assign]
    page.list.table.view.go_to(0)
    page.open(current(page))
    for _ in range(40):
        QTest.keyClick(page.list.table.view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.panel._facility is not None, timeout=60_000)
    assert page.panel.loan_no == "6140-307-1400199-1"
    assert asked[-1] == "6140-307-1400199-1"
    assert len(asked) < 10


def test_a_follow_up_is_recorded_on_the_page_for_it(page: OverdueCasesPage, desk: Desk, qtbot: QtBot) -> None:
    page.list.table.view.go_to(0)
    page.open(current(page))
    qtbot.waitUntil(lambda: page.panel._facility is not None, timeout=60_000)
    page.panel.buttons[0].click()
    assert desk.window.opened == [
        ("record_followup", {"loan_no": "6140-307-1400239-1", "customer_no": "1239"})
    ]


def test_a_letter_in_the_history_opens_in_the_print_queue(page: OverdueCasesPage, desk: Desk) -> None:
    page.panel.letter_pressed.emit(7)
    assert desk.window.opened == []
    desk.window.can |= {"print_queue"}
    page.panel.letter_pressed.emit(7)
    assert desk.window.opened == [("print_queue", {"letter_id": "7"})]


def test_excel_holds_what_the_filters_leave(page: OverdueCasesPage, desk: Desk, tmp_path: Path) -> None:
    page.list.bar.set_value("days", Range(None, 10))
    desk.settle()
    where = page.list.question().where()
    target = tmp_path / "cases.xlsx"
    page._excel.save_to(target, lambda into, tell, stop: page._wire.excel(where, into, tell, stop))
    desk.settle()
    sheet = openpyxl.load_workbook(io.BytesIO(target.read_bytes())).active
    assert sheet is not None
    assert sheet.max_row == 11
    assert desk.window.said == ["«cases.xlsx» ذخیره شد"]
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".part"] == []
    assert not page.excel.busy


def test_excel_of_ticked_rows_holds_just_these(page: OverdueCasesPage, desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "ticked.xlsx"

    def save(name: str, download: Download) -> None:
        page._excel.save_to(target, download)

    page._excel.save = save  # type: ignore[method-assign]
    for number in (3, 1):
        row = page.list.table.model.row(number)
        assert row is not None
        page.list.table.selection.toggle(row)
    page.list.table.bar.buttons[-1].click()
    desk.settle()
    sheet = openpyxl.load_workbook(io.BytesIO(target.read_bytes())).active
    assert sheet is not None
    assert [sheet.cell(row, 1).value for row in (2, 3)] == ["6140-307-1400238-1", "6140-307-1400236-1"]
    assert sheet.max_row == 3
    page.list.table.selection.take_everything()
    row = page.list.table.model.row(0)
    assert row is not None
    page.list.table.selection.toggle(row)
    page.list.table.bar.buttons[-1].click()
    assert desk.window.said[-1].startswith("تا ۲۰۰ ردیف")


def test_what_changed_elsewhere_is_read_again_and_the_row_stays(page: OverdueCasesPage, desk: Desk) -> None:
    page.list.table.view.go_to(5)
    before = page.list.table.current()
    desk.context.changes.tell("cases")
    desk.settle()
    after = page.list.table.current()
    assert after is not before
    assert after == before


def test_shows_what_another_page_asked_for(page: OverdueCasesPage, desk: Desk) -> None:
    page.show_what({"loan_no": "6140-307-1400010-1"})
    desk.settle()
    assert numbers(page, 1) == ["6140-307-1400010-1"]
    assert page.drawer.is_open
    assert page.panel.loan_no == "6140-307-1400010-1"
    assert page.ready()
