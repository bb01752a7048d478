"""The branch's letters, with the preview of the current one: print, save, mark, verify."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QSettings, Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vesal_client.kit.banner import Banner
from vesal_client.kit.buttons import Button
from vesal_client.kit.dialogs import Question as Confirm
from vesal_client.kit.list_page import ListPage, ListSpec
from vesal_client.kit.progress import ProgressLine
from vesal_client.kit.table.actions import BulkAction, RowAction
from vesal_client.kit.table.feed import Ask, Fetch, Question
from vesal_client.kit.table.selection import Chosen
from vesal_client.kit.table.table import TableSpec
from vesal_client.kit.trouble import explained
from vesal_client.look.theme import Theme
from vesal_client.printing import jobs, queue_list, words
from vesal_client.printing.choosers import Choosers
from vesal_client.printing.desk import LetterDesk
from vesal_client.printing.dialogs import OutcomeSheet, outcomes_of
from vesal_client.printing.file_names import file_name, letter_file_name
from vesal_client.printing.jobs import Job, Printed
from vesal_client.printing.mark_sender import MarkSender
from vesal_client.printing.pdf_pages import PdfEngine
from vesal_client.printing.preview_panel import PreviewPanel
from vesal_client.printing.printer import PrinterTrouble
from vesal_client.printing.source import LetterSource, contents_of
from vesal_client.printing.verifier import Verifier
from vesal_client.work.changes import Changes
from vesal_shared import jalali, money, problems
from vesal_shared.labels import LETTER_STATUSES
from vesal_shared.messages.letters import (
    Letter,
    MarkResult,
    Outcome,
    OutcomeMark,
)
from vesal_shared.problems import Refusal

#: More than a day's letters of the largest branch; a job of more is no job for one printer.
MOST = 2_000
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Means:
    """What the page works with; the application builds each once."""

    source: LetterSource
    fetch: Fetch
    ask: Ask
    desk: LetterDesk
    engine: PdfEngine
    choosers: Choosers
    changes: Changes
    now: Callable[[], dt.datetime]
    today: Callable[[], dt.date]


class PrintQueue(ListPage):
    """The queue and what can be done with its letters; one job at a time."""

    said = Signal(str)
    """Something for the status line."""
    drawer_toggled = Signal()
    """The preview opens or closes."""

    def __init__(
        self, theme: Theme, means: Means, *, settings: QSettings | None = None, parent: QWidget | None = None
    ) -> None:
        table = TableSpec(
            "print_queue",
            queue_list.COLUMNS,
            key=lambda letter: letter.id,
            noun="نامه",
            sort="-number",
            row_actions=(
                RowAction(
                    "چاپ", "printer", lambda letter: self.print_letters([letter]), "Ctrl+P", quick=True
                ),
                RowAction("ذخیره", "download", lambda letter: self.save([letter])),
                RowAction("ابلاغ شد", "check", lambda letter: self.settle([letter], "served")),
                RowAction("برگشت خورد", "undo", lambda letter: self.settle([letter], "returned")),
                RowAction("مخاطب شناسایی نشد", "user", lambda letter: self.settle([letter], "not_found")),
            ),
            bulk_actions=(
                BulkAction("برگشت خورد", "undo", lambda chosen: self._with(chosen, self._returned)),
            ),
            nothing=queue_list.NOTHING,
        )
        super().__init__(
            theme,
            ListSpec("چاپ نامه‌ها", table, queue_list.FILTERS),
            means.fetch,
            means.ask,
            today=means.today,
            settings=settings,
            parent=parent,
        )
        self._means = means
        self._job: Job | None = None
        self.marks = MarkSender(means.source, means.ask, self)
        self.verifier = Verifier(theme, self, means.ask, means.source.keys)
        self.verifier.failed.connect(self.fail)
        self._build()
        self._wire_up()
        self.bar.put(queue_list.work_to_do())

    def _build(self) -> None:
        theme = self._theme
        self.print_button = Button(theme, "چاپ نامه", look="primary", icon="printer")
        self.save_button = Button(theme, "ذخیره", icon="download")
        self.served_button = Button(theme, "ابلاغ شد", icon="check")
        self.verify_button = Button(theme, "بررسی رمزینه", icon="qr")
        self.add_actions(self.verify_button, self.served_button, self.save_button, self.print_button)
        self.banner = Banner(theme, parent=self)
        self.column.insertWidget(1, self.banner)
        self.progress = ProgressLine(theme, "printer")
        self._foot = QWidget(self)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(12, 2, 12, 6)
        foot.addWidget(self.progress)
        self._foot.hide()
        self.column.addWidget(self._foot)
        self.preview = PreviewPanel(theme, self._means.engine, self._means.ask, self)
        drawer = self.set_drawer(self.preview)
        drawer.set_open(is_open=True)
        drawer.toggled.connect(self.drawer_toggled)

    def _wire_up(self) -> None:
        self.print_button.clicked.connect(lambda: self._with(None, self.print_letters))
        self.save_button.clicked.connect(lambda: self._with(None, self.save))
        self.served_button.clicked.connect(
            lambda: self._with(None, lambda letters: self.settle(letters, "served"))
        )
        self.verify_button.clicked.connect(self.verify)
        self.banner.link_pressed.connect(self.marks.send)
        self.marks.sent.connect(self._marked)
        self.marks.failed.connect(self._say_unsent)
        self.table.current_changed.connect(self._follow)
        self.table.said.connect(self.said)
        self.table.selection.changed.connect(self._name_buttons)
        self.table.counted.connect(self._name_buttons)
        self.preview.stepped.connect(self.table.view.step)
        self.preview.closed.connect(lambda: self.open_preview(is_open=False))
        self.opened.connect(lambda _letter: self.open_preview(is_open=True))
        self._means.changes.happened.connect(self._changed)

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self._job is not None

    # What is shown.

    def _say_count(self) -> None:
        """Count beside the title what waits to be printed, whatever the list shows."""
        if self.table.feed.waiting:
            return
        if self.table.feed.total and not self.table.view.currentIndex().isValid():
            # The first letter is shown at once: whoever opens the page sees what it is about.
            self.table.view.go_to(0)
        self._means.ask(
            lambda: self._means.fetch(queue_list.waiting_to_be_printed(), 1, 1),
            lambda page: self.head.say_state(f"{money.show(page.total)} آماده چاپ" if page.total else ""),
            lambda _problem: self.head.say_state(""),
        )

    def _name_buttons(self) -> None:
        count = self.table.selection.count(self.table.feed.total)
        self.print_button.setText(f"چاپ {money.show(count)} نامه" if count else "چاپ نامه")
        some = bool(count or self.table.current() is not None)
        for button in (self.print_button, self.save_button, self.served_button):
            button.setEnabled(some and self._job is None)
            button.updateGeometry()

    def _follow(self, letter: Letter | None) -> None:
        self._name_buttons()
        if not self.preview_open:
            return
        if letter is None:
            self.preview.show_nothing()
            return
        badge = queue_list.state_badge(letter)
        place = self.table.view.currentIndex().row() + 1
        where = f"{money.show(place)} از {money.show(self.table.feed.total)}"
        self.preview.show_letter(letter, (badge.text, badge.tone), where, lambda: self._pdf(letter))

    def _pdf(self, letter: Letter) -> bytes:
        """Return a letter's PDF; runs in the background."""
        kept = self._means.desk.kept(letter.id)
        if kept is not None:
            return kept
        for letter_id, content in contents_of(self._means.source, [letter.id]):
            return self._means.desk.pdf(letter_id, content)
        raise Refusal(problems.NOT_FOUND)

    @property
    def preview_open(self) -> bool:
        """Whether the preview stands beside the list."""
        return self.drawer is not None and self.drawer.is_open

    def open_preview(self, *, is_open: bool) -> None:
        """Open or close the preview."""
        if self.drawer is not None and is_open != self.drawer.is_open:
            self.drawer.set_open(is_open=is_open)
            self._follow(self.table.current())

    def _changed(self, kinds: frozenset[str]) -> None:
        if "letters" in kinds:
            self.table.refresh()
            self._say_count()

    # Which letters.

    def _with(self, chosen: Chosen | None, act: Callable[[list[Letter]], None]) -> None:
        """Do something with the ticked letters, or else with the current one; fetches what was not seen yet."""
        chosen = chosen or self.table.selection.chosen(self.table.feed.question, self.table.feed.total)
        if chosen.everything is not None:
            if chosen.count > MOST:
                self.said.emit(f"بیش از {money.show(MOST)} نامه در یک کار ممکن نیست. فیلتر بگذارید.")
                return
            question, without = chosen.everything, chosen.without
            self._means.ask(lambda: self._all(question, without), act, self.fail)
        elif chosen.records:
            act(list(chosen.records.values()))
        elif (current := self.table.current()) is not None:
            act([current])

    def _all(self, question: Question, without: frozenset[object]) -> list[Letter]:
        """Fetch all letters that the question finds; runs in the background."""
        found: list[Letter] = []
        number = 1
        while len(found) < MOST:
            page = self._means.fetch(question, number, _PAGE)
            found += [letter for letter in page.items if letter.id not in without]
            if number * _PAGE >= page.total or not page.items:
                break
            number += 1
        return found

    # Printing.

    def print_letters(self, letters: Sequence[Letter]) -> None:
        """Print; void ones are left out, and what was printed before is asked about, with the counts."""
        fit = [letter for letter in letters if letter.status != "void"]
        left_out = len(letters) - len(fit)
        if left_out:
            self.banner.say(words.void_words(letters, left_out), "bad")
        if not fit:
            return
        again = [letter for letter in fit if letter.print_count]
        if not again:
            self._choose_printer(fit)
            return
        fresh = [letter for letter in fit if not letter.print_count]
        ask = Confirm(
            self._theme,
            self.window(),
            words.again_title(again),
            words.again_text(again),
            "چاپ دوباره" if not fresh else f"چاپ هر {money.show(len(fit))} نامه",
            also=f"فقط {money.show(len(fresh))} نامه چاپ‌نشده" if fresh else "",
            icon="printer",
        )
        ask.answered.connect(lambda answer: self._answered(answer, fit, fresh))

    def _answered(self, answer: str, fit: list[Letter], fresh: list[Letter]) -> None:
        if answer:
            self._choose_printer(fit if answer == "yes" else fresh)

    def _choose_printer(self, letters: list[Letter]) -> None:
        self._means.choosers.printer(self.window(), lambda printer: self._print(letters, printer))

    def _print(self, letters: list[Letter], printer: QPrinter) -> None:
        means = self._means
        ids = [letter.id for letter in letters]
        work = jobs.printing(means.desk, means.engine, means.source, ids, printer, means.now)
        self._start(work, len(ids), f"چاپ {money.show(len(ids))} نامه", self._printed)

    def _printed(self, printed: Printed) -> None:
        if not printed.marks:
            self.said.emit("چاپ نشد")
            return
        self.table.selection.clear()
        self.marks.send(printed.marks)

    def _say_unsent(self, count: int, problem: Exception) -> None:
        text = f"چاپ {money.show(count)} نامه هنوز در سرور ثبت نشده است. {explained(problem)}"
        self.banner.say(text, "warn", link="دوباره")

    def _marked(self, results: list[MarkResult]) -> None:
        self.banner.hide()
        self._means.changes.tell("letters")
        self._say_results(results, f"{money.show(len(results))} نامه چاپ شد")

    def _say_results(self, results: Sequence[MarkResult], done: str) -> None:
        """Say what was done; refusals in their own words, a letter that became void first of all."""
        refused = [result for result in results if result.result == "refused"]
        if not refused:
            self.said.emit(done)
            return
        void = [result for result in refused if result.code == problems.LETTER_VOID.code]
        first = (void or refused)[0].title or ""
        more = f" ({money.show(len(refused) - 1)} نامه دیگر هم پذیرفته نشد)" if len(refused) > 1 else ""
        self.banner.say(f"{first}{more}", "bad")

    # Saving.

    def save(self, letters: Sequence[Letter]) -> None:
        """Save one letter, or many in one file or as a file a letter."""
        means = self._means
        ids = [letter.id for letter in letters]
        if len(ids) == 1:
            name = letter_file_name(letters[0].number)
            means.choosers.file(self.window(), name, lambda path: self._save_as_one(ids, path))
            return
        ask = Confirm(
            self._theme,
            self.window(),
            f"ذخیره {money.show(len(ids))} نامه",
            "همه نامه‌ها در یک فایل می‌آیند، یا هر نامه در فایلی به نام شماره خود.",
            "یک فایل",
            also="هر نامه یک فایل",
            icon="download",
        )
        ask.answered.connect(lambda answer: self._choose_place(answer, ids))

    def _choose_place(self, answer: str, ids: list[int]) -> None:
        over = self.window()
        if answer == "yes":
            day = jalali.numeric(self._means.today())
            name = file_name(f"نامه‌ها {day}", ".pdf")
            self._means.choosers.file(over, name, lambda path: self._save_as_one(ids, path))
        elif answer == "also":
            self._means.choosers.folder(over, lambda folder: self._save_each(ids, folder))

    def _save_as_one(self, ids: list[int], path: Path) -> None:
        count = money.show(len(ids))
        work = jobs.saving_as_one(self._means.desk, self._means.source, ids, path)
        self._start(
            work,
            len(ids),
            f"ساخت {count} نامه در یک فایل",
            lambda made: self.said.emit(f"{money.show(made)} نامه ذخیره شد" if made else "ذخیره نشد"),
        )

    def _save_each(self, ids: list[int], folder: Path) -> None:
        work = jobs.saving_each(self._means.desk, self._means.source, ids, folder)
        self._start(
            work,
            len(ids),
            f"ساخت {money.show(len(ids))} فایل",
            lambda files: self.said.emit(f"{money.show(len(files))} فایل ذخیره شد"),
        )

    # One job at a time.

    def _start(self, work: jobs.Work, total: int, title: str, done: Callable[[Any], None]) -> None:
        if self._job is not None:
            self.said.emit("کار پیشین هنوز پایان نیافته است.")
            return
        job = Job(work, total, self._means.ask, self)
        self._job = job
        self.progress.say(title, 0, total)
        self.progress.stopped.connect(job.stop)
        self._foot.show()
        self._name_buttons()
        job.progressed.connect(lambda count, of: self.progress.say(title, count, of))
        job.ended.connect(lambda result: self._ended(done, result))
        job.failed.connect(lambda problem: self._ended(lambda _: self.fail(problem), None))
        job.start()

    def _ended(self, done: Callable[[Any], None], result: Any) -> None:
        if self._job is not None:
            self.progress.stopped.disconnect(self._job.stop)
            self._job.deleteLater()
            self._job = None
        self._foot.hide()
        self._name_buttons()
        done(result)

    def fail(self, problem: Exception) -> None:
        """Say in words what went wrong."""
        self.banner.say(str(problem) if isinstance(problem, PrinterTrouble) else explained(problem), "bad")

    # How serving ended.

    def settle(self, letters: Sequence[Letter], outcome: Outcome) -> None:
        """Ask for day and note, then mark the letters."""
        waiting = [letter for letter in letters if outcomes_of(letter)]
        if not waiting:
            self.said.emit(words.not_printed_words(letters))
            return
        if len({outcomes_of(letter) for letter in waiting}) > 1:
            self.said.emit("نتیجه اظهارنامه‌ها را جدا از نامه‌های دیگر، و پس از ثبت آن‌ها، وارد کنید.")
            return
        over = self.window()
        sheet = OutcomeSheet(
            self._theme,
            over,
            waiting,
            outcome,
            self._means.today,
            lambda then: self._means.choosers.scan(over, then),
        )
        sheet.answered.connect(lambda values: self._settle(waiting, values))

    def _returned(self, letters: list[Letter]) -> None:
        self.settle(letters, "returned")

    def _settle(self, letters: Sequence[Letter], values: dict[str, Any]) -> None:
        marks = [
            OutcomeMark(
                reference=uuid.uuid4(),
                letter_id=letter.id,
                outcome=cast(Outcome, values["outcome"]),
                on=values["on"],
                note=values.get("note") or "",
                tracking_code=values.get("tracking_code") or "",
            )
            for letter in letters
        ]
        title = f"ثبت نتیجه {money.show(len(marks))} نامه"
        self._start(
            jobs.marking_outcomes(self._means.source, marks, values.get("scan")),
            len(marks),
            title,
            self._settled,
        )

    def _settled(self, results: list[MarkResult]) -> None:
        self.table.selection.clear()
        self._means.changes.tell("letters")
        done = [result for result in results if result.result != "refused"]
        state = LETTER_STATUSES[done[0].status] if done and done[0].status else "نتیجه ثبت شد"
        self._say_results(results, f"{money.show(len(done))} نامه: {state}")

    def verify(self) -> None:
        """Ask for a code and say whether its letter is a true one."""
        self.verifier.ask()
