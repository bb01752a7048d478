"""صفحه اصلی: figures, my open work, overdue facilities, age buckets, announcements, and what must be known."""

from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vesal_client.kit.banner import Banner
from vesal_client.kit.bar_chart import BarChart
from vesal_client.kit.buttons import Button, IconButton
from vesal_client.kit.cards import Card, CardHead
from vesal_client.kit.dialogs import Sheet, Veil
from vesal_client.kit.figures import FigureStrip
from vesal_client.kit.home import words
from vesal_client.kit.home.news import NewsList, news_line
from vesal_client.kit.home.work_list import WorkList, WorkRow
from vesal_client.kit.labels import Label
from vesal_client.kit.page import Page, PageContext
from vesal_client.kit.page_head import PageHead
from vesal_client.kit.panel import scrolled
from vesal_client.look.tokens import Space
from vesal_client.wire.home import HomeWire
from vesal_client.wire.refusals import Unreachable
from vesal_client.work.query import Query
from vesal_shared import jalali, money
from vesal_shared.digits import code
from vesal_shared.messages.home import Announcement, Home, WorkItem
from vesal_shared.messages.lists import Page as ListPage
from vesal_shared.messages.overdue_cases import OverdueCase
from vesal_shared.pages import PAGE
from vesal_shared.problems import Refusal

CODE: Final = "home"
_CASES: Final = "overdue_cases"
_RECORD: Final = "record_followup"
_LETTERS: Final = "print_queue"
_KINDS: Final = frozenset({"connection", "home", "cases", "letters", "followups", "feeds"})
_SHOWN: Final = 30
_SEVERITY: Final = {"error": "bad", "warning": "warn", "info": "info"}
_BUCKET_TONES: Final = ("info", "warn", "bad", "neutral")


def build(context: PageContext) -> Page:
    """Make the page."""
    return HomePage(context)


class HomePage(Page):
    """What one sees first in the morning."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        theme = context.theme
        self._wire = HomeWire(context.http)
        self._home = Query(context.work, self)
        self._cases = Query(context.work, self)
        self._now: Home | None = None
        self._watched: ListPage[OverdueCase] | None = None
        self._cases_chosen: bool | None = None
        self._failed = False
        self._link: tuple[str, dict[str, str]] | None = None
        self._put_away: set[str] = set()
        self.head = PageHead(theme, PAGE[CODE].label)
        self.banner = Banner(theme)
        self.figures = FigureStrip(theme, 5)
        self.chart = BarChart(theme, "تعداد پرونده")
        records = context.window.can_open(_RECORD)
        self.work = WorkList(theme, "ثبت پیگیری" if records else "باز کردن", "کارهای باز من")
        self.news = NewsList(theme)
        self._build()
        self._connect()
        self.refresh()

    # Built once.

    def _build(self) -> None:
        context, theme = self.context, self.context.theme
        for code_, icon in ((_RECORD, "phone"), (_CASES, "folder")):
            if context.window.can_open(code_):
                word = "ثبت پیگیری" if code_ == _RECORD else PAGE[code_].label
                button = Button(theme, word, look="primary", icon=icon)
                button.clicked.connect(lambda _=False, code_=code_: context.window.open_page(code_))
                self.head.add(button)
                break
        again = IconButton(theme, "refresh", "خواندن دوباره", look="plain")
        again.clicked.connect(self.refresh)
        self.head.add(again)
        right = QHBoxLayout()
        right.setSpacing(Space.MEDIUM)
        right.addWidget(self._work_card(), 557)
        left = QVBoxLayout()
        left.setSpacing(Space.MEDIUM)
        left.addWidget(self._chart_card(), 250)
        left.addWidget(self._news_card(), 164)
        right.addLayout(left, 424)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE_SIDE, 10, Space.PAGE_SIDE, Space.PAGE_TOP)
        column.setSpacing(10)
        column.addWidget(self.head)
        column.addWidget(self.banner)
        column.addWidget(self.figures)
        column.addLayout(right, 1)

    def _work_card(self) -> QWidget:
        theme = self.context.theme
        card = Card(theme, margins=(1, 8, 1, 12))
        self._work_head = CardHead(theme, "کارهای باز من")
        self._work_head.line.setContentsMargins(14, 0, 15, 0)
        self._switch = Button(theme, "", look="link", small=True)
        self._all = Button(theme, "همه", look="link", small=True)
        self._switch.hide()
        self._all.setVisible(self.context.window.can_open(_CASES))
        self._work_head.add(self._switch)
        self._work_head.add(self._all)
        card.body.setSpacing(2)
        card.body.addWidget(self._work_head)
        card.body.addWidget(self.work, 1)
        return card

    def _chart_card(self) -> QWidget:
        theme = self.context.theme
        card = Card(theme, margins=(15, 8, 14, 8))
        head = CardHead(theme, "معوقات بر اساس سن", beside="تعداد پرونده")
        self._as_table = IconButton(theme, "table", "جدول", size=28)
        self._as_table.setCheckable(True)
        self._as_table.toggled.connect(self._show_table)
        head.add(self._as_table)
        card.body.setSpacing(0)
        card.body.addWidget(head)
        card.body.addWidget(self.chart, 1)
        return card

    def _news_card(self) -> QWidget:
        card = Card(self.context.theme, margins=(15, 6, 14, 8))
        card.body.setSpacing(0)
        card.body.addWidget(CardHead(self.context.theme, "اعلان‌ها"))
        card.body.addWidget(scrolled(self.news), 1)
        return card

    def _connect(self) -> None:
        self._home.answered.connect(self._show_home)
        self._home.failed.connect(self._fail)
        self._home.waiting.connect(self._wait)
        self._cases.answered.connect(self._show_cases)
        self._cases.failed.connect(self._fail)
        self._switch.clicked.connect(self._switch_list)
        self._all.clicked.connect(lambda: self.context.window.open_page(_CASES))
        self.work.opened.connect(self._open)
        self.news.opened.connect(self._show_news)
        self.banner.link_pressed.connect(self._follow_link)
        self.banner.closed.connect(self._banner_closed)
        self.context.changes.happened.connect(self._changed)

    # Read again and again.

    def refresh(self) -> None:
        """Read everything again."""
        self._home.run(self._wire.home)
        self._cases.run(lambda: self._wire.cases(_SHOWN))

    def ready(self) -> bool:
        """Once both answers are there, or there is nothing to be had."""
        return self._failed or (self._now is not None and self._watched is not None)

    def _changed(self, kinds: frozenset[str]) -> None:
        if kinds & _KINDS:
            self.refresh()

    def _wait(self, waiting: bool) -> None:  # noqa: FBT001 - a signal's argument
        if waiting:
            self.figures.wait()
            self.work.wait()

    def _fail(self, error: Exception) -> None:
        self._failed = True
        # Out of reach: the window says so, and asks again by itself.
        if not isinstance(error, Unreachable):
            sentence = error.sentence if isinstance(error, Refusal) else "صفحه خوانده نشد."
            self._link = None
            self.banner.say(sentence, "bad", link="دوباره")

    # What came.

    def _show_home(self, now: Home) -> None:
        self._now = now
        self._failed = False
        self.head.say_beside(jalali.show_long(now.today))
        self.figures.say(words.figures(now.figures))
        self.chart.say(words.bars(now.buckets))
        self.news.say(now.announcements, now.today)
        self._say_banner(now)
        self._show_list()

    def _show_cases(self, page: ListPage[OverdueCase]) -> None:
        self._watched = page
        self._show_list()

    def _say_banner(self, now: Home) -> None:
        """The gravest thing that must be known; what was put away stays away while it is the same."""
        said: list[tuple[str, str, str, tuple[str, dict[str, str]] | None]] = []
        for letter in now.void_letters:
            sentence = f"نامه {code(letter.number)} پس از چاپ باطل شد؛ ابلاغ نشود."
            said.append(
                (
                    sentence,
                    "bad",
                    "دیدن نامه",
                    (_LETTERS, {"letter_id": str(letter.letter_id), "number": letter.number}),
                )
            )
        said.extend(
            (alert.title, _SEVERITY[alert.severity], "جزییات", (alert.page, {}))
            for alert in sorted(now.alerts, key=lambda one: list(_SEVERITY).index(one.severity))
        )
        said = [one for one in said if one[0] not in self._put_away]
        if not said:
            self.banner.hide()
            return
        sentence, tone, word, link = said[0]
        self._link = link
        opens = link is not None and link[0] != CODE and self.context.window.can_open(link[0])
        if len(said) > 1:
            sentence = f"{sentence} (و {money.show(len(said) - 1)} مورد دیگر)"
        self.banner.say(sentence, tone, link=word if opens else "")

    def _banner_closed(self) -> None:
        self._put_away.add(self.banner.text().partition(" (و ")[0])
        if self._now is not None:
            self._say_banner(self._now)

    def _follow_link(self) -> None:
        if self._link is None:
            self.refresh()
        else:
            self.context.window.open_page(*self._link)

    # The list: my work, or else what is overdue.

    @property
    def _shows_cases(self) -> bool:
        has_work = self._now is not None and self._now.work_total > 0
        return self._cases_chosen if self._cases_chosen is not None and has_work else not has_work

    def _switch_list(self) -> None:
        self._cases_chosen = not self._shows_cases
        self._show_list()

    def _show_list(self) -> None:
        now, watched = self._now, self._watched
        if now is None or watched is None:
            return
        both = now.work_total > 0 and watched.total > 0
        self._switch.setVisible(both)
        if self._shows_cases:
            self._switch.setText("کارهای باز من")
            self._work_head.title.setText("پرونده‌های معوق")
            self._work_head.count.say(money.show(watched.total))
            nothing = "پرونده معوقی در این حوزه نیست." if now.feed_as_of else "هنوز اطلاعاتی دریافت نشده است."
            self.work.say([self._case_row(case) for case in watched.items], nothing)
        else:
            self._switch.setText("پرونده‌های معوق")
            self._work_head.title.setText("کارهای باز من")
            self._work_head.count.say(money.show(now.work_total))
            self.work.say([_work_row(item) for item in now.work])
        self._switch.updateGeometry()

    def _case_row(self, case: OverdueCase) -> WorkRow:
        codes = [bucket.code for bucket in self._now.buckets] if self._now else []
        place = codes.index(case.bucket) if case.bucket in codes else len(_BUCKET_TONES) - 1
        parts = [case.bucket_title, case.loan_type_title]
        if case.promise_status == "open" and case.promise_date:
            parts.append(f"تعهد {jalali.show(case.promise_date)}")
        elif case.hold_until:
            parts.append(f"توقف تا {jalali.show(case.hold_until)}")
        return WorkRow(
            "coins",
            _BUCKET_TONES[min(place, len(_BUCKET_TONES) - 1)],
            case.customer_name,
            case.loan_no,
            "، ".join(part for part in parts if part),
            words.short_amount(case.overdue_amount),
            words.overdue_words(case.overdue_days, case.overdue_installments),
            {"loan_no": case.loan_no, "customer_no": case.customer_no},
        )

    def _open(self, key: Any) -> None:
        window = self.context.window
        if "letter_id" in key and window.can_open(_LETTERS):
            window.open_page(_LETTERS, key)
        else:
            window.open_page(_RECORD if window.can_open(_RECORD) else _CASES, key)

    # The rest.

    def _show_table(self, shown: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.chart.show_table(shown)
        self._as_table.set_name("نمودار" if shown else "جدول")
        self._as_table.set_icon("chart" if shown else "table")

    def _show_news(self, news: Announcement) -> None:
        theme = self.context.theme
        sheet = Sheet(theme, news.title, news.body, icon="megaphone", tone="accent")
        sheet.body.addWidget(Label(theme, news_line(news), size=11, colour="text3"))
        veil = Veil(theme, self.window(), sheet)
        close = sheet.add_button("بستن", "primary")
        close.clicked.connect(veil.lift)
        veil.dismissed.connect(veil.lift)
        close.setFocus(Qt.FocusReason.OtherFocusReason)


def _work_row(item: WorkItem) -> WorkRow:
    key = {"loan_no": item.loan_no, "customer_no": item.customer_no}
    if item.letter_id is not None:
        key["letter_id"] = str(item.letter_id)
    return WorkRow(
        words.work_icon(item),
        words.work_tone(item),
        item.customer_name,
        item.loan_no,
        item.reason,
        words.short_amount(item.overdue_amount),
        words.overdue_words(item.overdue_days, item.overdue_installments),
        key,
    )
