"""Everything that a user who has logged in sees: header, menu, pages, status line; pages meet through it by code."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from vesal_client.kit.banner import Banner
from vesal_client.kit.dialogs import Question, Veil
from vesal_client.kit.menus import Entry, Menu
from vesal_client.kit.page import Page, PageContext
from vesal_client.kit.popup import Popup
from vesal_client.kit.toast import Toast
from vesal_client.look.theme import THEME_KEY, Mode
from vesal_client.look.tokens import Space
from vesal_client.shell import catalogue
from vesal_client.shell.alerts import AlertList
from vesal_client.shell.connection import Connection
from vesal_client.shell.header import Header
from vesal_client.shell.means import Means
from vesal_client.shell.menu import SideMenu
from vesal_client.shell.password_again import PasswordAgain
from vesal_client.shell.search_anywhere import SearchAnywhere
from vesal_client.shell.status_line import StatusLine
from vesal_client.wire.home import HomeWire
from vesal_client.wire.search import SearchWire
from vesal_client.work.query import Query
from vesal_shared.digits import persian_digits
from vesal_shared.messages.alerts import Alert
from vesal_shared.messages.lists import Page as ListPage
from vesal_shared.messages.session import ServiceStatus
from vesal_shared.pages import PAGE
from vesal_shared.problems import Refusal

_THEMES: Final[tuple[tuple[Mode, str, str], ...]] = (
    ("system", "مانند سیستم", "monitor"),
    ("light", "روشن", "sun"),
    ("dark", "تیره", "moon"),
)
OFFLINE_WORDS: Final = "سرور در دسترس نیست. نوشته‌های شما سر جای خود است و اتصال خودبه‌خود از سر گرفته می‌شود."
#: From this width on, menu, list and panel fit side by side.
ROOMY_FROM: Final = 1500


class Inside(QWidget):
    """The window's inside between log-in and log-out; built once, emptied by `leave`."""

    page_shown = Signal(str)
    """The code of the page in front."""

    def __init__(self, means: Means, connection: Connection) -> None:
        super().__init__()
        self._theme = means.theme
        self._session = means.session
        self._work = means.work
        self._settings = means.settings
        self._http = means.http
        self._pages: dict[str, Page] = {}
        self._order: list[str] = []
        self._popup: Popup | None = None
        self._alert_list: AlertList | None = None
        self._last_status: ServiceStatus | None = None
        self.connection = connection
        self.context = PageContext(
            means.theme,
            means.session,
            means.http,
            means.work,
            means.changes,
            means.settings,
            means.today,
            self,
        )
        self._alerts = Query(means.work, self)
        self._alerts.answered.connect(self._show_alerts)
        self._alerts.failed.connect(self._alerts_failed)
        self.header = Header(means.theme)
        self.menu = SideMenu(means.theme, means.settings)
        self.banner = Banner(means.theme, closable=False)
        self.stack = QStackedWidget()
        self.status = StatusLine(means.theme)
        self._build()
        self.toast_box = Toast(means.theme, self)
        self._connect()
        self._shortcuts()
        if not connection.online:
            self._lost()

    def _build(self) -> None:
        inner = QVBoxLayout()
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        over = QHBoxLayout()
        over.setContentsMargins(Space.PAGE_SIDE, Space.MEDIUM, Space.PAGE_SIDE, 0)
        over.addWidget(self.banner)
        self._over = QWidget()
        self._over.setLayout(over)
        self._over.hide()
        inner.addWidget(self._over)
        inner.addWidget(self.stack, 1)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.menu)
        middle.addLayout(inner, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(middle, 1)
        column.addWidget(self.status)
        self.header.brand.setFixedWidth(self.menu.width_wanted)

    def _connect(self) -> None:
        self.menu.chosen.connect(self.open_page)
        self.menu.width_changed.connect(self.header.brand.setFixedWidth)
        self.header.tabs.chosen.connect(self.open_page)
        self.header.tabs.close_asked.connect(self.close_page)
        self.header.search_asked.connect(self.open_search)
        self.header.bell.clicked.connect(self.open_alerts)
        self.header.avatar.clicked.connect(self.open_user_menu)
        self._session.ended.connect(self._ask_password)
        self.connection.lost.connect(self._lost)
        self.connection.back.connect(self._back)
        self.connection.counting.connect(self._counting)
        self.connection.status_read.connect(self._took_status)
        self.banner.link_pressed.connect(self.connection.try_now)

    def _shortcuts(self) -> None:
        for keys, act in (
            ("Ctrl+K", self.open_search),
            ("Ctrl+W", lambda: self.close_page(self.current_code)),
            ("Ctrl+Tab", lambda: self._next_tab(1)),
            ("Ctrl+Shift+Tab", lambda: self._next_tab(-1)),
            ("F5", self._refresh),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(partial(self._unless_covered, act))
        QShortcut(QKeySequence("Esc"), self).activated.connect(self._up)

    # Coming and going.

    def begin(self, code: str, arguments: Mapping[str, str]) -> None:
        """Show what the user who has logged in may open, and this page in front."""
        session = self._session
        self.status.say_who(session.display_name, session.place, session.scope_label)
        self.header.avatar.say(session.display_name)
        self.menu.fill(catalogue.menu(session))
        self.open_page(catalogue.HOME)
        if code != catalogue.HOME:
            self.open_page(code, arguments)
        self.connection.watch()

    def leave(self) -> None:
        """Close all pages: somebody else may log in."""
        self.connection.rest()
        for code in list(self._pages):
            self._drop(code)
        self.header.tabs.clear()

    def unsaved(self) -> str:
        """What would be lost by closing everything, as sentences."""
        return " ".join(words for page in self._pages.values() if (words := page.unsaved()))

    def _ask_password(self) -> None:
        PasswordAgain(self._theme, self._session, self)

    # Pages.

    @property
    def current_code(self) -> str:
        """The page in front."""
        return self._order[-1] if self._order else ""

    @property
    def current_page(self) -> Page | None:
        """The page in front, or None before the log-in."""
        return self._pages.get(self.current_code)

    def can_open(self, code: str) -> bool:
        """Whether a page exists and the user may open it."""
        return catalogue.exists(code) and (code == catalogue.HOME or self._session.may_open(code))

    def open_page(self, code: str, arguments: Mapping[str, str] | None = None) -> None:
        """Open a page or go to it, and tell it what to show."""
        if not self.can_open(code):
            self.say("این صفحه برای شما باز نیست.", "warn")
            return
        page = self._pages.get(code)
        if page is None:
            page = catalogue.build(code, self.context)
            self._pages[code] = page
            self.stack.addWidget(page)
            self.header.tabs.add(code, PAGE[code].label, fixed=code == catalogue.HOME)
            page.title_changed.connect(lambda title: self.header.tabs.rename(code, title))
            page.room_changed.connect(self._make_room)
        if code in self._order:
            self._order.remove(code)
        self._order.append(code)
        self.stack.setCurrentWidget(page)
        self.header.tabs.show_current(code)
        self.menu.show_current(code)
        if arguments:
            page.show_what(arguments)
        self._make_room()
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.page_shown.emit(code)

    def _make_room(self) -> None:
        page = self.current_page
        self.menu.squeeze(page is not None and page.needs_room() and self.width() < ROOMY_FROM)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wider window needs no squeezed menu."""
        super().resizeEvent(event)
        self._make_room()

    def close_page(self, code: str) -> None:
        """Close a page; what isn't saved is asked about first."""
        page = self._pages.get(code)
        if page is None or code == catalogue.HOME:
            return
        lost = page.unsaved()
        if not lost:
            self._close(code)
            return
        question = Question(
            self._theme, self, "بدون ذخیره بسته شود؟", lost, "بستن", danger=True, cancel="ماندن"
        )
        question.answered.connect(lambda answer: self._close(code) if answer == "yes" else None)

    def _close(self, code: str) -> None:
        self._drop(code)
        self.header.tabs.remove(code)
        if self._order:
            self.open_page(self._order[-1])

    def _drop(self, code: str) -> None:
        page = self._pages.pop(code)
        self._order = [other for other in self._order if other != code]
        self.stack.removeWidget(page)
        page.deleteLater()

    def _next_tab(self, by: int) -> None:
        codes = self.header.tabs.codes
        if self.current_code in codes:
            self.open_page(codes[(codes.index(self.current_code) + by) % len(codes)])

    def _refresh(self) -> None:
        page = self.current_page
        if page is not None:
            page.refresh()
            self.connection.read_status()

    def _up(self) -> None:
        veils = [veil for veil in self.findChildren(Veil) if veil.isVisible()]
        if veils:
            veils[-1].dismissed.emit()
        elif self.current_page is not None:
            self.current_page.go_up()

    @property
    def covered(self) -> bool:
        """Whether a question, the search or a log-in lies over the pages."""
        return any(veil.isVisible() for veil in self.findChildren(Veil))

    def _unless_covered(self, act: Callable[[], None]) -> None:
        if not self.covered and self._session.open:
            act()

    # What pages ask for.

    def say(self, text: str, tone: str = "ok") -> None:
        """Say in the status line what was done."""
        self.status.say(text, tone, "check" if tone == "ok" else "warning")

    def toast(self, text: str, undo: Callable[[], None] | None = None, word: str = "واگرد") -> None:
        """Say what was done, with a way to undo it or to see it."""
        self.toast_box.say(text, undo=undo, word=word)

    # Search, alerts, user.

    def open_search(self) -> None:
        """Open the search over everything."""
        if not self._session.open or self._session.over:
            return
        pages = [PAGE[code] for code in PAGE if self.can_open(code) and not PAGE[code].admin]
        search = SearchAnywhere(self._theme, SearchWire(self._http), self._work, pages, self)
        search.chosen.connect(self.open_page)

    def open_alerts(self) -> None:
        """Hang the alerts under the bell."""
        shown = AlertList(self._theme)
        shown.page_asked.connect(self._open_from_alert)
        popup = Popup(self._theme, self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.body.addWidget(shown)
        popup.destroyed.connect(self._alerts_gone)
        self._popup, self._alert_list = popup, shown
        popup.hang_under(self.header.bell)
        wire = HomeWire(self._http)
        self._alerts.run(wire.alerts)

    def _show_alerts(self, page: ListPage[Alert]) -> None:
        if self._alert_list is not None and self._popup is not None:
            openable = frozenset(alert.page for alert in page.items if self.can_open(alert.page))
            self._alert_list.say(page.items, openable)
            self._popup.hang_under(self.header.bell)
            self.header.say_alerts(page.total)

    def _alerts_failed(self, error: Exception) -> None:
        if self._alert_list is not None:
            self._alert_list.fail(error.title if isinstance(error, Refusal) else "هشدارها خوانده نشد.")

    def _alerts_gone(self) -> None:
        self._popup = self._alert_list = None

    def _open_from_alert(self, code: str) -> None:
        if self._popup is not None:
            self._popup.close()
        self.open_page(code)

    def open_user_menu(self) -> None:
        """Open the menu of who is logged in."""
        entries: list[Entry | None] = [
            Entry(label, icon, lambda mode=mode: self._choose_theme(mode), ticked=self._theme.mode == mode)  # type: ignore[misc]
            for mode, label, icon in _THEMES
        ]
        entries += [None]
        if self.can_open("change_password"):
            entries.append(Entry("تغییر کلمه عبور", "key", lambda: self.open_page("change_password")))
        entries.append(Entry("خروج از سامانه", "logout", self._log_out))
        Menu(self._theme, entries, self).under(self.header.avatar)

    def _choose_theme(self, mode: Mode) -> None:
        self._theme.set_mode(mode)
        self._settings.setValue(THEME_KEY, mode)

    def _log_out(self) -> None:
        lost = self.unsaved()
        if not lost:
            self._session.log_out()
            return
        question = Question(
            self._theme, self, "بدون ذخیره خارج می‌شوید؟", lost, "خروج", danger=True, cancel="ماندن"
        )
        question.answered.connect(lambda answer: self._session.log_out() if answer == "yes" else None)

    def ask_to_close(self, close: Callable[[], object]) -> None:
        """Ask whether the window may close though something isn't saved."""
        question = Question(
            self._theme,
            self,
            "برنامه بدون ذخیره بسته شود؟",
            self.unsaved(),
            "بستن",
            danger=True,
            cancel="ماندن",
        )

        def answered(answer: str) -> None:
            if answer == "yes":
                self.leave()
                close()

        question.answered.connect(answered)

    # Connection.

    def _took_status(self, status: ServiceStatus) -> None:
        before, self._last_status = self._last_status, status
        self.status.say_feed(status.feed_as_of, status.feed_taken_at)
        self.header.say_alerts(status.alerts)
        self.menu.say_counts(status.counts)
        if before is not None and before.data_version != status.data_version:
            self.context.changes.tell("cases", "letters", "feeds", "home")

    def _lost(self) -> None:
        self.status.say_connection("سرور در دسترس نیست", "bad")
        self._over.show()
        self.banner.say(OFFLINE_WORDS, "warn", icon="wifi-off", link="تلاش دوباره")

    def _counting(self, seconds: int) -> None:
        words = f"تلاش دوباره تا {persian_digits(seconds)} ثانیه دیگر"
        self.status.say(words, "warn", "clock", stays=True)

    def _back(self) -> None:
        self._over.hide()
        self.status.say("")
        self.status.say_connection("متصل", "ok")
        self.context.changes.tell("connection")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground of all pages."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("canvas"))
