"""From the log-in screen to pages and back, against the real service; and what happens when it goes away."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from tests.client.pages.conftest import MINE, OFFICER
from tests.client.shell.conftest import Start
from tests.client.typing import type_in
from tests.client.wire.bad_server import answer, bad_server, says
from tests.conftest import Service
from tests.worlds import PASSWORD
from vesal_client.app import Client
from vesal_client.kit.dialogs import Veil
from vesal_client.pages.home import HomePage
from vesal_client.shell import keyboard
from vesal_client.shell.password_again import PasswordAgain
from vesal_client.shell.search_anywhere import SearchAnywhere


def log_in(client: Client, qtbot: QtBot, name: str = OFFICER, password: str = PASSWORD) -> None:
    entry = client.window.login.entry
    entry.username.set_text(name)
    entry.password.edit.setText(password)
    with qtbot.waitSignal(client.session.started, timeout=20_000):
        QTest.keyClick(entry.password.edit, Qt.Key.Key_Return)
    settle(client, qtbot)


def settle(client: Client, qtbot: QtBot) -> None:
    quiet = 0

    def still() -> bool:
        nonlocal quiet
        quiet = quiet + 1 if client.work.under_way == 0 else 0
        return quiet > 12

    qtbot.waitUntil(still, timeout=30_000)


def press(
    client: Client, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press a shortcut; they work in the active window alone."""
    client.window.activateWindow()
    qtbot.waitUntil(client.window.isActiveWindow)
    QTest.keyClick(client.window, key, modifier)


def end_sessions(service: Service) -> None:
    with service.database.transaction() as connection:
        connection.execute(text("DELETE FROM session"))


def test_a_wrong_password_is_said_and_the_right_one_opens_home(client: Client, qtbot: QtBot) -> None:
    entry = client.window.login.entry
    entry.username.set_text(OFFICER)
    entry.password.edit.setText("نادرست")
    QTest.keyClick(entry.password.edit, Qt.Key.Key_Return)
    assert entry.button.busy
    qtbot.waitUntil(lambda: entry.alarm.text() != "", timeout=20_000)
    assert entry.alarm.text().startswith("نام کاربری یا کلمه عبور درست نیست.")
    assert not entry.button.busy
    log_in(client, qtbot)
    assert client.window.inside.current_code == "home"
    assert isinstance(client.window.inside.current_page, HomePage)
    assert client.window.login.entry.password.edit.text() == ""


def test_an_empty_form_asks_for_what_is_missing(client: Client, qtbot: QtBot) -> None:
    entry = client.window.login.entry
    entry.press()
    assert entry.alarm.text() == "نام کاربری و کلمه عبور را بنویسید."
    assert not entry.button.busy
    assert not client.session.open


def test_a_persian_keyboard_is_told(client: Client) -> None:
    entry = client.window.login.entry
    type_in(entry.username.edit, "دسشقثد")
    assert entry.note.isVisibleTo(entry)
    assert keyboard.typed_persian("سلام")
    assert not keyboard.typed_persian("abc۱۲۳")


def test_the_menu_has_what_the_user_may_open(client: Client, qtbot: QtBot) -> None:
    log_in(client, qtbot)
    codes = set(client.window.inside.menu._entries)
    assert {"home", "overdue_cases", "print_queue"} <= codes
    assert "data_reception" not in codes
    assert "users" not in codes
    assert not client.window.inside.can_open("data_reception")
    client.window.inside.open_page("data_reception")
    assert client.window.inside.current_code == "home"


def test_the_home_page_shows_the_scopes_figures(client: Client, qtbot: QtBot) -> None:
    log_in(client, qtbot)
    page = client.window.inside.current_page
    assert isinstance(page, HomePage)
    assert page.ready()
    spoken = page.figures.accessibleName()
    assert "پرونده‌های معوق: ۲۴۰ پرونده" in spoken
    assert f"در {'۲۴۰'} تسهیلات" in spoken
    assert page.chart.accessibleName().startswith("تعداد پرونده. جاری ۱ تا ۶۰ روز: ۶۰")
    assert MINE == 240


def test_a_row_of_the_home_page_opens_its_facility(client: Client, qtbot: QtBot) -> None:
    log_in(client, qtbot)
    page = client.window.inside.current_page
    assert isinstance(page, HomePage)
    page.work.setFocus()
    page.work.setCurrentIndex(page.work.model().index(0, 0))
    QTest.keyClick(page.work, Qt.Key.Key_Return)
    assert client.window.inside.current_code == "overdue_cases"
    settle(client, qtbot)


def test_tabs_open_close_and_go_round(client: Client, qtbot: QtBot) -> None:
    log_in(client, qtbot)
    window = client.window.inside
    window.open_page("overdue_cases")
    window.open_page("print_queue")
    settle(client, qtbot)
    assert window.header.tabs.codes == ["home", "overdue_cases", "print_queue"]
    press(client, qtbot, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert window.current_code == "home"
    press(client, qtbot, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert window.current_code == "home"
    window.open_page("overdue_cases")
    press(client, qtbot, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert window.header.tabs.codes == ["home", "print_queue"]
    settle(client, qtbot)


def test_search_finds_while_typing_and_enter_opens(client: Client, qtbot: QtBot) -> None:
    log_in(client, qtbot)
    press(client, qtbot, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    search = client.window.findChild(SearchAnywhere)
    assert isinstance(search, SearchAnywhere)
    type_in(search.edit, "معوق")
    assert [line.page for line in search.results.found] == ["overdue_cases"]
    search.edit.clear()
    type_in(search.edit, "1400005")
    qtbot.waitUntil(lambda: any(line.section == "تسهیلات" for line in search.results.found), timeout=20_000)
    QTest.keyClick(search.edit, Qt.Key.Key_Return)
    assert client.window.inside.current_code == "overdue_cases"
    settle(client, qtbot)


def test_escape_closes_what_lies_over_the_page(client: Client, qtbot: QtBot) -> None:
    log_in(client, qtbot)
    client.window.inside.open_search()
    assert client.window.inside.covered
    press(client, qtbot, Qt.Key.Key_Escape)
    assert not client.window.inside.covered


def test_an_ended_session_asks_for_the_password_and_goes_on(
    client: Client, bank: Service, qtbot: QtBot
) -> None:
    log_in(client, qtbot)
    end_sessions(bank)
    page = client.window.inside.current_page
    assert isinstance(page, HomePage)
    with qtbot.waitSignal(client.session.ended, timeout=20_000):
        page.refresh()
    again = client.window.findChild(PasswordAgain)
    assert isinstance(again, PasswordAgain)
    again.password.edit.setText("نادرست")
    again.press()
    qtbot.waitUntil(lambda: again.alarm.text() != "", timeout=20_000)
    again.password.edit.setText(PASSWORD)
    with qtbot.waitSignal(client.session.renewed, timeout=20_000):
        again.press()
    settle(client, qtbot)
    assert page.ready()
    assert client.window.inside.current_code == "home"
    assert not [veil for veil in client.window.findChildren(Veil) if veil.isVisible()]


def test_logging_out_closes_the_pages(client: Client, qtbot: QtBot) -> None:
    log_in(client, qtbot)
    token = client.http.token
    assert token
    client.session.log_out()
    assert client.http.token == ""
    assert client.window.inside.current_code == ""
    settle(client, qtbot)
    assert client.window.login.isVisible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_chosen_and_remembered(client: Client, qtbot: QtBot, theme: str) -> None:
    log_in(client, qtbot)
    client.window.inside._choose_theme("dark" if theme == "dark" else "light")
    assert client.theme.dark == (theme == "dark")
    assert client.settings.value("look/theme") == theme
    assert client.window.grab().toImage().pixelColor(600, 60).name().upper() == client.theme.tokens.canvas


def test_nobody_there_is_told_and_tried_again(start: Start, qtbot: QtBot) -> None:
    with bad_server(says(answer(b'{"status":"ok"}'))) as server:
        url = server.url
    client = start(url)
    qtbot.waitUntil(lambda: client.window.connection.seconds_left > 0, timeout=20_000)
    said = [label.text() for label in client.window.login.findChildren(QLabel)]
    assert any("نگارش" in words for words in said)
    assert not client.window.connection.online


def test_the_server_coming_back_is_noticed(start: Start, qtbot: QtBot) -> None:
    with bad_server(says(goes_on=False)) as server:
        connection = start(server.url).window.connection
        qtbot.waitUntil(lambda: not connection.online, timeout=20_000)
        server.behave(says(answer(b'{"status":"ok"}')))
        connection.try_now()
        qtbot.waitUntil(lambda: connection.online, timeout=20_000)


def test_the_gui_goes_on_while_the_server_is_silent(start: Start, qtbot: QtBot) -> None:
    with bad_server(says(answer(b'{"status":"ok"}'))) as server:
        client = start(server.url)
        qtbot.waitUntil(lambda: client.work.under_way == 0)
        server.behave(server.silent)
        entry = client.window.login.entry
        entry.username.set_text("somebody")
        entry.password.edit.setText("something")
        entry.press()
        entry.press()
        type_in(entry.username.edit, "x")
        qtbot.waitUntil(lambda: any(b"POST /api/v1/session" in one for one in server.requests))
        assert sum(b"POST /api/v1/session" in one for one in server.requests) == 1
        assert entry.button.busy
        client.close()


def test_the_status_line_says_who_where_and_of_which_day(client: Client, bank: Service, qtbot: QtBot) -> None:
    log_in(client, qtbot)
    qtbot.waitUntil(
        lambda: "آخرین دریافت اطلاعات" in client.window.inside.status.accessibleName(), timeout=20_000
    )
    spoken = client.window.inside.status.accessibleName()
    assert "۶۱۴۰" in spoken
    assert "حوزه: شعبه" in spoken
    assert "متصل" in spoken
    assert bank.clock.today() == dt.date(2026, 11, 24)
    assert "۱۴۰۵/۰۹/۰۳" in spoken
