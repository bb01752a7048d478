"""Log-in, log-out, the caller's rights, and the state of the service."""

from vesal_client.wire.http import Http
from vesal_shared.messages.session import (
    CurrentSession,
    NewSession,
    PasswordChange,
    ServiceStatus,
    StartedSession,
)


class SessionWire:
    """The session's operations; the token stays with `Http`."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def log_in(self, username: str, password: str, machine: str = "") -> StartedSession:
        """Open a session and keep its token."""
        started = self._http.post(
            "/session", NewSession(username=username, password=password, machine=machine), StartedSession
        )
        self._http.token = started.token
        return started

    def current(self) -> CurrentSession:
        """Who the caller is and what they may open."""
        return self._http.get("/session", CurrentSession)

    def log_out(self, token: str) -> None:
        """End the session of this token; by now another one may have begun."""
        self._http.delete("/session", token=token)

    def change_password(self, current: str, new: str) -> StartedSession:
        """Change the caller's password; a fresh session takes the place of this."""
        started = self._http.put(
            "/session/password", PasswordChange(current=current, new=new), StartedSession
        )
        self._http.token = started.token
        return started

    def status(self) -> ServiceStatus:
        """What the status line and the menu show."""
        return self._http.get("/status", ServiceStatus)
