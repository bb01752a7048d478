"""Small parts: buttons that can't be pressed twice, charts with round axes, texts that break, names that are told."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.client.kit.gallery_parts import Gallery
from vesal_client.kit.banner import Banner
from vesal_client.kit.bar_chart import Bar, BarChart, short, steps
from vesal_client.kit.buttons import Button, IconButton
from vesal_client.kit.dialogs import Question
from vesal_client.kit.focus import FocusRing
from vesal_client.kit.labels import broken
from vesal_client.kit.menus import Entry, Menu
from vesal_client.kit.tabs import Tabs
from vesal_client.kit.toggles import Switch
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import DARK, LIGHT, TONES


def test_a_busy_button_takes_no_press(theme: Theme, qtbot: QtBot) -> None:
    button = Button(theme, "ذخیره", look="primary")
    qtbot.addWidget(button)
    button.show()
    presses: list[int] = []
    button.clicked.connect(lambda: presses.append(1))
    button.clicked.connect(lambda: button.set_busy(True))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(button, Qt.MouseButton.LeftButton)
    QTest.keyClick(button, Qt.Key.Key_Space)
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert presses == [1]
    button.set_busy(False)
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert presses == [1, 1]


@pytest.mark.parametrize("highest", [0, 1, 3, 9, 25, 148, 999, 1_000, 76_543, 2_000_000])
def test_axes_have_few_round_steps(highest: int) -> None:
    step, count = steps(highest)
    assert step * count >= highest
    assert 1 <= count <= 4
    assert int(str(step).rstrip("0")) in {1, 2, 3, 5, 6, 8}


def test_long_numbers_on_an_axis_are_short() -> None:
    assert short(180) == "۱۸۰"
    assert short(20_000) == "۲۰ هزار"
    assert short(3_000_000) == "۳ میلیون"


def test_a_chart_is_told_in_words_and_turns_into_a_table(theme: Theme, qtbot: QtBot) -> None:
    chart = BarChart(theme, "تعداد پرونده")
    qtbot.addWidget(chart)
    chart.say([Bar("جاری", "۱ تا ۶۰ روز", 148), Bar("معوق", "۱۸۱ تا ۵۴۰", 52)])
    assert chart.accessibleName() == "تعداد پرونده. جاری ۱ تا ۶۰ روز: ۱۴۸؛ معوق ۱۸۱ تا ۵۴۰: ۵۲"
    chart.resize(360, 200)
    bars = chart.grab().toImage()
    chart.show_table(True)
    assert chart.grab().toImage() != bars


def test_lines_fit_and_never_end_in_a_space(theme: Theme) -> None:
    metrics = QFontMetrics(theme.font(13))
    text = "۲ کاربر و ۳۱ پرونده به این شعبه وابسته‌اند، پس حذف نمی‌شود. می‌توانید آن را غیرفعال کنید."
    for width in (120, 200, 333):
        lines = broken(text, metrics, width)
        assert " ".join(lines) == text
        assert all(line == line.strip() and metrics.horizontalAdvance(line) <= width for line in lines)


def test_tabs_go_with_the_arrows_as_persian_is_read(theme: Theme, qtbot: QtBot) -> None:
    tabs = Tabs(theme, ("ضامن‌ها", "اطلاع‌رسانی", "سوابق"))
    qtbot.addWidget(tabs)
    QTest.keyClick(tabs, Qt.Key.Key_Left)
    assert tabs.current() == 1
    QTest.keyClick(tabs, Qt.Key.Key_Right)
    QTest.keyClick(tabs, Qt.Key.Key_Right)
    assert tabs.current() == 0
    assert tabs.accessibleName() == "ضامن‌ها"


def test_a_menu_skips_what_cannot_be_done(theme: Theme, qtbot: QtBot) -> None:
    done: list[str] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    menu = Menu(
        theme,
        [
            Entry("یک", act=lambda: done.append("یک")),
            None,
            Entry("دو", enabled=False),
            Entry("سه", act=lambda: done.append("سه")),
        ],
        parent,
    )
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(menu, key)
    assert done == ["سه"]


def test_a_question_answers_with_what_was_pressed(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    question = Question(theme, window, "شعبه حذف شود؟", "۲ کاربر به آن وابسته‌اند.", "حذف", danger=True)
    # What destroys isn't what Enter does.
    assert window.focusWidget() is question.sheet.findChildren(Button)[-1]
    with qtbot.waitSignal(question.answered) as answered:
        QTest.mouseClick(question.sheet.findChildren(Button)[0], Qt.MouseButton.LeftButton)
    assert answered.args == ["yes"]


def test_a_switch_is_on_at_the_lines_end(theme: Theme, qtbot: QtBot) -> None:
    switch = Switch(theme, "فعال")
    qtbot.addWidget(switch)
    switch.resize(switch.sizeHint())
    off = switch.grab().toImage()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert switch.isChecked()
    assert switch.grab().toImage() != off


def test_a_banner_is_heard_as_it_is_read(theme: Theme, qtbot: QtBot) -> None:
    banner = Banner(theme)
    qtbot.addWidget(banner)
    banner.say("نامه \u2066۱۴۰۵/۶۱۴۰/۰۰۰۱۱۸\u2069 باطل شد.", "bad", link="دیدن نامه")
    assert banner.accessibleName() == "نامه ۱۴۰۵/۶۱۴۰/۰۰۰۱۱۸ باطل شد."


def test_the_gallery_is_painted_in_both_themes(theme: Theme, qtbot: QtBot) -> None:
    pictures = []
    for mode in ("light", "dark"):
        theme.set_mode("light" if mode == "light" else "dark")
        gallery = Gallery(theme)
        qtbot.addWidget(gallery)
        pictures.append(gallery.grab().toImage())
        for button in gallery.findChildren(IconButton):
            assert button.accessibleName()
    theme.set_mode("light")
    assert pictures[0] != pictures[1]
    assert (
        pictures[0].pixelColor(4, 4).name().upper() == LIGHT.canvas
        or pictures[0].pixelColor(30, 30).isValid()
    )


def test_every_icon_can_be_drawn(theme: Theme) -> None:
    from vesal_resources import __file__ as resources

    names = [path.stem for path in (Path(str(resources)).parent / "icons").glob("*.svg")]
    assert len(names) > 60
    for name in names:
        image = theme.pixmap(name, 20, "text").toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(20) for y in range(20)), name


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: str, ground: str) -> float:
    high, low = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_every_text_can_be_read_on_its_grounds(tokens: object) -> None:
    def colour(name: str) -> str:
        return str(getattr(tokens, name))

    grounds = {
        "text": ("canvas", "side", "surface", "sunken", "hover", "sel", "soft"),
        "text2": ("canvas", "side", "surface", "sunken", "hover", "sel", "soft"),
        "text3": ("canvas", "surface", "sunken", "side"),
        "accent": ("surface", "canvas", "soft", "sel"),
        "on_accent": ("accent", "pressed"),
        "inverted": ("text",),
        "inverted_link": ("text",),
    }
    for ink, places in grounds.items():
        for place in places:
            assert contrast(colour(ink), colour(place)) >= 4.5, (ink, place)
    for tone in TONES:
        for place in (f"{tone}_ground", "surface"):
            assert contrast(colour(tone), colour(place)) >= 4.5, (tone, place)
    for edge in ("edge", "bar1", "bar2", "bar3", "bar4"):
        assert contrast(colour(edge), colour("surface")) >= 2.8, edge


def test_the_ring_goes_where_a_key_moves_the_focus_and_follows(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 200)
    first, second = Button(theme, "یک", parent=window), Button(theme, "دو", parent=window)
    first.move(10, 10)
    second.move(200, 100)
    ring = FocusRing(theme, window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert ring.isVisible()
    assert ring.geometry() == second.geometry().adjusted(-4, -4, 4, 4)
    second.move(150, 50)
    assert ring.geometry() == second.geometry().adjusted(-4, -4, 4, 4)
    # The focus of what goes away passes on, and the ring with it.
    second.hide()
    assert ring.geometry() == first.geometry().adjusted(-4, -4, 4, 4)
    first.hide()
    assert not ring.isVisible()
