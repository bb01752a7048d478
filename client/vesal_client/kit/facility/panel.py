"""The panel of a facility: who and how much, facts, what can be done, guarantors, messages, history."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from vesal_client.kit.buttons import Button, IconButton
from vesal_client.kit.chips import State
from vesal_client.kit.facility import words
from vesal_client.kit.facility.moments import MomentList
from vesal_client.kit.facility.reader import FacilityReader
from vesal_client.kit.labels import Paragraph
from vesal_client.kit.menus import Entry, Menu
from vesal_client.kit.panel import BigAmount, Facts, SidePanel, scrolled
from vesal_client.kit.table.feed import Ask
from vesal_client.kit.tabs import Tabs
from vesal_client.kit.trouble import explained
from vesal_client.look.theme import Theme
from vesal_shared import labels, money
from vesal_shared.digits import persian_digits
from vesal_shared.messages.facilities import Facility

# A held arrow key passes over many rows; only the one it rests on is asked for.
_REST_MS = 80
_GUARANTORS, _NOTIFICATIONS, _HISTORY, _MORE = range(4)
_EVERY_CHANNEL = ""
_EVERY_DAY = "همه روزها"
#: How far back notifications are looked at, in days; None: all of them.
_SPANS: Final[dict[str, int | None]] = {
    _EVERY_DAY: None,
    "امروز": 0,
    "۷ روز گذشته": 6,
    "۳۰ روز گذشته": 29,
    "۹۰ روز گذشته": 89,
}


@dataclass(frozen=True, slots=True)
class Glance:
    """What a list knows of a facility already: it shows at once, while the rest is on its way."""

    loan_no: str
    name: str
    states: tuple[State, ...] = ()
    overdue_amount: int | None = None


@dataclass(frozen=True, slots=True)
class PanelAction:
    """Something that can be done with the facility that is shown; the first is the primary one."""

    label: str
    icon: str
    act: Callable[[Facility], None]


class FacilityPanel(SidePanel):
    """Shows one facility; `show_facility` may be called as fast as arrow keys repeat."""

    letter_pressed = Signal(object)
    """The id of a letter that was pressed among notifications or in the history."""
    shown = Signal(object)
    """The facility whose details are here now."""

    def __init__(
        self,
        theme: Theme,
        reader: FacilityReader,
        ask: Ask,
        today: Callable[[], dt.date],
        *,
        actions: Sequence[PanelAction] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._reader = reader
        self._ask = ask
        self._today = today
        self._loan_no = ""
        self._turn = 0
        self._facility: Facility | None = None
        self._channel = _EVERY_CHANNEL
        self._span = _EVERY_DAY
        self._read_tabs: set[int] = set()
        self.amount = BigAmount(theme, "مبلغ معوقه")
        self.facts = Facts(theme)
        self.add(self.amount)
        self.add(self.facts)
        self.add(self._buttons(actions))
        self.tabs = Tabs(theme, ["ضامن‌ها", "اطلاع‌رسانی", "سوابق", "مشخصات"], first=12)
        self.add(self.tabs, flush=True)
        self.guarantors = MomentList(theme, ask, words.guarantor, "این تسهیلات ضامن ندارد.")
        self.notifications = MomentList(
            theme, ask, words.notification, "برای این تسهیلات اطلاع‌رسانی نشده است."
        )
        self.history = MomentList(theme, ask, words.happened, "هنوز چیزی ثبت نشده است.")
        for each in (self.notifications, self.history):
            each.pressed.connect(self.letter_pressed)
        self.more_facts = Facts(theme)
        self.address = Paragraph(theme, colour="text2")
        self.pages = QStackedWidget()
        for content in (self.guarantors, self._with_filter(), self.history, self._more()):
            self.pages.addWidget(scrolled(content))
        self.add(self.pages, 1, flush=True)
        self.tabs.chosen.connect(self._tab_chosen)
        self.tabs.choose(_HISTORY)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._fetch)

    def _buttons(self, actions: Sequence[PanelAction]) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 4, 0, 0)
        line.setSpacing(8)
        self.buttons: list[Button] = []
        for number, action in enumerate(actions):
            look = "primary" if number == 0 else "plain"
            button = Button(self._theme, action.label, icon=action.icon, look=look)  # type: ignore[arg-type]
            button.clicked.connect(lambda *_, action=action: self._act(action))
            button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().Policy.Fixed)
            line.addWidget(button, 1)
            self.buttons.append(button)
        self.others = (
            IconButton(self._theme, "more", "کارهای دیگر", look="plain")
            if actions
            else Button(self._theme, "نسخه‌برداری", icon="copy")
        )
        self.others.clicked.connect(self._offer_others)
        line.addWidget(self.others)
        if not actions:
            line.addStretch(1)
        return row

    def _act(self, action: PanelAction) -> None:
        if self._facility is not None:
            action.act(self._facility)

    def _offer_others(self) -> None:
        facility = self._facility
        if facility is None:
            return
        copies = [
            ("شماره تسهیلات", facility.loan_no),
            ("شماره مشتری", facility.customer_no),
            ("تلفن همراه", facility.mobile),
            ("کد ملی", facility.national_id),
            ("نشانی", facility.address),
        ]
        entries = [
            Entry(f"نسخه‌برداری از {label}", "copy", partial(QGuiApplication.clipboard().setText, value))
            for label, value in copies
            if value
        ]
        Menu(self._theme, entries, self).under(self.others)

    def _with_filter(self) -> QWidget:
        box = QWidget()
        self.channel = Button(self._theme, "همه کانال‌ها", look="quiet", icon="filter", small=True, parent=box)
        self.channel.clicked.connect(self._offer_channels)
        self.span = Button(self._theme, _EVERY_DAY, look="quiet", icon="calendar", small=True, parent=box)
        self.span.clicked.connect(self._offer_spans)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.channel)
        line.addWidget(self.span)
        line.addStretch(1)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 4, 8, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.notifications, 1)
        return box

    def _offer_channels(self) -> None:
        codes = [(_EVERY_CHANNEL, "همه کانال‌ها"), *labels.CHANNELS.items()]
        entries = [
            Entry(
                word,
                words.CHANNEL_ICONS.get(code, "list"),
                partial(self._take_channel, code),
                ticked=code == self._channel,
            )
            for code, word in codes
        ]
        Menu(self._theme, entries, self).under(self.channel)

    def _offer_spans(self) -> None:
        entries = [
            Entry(word, "", partial(self._take_span, word), ticked=word == self._span) for word in _SPANS
        ]
        Menu(self._theme, entries, self).under(self.span)

    def _take_span(self, word: str) -> None:
        self._span = word
        self.span.setText(word)
        self.span.updateGeometry()
        self._read_tabs.discard(_NOTIFICATIONS)
        self._read_tab()

    def _take_channel(self, code: str) -> None:
        self._channel = code
        self.channel.setText(labels.CHANNELS.get(code, "همه کانال‌ها"))
        self.channel.updateGeometry()
        self._read_tabs.discard(_NOTIFICATIONS)
        self._read_tab()

    def _more(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addWidget(self.more_facts)
        column.addWidget(self.address)
        column.addStretch(1)
        return box

    # Which facility.

    @property
    def loan_no(self) -> str:
        """The loan that is shown, or on its way."""
        return self._loan_no

    def show_facility(self, glance: Glance) -> None:
        """Show this facility: what is known at once, the rest when it is here."""
        if glance.loan_no != self._loan_no:
            self._facility = None
            self._turn += 1
            self._loan_no = glance.loan_no
            self._read_tabs.clear()
            self.say_head(glance.name, persian_digits(glance.loan_no), glance.states)
            self.amount.say("—" if glance.overdue_amount is None else money.show(glance.overdue_amount))
            self._rest.start()

    def refresh(self) -> None:
        """Read again what is shown."""
        if self._loan_no:
            self._turn += 1
            self._read_tabs.clear()
            self._fetch()

    def _fetch(self) -> None:
        turn, loan_no = self._turn, self._loan_no
        self._ask(
            lambda: self._reader.facility(loan_no),
            lambda facility: self._take(turn, facility),
            lambda problem: self._fail(turn, problem),
        )
        self._read_tab()

    def _take(self, turn: int, facility: Facility) -> None:
        if turn != self._turn:
            return
        self._facility = facility
        self.say_head(facility.customer_name, persian_digits(facility.loan_no), words.states(facility))
        self.amount.say(money.show(facility.overdue_amount))
        self.facts.say(words.facts(facility))
        self.more_facts.say(words.more_facts(facility))
        self.address.set_text(f"نشانی: {persian_digits(facility.address) or '—'}")
        counts = (facility.guarantor_count, facility.notification_count, facility.timeline_count)
        for tab, count in enumerate(counts):
            self.tabs.set_count(tab, money.show(count))
        self.shown.emit(facility)

    def _fail(self, turn: int, problem: Exception) -> None:
        if turn == self._turn:
            self.facts.say([])
            self.address.set_text(explained(problem))

    # Tabs are read when they are looked at.

    def _tab_chosen(self, number: int) -> None:
        self.pages.setCurrentIndex(number)
        self._read_tab()

    def _read_tab(self) -> None:
        number, loan_no, reader = self.tabs.current(), self._loan_no, self._reader
        if number in self._read_tabs or not loan_no or self._rest.isActive():
            return
        self._read_tabs.add(number)
        if number == _GUARANTORS:
            self.guarantors.show_list(lambda page, size: reader.guarantors(loan_no, page, size))
        elif number == _NOTIFICATIONS:
            channel, back = self._channel, _SPANS[self._span]
            first = None if back is None else self._today() - dt.timedelta(days=back)
            self.notifications.show_list(
                lambda page, size: reader.notifications(loan_no, page, size, channel=channel, first=first)
            )
        elif number == _HISTORY:
            self.history.show_list(lambda page, size: reader.timeline(loan_no, page, size))
