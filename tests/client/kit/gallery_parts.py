"""The gallery's three cards: buttons and chips; fields and tabs; dialog, menu and messages."""

import datetime as dt
from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from vesal_client.kit.banner import Banner
from vesal_client.kit.buttons import Button, Look
from vesal_client.kit.cards import Card
from vesal_client.kit.chips import Chip
from vesal_client.kit.date_field import DateField
from vesal_client.kit.dialogs import Sheet
from vesal_client.kit.field_words import FieldLabel, Note
from vesal_client.kit.fields import TextField
from vesal_client.kit.focus import FocusRing
from vesal_client.kit.labels import Label
from vesal_client.kit.menus import Entry, Menu
from vesal_client.kit.options import Option, OptionList
from vesal_client.kit.progress import ProgressBar
from vesal_client.kit.tabs import Tabs
from vesal_client.kit.toast import Toast
from vesal_client.kit.toggles import CheckBox, Radio, Switch
from vesal_client.look.theme import Theme

TODAY = dt.date(2026, 11, 24)


class Gallery(QWidget):
    """All parts at once."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.rings: list[tuple[FocusRing, QWidget]] = []
        self.setFixedSize(1280, 720)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 16, 16, 16)
        line.setSpacing(12)
        for make in (self._first, self._second, self._third):
            card = Card(theme, margins=(17, 12, 17, 12))
            make(card.body)
            card.body.addStretch(1)
            line.addWidget(card, 1)

    def heading(self, text: str) -> Label:
        return Label(self.theme, text, size=14, weight=600)

    def _first(self, body: QVBoxLayout) -> None:
        theme = self.theme
        body.addWidget(self.heading("دکمه"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(14)
        for column, word in enumerate(("عادی", "اشاره", "فوکوس", "غیرفعال")):
            label = Label(theme, word, size=11, colour="text3")
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(label, 0, column)
        looks: tuple[Look, ...] = ("primary", "plain", "quiet", "danger")
        for row, look in enumerate(looks, 1):
            for column in range(4):
                button = Button(theme, "حذف" if look == "danger" else "ذخیره", look=look)
                button.setFixedWidth(72)
                if column == 1:
                    button.setDown(True)
                if column == 2:
                    self.rings.append((FocusRing(theme, self), button))
                button.setEnabled(column != 3)
                grid.addWidget(button, row, column)
        grid.setColumnStretch(4, 1)
        body.addLayout(grid)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(Button(theme, "ثبت پیگیری", look="primary", icon="phone"))
        line.addWidget(Button(theme, "اکسل", icon="table"))
        line.addSpacing(16)
        line.addWidget(Button(theme, "دیدن همه", look="link"))
        line.addStretch(1)
        body.addLayout(line)
        body.addWidget(self.heading("برچسب"))
        for chips in (
            (
                ("جاری", "info", ""),
                ("سررسید گذشته", "warn", ""),
                ("معوق", "bad", ""),
                ("مشکوک‌الوصول", "neutral", ""),
            ),
            (
                ("ایفا شد", "ok", "check"),
                ("در انتظار سررسید", "info", "clock"),
                ("ایفا نشد", "bad", "close"),
                ("جایگزین شد", "neutral", "swap"),
            ),
            (
                ("ضامن", "neutral", ""),
                ("توقف پیگیری", "warn", "pause"),
                ("عدم تماس", "bad", "phone"),
                ("رسید", "ok", "check"),
            ),
        ):
            line = QHBoxLayout()
            line.setSpacing(6)
            for text, tone, icon in chips:
                line.addWidget(Chip(theme, text, tone, icon))
            line.addStretch(1)
            body.addLayout(line)
        body.addWidget(self.heading("گزینش"))
        line = QHBoxLayout()
        line.setSpacing(16)
        check, empty = CheckBox(theme, "پیامک"), CheckBox(theme, "ایمیل")
        check.setChecked(True)
        on, off = Radio(theme, "وام‌گیرنده"), Radio(theme, "ضامن")
        on.setChecked(True)
        lit, dark = Switch(theme, "فعال"), Switch(theme, "غیرفعال")
        lit.setChecked(True)
        for part in (check, empty, on, off, lit, dark):
            line.addWidget(part)
        line.addStretch(1)
        body.addLayout(line)
        body.addWidget(self.heading("پیشرفت"))
        bar = ProgressBar(theme)
        bar.say(40, 100)
        body.addWidget(bar)

    def _second(self, body: QVBoxLayout) -> None:
        theme = self.theme
        body.setSpacing(3)
        body.addWidget(self.heading("کادر"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)

        def put(
            row: int, column: int, label: str, field: QWidget, span: int = 1, *, required: bool = False
        ) -> None:
            grid.addWidget(FieldLabel(theme, label, required=required), row, column, 1, span)
            grid.addWidget(field, row + 1, column, 1, span)

        usual, focused = TextField(theme, "عادی"), TextField(theme, "فوکوس")
        usual.set_text("مهری شکوهی")
        focused.set_text("شکوهی")
        focused.show_focus(True)
        put(0, 0, "عادی", usual)
        put(0, 1, "فوکوس", focused)
        locked = TextField(theme, "فقط خواندنی", entry="number")
        locked.set_text("30714016")
        locked.set_read_only(True)
        put(2, 0, "خالی", TextField(theme, "خالی", placeholder="نام خانوادگی"))
        put(2, 1, "فقط خواندنی", locked)
        bad = TextField(theme, "تلفن همراه", entry="number")
        bad.set_text("0912 000 447")
        bad.set_bad(True)
        put(4, 0, "تلفن همراه", bad, 2, required=True)
        note = Note(theme)
        note.say("شماره همراه یازده رقم است و با ۰۹ آغاز می‌شود.")
        grid.addWidget(note, 6, 0, 1, 2)
        date = DateField(theme, "تاریخ", lambda: TODAY)
        date.set_date(dt.date(2026, 11, 29))
        amount = TextField(theme, "مبلغ (ریال)", entry="money")
        amount.set_amount(80_000_000)
        put(7, 0, "تاریخ", date)
        put(7, 1, "مبلغ (ریال)", amount)
        picker = TextField(theme, "شعبه")
        picker.add_icon("search", "جستجو", lambda: None)
        picker.set_text("اک")
        picker.show_focus(True)
        put(9, 0, "شعبه", picker, 2)
        body.addLayout(grid)
        body.addSpacing(4)
        options = OptionList(theme)
        options.offer(
            [Option("1", "اکباتان", "۶۱۴۰"), Option("2", "ستارخان", "۶۱۵۲"), Option("3", "پونک", "۶۱۷۱")]
        )
        frame = Card(theme, margins=(5, 4, 5, 4))
        frame.body.addWidget(options)
        body.addWidget(frame)
        body.addSpacing(8)
        body.addWidget(self.heading("زبانه"))
        tabs = Tabs(theme, ("ضامن‌ها", "اطلاع‌رسانی", "سوابق"))
        for number, count in enumerate(("۲", "۹", "۱۲")):
            tabs.set_count(number, count)
        tabs.choose(1)
        body.addWidget(tabs)

    def _third(self, body: QVBoxLayout) -> None:
        theme = self.theme
        body.addWidget(self.heading("گفت‌وگو"))
        sheet = Sheet(
            theme,
            "شعبه پونک حذف شود؟",
            "۲ کاربر و ۳۱ پرونده به این شعبه وابسته‌اند، پس حذف نمی‌شود. می‌توانید آن را غیرفعال کنید.",
            icon="warning",
        )
        sheet.setFixedSize(373, 152)
        sheet.add_button("غیرفعال کردن", "primary")
        sheet.add_button("لغو")
        body.addWidget(sheet)
        body.addWidget(self.heading("منو و راهنما"))
        menu = Menu(
            theme,
            (
                Entry("ثبت پیگیری", "phone", keys="Enter"),
                Entry("نسخه‌برداری", "file", keys="Ctrl C"),
                Entry("تغییر کارشناس", "user-add"),
                None,
                Entry("حذف", "trash", keys="Del", danger=True),
            ),
            self,
        )
        menu.setWindowFlags(Qt.WindowType.Widget)
        menu.show_current(0)
        body.addWidget(menu, 0, Qt.AlignmentFlag.AlignLeft)
        tip = QLabel("آخرین تماس: ۲ آذر، پاسخ داد")
        tip.setObjectName("tip")
        tokens = theme.tokens
        tip.setStyleSheet(
            f"background:{tokens.text};color:{tokens.inverted};border-radius:5px;padding:4px 26px;"
        )
        tip.setFont(theme.font(12))
        body.addWidget(tip, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(self.heading("پیام"))
        self.toast = Toast(theme, self)
        self.toast.say("پیگیری ثبت شد", undo=lambda: None)
        body.addWidget(self.toast)
        for text, tone, icon, link in (
            ("سرور در دسترس نیست.", "warn", "wifi-off", "دیدن صف"),
            ("دریافت اطلاعات امروز انجام نشد.", "bad", "", "جزییات"),
            ("نگارش تازه پس از بستن برنامه نصب می‌شود.", "info", "", ""),
        ):
            banner = Banner(theme)
            banner.say(text, tone, icon=icon, link=link)
            body.addWidget(banner)


def grab(folder: Path) -> None:
    """Take the picture in both themes."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    QLocale.setDefault(QLocale(QLocale.Language.Persian, QLocale.Country.Iran))
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    theme = Theme(app, "light", motion=False)
    for mode in ("light", "dark"):
        theme.set_mode("light" if mode == "light" else "dark")
        gallery = Gallery(theme)
        gallery.show()
        for ring, widget in gallery.rings:
            ring.go_around(widget)
        gallery.grab().save(str(folder / f"parts-{mode}.png"))
        gallery.close()
