"""چاپ نامه‌ها: the branch's letters to print, save, mark and verify."""

import datetime as dt
from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from vesal_client.kit.page import Page, PageContext
from vesal_client.printing.choosers import Choosers
from vesal_client.printing.desk import LetterDesk
from vesal_client.printing.pdf_pages import PdfEngine
from vesal_client.printing.queue import Means, PrintQueue
from vesal_client.wire.letters import Letters
from vesal_shared.messages.letters import Letter


def build(context: PageContext) -> Page:
    """Build the page."""
    return PrintQueuePage(context)


class PrintQueuePage(Page):
    """The queue as a page of the menu."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._wire = Letters(context.http)
        means = Means(
            source=self._wire,
            fetch=lambda question, page, size: self._wire.page(question.where(), page, size),
            ask=self.ask,
            desk=LetterDesk(),
            engine=PdfEngine(),
            choosers=Choosers(),
            changes=context.changes,
            now=lambda: dt.datetime.now(dt.UTC),
            today=context.today,
        )
        self.queue = PrintQueue(context.theme, means, settings=context.settings, parent=self)
        self.queue.said.connect(context.window.say)
        self.queue.drawer_toggled.connect(self.room_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.queue)
        self.setFocusProxy(self.queue)

    def show_what(self, arguments: Mapping[str, str]) -> None:
        """Show one letter (`letter_id`) or a facility's letters (`loan_no`), whatever their state."""
        if letter_id := arguments.get("letter_id", ""):
            self.ask(lambda: self._wire.one(int(letter_id)), self._find, self.queue.fail)
        elif words := arguments.get("loan_no") or arguments.get("q", ""):
            self.queue.bar.put({}, words)

    def _find(self, letter: Letter) -> None:
        self.queue.bar.put({}, letter.number)
        self.queue.open_preview(is_open=True)

    def refresh(self) -> None:
        """Read the queue again."""
        self.queue.table.refresh()

    def needs_room(self) -> bool:
        """The preview stands beside the list."""
        return self.queue.preview_open

    def go_up(self) -> bool:
        """Close the preview; False where it is closed already."""
        was_open = self.queue.preview_open
        self.queue.open_preview(is_open=False)
        return was_open

    def ready(self) -> bool:
        """Whether rows and preview are there."""
        busy = self.context.work.under_way or self.queue.table.feed.waiting
        return not busy and self.queue.preview.resting

    def unsaved(self) -> str:
        """Print marks that the server has not got yet would be lost."""
        return "چاپ برخی نامه‌ها هنوز در سرور ثبت نشده است." if self.queue.marks.waiting else ""
