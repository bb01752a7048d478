"""The table as people use it: sorting, ticks over pages, keyboard, copying, and what stands in place of rows."""

from typing import Self

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.client.kit.lists import COLUMNS, MILLION, Held, Server
from vesal_client.kit.table.actions import BulkAction, RowAction
from vesal_client.kit.table.feed import Question
from vesal_client.kit.table.rows_view import ROW_HEIGHT
from vesal_client.kit.table.selection import Chosen
from vesal_client.kit.table.states import Words
from vesal_client.kit.table.table import Table, TableSpec
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import WAIT_MS


class Desk:
    """A table on screen with its server."""

    def __init__(
        self, qtbot: QtBot, theme: Theme, total: int = MILLION, settings: QSettings | None = None
    ) -> None:
        self.server = Server(total=total)
        self.held = Held()
        self.chosen: list[Chosen] = []
        self.called: list[object] = []
        spec = TableSpec(
            name="loans",
            columns=COLUMNS,
            key=lambda record: record.loan_no,
            noun="پرونده",
            sum_of="overdue_amount",
            sum_label="جمع مبلغ",
            row_actions=(RowAction("ثبت پیگیری", "phone", self.called.append, quick=True),),
            bulk_actions=(BulkAction("اکسل", "table", self.chosen.append, last=True),),
            nothing=Words("پرونده معوقی نیست", ("پس از دریافت اطلاعات اینجا می‌آید.",)),
        )
        self.table = Table(spec, self.server.fetch, self.held, theme, settings)
        qtbot.addWidget(self.table)
        self.table.resize(900, 500)
        self.table.show()
        qtbot.waitExposed(self.table)

    def opened(self) -> Self:
        self.table.ask(Question())
        self.held.answer_all()
        return self

    def names(self, first: int, last: int) -> list[str]:
        rows = (self.table.model.row(number) for number in range(first, last + 1))
        return ["" if row is None else row.record.customer_name for row in rows]

    def press(self, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.table.view, key, keys)
        self.held.answer_all()

    def click(
        self, row: int, column: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        view = self.table.view
        place = view.visualRect(self.table.model.index(row, column)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, place)

    def ticked(self) -> int:
        return self.table.selection.count(self.table.feed.total)


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme) -> Desk:
    return Desk(qtbot, theme).opened()


# Sorting.


def test_a_click_on_a_head_sorts_and_another_turns_the_order(desk: Desk) -> None:
    head = desk.table.view.head
    desk.server.asked.clear()
    for wanted in ("-overdue_amount", "overdue_amount", "-overdue_amount"):
        place = QPoint(head.sectionViewportPosition(4) + 20, 10)
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
        desk.held.answer_all()
        assert desk.server.asked[-1][0].sort == wanted
    assert desk.table.model.sorted_by() == (4, Qt.SortOrder.DescendingOrder)
    assert desk.names(0, 0) == [f"مشتری شماره {MILLION - 1}"]


def test_words_sort_rising_first_and_what_the_server_cannot_sort_by_stays(desk: Desk) -> None:
    head = desk.table.view.head
    QTest.mouseClick(
        head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(head.sectionViewportPosition(2) + 20, 10)
    )
    desk.held.answer_all()
    assert desk.server.asked[-1][0].sort == "customer_name"
    asked = len(desk.server.asked)
    QTest.mouseClick(
        head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(head.sectionViewportPosition(6) + 20, 10)
    )
    desk.held.answer_all()
    assert len(desk.server.asked) == asked


# A million rows.


def test_a_million_rows_are_there_and_a_jump_to_the_end_shows_the_last(desk: Desk) -> None:
    assert desk.table.model.rowCount() == MILLION
    desk.press(Qt.Key.Key_End)
    assert desk.table.view.currentIndex().row() == MILLION - 1
    assert desk.names(MILLION - 1, MILLION - 1) == [f"مشتری شماره {MILLION - 1}"]
    desk.press(Qt.Key.Key_Home)
    assert desk.table.view.currentIndex().row() == 0


def test_a_held_page_down_never_shows_a_hole_once_answers_are_here(desk: Desk, qtbot: QtBot) -> None:
    desk.table.view.go_to(0)
    for _ in range(200):
        desk.press(Qt.Key.Key_PageDown)
    first, last = desk.table.view.in_sight()
    assert first > 1_000
    assert "" not in desk.names(first, last)
    assert len(desk.server.asked) < 60


def test_scrolling_asks_for_a_page_once(desk: Desk) -> None:
    bar = desk.table.view.verticalScrollBar()
    for place in range(0, 400 * ROW_HEIGHT, 7):
        bar.setValue(place)
        desk.held.answer_all()
    pages = [page for _, page in desk.server.asked]
    assert len(pages) == len(set(pages))


def test_painting_rows_asks_nobody(desk: Desk, qtbot: QtBot) -> None:
    asked = len(desk.server.asked)
    desk.table.grab()
    assert len(desk.server.asked) == asked
    assert desk.held.jobs == []


# Ticks.


def test_ticks_outlive_paging_and_sorting_and_end_with_another_search(desk: Desk) -> None:
    desk.click(2, 0)
    desk.table.view.go_to(700_000)
    desk.held.answer_all()
    desk.click(700_000, 0)
    assert desk.ticked() == 2
    desk.table.model.sort(4, Qt.SortOrder.DescendingOrder)
    desk.held.answer_all()
    assert desk.ticked() == 2
    desk.table.ask(Question(q="علی", sort="-overdue_amount"))
    assert desk.ticked() == 0


def test_all_filtered_rows_can_be_ticked_but_for_some(desk: Desk) -> None:
    desk.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert desk.ticked() == MILLION
    desk.click(1, 0)
    assert desk.ticked() == MILLION - 1
    desk.table.bar.buttons[-1].click()
    chosen = desk.chosen[0]
    assert chosen.everything == Question()
    assert chosen.count == MILLION - 1
    assert chosen.without == {"6140-307-1000001-1"}


def test_single_ticks_reach_the_action_as_records(desk: Desk) -> None:
    desk.click(3, 0)
    desk.click(1, 0)
    desk.table.bar.buttons[-1].click()
    chosen = desk.chosen[0]
    assert chosen.everything is None
    assert [record.customer_name for record in chosen.records.values()] == ["مشتری شماره 3", "مشتری شماره 1"]


def test_shift_ticks_a_range_and_control_a_single_row(desk: Desk) -> None:
    desk.click(2, 0)
    desk.click(6, 2, Qt.KeyboardModifier.ShiftModifier)
    assert desk.ticked() == 5
    desk.click(4, 2, Qt.KeyboardModifier.ControlModifier)
    assert desk.ticked() == 4


def test_space_ticks_and_escape_unticks(desk: Desk) -> None:
    desk.table.view.go_to(5)
    desk.press(Qt.Key.Key_Space)
    assert desk.ticked() == 1
    desk.press(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert desk.ticked() == 2
    desk.press(Qt.Key.Key_Escape)
    assert desk.ticked() == 0


def test_the_selection_bar_says_how_many_and_goes_with_the_last_tick(desk: Desk) -> None:
    assert not desk.table.bar.isVisible()
    desk.click(0, 0)
    assert desk.table.bar.isVisible()
    assert desk.table.bar.take_all.text() == "انتخاب همه ۱٬۰۰۰٬۰۰۰ پرونده"
    desk.table.bar.clear.click()
    assert not desk.table.bar.isVisible()


def test_the_box_in_the_head_ticks_all_and_none(desk: Desk) -> None:
    head = desk.table.view.head
    place = QPoint(head.sectionViewportPosition(0) + 16, 16)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.ticked() == MILLION
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.ticked() == 0


# Current row and keyboard.


def test_enter_a_double_click_and_the_link_open_the_record(desk: Desk) -> None:
    opened: list[object] = []
    desk.table.opened.connect(lambda record: opened.append(record.customer_name))
    desk.table.view.go_to(4)
    desk.press(Qt.Key.Key_Return)
    desk.click(2, 1)
    place = desk.table.view.visualRect(desk.table.model.index(3, 2)).center()
    QTest.mouseDClick(desk.table.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened == ["مشتری شماره 4", "مشتری شماره 2", "مشتری شماره 3"]


def test_a_refresh_keeps_the_same_record_current_where_it_moved(desk: Desk) -> None:
    desk.table.view.go_to(7)
    key = desk.table.spec.key(desk.table.current())
    fetch = desk.server.fetch

    def shifted(question: Question, page: int, size: int) -> object:
        answer = fetch(question, page, size)
        if page == 1:
            # Two rows came in above: everything stands two places lower.
            answer.items[:] = [
                *answer.items[50:52],
                *(row for row in answer.items if row not in answer.items[50:52]),
            ]
        return answer

    desk.table.feed._fetch = shifted  # type: ignore[assignment]
    desk.table.refresh()
    desk.held.answer_all()
    assert desk.table.spec.key(desk.table.current()) == key
    assert desk.table.view.currentIndex().row() == 9


def test_a_quick_action_shows_on_the_hovered_row_and_works(desk: Desk) -> None:
    view = desk.table.view
    QTest.mouseMove(view.viewport(), view.visualRect(desk.table.model.index(2, 2)).center())
    view._set_hovered(2)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.action_rect(2, 0).center())
    assert [record.customer_name for record in desk.called] == ["مشتری شماره 2"]  # type: ignore[attr-defined]


# Copying.


def test_copying_a_row_leaves_isolates_and_persian_digits_behind(desk: Desk) -> None:
    desk.table.view.go_to(4)
    desk.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert (
        QGuiApplication.clipboard().text()
        == "6140-307-1000004-1\tمشتری شماره ۴\t5\t31676000\t\tامروز".replace("شماره ۴", "شماره 4")
    )


def test_copying_ticked_rows_brings_the_heads_too(desk: Desk) -> None:
    desk.click(0, 0)
    desk.click(3, 0)
    desk.table.copy()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0].split("\t")[0] == "شماره تسهیلات"
    assert [line.split("\t")[0] for line in lines[1:]] == ["6140-307-1000000-1", "6140-307-1000003-1"]
    assert lines[1].split("\t")[4] == "1405/09/02"
    assert not any(mark in "".join(lines) for mark in "\u2066\u2067\u2068\u2069")


def test_copying_everything_reads_the_pages_that_are_missing(qtbot: QtBot, theme: Theme) -> None:
    desk = Desk(qtbot, theme, total=450).opened()
    desk.table.selection.take_everything()
    desk.click(2, 0)
    desk.table.copy()
    desk.held.answer_all()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 450
    assert "6140-307-1000002-1" not in "".join(lines)


def test_more_than_fits_into_a_clipboard_is_left_to_excel(desk: Desk) -> None:
    said: list[str] = []
    desk.table.said.connect(said.append)
    desk.table.selection.take_everything()
    desk.table.copy()
    assert said == ["بیش از ۵٬۰۰۰ ردیف را با «اکسل» بگیرید."]


# In place of rows.


def test_the_skeleton_shows_only_when_rows_are_late(qtbot: QtBot, theme: Theme) -> None:
    desk = Desk(qtbot, theme)
    desk.table.ask(Question())
    assert not desk.table.skeleton.isVisible()
    qtbot.waitUntil(desk.table.skeleton.isVisible, timeout=WAIT_MS * 20)
    assert desk.table.footer.count.text() == "در حال خواندن فهرست …"
    desk.held.answer_all()
    assert not desk.table.skeleton.isVisible()


def test_an_empty_list_says_what_to_do_and_offers_to_clear_filters(qtbot: QtBot, theme: Theme) -> None:
    desk = Desk(qtbot, theme, total=0).opened()
    assert desk.table.notice.isVisible()
    assert "پرونده معوقی نیست" in desk.table.notice.accessibleName()
    assert not desk.table._clear_filters.isVisible()
    desk.table.ask(Question(q="هیچ"))
    desk.held.answer_all()
    with qtbot.waitSignal(desk.table.filters_cleared):
        desk.table._clear_filters.click()


def test_a_list_that_cannot_be_read_offers_another_try(desk: Desk) -> None:
    desk.server.broken = True
    desk.table.ask(Question(q="رضا"))
    desk.held.answer_all()
    assert desk.table.notice.isVisible()
    assert desk.table.footer.count.text().startswith("ناموفق در ساعت")
    desk.server.broken = False
    desk.table._again.click()
    desk.held.answer_all()
    assert not desk.table.notice.isVisible()
    assert desk.table.footer.count.text() == "۵۰۰٬۰۰۰ پرونده از ۱٬۰۰۰٬۰۰۰"


def test_the_foot_counts_sums_and_says_what_is_in_sight(desk: Desk) -> None:
    foot = desk.table.footer
    assert foot.count.text() == "۱٬۰۰۰٬۰۰۰ پرونده"
    assert foot.sums.text() == "جمع مبلغ: ۳۹٬۸۷۶٬۴۵۰٬۰۰۰ ریال"
    assert foot.range.text().startswith("ردیف ۱ تا ")


# Columns.


def test_widths_choice_and_order_of_columns_are_remembered(
    qtbot: QtBot, theme: Theme, tmp_path: object
) -> None:
    settings = QSettings(f"{tmp_path}/client.ini", QSettings.Format.IniFormat)
    head = Desk(qtbot, theme, settings=settings).opened().table.view.head
    head.show_column("last_contact", shown=False)
    head.resizeSection(2, 333)
    head.moveSection(head.visualIndex(4), 1)
    other = Desk(qtbot, theme, settings=settings).opened().table.view.head
    assert not other.is_shown("last_contact")
    assert other.sectionSize(2) == 333
    assert other.order()[0] == "overdue_amount"
    other.restore_declared()
    assert other.order() == [column.key for column in COLUMNS]
    assert other.is_shown("last_contact")


def test_columns_fill_the_width_and_numbers_are_never_cut(desk: Desk) -> None:
    head = desk.table.view.head
    wide = sum(head.sectionSize(section) for section in range(head.count()))
    assert wide == desk.table.view.viewport().width()
    column = desk.table.model.columns[3]
    amount = QFontMetrics(desk.table._theme.font(13, 500, tabular=True))
    natural = amount.horizontalAdvance("۹۹۹٬۹۹۹٬۰۰۰") + 16
    assert column.key == "overdue_amount"
    desk.table.resize(560, 500)
    assert head.sectionSize(4) >= natural


def test_the_last_column_cannot_be_hidden(desk: Desk) -> None:
    head = desk.table.view.head
    for column in COLUMNS:
        head.show_column(column.key, shown=False)
    assert len(head.shown()) == 1
