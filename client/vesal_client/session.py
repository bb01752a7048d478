"""The session: who is logged in, what they may open, and what happens when it ends in the middle."""

import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from vesal_client.wire import refusals
from vesal_client.wire.http import Http
from vesal_client.wire.session import SessionWire
from vesal_client.work.pool import Work
from vesal_shared.messages.session import CurrentSession, Scope, StartedSession
from vesal_shared.pages import SCOPE_LABELS


class Session(QObject):
    """One user at one workstation; an ended session keeps what was asked until the password is given again."""

    started = Signal()
    """Somebody logged in."""
    ended = Signal()
    """The session is over, though the user isn't: ask for the password, then `renew`."""
    renewed = Signal()
    """The password was given again; what was asked meanwhile is being answered."""
    closed = Signal()
    """The user logged out."""

    def __init__(self, http: Http, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wire = SessionWire(http)
        self._http = http
        self._work = work
        self._now: CurrentSession | None = None
        self._over = False
        work.park_where(self._parks)
        work.failed.connect(self._heard)

    # Who it is.

    @property
    def now(self) -> CurrentSession:
        """The caller and their rights; only while somebody is logged in."""
        if self._now is None:
            raise LookupError("nobody is logged in")
        return self._now

    @property
    def open(self) -> bool:
        """Whether somebody is logged in."""
        return self._now is not None

    @property
    def over(self) -> bool:
        """Whether the password must be given again."""
        return self._over

    @property
    def display_name(self) -> str:
        """First and last name, or the user name where they are missing."""
        user = self.now.user
        return f"{user.first_name} {user.last_name}".strip() or user.username

    @property
    def place(self) -> str:
        """The branch with its code, else the province, else the bank's name."""
        user = self.now.user
        if user.branch_code:
            return f"{user.branch_code} {user.branch_title or ''}".strip()
        return user.province_title or self.now.bank_name

    @property
    def scope_label(self) -> str:
        """The widest scope in Persian."""
        scope = self.now.widest_scope
        return SCOPE_LABELS[scope] if scope else "—"

    def may_open(self, page: str) -> bool:
        """Whether the user's groups grant a page."""
        return any(grant.code == page for grant in self.now.pages)

    def scope_on(self, page: str) -> Scope | None:
        """The scope that the user has on a page."""
        return next((grant.scope for grant in self.now.pages if grant.code == page), None)

    # Coming and going.

    def log_in(
        self, username: str, password: str, done: Callable[[], None], failed: Callable[[Exception], None]
    ) -> None:
        """Log in in the background."""

        def began(started: StartedSession) -> None:
            self._now = started
            self._over = False
            done()
            self.started.emit()

        self._work.start(lambda: self._wire.log_in(username, password, machine()), began, failed)

    def renew(self, password: str, done: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        """Give the same user's password again, and go on."""
        username = self.now.user.username

        def began(started: StartedSession) -> None:
            self._now = started
            self._over = False
            done()
            self.renewed.emit()
            self._work.resume()

        self._work.start(lambda: self._wire.log_in(username, password, machine()), began, failed)

    def change_password(
        self, current: str, new: str, done: Callable[[], None], failed: Callable[[Exception], None]
    ) -> None:
        """Change the caller's own password in the background."""

        def changed(started: StartedSession) -> None:
            self._now = started
            done()

        self._work.start(lambda: self._wire.change_password(current, new), changed, failed)

    def log_out(self) -> None:
        """Log out; the server is told, but not waited for."""
        self._work.drop_parked()
        token = self._http.token
        self._now = None
        self._over = False
        self._http.token = ""
        if token:
            self._work.start(lambda: self._wire.log_out(token), lambda _: None, lambda _: None)
        self.closed.emit()

    def _parks(self, error: Exception) -> bool:
        return self._now is not None and refusals.session_ended(error)

    def _heard(self, error: Exception) -> None:
        if self._parks(error) and not self._over:
            self._over = True
            self.ended.emit()


def machine() -> str:
    """The workstation's name, for the log-in report."""
    return socket.gethostname()[:100]
