"""What a page is, and what it is handed: everything it may use, nothing it could reach past."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QWidget

from vesal_client.look.theme import Theme
from vesal_client.session import Session
from vesal_client.wire.http import Http
from vesal_client.work.changes import Changes
from vesal_client.work.pool import Work


class Surroundings(Protocol):
    """What a page may ask of the window around it."""

    def can_open(self, code: str) -> bool:
        """Whether a page exists and the user may open it."""
        ...

    def open_page(self, code: str, arguments: Mapping[str, str] | None = None) -> None:
        """Open a page or go to it, and tell it what to show (`loan_no`, `letter_id`, …)."""
        ...

    def say(self, text: str, tone: str = "ok") -> None:
        """Say in the status line what was done («ذخیره شد»)."""
        ...

    def toast(self, text: str, undo: Callable[[], None] | None = None, word: str = "واگرد") -> None:
        """Say what was done, with a way to undo it or to see it."""
        ...


@dataclass(frozen=True, slots=True)
class PageContext:
    """Everything a page works with; the application builds it once."""

    theme: Theme
    session: Session
    http: Http
    work: Work
    changes: Changes
    settings: QSettings
    today: Callable[[], dt.date]
    window: Surroundings


class Page(QWidget):
    """One page of the menu. Its module is `vesal_client.pages.<code>` and has `build(context) -> Page`."""

    title_changed = Signal(str)
    """The page's tab shall read otherwise."""

    room_changed = Signal()
    """`needs_room` answers otherwise than before."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context

    def ask(
        self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Exception], None], /
    ) -> None:
        """Run `work` in the background; once this page is gone nobody hears of its outcome."""
        self.context.work.start(work, done, failed, self)

    def show_what(self, arguments: Mapping[str, str]) -> None:
        """Show what another page or the search asked for."""

    def refresh(self) -> None:
        """Read again what is shown (F5)."""

    def go_up(self) -> bool:
        """Leave what lies over the list (a panel, a form); False where nothing does."""
        return False

    def ready(self) -> bool:
        """Whether everything that shall be seen is there; a picture waits for it."""
        return True

    def needs_room(self) -> bool:
        """Whether something stands beside the list: on narrow windows the menu makes room for it."""
        return False

    def unsaved(self) -> str:
        """What would be lost by closing, as a sentence; nothing where nothing would."""
        return ""
