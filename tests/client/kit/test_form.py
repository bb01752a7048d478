"""Forms: what is typed becomes real types; errors stand beside their fields; keys go on and save."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.client.typing import type_in
from vesal_client.kit.fields import TextField
from vesal_client.kit.form.declared import Field, Kind
from vesal_client.kit.form.form import Form
from vesal_client.kit.options import Option, matching
from vesal_client.kit.picker import Picker
from vesal_client.look.theme import Theme
from vesal_shared.problems import INVALID_VALUE, FieldError, Problem, Refusal

TODAY = dt.date(2026, 11, 24)
BRANCHES = [
    Option("6140", "اکباتان", "۶۱۴۰"),
    Option("6152", "ستارخان", "۶۱۵۲"),
    Option("6171", "پونک", "۶۱۷۱"),
]
FIELDS = (
    Field("name", "نام", required=True),
    Field("mobile", "تلفن همراه", Kind.MOBILE),
    Field("amount", "مبلغ (ریال)", Kind.MONEY),
    Field("due", "تاریخ", Kind.DATE, earliest=lambda: TODAY),
    Field("branch", "شعبه", Kind.PICKER, options=BRANCHES, required=True),
)


@pytest.fixture
def form(theme: Theme, qtbot: QtBot) -> Form:
    """A form of five fields."""
    made = Form(theme, FIELDS, lambda: TODAY)
    qtbot.addWidget(made)
    made.resize(640, 400)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def edit(form: Form, key: str) -> "TextField":
    control = form.rows[key].control
    assert isinstance(control, TextField)
    return control


def test_values_are_real_types(form: Form, qtbot: QtBot) -> None:
    type_in(edit(form, "name").edit, "  مهري   شكوهى ")
    type_in(edit(form, "mobile").edit, "09120004471")
    type_in(edit(form, "amount").edit, "80000000")
    type_in(edit(form, "due").edit, "1405/9/8")
    type_in(edit(form, "branch").edit, "ستار")
    QTest.keyClick(edit(form, "branch").edit, Qt.Key.Key_Return)
    assert edit(form, "amount").edit.text() == "۸۰٬۰۰۰٬۰۰۰"
    assert edit(form, "mobile").edit.text() == "۰۹۱۲۰۰۰۴۴۷۱"
    assert form.validate()
    assert form.values() == {
        "name": "مهری شکوهی",
        "mobile": "09120004471",
        "amount": 80_000_000,
        "due": dt.date(2026, 11, 29),
        "branch": "6152",
    }


def test_digits_in_the_middle_of_an_amount_keep_the_cursor(form: Form, qtbot: QtBot) -> None:
    field = edit(form, "amount")
    field.set_amount(1_234_567)
    field.edit.setCursorPosition(5)
    type_in(field.edit, "9")
    assert field.amount() == 12_349_567
    type_in(field.edit, "0")
    assert field.amount() == 123_490_567


def test_saving_shows_every_error_and_goes_to_the_first(form: Form, qtbot: QtBot) -> None:
    asked: list[int] = []
    form.save_asked.connect(lambda: asked.append(1))
    type_in(edit(form, "mobile").edit, "0912")
    form.ask_save()
    assert asked == []
    assert form.rows["name"].note.error == "این کادر را پر کنید."
    assert "یازده رقم" in form.rows["mobile"].note.error
    assert form.rows["amount"].note.error == ""
    assert form.focusWidget() is edit(form, "name").edit
    type_in(edit(form, "name").edit, "مهری")
    assert form.rows["name"].note.error == ""


def test_leaving_a_field_checks_it_only_if_something_was_typed(form: Form, qtbot: QtBot) -> None:
    row = form.rows["mobile"]
    edit(form, "mobile").left.emit()
    assert row.note.error == ""
    type_in(edit(form, "mobile").edit, "12")
    edit(form, "mobile").left.emit()
    assert row.note.error != ""


def test_enter_goes_on_and_from_the_last_field_saves(form: Form, qtbot: QtBot) -> None:
    edit(form, "name").edit.setFocus()
    QTest.keyClick(edit(form, "name").edit, Qt.Key.Key_Return)
    assert form.focusWidget() is edit(form, "mobile").edit
    form.fill({"name": "مهری", "branch": "6140"})
    with qtbot.waitSignal(form.save_asked):
        QTest.keyClick(edit(form, "branch").edit, Qt.Key.Key_Return)
    with qtbot.waitSignal(form.save_asked):
        QTest.keyClick(edit(form, "name").edit, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)


def test_a_date_too_early_says_from_when(form: Form) -> None:
    form.fill({"name": "مهری", "branch": "6140", "due": TODAY - dt.timedelta(days=1)})
    assert not form.validate()
    assert form.rows["due"].note.error == "تاریخ باید ۱۴۰۵/۰۹/۰۳ یا پس از آن باشد."


def test_the_servers_words_stand_beside_their_fields(form: Form) -> None:
    taken = Problem("taken", "این شماره از آن دیگری است.")
    refusal = Refusal(INVALID_VALUE, errors=[FieldError("mobile", taken)])
    assert form.show_refusal(refusal)
    assert form.rows["mobile"].note.error == "این شماره از آن دیگری است."
    assert not form.show_refusal(Refusal(INVALID_VALUE, errors=[FieldError("elsewhere", taken)]))


def test_dirty_until_it_is_saved(form: Form, qtbot: QtBot) -> None:
    assert not form.dirty
    with qtbot.waitSignal(form.dirty_changed):
        type_in(edit(form, "name").edit, "م")
    assert form.dirty
    form.saved()
    assert not form.dirty


def test_wide_windows_have_two_columns(form: Form, qtbot: QtBot) -> None:
    assert form.rows["mobile"].y() == form.rows["name"].y()
    assert form.rows["mobile"].x() < form.rows["name"].x()
    form.resize(400, 600)
    qtbot.waitUntil(lambda: form.rows["mobile"].y() > form.rows["name"].y())


def test_pickers_find_by_a_part_of_title_or_code() -> None:
    assert [one.title for one in matching(BRANCHES, "۶۱")] == ["اکباتان", "ستارخان", "پونک"]
    assert [one.title for one in matching(BRANCHES, "71")] == ["پونک"]
    assert [one.title for one in matching(BRANCHES, "خان")] == ["ستارخان"]
    assert matching(BRANCHES, "زز") == []


def test_a_picker_goes_through_its_options_with_the_arrows(theme: Theme, qtbot: QtBot) -> None:
    picker = Picker(theme, "شعبه", BRANCHES)
    qtbot.addWidget(picker)
    picker.show()
    picker.edit.setFocus()
    QTest.keyClick(picker.edit, Qt.Key.Key_Down)
    assert picker.list_open
    QTest.keyClick(picker.edit, Qt.Key.Key_Down)
    with qtbot.waitSignal(picker.picked) as picked:
        QTest.keyClick(picker.edit, Qt.Key.Key_Return)
    assert picked.args == [BRANCHES[1]]
    assert not picker.list_open
    picker.edit.selectAll()
    with qtbot.waitSignal(picker.picked) as emptied:
        QTest.keyClick(picker.edit, Qt.Key.Key_Delete)
        picker.left.emit()
    assert emptied.args == [None]
