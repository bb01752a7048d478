"""پرونده‌های معوق: all open episodes, with the panel of the facility that is current."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from vesal_client.kit.buttons import Button, IconButton
from vesal_client.kit.chips import State
from vesal_client.kit.excel import ExcelSaver
from vesal_client.kit.facility.panel import FacilityPanel, Glance, PanelAction
from vesal_client.kit.facility.words import BUCKET_TONES
from vesal_client.kit.filters.declared import Filter, FilterKind
from vesal_client.kit.list_page import ListPage, ListSpec
from vesal_client.kit.page import Page as MenuPage
from vesal_client.kit.page import PageContext
from vesal_client.kit.table.actions import BulkAction, RowAction
from vesal_client.kit.table.columns import Badge, Column, Kind
from vesal_client.kit.table.feed import Question
from vesal_client.kit.table.selection import Chosen
from vesal_client.kit.table.states import Words
from vesal_client.kit.table.table import TableSpec
from vesal_client.look.tokens import Tone
from vesal_client.wire.overdue_cases import OverdueCases, Parameters
from vesal_shared import jalali, labels, money
from vesal_shared.digits import code as shown_code
from vesal_shared.messages.facilities import Facility
from vesal_shared.messages.lists import Choice, Page
from vesal_shared.messages.overdue_cases import OverdueCase, OverdueFilters

CODE: Final = "overdue_cases"
RECORD: Final = "record_followup"
LETTERS: Final = "print_queue"
#: What the server takes of one filter.
_PICKED_AT_MOST: Final = 200
#: Whether the panel is wanted, as the user left it; and how wide a page has room for list and panel.
_PANEL: Final = f"pages/{CODE}/panel"
_ROOM_FOR_BOTH: Final = 1_200

PROMISE_TONES: Final[dict[str, Tone]] = {"open": "info", "kept": "ok", "broken": "bad", "replaced": "neutral"}


def bucket_badge(case: OverdueCase) -> Badge:
    """The age class as a chip."""
    return Badge(case.bucket_title, BUCKET_TONES.get(case.bucket, "neutral"))


def promise_badge(case: OverdueCase, today: dt.date) -> Badge | None:
    """The newest promise: an open one by its date, the others by how they ended."""
    if case.promise_status is None or case.promise_date is None:
        return None
    if case.promise_status != "open":
        return Badge(labels.PROMISE_STATUSES[case.promise_status], PROMISE_TONES[case.promise_status])
    if case.promise_date == today:
        return Badge("امروز", "warn")
    return Badge(jalali.show(case.promise_date), "warn" if case.promise_date < today else "info")


def _columns(today: Callable[[], dt.date]) -> tuple[Column, ...]:
    return (
        Column("loan_no", "شماره تسهیلات", Kind.CODE, link=True),
        Column("customer_name", "مشتری", Kind.NAME),
        # Sorting by class is sorting by days, which the next column does.
        Column("bucket", "طبقه", Kind.CHIP, sortable=False, badge=bucket_badge),
        Column("overdue_days", "روز", Kind.DAYS),
        Column("overdue_installments", "اقساط", Kind.COUNT, sample="۰۰۰"),
        Column("overdue_amount", "مبلغ معوقه (ریال)", Kind.MONEY),
        Column("last_contact", "آخرین تماس", Kind.DATE),
        Column(
            "promise", "تعهد", Kind.CHIP, badge=lambda case: promise_badge(case, today()), sample="جایگزین شد"
        ),
        Column("customer_no", "شماره مشتری", Kind.CODE, shown=False, sample="۰۰۰۰۰۰۰۰۰۰"),
        Column("branch_code", "شعبه", Kind.TEXT, shown=False, value=_branch),
        Column("loan_type", "نوع وام", Kind.TEXT, shown=False, value=lambda case: case.loan_type_title),
        Column("loan_date", "تاریخ تسهیلات", Kind.DATE, shown=False),
        Column("amount", "مبلغ وام (ریال)", Kind.MONEY, shown=False),
        Column("expert", "کارشناس", Kind.TEXT, shown=False),
        Column("hold_until", "توقف تا", Kind.DATE, shown=False, sortable=False),
    )


def _branch(case: OverdueCase) -> str:
    return f"{case.branch_title} {shown_code(case.branch_code)}"


FILTERS = (
    Filter("days", "روز معوقه", FilterKind.NUMBERS, unit="روز"),
    Filter("branch", "شعبه", FilterKind.SOME_OF),
    Filter("expert", "کارشناس", FilterKind.ONE_OF),
    Filter(
        "promise",
        "تعهد",
        FilterKind.ONE_OF,
        choices=(
            *(Choice(code=code, title=title) for code, title in labels.PROMISE_STATUSES.items()),
            Choice(code="none", title="بدون تعهد"),
        ),
    ),
    Filter("bucket", "طبقه", FilterKind.SOME_OF, bar=False),
    Filter("loan_type", "نوع وام", FilterKind.SOME_OF, bar=False),
    Filter("amount", "مبلغ معوقه", FilterKind.MONEY, unit="ریال", bar=False),
    Filter("installments", "اقساط معوقه", FilterKind.NUMBERS, bar=False),
    Filter("province", "استان", FilterKind.ONE_OF, bar=False),
    Filter("contacted_before", "بدون تماس از", FilterKind.DAY, bar=False),
    Filter(
        "on_hold",
        "توقف",
        FilterKind.ONE_OF,
        choices=(Choice(code="true", title="در توقف"), Choice(code="false", title="بدون توقف")),
        bar=False,
    ),
)

_TITLE: Final = "پرونده‌های معوق"
_NOTHING: Final = Words(
    "پرونده معوقی نیست",
    ("با دریافت اطلاعات بعدی بانک، پرونده‌های معوق", "حوزه شما در اینجا می‌آیند."),
    "folder",
)
_NOT_FOUND: Final = Words(
    "پرونده‌ای با این فیلترها نیست", ("فیلترها را کم کنید یا عبارت دیگری بجویید.",), "folder"
)


def glance(case: OverdueCase) -> Glance:
    """What the list knows of a facility already."""
    chips = State(case.bucket_title, BUCKET_TONES.get(case.bucket, "neutral"))
    return Glance(case.loan_no, case.customer_name, (chips,), case.overdue_amount)


class OverdueCasesPage(MenuPage):
    """The list, and beside it the facility of the current row; arrow keys go on through both."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._wire = OverdueCases(context.http)
        theme = context.theme
        record = context.window.can_open(RECORD)
        self.list = ListPage(
            theme,
            ListSpec(_TITLE, self._table(can_record=record), FILTERS),
            self._fetch,
            self.ask,
            today=context.today,
            settings=context.settings,
            parent=self,
        )
        follow_up = PanelAction("ثبت پیگیری", "phone", self._record)
        self.panel = FacilityPanel(
            theme, self._wire, self.ask, context.today, actions=[follow_up] if record else []
        )
        self.drawer = self.list.set_drawer(self.panel)
        self.drawer.toggled.connect(self.room_changed)
        self._excel = ExcelSaver(context.work, self)
        self.excel = Button(theme, "اکسل", icon="table", parent=self)
        self.excel.clicked.connect(self._save_excel)
        self.again = IconButton(theme, "refresh", "خواندن دوباره", look="plain", parent=self)
        self.again.clicked.connect(self.refresh)
        self.list.add_actions(self.excel, self.again)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.list)
        self._greeted = False
        self._connect()
        self.setFocusProxy(self.list)
        self.list.ask()
        self.ask(self._wire.filters, self._take_filters, lambda _problem: None)

    def _table(self, *, can_record: bool) -> TableSpec:
        record = RowAction("ثبت پیگیری", "phone", self._record, "Ctrl+Return")
        return TableSpec(
            name=CODE,
            columns=_columns(self.context.today),
            key=lambda case: case.loan_no,
            noun="پرونده",
            sort="-overdue_amount",
            sum_of="overdue_amount",
            sum_label="جمع مبلغ",
            row_actions=(
                *((record,) if can_record else ()),
                RowAction("جزئیات تسهیلات", "panel", self.open, "Return"),
            ),
            bulk_actions=(BulkAction("اکسل", "table", self._save_chosen, last=True),),
            nothing=_NOTHING,
            not_found=_NOT_FOUND,
        )

    def _connect(self) -> None:
        context = self.context
        self.list.opened.connect(self.open)
        self.list.table.current_changed.connect(self._follow)
        self.list.table.counted.connect(self._greet)
        self.list.table.said.connect(context.window.say)
        self.panel.closed.connect(self.close_panel)
        self.panel.letter_pressed.connect(self._show_letter)
        self.panel.moved.connect(self.list.table.view.step)
        self._excel.running.connect(self.excel.set_busy)
        self._excel.said.connect(context.window.say)
        context.changes.happened.connect(self._changed)

    def _fetch(self, question: Question, page: int, size: int) -> Page[OverdueCase]:
        return self._wire.page(question.where(), page, size)

    def _take_filters(self, found: OverdueFilters) -> None:
        bar = self.list.bar
        bar.set_choices("branch", found.branches)
        bar.set_choices("province", found.provinces)
        bar.set_choices("loan_type", found.loan_types)
        bar.set_choices("bucket", found.buckets)
        nobody = Choice(code="0", title="بدون کارشناس")
        bar.set_choices("expert", [nobody, *found.experts] if found.experts else [])

    # The panel.

    def _greet(self) -> None:
        """Where there is room for both, begin with the first case beside the list, unless it was put away."""
        if self._greeted or self.list.table.feed.waiting or not self.list.table.feed.total:
            return
        self._greeted = True
        wanted = self.context.settings.value(_PANEL, defaultValue=True, type=bool)
        if wanted and self.width() >= _ROOM_FOR_BOTH and not self.drawer.is_open:
            self.list.table.view.go_to(0)
            case = self.list.table.current()
            if case is not None:
                self.drawer.set_open(is_open=True)
                self.panel.show_facility(glance(case))

    def open(self, case: OverdueCase) -> None:
        """Open the panel on this case."""
        self.drawer.set_open(is_open=True)
        self.panel.show_facility(glance(case))
        self.context.settings.setValue(_PANEL, True)

    def close_panel(self) -> None:
        """Back to the list alone, on the same row; it is not opened by itself any more."""
        self.drawer.set_open(is_open=False)
        self.context.settings.setValue(_PANEL, False)
        self.list.table.view.setFocus()

    def _follow(self, case: OverdueCase | None) -> None:
        if case is not None and self.drawer.is_open:
            self.panel.show_facility(glance(case))

    def needs_room(self) -> bool:
        """The panel stands beside the list."""
        return self.drawer.is_open

    def go_up(self) -> bool:
        """Esc and «بالا»: close the panel; false where there is nothing to close."""
        if not self.drawer.is_open:
            return False
        self.close_panel()
        return True

    def show_what(self, arguments: Mapping[str, str]) -> None:
        """Show one facility (`loan_no`), or what finds a customer (`customer_no`, `q`)."""
        words = arguments.get("loan_no") or arguments.get("customer_no") or arguments.get("q", "")
        if words:
            self.list.bar.put({}, words)
        if loan_no := arguments.get("loan_no"):
            self.drawer.set_open(is_open=True)
            self.panel.show_facility(Glance(loan_no, arguments.get("name", "")))

    def ready(self) -> bool:
        """Whether rows, filters and panel are there."""
        return self.context.work.under_way == 0 and not self.list.table.feed.waiting

    # Actions.

    def refresh(self) -> None:
        """Read the list and the panel again."""
        self.list.table.refresh()
        self.panel.refresh()

    def _changed(self, kinds: frozenset[str]) -> None:
        if kinds & {"cases", "feeds", "letters"}:
            self.refresh()

    def _record(self, of: OverdueCase | Facility) -> None:
        self.context.window.open_page(RECORD, {"loan_no": of.loan_no, "customer_no": of.customer_no})

    def _show_letter(self, letter_id: int) -> None:
        if self.context.window.can_open(LETTERS):
            self.context.window.open_page(LETTERS, {"letter_id": str(letter_id)})

    def _save_chosen(self, chosen: Chosen) -> None:
        """Save the ticked rows; the server takes so many by number, more by the filters that find them."""
        if chosen.everything is not None and not chosen.without:
            self._save(chosen.everything.where())
        elif chosen.everything is None and chosen.count <= _PICKED_AT_MOST:
            picked = tuple(("loan_no", str(loan_no)) for loan_no in chosen.records)
            self._save((("sort", self.list.question().sort), *picked))
        else:
            most = money.show(_PICKED_AT_MOST)
            self.context.window.say(f"تا {most} ردیف انتخابی یا همه ردیف‌های فیلتر را می‌توان گرفت.", "warn")

    def _save_excel(self) -> None:
        self._save(self.list.question().where())

    def _save(self, where: Parameters) -> None:
        name = f"{_TITLE} {jalali.numeric(self.context.today()).replace('/', '-')}"
        self._excel.save(name, lambda into, tell, stop: self._wire.excel(where, into, tell, stop))


def build(context: PageContext) -> MenuPage:
    """Build the page."""
    return OverdueCasesPage(context)
