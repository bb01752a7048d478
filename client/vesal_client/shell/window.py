"""The client's one window: the log-in screen, and what is inside once somebody has logged in."""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from vesal_client.kit.focus import FocusRing
from vesal_client.shell.connection import Connection
from vesal_client.shell.login import Login
from vesal_client.shell.means import Means
from vesal_shared.digits import persian_digits

if TYPE_CHECKING:
    from vesal_client.shell.inside import Inside

USERNAME_KEY: Final = "session/username"
_GEOMETRY: Final = "window/geometry"
_HOME: Final = "home"
#: Read in the background while the user types name and password, so that neither the start nor the log-in waits.
_READ_AHEAD: Final = ("vesal_client.shell.inside", "vesal_client.pages.home")


class Window(QWidget):
    """Opens with the log-in screen; its inside is built when it is first needed."""

    def __init__(self, means: Means) -> None:
        super().__init__()
        self._means = means
        self._inside: Inside | None = None
        self._first = (_HOME, dict[str, str]())
        self._painted = False
        self.connection = Connection(means.http, means.work, means.session, self)
        self.login = Login(means.theme, means.session, means.today())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.login)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._ring = FocusRing(means.theme, self)
        self.login.logged_in.connect(self.enter)
        means.session.closed.connect(self._left)
        self.connection.alive.connect(self._alive)
        self.connection.lost.connect(self._lost)
        self.connection.counting.connect(self._counting)
        self.setWindowTitle("وصال")
        self.setMinimumSize(1000, 600)
        self.resize(1280, 720)
        geometry = means.settings.value(_GEOMETRY)
        if geometry is not None:
            self.restoreGeometry(geometry)
        self.login.installEventFilter(self)
        self.show_login()

    @property
    def inside(self) -> "Inside":
        """What a user who has logged in sees."""
        if self._inside is None:
            # Not at the top: the log-in screen is there before the rest has been read.
            from vesal_client.shell.inside import Inside

            self._inside = Inside(self._means, self.connection)
            self._stack.addWidget(self._inside)
        return self._inside

    # Coming and going.

    def show_login(self) -> None:
        """Show the log-in screen."""
        self._stack.setCurrentWidget(self.login)
        self.login.say_connection("در حال اتصال …", "neutral")
        self.login.begin(str(self._means.settings.value(USERNAME_KEY, "")))
        self.connection.try_now()

    def start_with(self, code: str, arguments: Mapping[str, str] | None = None) -> None:
        """Open this page once somebody has logged in."""
        self._first = (code, dict(arguments or {}))

    def enter(self) -> None:
        """Show the inside to the user who has logged in."""
        self._means.settings.setValue(USERNAME_KEY, self._means.session.now.user.username)
        self.inside.begin(*self._first)
        self._stack.setCurrentWidget(self.inside)

    def _left(self) -> None:
        self.inside.leave()
        self.show_login()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Once the log-in screen is painted, read ahead what comes after it."""
        if event.type() == QEvent.Type.Paint and not self._painted:
            self._painted = True
            self.login.removeEventFilter(self)
            self._means.work.start(_read_ahead, self.login.say_version, lambda _error: None, self)
        return False

    # Connection.

    def _alive(self) -> None:
        self.login.say_connection("متصل به سرور", "ok")

    def _lost(self) -> None:
        self.login.say_connection("سرور در دسترس نیست", "bad")

    def _counting(self, seconds: int) -> None:
        words = f"سرور در دسترس نیست؛ تلاش دوباره تا {persian_digits(seconds)} ثانیه دیگر"
        self.login.say_connection(words, "bad")

    # The window itself.

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember where the window was; ask about what isn't saved."""
        if self._inside is not None and self._inside.unsaved():
            event.ignore()
            self._inside.ask_to_close(self.close)
            return
        self._means.settings.setValue(_GEOMETRY, self.saveGeometry())
        super().closeEvent(event)


def _read_ahead() -> str:
    """Read modules that a log-in needs; returns the client's version."""
    for name in _READ_AHEAD:
        import_module(name)
    return version("vesal-client")
