"""The session ended: the password is asked over the page, and work goes on where it stood."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from vesal_client.kit.dialogs import Sheet, Veil
from vesal_client.kit.field_words import FieldLabel
from vesal_client.kit.fields import TextField
from vesal_client.look.theme import Theme
from vesal_client.session import Session
from vesal_client.shell.alarm import Alarm
from vesal_shared.problems import Refusal


class PasswordAgain(QObject):
    """Lies over the window until the password is right or the user logs out."""

    gone = Signal()
    """The password was right, or the user logged out."""

    def __init__(self, theme: Theme, session: Session, over: QWidget) -> None:
        super().__init__(over)
        self._session = session
        text = "نشست شما پایان یافته است. نوشته‌هایتان سر جای خود است؛ کلمه عبور را بنویسید تا ادامه دهید."
        self.sheet = Sheet(theme, session.display_name, text, icon="lock", tone="accent")
        self.alarm = Alarm(theme)
        self.password = TextField(theme, "کلمه عبور", entry="password")
        self.sheet.body.addWidget(self.alarm)
        self.sheet.body.addWidget(FieldLabel(theme, "کلمه عبور"))
        self.sheet.body.addWidget(self.password)
        self._go = self.sheet.add_button("ادامه", "primary")
        leave = self.sheet.add_button("خروج از سامانه")
        self._veil = Veil(theme, over, self.sheet)
        self._go.clicked.connect(self.press)
        self.password.entered.connect(self.press)
        leave.clicked.connect(self._leave)
        self.password.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def press(self) -> None:
        """Try the password, once there is one."""
        given = self.password.edit.text()
        if not given or self._go.busy:
            return
        self._go.set_busy(True)
        self.alarm.say("")
        self._session.renew(given, self._done, self._failed)

    def _done(self) -> None:
        self._veil.lift()
        self.gone.emit()
        self.deleteLater()

    def _failed(self, error: Exception) -> None:
        self._go.set_busy(False)
        self.alarm.say(error.sentence if isinstance(error, Refusal) else "ورود انجام نشد. دوباره تلاش کنید.")
        self.password.edit.selectAll()
        self.password.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self) -> None:
        self._veil.lift()
        self.gone.emit()
        self._session.log_out()
        self.deleteLater()
