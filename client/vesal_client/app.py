"""Builds every object of the client once and hands it on."""

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QSettings, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from vesal_client.look.theme import MODES, THEME_KEY, Mode, Theme
from vesal_client.session import Session
from vesal_client.shell.means import Means
from vesal_client.shell.window import Window
from vesal_client.wire.connections import Trust
from vesal_client.wire.http import Http
from vesal_client.work.changes import Changes
from vesal_client.work.pool import Work
from vesal_shared.jalali import TEHRAN

#: Where `vesal-server serve` listens unless told otherwise.
DEFAULT_SERVER = "http://127.0.0.1:8400"


@dataclass(frozen=True, slots=True)
class Client:
    """The running client; `close` ends its threads and connections."""

    app: QApplication
    theme: Theme
    settings: QSettings
    http: Http
    work: Work
    session: Session
    window: Window

    def close(self) -> None:
        """Cut connections first, so that no thread waits for an answer."""
        self.http.close()
        self.work.stop()


def today() -> date:
    """The day in Tehran by this workstation's clock."""
    return datetime.now(TEHRAN).date()


def own_settings() -> QSettings:
    """The user's settings; where the user set nothing, what the administrator preset for the machine."""
    return QSettings("Vesal", "Client")


def make_app() -> QApplication:
    """The Qt application, Persian and right to left."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(["vesal"])
    QCoreApplication.setOrganizationName("Vesal")
    QCoreApplication.setApplicationName("Client")
    app.setApplicationDisplayName("وصال")
    QLocale.setDefault(QLocale(QLocale.Language.Persian, QLocale.Country.Iran))
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    return app


def server_url(settings: QSettings, given: str = "") -> str:
    """Command line over environment over settings over the default."""
    return (
        given or os.environ.get("VESAL_SERVER", "") or str(settings.value("server/url", "")) or DEFAULT_SERVER
    )


def trust_from(settings: QSettings) -> Trust:
    """The pinned CA or certificate, if there is one."""
    ca_file = str(settings.value("server/ca_file", ""))
    return Trust(Path(ca_file) if ca_file else None, str(settings.value("server/sha256", "")))


def _mode(saved: str) -> Mode:
    """The theme that was chosen once, or the system's."""
    found: Mode = "system"
    for mode in MODES:
        if mode == saved:
            found = mode
    return found


def build(
    server: str = "",
    *,
    settings: QSettings | None = None,
    mode: Mode | None = None,
    motion: bool | None = None,
) -> Client:
    """Everything, ready to be shown."""
    app = make_app()
    settings = settings or own_settings()
    saved = str(settings.value(THEME_KEY, "system"))
    theme = Theme(app, mode or _mode(saved), motion=motion)
    app.setWindowIcon(QIcon(theme.pixmap("brand", 64, "accent")))
    http = Http(server_url(settings, server), trust_from(settings))
    work = Work(app)
    session = Session(http, work, app)
    window = Window(Means(theme, session, http, work, Changes(app), settings, today))
    return Client(app, theme, settings, http, work, session, window)


def run(server: str, page: str) -> int:
    """Show the client until its window is closed; returns the exit status."""
    client = build(server)
    if page:
        client.window.start_with(page)
    client.window.show()
    try:
        return client.app.exec()
    finally:
        client.close()
