"""What the application builds once and hands to the window."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSettings

from vesal_client.look.theme import Theme
from vesal_client.session import Session
from vesal_client.wire.http import Http
from vesal_client.work.changes import Changes
from vesal_client.work.pool import Work


@dataclass(frozen=True, slots=True)
class Means:
    """The objects that window and pages work with."""

    theme: Theme
    session: Session
    http: Http
    work: Work
    changes: Changes
    settings: QSettings
    today: Callable[[], dt.date]
