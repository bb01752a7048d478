"""The filter bar: what it says, what it sends, how it is edited, kept and cleared."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from vesal_client.kit.filters.bar import FilterBar
from vesal_client.kit.filters.choices import ChoiceList
from vesal_client.kit.filters.column_chooser import ColumnChooser
from vesal_client.kit.filters.declared import (
    Chosen,
    Dates,
    Filter,
    FilterKind,
    Range,
    Value,
    as_parameters,
    as_stored,
    from_stored,
    said,
)
from vesal_client.kit.filters.editors import ChoiceEditor, DatesEditor, EditorPopup, RangeEditor
from vesal_client.look.theme import Theme
from vesal_shared.messages.lists import Choice

TODAY = dt.date(2026, 11, 24)
BRANCHES = tuple(Choice(code=str(6140 + number), title=f"شعبه {number}") for number in range(12))
FILTERS = (
    Filter("days", "روز معوقه", FilterKind.NUMBERS, unit="روز"),
    Filter("branch", "شعبه", FilterKind.SOME_OF, choices=BRANCHES),
    Filter("expert", "کارشناس", FilterKind.ONE_OF),
    Filter("date", "تاریخ", FilterKind.DATES),
    Filter("amount", "مبلغ", FilterKind.MONEY, bar=False),
    Filter("contacted_before", "بدون تماس از", FilterKind.DAY, bar=False),
)


@pytest.fixture
def make(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Callable[[], FilterBar]:
    settings = QSettings(str(tmp_path / "client.ini"), QSettings.Format.IniFormat)

    def made() -> FilterBar:
        bar = FilterBar(theme, FILTERS, lambda: TODAY, name="cases", settings=settings)
        qtbot.addWidget(bar)
        bar.resize(900, 40)
        bar.show()
        qtbot.waitExposed(bar)
        return bar

    return made


@pytest.fixture
def bar(make: Callable[[], FilterBar]) -> FilterBar:
    return make()


def popup() -> EditorPopup:
    found = [
        each for each in QApplication.topLevelWidgets() if isinstance(each, EditorPopup) and each.isVisible()
    ]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (FilterKind.NUMBERS, Range(31, None), "۳۱ و بیشتر"),
        (FilterKind.NUMBERS, Range(None, 60), "تا ۶۰"),
        (FilterKind.NUMBERS, Range(61, 180), "۶۱ تا ۱۸۰"),
        (FilterKind.NUMBERS, Range(5, 5), "۵"),
        (FilterKind.MONEY, Range(50_000_000, None), "۵۰ میلیون و بیشتر"),
        (FilterKind.MONEY, Range(None, 1_250_000), "تا ۱٬۲۵۰٬۰۰۰"),
        (FilterKind.DATES, Dates(TODAY, None), "از ۱۴۰۵/۰۹/۰۳"),
        (FilterKind.DAY, Dates(TODAY, TODAY), "۱۴۰۵/۰۹/۰۳"),
        (FilterKind.SOME_OF, Chosen(BRANCHES[:1]), "شعبه 0"),
        (FilterKind.SOME_OF, Chosen(BRANCHES[:2]), "شعبه 0 و شعبه 1"),
        (FilterKind.SOME_OF, Chosen(BRANCHES[:4]), "شعبه 0 و ۳ مورد دیگر"),
    ],
)
def test_a_chip_says_what_is_set(kind: FilterKind, value: Value, words: str) -> None:
    assert said(kind, value) == words


def test_the_server_gets_ranges_and_each_choice_by_name() -> None:
    values: dict[str, Value] = {
        "branch": Chosen(BRANCHES[:2]),
        "days": Range(31, None),
        "date": Dates(None, TODAY),
        "contacted_before": Dates(TODAY, TODAY),
    }
    assert as_parameters(FILTERS, values) == (
        ("days_from", "31"),
        ("branch", "6140"),
        ("branch", "6141"),
        ("date_to", "2026-11-24"),
        ("contacted_before", "2026-11-24"),
    )


_numbers = st.none() | st.integers(0, 10**15)
_days = st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1))


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "days": st.builds(Range, _numbers, _numbers),
            "amount": st.builds(Range, _numbers, _numbers),
            "date": st.builds(Dates, _days, _days),
            "branch": st.lists(st.sampled_from(BRANCHES), unique_by=lambda each: each.code).map(
                lambda chosen: Chosen(tuple(chosen))
            ),
        },
    )
)
def test_what_is_kept_comes_back(values: dict[str, Value]) -> None:
    narrowing = {key: value for key, value in values.items() if value}
    assert from_stored(FILTERS, as_stored(values)) == narrowing


def test_what_an_older_client_kept_is_passed_over() -> None:
    kept = {
        "gone": {"numbers": [1, 2]},
        "days": "31",
        "date": {"days": ["1405", None]},
        "amount": {"numbers": [1, None]},
    }
    assert from_stored(FILTERS, kept) == {"amount": Range(1, None)}


def test_unset_filters_of_the_bar_ask_and_the_others_wait_under_more(bar: FilterBar) -> None:
    assert [key for key, chip in bar._chips.items() if chip.isVisible()] == [
        "days",
        "branch",
        "expert",
        "date",
    ]
    assert bar.add.isVisible()
    bar.put({"amount": Range(1, None), "contacted_before": Dates(TODAY, TODAY)})
    assert bar._chips["amount"].isVisible()
    assert not bar.add.isVisible()


def test_a_list_of_one_narrows_nothing_and_is_not_offered(bar: FilterBar) -> None:
    bar.set_choices("expert", BRANCHES[:1])
    assert not bar._chips["expert"].isVisible()
    bar.set_choices("expert", BRANCHES[:2])
    assert bar._chips["expert"].isVisible()


def test_a_range_is_typed_in_any_digits_and_applied_by_enter(bar: FilterBar, qtbot: QtBot) -> None:
    bar._chips["days"].click()
    editor = popup().editor
    assert isinstance(editor, RangeEditor)
    editor.low.set_text("۳۱")
    with qtbot.waitSignal(bar.changed):
        QTest.keyClick(editor.high.edit, Qt.Key.Key_Return)
    assert bar.parameters() == (("days_from", "31"),)
    assert bar._chips["days"].value == "۳۱ و بیشتر"


def test_a_turned_range_stays_open_and_says_so(bar: FilterBar) -> None:
    bar._chips["days"].click()
    editor = popup().editor
    assert isinstance(editor, RangeEditor)
    editor.low.set_text("60")
    editor.high.set_text("30")
    editor.apply()
    assert editor.error.isVisible()
    assert bar.parameters() == ()
    popup().close()
    assert not bar._chips["days"]._open


def test_a_day_range_is_one_press_for_the_last_week(bar: FilterBar) -> None:
    bar._chips["date"].click()
    editor = popup().editor
    assert isinstance(editor, DatesEditor)
    editor._take_back(6)
    assert bar.parameters() == (("date_from", "2026-11-18"), ("date_to", "2026-11-24"))


def test_several_branches_are_ticked_and_applied_together(bar: FilterBar) -> None:
    bar._chips["branch"].click()
    editor = popup().editor
    assert isinstance(editor, ChoiceEditor)
    editor.list._press(0)
    editor.list._press(2)
    editor.list._press(0)
    editor.apply()
    assert bar.parameters() == (("branch", "6142"),)


def test_the_cross_clears_and_says_so(bar: FilterBar, qtbot: QtBot) -> None:
    bar.put({"days": Range(31, None)})
    chip = bar._chips["days"]
    with qtbot.waitSignal(bar.changed):
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=chip._cross().center())
    assert bar.values() == {}


def test_search_asks_once_typing_rests_and_at_once_on_enter(bar: FilterBar, qtbot: QtBot) -> None:
    asked: list[str] = []
    bar.search.searched.connect(asked.append)
    for length in range(1, 4):
        bar.search.edit.setText("abc"[:length])
        bar.search.changed.emit()
    assert asked == []
    qtbot.waitUntil(lambda: asked == ["abc"], timeout=5_000)
    bar.search.edit.setText("abcd")
    QTest.keyClick(bar.search.edit, Qt.Key.Key_Return)
    assert asked == ["abc", "abcd"]
    QTest.keyClick(bar.search.edit, Qt.Key.Key_Escape)
    assert asked == ["abc", "abcd", ""]


def test_filters_are_kept_under_a_name_and_used_by_another_window(make: Callable[[], FilterBar]) -> None:
    first = make()
    first.put({"days": Range(31, None), "branch": Chosen(BRANCHES[:1])}, "علی")
    first.keep("معوق اکباتان")
    second = make()
    assert list(second.kept()) == ["معوق اکباتان"]
    second.use("معوق اکباتان")
    assert second.parameters() == first.parameters()
    assert second.search.words() == "علی"
    second.forget("معوق اکباتان")
    assert make().kept() == {}


def test_a_long_list_is_searched_in_any_spelling(qtbot: QtBot, theme: Theme) -> None:
    choices = [*BRANCHES, Choice(code="7001", title="گیشا‌ی شمالی")]
    listed = ChoiceList(theme, choices, (), several=False)
    qtbot.addWidget(listed)
    listed._field.set_text("گيشای")
    listed._search()
    assert [listed.entry(row).code for row in range(listed._entries.rowCount())] == ["7001"]
    listed._field.set_text("۶۱۴۳")
    listed._search()
    assert [listed.entry(row).code for row in range(listed._entries.rowCount())] == ["6143"]


def test_columns_are_chosen_in_a_popup(qtbot: QtBot, theme: Theme) -> None:
    from tests.client.kit.test_table import Desk

    desk = Desk(qtbot, theme).opened()
    head = desk.table.view.head
    chooser = ColumnChooser(theme, head, desk.table)
    chooser.boxes["promise"].click()
    assert not head.is_shown("promise")
    for box in chooser.boxes.values():
        if box.isChecked():
            box.click()
    assert len(head.shown()) == 1
    assert sum(box.isChecked() for box in chooser.boxes.values()) == 1
