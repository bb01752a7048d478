"""A page against the real service: a small bank with a feed taken in, a user logged in, a window around."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.conftest import Service
from tests.worlds import PASSWORD, Feed, add_bank, add_user, customer, facility, guarantor
from vesal_client.kit.page import Page, PageContext
from vesal_client.look.theme import Theme
from vesal_client.session import Session
from vesal_client.wire.http import Http
from vesal_client.work.changes import Changes
from vesal_client.work.pool import Work
from vesal_server.intake.service import Offer, take
from vesal_shared.pages import ADMINS, BRANCH_MANAGERS

OFFICER = "officer"
CHIEF = "chief"
#: Facilities of the branch 6140; ten more stand in 3101.
MINE = 240
OTHERS = 10


def feed(as_of: dt.date) -> Feed:
    """Customers with rising amounts in two branches; one row names a branch that nobody knows."""
    people = [customer(1_000 + number) for number in range(MINE + OTHERS)]
    loans = [
        facility(
            f"6140-307-{1_400_000 + number}-1" if number < MINE else f"3101-307-{1_400_000 + number}-1",
            1_000 + number,
            branch_code="6140" if number < MINE else "3101",
            overdue_days=number + 1,
            overdue_amount=(number + 1) * 1_000_000,
        )
        for number in range(MINE + OTHERS)
    ]
    lost = facility("9999-307-1400000-9", 1_000, branch_code="9999")
    pairs = [guarantor(str(loans[number]["loan_no"]), 1_000 + number + 1) for number in range(MINE - 1)]
    return Feed(as_of, people, [*loans, lost], pairs)


@pytest.fixture(scope="module")
def bank(module_service: Service, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The service over the small bank, today's feed taken in."""
    service = module_service
    with service.database.transaction() as connection:
        add_bank(connection)
        add_user(connection, OFFICER, BRANCH_MANAGERS, at=service.clock.now(), branch_code="6140")
        add_user(connection, CHIEF, ADMINS, at=service.clock.now())
    path = feed(service.clock.today()).folder(tmp_path_factory.mktemp("feeds") / "feed")
    take(service.database, service.clock, Offer(path))
    return service


@dataclass
class Window:
    """What the shell would be told."""

    said: list[str] = field(default_factory=list)
    opened: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    can: frozenset[str] = frozenset({"record_followup"})

    def can_open(self, code: str) -> bool:
        return code in self.can

    def open_page(self, code: str, arguments: Mapping[str, str] | None = None) -> None:
        self.opened.append((code, dict(arguments or {})))

    def say(self, text: str, tone: str = "ok") -> None:
        self.said.append(text)

    def toast(self, text: str, undo: Callable[[], None] | None = None, word: str = "") -> None:
        self.said.append(text)


class Desk:
    """A user at a workstation: opens pages, and waits until what they ask is answered."""

    def __init__(self, qtbot: QtBot, theme: Theme, service: Service, folder: Path, username: str) -> None:
        self._qtbot = qtbot
        self.window = Window()
        self.work = Work()
        self.http = Http(service.url)
        self.session = Session(self.http, self.work)
        self.problems: list[Exception] = []
        self.session.log_in(username, PASSWORD, lambda: None, self.problems.append)
        self.settle()
        assert not self.problems
        self.context = PageContext(
            theme,
            self.session,
            self.http,
            self.work,
            Changes(),
            QSettings(str(folder / "client.ini"), QSettings.Format.IniFormat),
            service.clock.today,
            self.window,
        )

    def open(self, build: Callable[[PageContext], Page]) -> Page:
        page = build(self.context)
        self._qtbot.addWidget(page)
        page.resize(1224, 648)
        page.show()
        self._qtbot.waitExposed(page)
        self.settle()
        return page

    def settle(self) -> None:
        """Wait until nothing is under way, and nothing comes of that."""
        quiet = 0

        def still() -> bool:
            nonlocal quiet
            quiet = quiet + 1 if self.work.under_way == 0 else 0
            return quiet > 12

        self._qtbot.waitUntil(still, timeout=60_000)

    def end(self) -> None:
        self.work.stop()
        self.http.close()


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, bank: Service, tmp_path: Path) -> Iterator[Desk]:
    """The branch's manager at their workstation."""
    made = Desk(qtbot, theme, bank, tmp_path, OFFICER)
    yield made
    made.end()


@pytest.fixture
def chief(qtbot: QtBot, theme: Theme, bank: Service, tmp_path: Path) -> Iterator[Desk]:
    """An administrator, who sees the whole bank."""
    made = Desk(qtbot, theme, bank, tmp_path, CHIEF)
    yield made
    made.end()
