"""The pages of one list: what is here, what has been asked for, what is out of date."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from vesal_client.kit.table.columns import Row
from vesal_client.kit.trouble import passes
from vesal_shared.messages.lists import Page

PAGE_SIZE = 100
# 60 pages are 6,000 rows: hours of scrolling back and forth without a request, a few megabytes.
KEPT_PAGES = 60
IN_FLIGHT = 2
# Requests for places that were jumped over may still be on their way; they do not hold up new ones, but a
# server that answers nobody shall not be sent an endless number of them either.
ON_THE_WAY_AT_MOST = 4
QUIET_MS = 60
LONGEST_WAIT_MS = 180
RETRY_MS = (2_000, 5_000, 12_000, 30_000)


@dataclass(frozen=True, slots=True)
class Question:
    """What a list is asked: search words, sort key («-» for falling) and filters as the server names them."""

    q: str = ""
    sort: str = ""
    filters: tuple[tuple[str, str], ...] = ()

    def where(self) -> tuple[tuple[str, str], ...]:
        """The question as the server's parameters, but for the page."""
        return (("q", self.q), ("sort", self.sort), *self.filters)

    def narrowed(self) -> bool:
        """Whether anything but the order was asked for."""
        return bool(self.q or self.filters)


class Fetch(Protocol):
    """Asks the server for one page (1 is the first); runs outside the GUI thread."""

    def __call__(self, question: Question, page: int, size: int, /) -> Page[Any]:
        """Answer with the page or raise what the wire raises."""
        ...


class Ask(Protocol):
    """Runs work in the background and comes back on the GUI thread, once, by one of the two ways."""

    def __call__(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        /,
    ) -> None:
        """Start the work."""
        ...


@dataclass(frozen=True, slots=True)
class _Shaped:
    """A page whose rows are formatted already, with the count that came with it."""

    rows: list[Row]
    answer: Page[Any]


class PageFeed(QObject):
    """Keeps the pages of one list that matter now, and asks for those that are missing.

    Pages nearest to what is in view come first; while the view jumps about nothing is asked until it rests
    for a moment; an answer to an older question is dropped; the pages longest unseen are forgotten. The rows
    of a page are formatted in the background, where they were fetched, so that painting only reads them.
    """

    replaced = Signal()
    """The rows of another question are here: everything changed."""
    counted = Signal(int, int)
    """The number of rows changed while the question stayed: old, new."""
    arrived = Signal(int, int)
    """Rows came: first and last."""
    waiting_changed = Signal()
    """Whether the first page of a new question is being waited for, or failed."""
    page_failed = Signal(object)
    """A page of a list that stands could not be read: the exception."""

    def __init__(
        self,
        fetch: Fetch,
        ask: Ask,
        shape: Callable[[Any], Row],
        *,
        size: int = PAGE_SIZE,
        kept: int = KEPT_PAGES,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._ask = ask
        self._shape = shape
        self._size = size
        self._kept = kept
        self._pages: OrderedDict[int, list[Row]] = OrderedDict()
        self._stale: set[int] = set()
        self._under_way: dict[int, int] = {}
        self._failures: dict[int, int] = {}
        self._resting: set[int] = set()
        self._generation = 0
        self._question = Question()
        self._waiting = False
        self._problem: Exception | None = None
        self._attempts = 0
        self._total = 0
        self._counted = 0
        self._exact = True
        self._sums: Mapping[str, int] = {}
        self._scope_total: int | None = None
        self._seen = (0, 0)
        self._forwards = True
        self._since_jump = QElapsedTimer()
        self._first_jump = QElapsedTimer()
        self._rest = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._rest.timeout.connect(self._fill)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._try_again)

    # What is here.

    @property
    def question(self) -> Question:
        """The question whose rows are here or on their way."""
        return self._question

    @property
    def total(self) -> int:
        """How many rows the list has."""
        return self._total

    @property
    def counted_total(self) -> int:
        """How many rows the server counted; where that is not exact, more can be reached."""
        return self._counted

    @property
    def exact(self) -> bool:
        """Whether the total is exact; if not there are more than it says."""
        return self._exact

    @property
    def sums(self) -> Mapping[str, int]:
        """Sums over the whole list, by column."""
        return self._sums

    @property
    def scope_total(self) -> int | None:
        """How many rows there are without search and filters, where the server said so."""
        return self._scope_total

    @property
    def waiting(self) -> bool:
        """Whether a new question has no answer yet."""
        return self._waiting

    @property
    def problem(self) -> Exception | None:
        """Why the question got no answer, if it did not."""
        return self._problem

    @property
    def busy(self) -> bool:
        """Whether anything is on its way."""
        return bool(self._under_way)

    @property
    def retry_ms(self) -> int:
        """Milliseconds until the next try of a question that failed; -1 when none will be made by itself."""
        return self._again.remainingTime() if self._again.isActive() else -1

    def row(self, number: int) -> Row | None:
        """The row, if its page is here; never asks anybody."""
        page = self._pages.get(number // self._size)
        if page is None:
            return None
        place = number % self._size
        return page[place] if place < len(page) else None

    def find(self, key: object) -> int | None:
        """Where the row with this key stands, as far as the pages here tell."""
        for page, rows in self._pages.items():
            for place, row in enumerate(rows):
                if row.key == key:
                    return page * self._size + place
        return None

    def loaded(self) -> list[int]:
        """Numbers (0 is the first) of the pages that are here, longest unseen first."""
        return list(self._pages)

    # What is asked.

    def ask(self, question: Question) -> None:
        """Ask something else; the old rows stay until the first page of the new ones is here."""
        self._question = question
        self._begin()
        self._stale.clear()
        self._waiting = True
        self._problem = None
        self._attempts = 0
        self.waiting_changed.emit()
        self._request(0)

    def refresh(self) -> None:
        """Ask the same again; rows stay in sight until newer ones replace them."""
        if self._waiting or self._problem is not None:
            self.ask(self._question)
            return
        self._begin()
        self._stale = set(self._pages)
        self._fill()

    def _begin(self) -> None:
        self._generation += 1
        self._under_way.clear()
        self._failures.clear()
        self._resting.clear()
        self._rest.stop()
        self._again.stop()

    def want(self, first: int, last: int) -> None:
        """Say which rows are in view; what is missing of them is asked for, and a page ahead."""
        old_first, old_last = self._seen
        if (first, last) == self._seen and not self._stale:
            return
        self._seen = (first, last)
        if first != old_first:
            self._forwards = first > old_first
        jumped = first > old_last + self._size or last < old_first - self._size
        if jumped:
            resting = self._since_jump.isValid() and self._since_jump.elapsed() < QUIET_MS
            self._since_jump.restart()
            if resting:
                # More jumps are likely: wait until the view rests, but never longer than a moment.
                if not self._rest.isActive():
                    self._first_jump.restart()
                if self._first_jump.elapsed() < LONGEST_WAIT_MS:
                    self._rest.start()
                    return
        elif self._rest.isActive():
            return
        self._rest.stop()
        self._fill()

    def _fill(self) -> None:
        """Send the requests that are due: pages in view first, then the next in the direction of travel."""
        idle = self._waiting or self._problem is not None or self._total == 0
        if idle or self._rest.isActive():
            return
        wanted = self._wanted()
        near = sum(1 for page in self._under_way if page in wanted)
        for page in wanted:
            if near >= IN_FLIGHT or len(self._under_way) >= ON_THE_WAY_AT_MOST:
                return
            missing = page not in self._pages or page in self._stale
            if missing and page not in self._under_way and page not in self._resting:
                near += 1
                self._request(page)

    def _wanted(self) -> list[int]:
        last_page = max(0, (self._total - 1) // self._size)
        first = min(self._seen[0] // self._size, last_page)
        last = min(self._seen[1] // self._size, last_page)
        pages = list(range(first, last + 1))
        middle = (self._seen[0] + self._seen[1]) / 2 / self._size - 0.5
        pages.sort(key=lambda page: abs(page - middle))
        # One page ahead in the direction of travel; the one behind only where its rows are about to show.
        near = self._size // 4
        neighbours = [last + 1] if self._forwards else [first - 1]
        if self._forwards and self._seen[0] % self._size < near:
            neighbours.append(first - 1)
        if not self._forwards and self._seen[1] % self._size >= self._size - near:
            neighbours.append(last + 1)
        return [*pages, *(page for page in neighbours if 0 <= page <= last_page)]

    def _request(self, page: int) -> None:
        generation = self._generation
        question = self._question
        self._under_way[page] = generation

        def work() -> _Shaped:
            answer = self._fetch(question, page + 1, self._size)
            return _Shaped([self._shape(item) for item in answer.items], answer)

        self._ask(
            work,
            lambda result: self._take(generation, page, result),
            lambda problem: self._fail(generation, page, problem),
        )

    def _take(self, generation: int, page: int, result: _Shaped) -> None:
        if generation != self._generation:
            return
        self._under_way.pop(page, None)
        self._failures.pop(page, None)
        if self._waiting:
            self._replace(result)
            return
        self._store(page, result.rows)
        self._count(page, result.answer)
        if result.rows:
            first = page * self._size
            self.arrived.emit(first, first + len(result.rows) - 1)
        self._fill()

    def _replace(self, result: _Shaped) -> None:
        self._waiting = False
        self._problem = None
        self._attempts = 0
        self._pages.clear()
        self._total = 0
        self._total = self._reachable(0, result.answer)
        self._counted = result.answer.total
        self._exact = result.answer.total_exact
        self._sums = result.answer.sums
        self._scope_total = result.answer.scope_total
        self._seen = (0, 0)
        self._store(0, result.rows)
        self.replaced.emit()
        self.waiting_changed.emit()

    def _store(self, page: int, rows: list[Row]) -> None:
        self._stale.discard(page)
        self._pages[page] = rows
        self._pages.move_to_end(page)
        in_view = set(self._wanted()) if self._total else set()
        for old in list(self._pages):
            if len(self._pages) <= self._kept:
                break
            if old not in in_view:
                del self._pages[old]
                self._stale.discard(old)

    def _reachable(self, page: int, answer: Page[Any]) -> int:
        """How many rows can be reached: beyond a count that stopped, as far as full pages go on coming."""
        if answer.total_exact:
            return answer.total
        end = page * self._size + len(answer.items)
        if len(answer.items) < self._size:
            return end
        return max(answer.total, self._total, end + 1)

    def _count(self, page: int, answer: Page[Any]) -> None:
        old, self._total = self._total, self._reachable(page, answer)
        self._counted = answer.total
        self._exact = answer.total_exact
        self._sums = answer.sums
        self._scope_total = answer.scope_total
        beyond = (self._total + self._size - 1) // self._size
        for page in [page for page in self._pages if page >= beyond]:
            del self._pages[page]
            self._stale.discard(page)
        self.counted.emit(old, self._total)

    def collect(self, done: Callable[[list[Row]], None]) -> None:
        """Read the whole list in the background, page by page, and hand out its rows."""
        generation, question = self._generation, self._question

        def work() -> list[Row]:
            rows: list[Row] = []
            page = 1
            while True:
                answer = self._fetch(question, page, self._size)
                rows += [self._shape(item) for item in answer.items]
                if len(rows) >= answer.total or not answer.items:
                    return rows
                page += 1

        def take(rows: list[Row]) -> None:
            if generation == self._generation:
                done(rows)

        self._ask(work, take, self.page_failed.emit)

    # What fails.

    def _fail(self, generation: int, page: int, problem: Exception) -> None:
        if generation != self._generation:
            return
        self._under_way.pop(page, None)
        if self._waiting:
            self._waiting = False
            self._problem = problem
            if passes(problem):
                self._again.start(RETRY_MS[min(self._attempts, len(RETRY_MS) - 1)])
            self._attempts += 1
            self.waiting_changed.emit()
            return
        tries = self._failures[page] = self._failures.get(page, 0) + 1
        self._resting.add(page)
        if passes(problem) and not self._again.isActive():
            self._again.start(RETRY_MS[min(tries - 1, len(RETRY_MS) - 1)])
        self.page_failed.emit(problem)
        self._fill()

    def retry(self) -> None:
        """Try at once what failed."""
        self._again.stop()
        self._try_again()

    def _try_again(self) -> None:
        if self._problem is None:
            self._resting.clear()
            self._fill()
            return
        attempts = self._attempts
        self.ask(self._question)
        # The pauses go on growing from where they stood.
        self._attempts = attempts
