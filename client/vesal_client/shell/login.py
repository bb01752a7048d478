"""The log-in screen: one calm form beside the brand; the error says what is left, the keyboard's language is told."""

import datetime as dt
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from vesal_client.kit.buttons import Button
from vesal_client.kit.cards import Rule
from vesal_client.kit.field_words import FieldLabel, Note
from vesal_client.kit.fields import TextField
from vesal_client.kit.labels import Label, Paragraph
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Height
from vesal_client.session import Session
from vesal_client.shell import keyboard
from vesal_client.shell.alarm import Alarm
from vesal_client.shell.pattern import BrandSide
from vesal_client.shell.state_mark import StateMark
from vesal_shared import jalali
from vesal_shared.digits import persian_digits
from vesal_shared.problems import LOGIN_PAUSED, Refusal

PURPOSE: Final = "پیگیری و وصول مطالبات بانک"
_FORM: Final = 352
_SIDE: Final = 520


class Login(QWidget):
    """Asks for name and password; a first log-in then asks for a password of one's own."""

    logged_in = Signal()
    """The session has begun and needs nothing more."""

    def __init__(
        self, theme: Theme, session: Session, today: dt.date, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._session = session
        self._brand = BrandSide(theme, PURPOSE, jalali.show_long(today))
        self._state = StateMark(theme)
        self._version = Label(theme, size=12, colour="text3")
        self._entry = _Entry(theme)
        self._own = _OwnPassword(theme)
        self._own.hide()
        self._given = ""
        self._entry.asked.connect(self._log_in)
        self._own.asked.connect(self._change)
        self._build()

    def _build(self) -> None:
        form = QVBoxLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(0)
        form.addStretch(145)
        form.addWidget(self._entry)
        form.addWidget(self._own)
        form.addStretch(150)
        form.addWidget(Rule(self._theme))
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 15, 0, 24)
        foot.addWidget(self._state)
        foot.addStretch(1)
        foot.addWidget(self._version)
        form.addLayout(foot)
        middle = QHBoxLayout()
        middle.addStretch(1)
        box = QWidget()
        box.setFixedWidth(_FORM)
        box.setLayout(form)
        middle.addWidget(box)
        middle.addStretch(1)
        side = QWidget()
        side.setMinimumWidth(_SIDE)
        side.setMaximumWidth(_SIDE)
        side.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        side.setLayout(middle)
        middle.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(side)
        line.addWidget(self._brand, 1)

    def begin(self, username: str = "") -> None:
        """Show the empty form with this user name."""
        self._own.hide()
        self._entry.show()
        self._entry.begin(username)

    def say_version(self, version: str) -> None:
        """Show which version of the client this is."""
        self._version.setText(f"نگارش {persian_digits(version)}")

    def say_connection(self, words: str, tone: str) -> None:
        """Show whether the server answers."""
        self._state.say(words, tone)

    @property
    def entry(self) -> "_Entry":
        """The form for name and password."""
        return self._entry

    def _log_in(self, username: str, password: str) -> None:
        self._entry.wait(waiting=True)
        self._given = password
        self._session.log_in(username, password, self._began, self._refused)

    def _began(self) -> None:
        self._entry.wait(waiting=False)
        self._entry.password.set_text("")
        if self._session.now.must_change_password:
            self._entry.hide()
            self._own.show()
            self._own.begin()
        else:
            self._given = ""
            self.logged_in.emit()

    def _refused(self, error: Exception) -> None:
        self._entry.wait(waiting=False)
        self._entry.refuse(error)

    def _change(self, password: str) -> None:
        self._own.wait(waiting=True)

        def done() -> None:
            self._own.wait(waiting=False)
            self._given = ""
            self.logged_in.emit()

        def failed(error: Exception) -> None:
            self._own.wait(waiting=False)
            self._own.refuse(error)

        self._session.change_password(self._given, password, done, failed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the form's ground."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("surface"))


class _Entry(QWidget):
    """Name and password."""

    asked = Signal(str, str)
    """Name and password, both filled."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._left = 0
        self.alarm = Alarm(theme)
        self.username = TextField(theme, "نام کاربری", entry="latin")
        self.password = TextField(theme, "کلمه عبور", entry="password")
        self.note = Note(theme)
        self.button = Button(theme, "ورود", look="primary", height=Height.LOGIN)
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pause = QTimer(self, interval=1_000)
        self._pause.timeout.connect(self._count_down)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Label(theme, "ورود به سامانه", size=20, weight=700))
        column.addSpacing(4)
        column.addWidget(Label(theme, "با نام کاربری پرسنلی خود وارد شوید.", size=13, colour="text2"))
        column.addSpacing(14)
        column.addWidget(self.alarm)
        column.addSpacing(8)
        column.addWidget(FieldLabel(theme, "نام کاربری"))
        column.addWidget(self.username)
        column.addSpacing(10)
        column.addWidget(FieldLabel(theme, "کلمه عبور"))
        column.addWidget(self.password)
        column.addWidget(self.note)
        column.addSpacing(10)
        column.addWidget(self.button)
        column.addSpacing(8)
        column.addWidget(
            Label(theme, "کلمه عبور را فراموش کرده‌اید؟ مدیر شعبه آن را تازه می‌کند.", size=12, colour="text3")
        )
        self.username.entered.connect(self._name_entered)
        self.password.entered.connect(self.press)
        self.button.clicked.connect(self.press)
        self.password.edit.installEventFilter(self)
        self.password.changed.connect(self._tell_keyboard)
        self.username.changed.connect(self._tell_keyboard)
        QGuiApplication.inputMethod().localeChanged.connect(self._tell_keyboard)

    def begin(self, username: str) -> None:
        """Empty, the cursor where typing goes on."""
        self.alarm.say("")
        self.username.set_text(username)
        self.password.set_text("")
        (self.password if username else self.username).edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell_keyboard()

    def _name_entered(self) -> None:
        self.password.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def press(self) -> None:
        """Log in, once both are filled."""
        if self.button.busy or self._left:
            return
        name, password = self.username.text().strip(), self.password.edit.text()
        if not name or not password:
            empty = self.username if not name else self.password
            empty.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self.alarm.say("نام کاربری و کلمه عبور را بنویسید.")
            return
        self.alarm.say("")
        self.asked.emit(name, password)

    def wait(self, *, waiting: bool) -> None:
        """While the server is asked nothing can be pressed twice."""
        self.button.set_busy(waiting)
        self.username.edit.setReadOnly(waiting)
        self.password.edit.setReadOnly(waiting)

    def refuse(self, error: Exception) -> None:
        """Say why not; after too many tries, count the seconds down."""
        words = error.sentence if isinstance(error, Refusal) else "ورود انجام نشد. دوباره تلاش کنید."
        self.alarm.say(words)
        self.password.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.password.edit.selectAll()
        if isinstance(error, Refusal) and error.code == LOGIN_PAUSED.code and error.retry_after:
            self._left = error.retry_after
            self.button.setEnabled(False)
            self._pause.start()
            self._say_left()

    def _count_down(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self._left = 0
            self._pause.stop()
            self.button.setEnabled(True)
            self.alarm.say("")
        else:
            self._say_left()

    def _say_left(self) -> None:
        self.alarm.say(f"به دلیل تلاش‌های ناموفق، ورود تا {persian_digits(self._left)} ثانیه دیگر ممکن نیست.")

    def _tell_keyboard(self) -> None:
        in_password = self.password.edit.hasFocus() and keyboard.is_persian()
        typed = keyboard.typed_persian(self.password.edit.text() + self.username.edit.text())
        self.note.set_hint(keyboard.PERSIAN_HINT if in_password or typed else "")

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The hint belongs to the password."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self._tell_keyboard()
        return False


class _OwnPassword(QWidget):
    """A password of one's own, after the first log-in."""

    asked = Signal(str)
    """The new password, typed twice alike."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.alarm = Alarm(theme)
        self.new = TextField(theme, "کلمه عبور جدید", entry="password")
        self.again = TextField(theme, "تکرار کلمه عبور جدید", entry="password")
        self.note = Note(theme, "دست‌کم ۱۰ نویسه؛ نه نام کاربری، نه کلمه‌ای رایج.")
        self.button = Button(theme, "ذخیره و ورود", look="primary", height=Height.LOGIN)
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Label(theme, "کلمه عبور خودتان", size=20, weight=700))
        column.addSpacing(4)
        words = "این کلمه عبور را دیگری به شما داده است. پیش از ادامه، یکی از خودتان بنویسید."
        column.addWidget(Paragraph(theme, words, size=13, colour="text2", leading=22))
        column.addSpacing(10)
        column.addWidget(self.alarm)
        column.addSpacing(8)
        column.addWidget(FieldLabel(theme, "کلمه عبور جدید", required=True))
        column.addWidget(self.new)
        column.addWidget(self.note)
        column.addSpacing(8)
        column.addWidget(FieldLabel(theme, "تکرار کلمه عبور جدید", required=True))
        column.addWidget(self.again)
        column.addSpacing(14)
        column.addWidget(self.button)
        self.new.entered.connect(lambda: self.again.edit.setFocus(Qt.FocusReason.TabFocusReason))
        self.again.entered.connect(self.press)
        self.button.clicked.connect(self.press)

    def begin(self) -> None:
        """Empty, the cursor in the first field."""
        self.alarm.say("")
        self.new.set_text("")
        self.again.set_text("")
        self.new.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def press(self) -> None:
        """Save, once both are alike."""
        if self.button.busy:
            return
        if not self.new.edit.text():
            self.alarm.say("کلمه عبور جدید را بنویسید.")
            self.new.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.new.edit.text() != self.again.edit.text():
            self.alarm.say("تکرار کلمه عبور با خود آن یکی نیست.")
            self.again.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.alarm.say("")
            self.asked.emit(self.new.edit.text())

    def wait(self, *, waiting: bool) -> None:
        """While the server is asked nothing can be pressed twice."""
        self.button.set_busy(waiting)

    def refuse(self, error: Exception) -> None:
        """Say what is missing."""
        words = "ذخیره نشد. دوباره تلاش کنید."
        if isinstance(error, Refusal):
            words = " ".join(dict.fromkeys([one.title for one in error.errors] or [error.sentence]))
        self.alarm.say(words)
        self.new.edit.setFocus(Qt.FocusReason.OtherFocusReason)
