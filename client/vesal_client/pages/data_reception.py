"""گزارش دریافت اطلاعات: which feeds came and what they did; and the upload of one."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from vesal_client.kit.buttons import Button, IconButton
from vesal_client.kit.dialogs import Question as Dialog
from vesal_client.kit.excel import ExcelSaver
from vesal_client.kit.filters.declared import Filter, FilterKind
from vesal_client.kit.list_page import ListPage, ListSpec
from vesal_client.kit.menus import Entry, Menu
from vesal_client.kit.page import Page as MenuPage
from vesal_client.kit.page import PageContext
from vesal_client.kit.progress import ProgressLine
from vesal_client.kit.reception.panel import STATUS_LOOKS, ReceptionPanel
from vesal_client.kit.reception.upload import FeedUpload
from vesal_client.kit.table.actions import RowAction
from vesal_client.kit.table.columns import Badge, Column, Kind
from vesal_client.kit.table.feed import Question
from vesal_client.kit.table.states import Words
from vesal_client.kit.table.table import TableSpec
from vesal_client.kit.trouble import explained
from vesal_client.wire.data_reception import DataReception
from vesal_client.wire.http import Stopped
from vesal_shared import jalali, labels, problems
from vesal_shared.messages.data_reception import IntakeResult, Reception, ReceptionDetails
from vesal_shared.messages.lists import Choice, Page

CODE: Final = "data_reception"
_TITLE: Final = "گزارش دریافت اطلاعات"
_UPLOAD: Final = "بارگذاری اطلاعات"


def status_badge(reception: Reception) -> Badge:
    """How it ended, as a chip."""
    tone, icon = STATUS_LOOKS[reception.status]
    return Badge(labels.FEED_STATUSES[reception.status], tone, icon)


COLUMNS: Final = (
    Column("as_of", "تاریخ اطلاعات", Kind.DATE, link=True),
    Column("status", "وضعیت", Kind.CHIP, badge=status_badge, sample="بدون تغییر"),
    Column("tries", "دفعات", Kind.COUNT, sample="۰۰"),
    Column("last_at", "آخرین دریافت", Kind.INSTANT),
    Column("source", "منبع", Kind.TEXT, shown=False),
    Column("new", "جدید", Kind.COUNT, sample="۰۰٬۰۰۰"),
    Column("changed", "تغییریافته", Kind.COUNT, shown=False, sample="۰۰٬۰۰۰"),
    Column("cured", "خروج", Kind.COUNT, sample="۰٬۰۰۰"),
    Column("set_aside", "کنارگذاشته", Kind.COUNT, sample="۰٬۰۰۰"),
    Column("note", "توضیح", Kind.TEXT, sample="یادداشت یک دریافت که کمی بلند است"),
)
FILTERS: Final = (
    Filter("date", "تاریخ", FilterKind.DATES),
    Filter(
        "status",
        "وضعیت",
        FilterKind.ONE_OF,
        choices=tuple(Choice(code=code, title=title) for code, title in labels.FEED_STATUSES.items()),
    ),
)


class DataReceptionPage(MenuPage):
    """The report, beside it the details of the current row; above it the upload, under it its progress."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._wire = DataReception(context.http)
        theme = context.theme
        spec = TableSpec(
            name=CODE,
            columns=COLUMNS,
            key=lambda reception: reception.id,
            noun="دریافت",
            sort="-as_of",
            row_actions=(
                RowAction("جزئیات دریافت", "panel", self.open, "Return"),
                RowAction("ردیف‌های کنارگذاشته در اکسل", "table", self._save_set_aside),
            ),
            nothing=Words(
                "هنوز اطلاعاتی دریافت نشده است",
                ("فایل بانک را در پوشه دریافت بگذارید،", f"یا با «{_UPLOAD}» بفرستید."),
                "inbox",
            ),
            not_found=Words("دریافتی با این فیلترها نیست", ("فیلترها را کم کنید.",), "inbox"),
            ticks=False,
        )
        self.list = ListPage(
            theme,
            ListSpec(_TITLE, spec, FILTERS),
            self._fetch,
            self.ask,
            today=context.today,
            settings=context.settings,
            parent=self,
        )
        self.panel = ReceptionPanel(theme, self.ask)
        self.drawer = self.list.set_drawer(self.panel)
        self.drawer.toggled.connect(self.room_changed)
        self.excel = Button(theme, "اکسل", icon="table", parent=self)
        self.excel.clicked.connect(self._save_report)
        self.upload = Button(theme, _UPLOAD, icon="upload", look="primary", parent=self)
        self.upload.clicked.connect(self._offer_upload)
        # A feed is the whole bank's, so only who sees the whole bank may send one.
        self.upload.setVisible(context.session.scope_on(CODE) == "bank")
        again = IconButton(theme, "refresh", "خواندن دوباره", look="plain", parent=self)
        again.clicked.connect(self.refresh)
        self.list.add_actions(self.excel, self.upload, again)
        self.progress = ProgressLine(theme, "upload", self)
        self.progress.hide()
        self.list.column.addWidget(self.progress)
        self._excel = ExcelSaver(context.work, self)
        self._sending = FeedUpload(context.work, context.changes, self._wire, self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.list)
        self._connect()
        self.setFocusProxy(self.list)
        self.list.ask()

    def _connect(self) -> None:
        say = self.context.window.say
        self.list.opened.connect(self.open)
        self.list.table.current_changed.connect(self._follow)
        self.list.table.said.connect(say)
        self.panel.closed.connect(self.close_panel)
        self.panel.moved.connect(self.list.table.view.step)
        self.panel.excel_asked.connect(self._save_set_aside_of)
        self._excel.running.connect(self.excel.set_busy)
        self._excel.said.connect(say)
        self._sending.running.connect(self._upload_runs)
        self._sending.moved.connect(self.progress.say)
        self._sending.done.connect(self._uploaded)
        self._sending.failed.connect(self._upload_failed)
        self.progress.stopped.connect(self._sending.stop)
        self.context.changes.happened.connect(self._changed)

    def _fetch(self, question: Question, page: int, size: int) -> Page[Reception]:
        return self._wire.page(question.where(), page, size)

    # The panel.

    def open(self, reception: Reception) -> None:
        """Open the panel on this reception."""
        self.drawer.set_open(is_open=True)
        self._show(reception)

    def _show(self, reception: Reception) -> None:
        self.panel.show_reception(reception, lambda: self._wire.details(reception.id), self._rows_of)

    def _rows_of(self, arrival: int) -> Callable[[int, int], Page[Any]]:
        return lambda page, size: self._wire.set_aside(arrival, (), page, size)

    def close_panel(self) -> None:
        """Back to the list alone, on the same row."""
        self.drawer.set_open(is_open=False)
        self.list.table.view.setFocus()

    def _follow(self, reception: Reception | None) -> None:
        if reception is not None and self.drawer.is_open:
            self._show(reception)

    # What a page is asked.

    def show_what(self, arguments: Mapping[str, str]) -> None:
        """Show what a search names (`q`)."""
        if words := arguments.get("q", ""):
            self.list.bar.put({}, words)

    def refresh(self) -> None:
        """Read the report again."""
        self.list.table.refresh()

    def needs_room(self) -> bool:
        """The panel stands beside the list."""
        return self.drawer.is_open

    def go_up(self) -> bool:
        """Close the panel."""
        if not self.drawer.is_open:
            return False
        self.close_panel()
        return True

    def ready(self) -> bool:
        """Whether rows and panel are there."""
        return self.context.work.under_way == 0 and not self.list.table.feed.waiting

    def unsaved(self) -> str:
        """An upload under way would be given up."""
        return "بارگذاری اطلاعات پایان نیافته است." if self._sending.under_way else ""

    def _changed(self, kinds: frozenset[str]) -> None:
        if "feeds" in kinds:
            self.refresh()

    # Excel.

    def _save_report(self) -> None:
        where = self.list.question().where()
        self._excel.save(_TITLE, lambda into, tell, stop: self._wire.excel(where, into, tell, stop))

    def _save_set_aside(self, reception: Reception) -> None:
        day = "" if reception.as_of is None else " " + jalali.numeric(reception.as_of).replace("/", "-")
        self._save_set_aside_of(reception.id, day)

    def _save_set_aside_of(self, arrival: int, day: str = "") -> None:
        self._excel.save(
            f"ردیف‌های کنارگذاشته{day}",
            lambda into, tell, stop: self._wire.set_aside_excel(arrival, into, tell, stop),
        )

    # Upload.

    def _offer_upload(self) -> None:
        entries = [
            Entry("فایل فشرده (zip)", "file", self._choose_file),
            Entry("پوشه اطلاعات", "folder", self._choose_folder),
        ]
        Menu(self.context.theme, entries, self).under(self.upload)

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "انتخاب فایل اطلاعات", "", "Zip (*.zip)")
        if chosen:
            self.send(Path(chosen))

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "انتخاب پوشه اطلاعات")
        if chosen:
            self.send(Path(chosen))

    def send(self, feed: Path, *, force: bool = False) -> None:
        """Send a feed, a .zip or a folder, to be taken in."""
        self._sending.send(feed, force=force)

    def _upload_runs(self, running: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.upload.set_busy(running)
        self.progress.setVisible(running)

    def _upload_failed(self, problem: Exception) -> None:
        if not isinstance(problem, Stopped):
            self.context.window.say(explained(problem), "bad")

    def _uploaded(self, result: IntakeResult) -> None:
        words = labels.FEED_STATUSES[result.status]
        self.context.window.say(words, "bad" if result.status == "refused" else "ok")
        if result.id is None:
            return
        arrival = result.id
        self.ask(lambda: self._wire.details(arrival), self._show_result, lambda _problem: None)

    def _show_result(self, details: ReceptionDetails) -> None:
        self.open(details.reception)
        newest = details.tries[0]
        if newest.reason_code == problems.FEED_HALF_SIZE.code and self._sending.last is not None:
            feed = self._sending.last
            question = Dialog(
                self.context.theme,
                self.window(),
                "این اطلاعات با این اندازه دریافت شود؟",
                f"{newest.reason} تسهیلاتی که در آن نیست از معوقات خارج می‌شود.",
                "دریافت شود",
                danger=True,
            )
            question.answered.connect(lambda code: self._answered(feed, code))

    def _answered(self, feed: Path, code: str) -> None:
        if code == "yes":
            self.send(feed, force=True)


def build(context: PageContext) -> MenuPage:
    """Build the page."""
    return DataReceptionPage(context)
