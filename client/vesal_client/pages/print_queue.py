"""چاپ نامه‌ها: the branch's letters to print, save, mark and verify."""

import datetime as dt
from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from vesal_client.kit.page import Page, PageContext
from vesal_client.kit.table.feed import Question
from vesal_client.printing.choosers import Choosers
from vesal_client.printing.desk import LetterDesk
from vesal_client.printing.pdf_pages import PdfEngine
from vesal_client.printing.queue import Means, PrintQueue
from vesal_client.wire.letters import Letters


def build(context: PageContext) -> Page:
    """Build the page."""
    return PrintQueuePage(context)


class PrintQueuePage(Page):
    """The queue as a page of the menu."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        letters = Letters(context.http)
        means = Means(
            source=letters,
            fetch=lambda question, page, size: letters.page(_where(question), page, size),
            ask=context.work.ask,
            desk=LetterDesk(),
            engine=PdfEngine(),
            choosers=Choosers(),
            changes=context.changes,
            now=lambda: dt.datetime.now(dt.UTC),
        )
        self.queue = PrintQueue(context.theme, means, settings=context.settings, parent=self)
        self.queue.said.connect(context.window.say)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.queue)
        self.setFocusProxy(self.queue)

    def show_what(self, arguments: Mapping[str, str]) -> None:
        """Show one letter (`number`), whatever its state."""
        if number := arguments.get("number", ""):
            self.queue.bar.put({}, number)

    def refresh(self) -> None:
        """Read the queue again."""
        self.queue.table.refresh()

    def needs_room(self) -> bool:
        """The letter stands beside the queue."""
        return True

    def go_up(self) -> bool:
        """Close the preview."""
        return self.queue.close_preview()

    def ready(self) -> bool:
        """Whether rows and preview are there."""
        return self.context.work.under_way == 0


def _where(question: Question) -> tuple[tuple[str, str], ...]:
    """Search, sort and filters as the server names them."""
    return (("q", question.q), ("sort", question.sort), *question.filters)
