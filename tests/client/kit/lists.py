"""Lists without a server: a million made records, and an asker whose answers come when a test says so."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from vesal_client.kit.table.columns import Badge, Column, Kind
from vesal_client.kit.table.feed import Question
from vesal_client.wire.refusals import unreachable
from vesal_shared.messages.lists import Page
from vesal_shared.problems import Refusal

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Loan:
    """A record as a list page shows it."""

    loan_no: str
    customer_name: str
    overdue_days: int
    overdue_amount: int
    last_contact: dt.date | None
    promise: str


def loan(number: int) -> Loan:
    """Make the record that stands at this place of the list."""
    return Loan(
        f"6140-307-{1_000_000 + number}-1",
        f"مشتری شماره {number}",
        number % 900 + 1,
        (number * 7_919 % 1_000_000) * 1_000,
        None if number % 3 else dt.date(2026, 11, 23) - dt.timedelta(days=number % 40),
        "" if number % 4 else "امروز",
    )


def promise_badge(record: Loan) -> Badge | None:
    """Show a promise as a chip."""
    return Badge(record.promise, "warn") if record.promise else None


COLUMNS = (
    Column("loan_no", "شماره تسهیلات", Kind.CODE, link=True),
    Column("customer_name", "مشتری", Kind.NAME),
    Column("overdue_days", "روز", Kind.DAYS),
    Column("overdue_amount", "مبلغ معوقه (ریال)", Kind.MONEY),
    Column("last_contact", "آخرین تماس", Kind.DATE),
    Column("promise", "تعهد", Kind.CHIP, badge=promise_badge, sortable=False),
)


@dataclass
class Server:
    """Answers like the service: pages of so many records, a search that halves them, a sort that turns them."""

    total: int = MILLION
    asked: list[tuple[Question, int]] = field(default_factory=list)
    broken: bool = False

    def fetch(self, question: Question, page: int, size: int) -> Page[Any]:
        """Answer with one page."""
        self.asked.append((question, page))
        if self.broken:
            raise unreachable(ConnectionError("out of reach"))
        total = self.total // 2 if question.q else self.total
        places = range((page - 1) * size, min(page * size, total))
        falling = question.sort.startswith("-")
        items = [loan(total - 1 - place if falling else place) for place in places]
        return Page(
            items=items,
            total=total,
            scope_total=self.total,
            sums={"overdue_amount": 39_876_450_000},
            page=page,
            size=size,
        )


@dataclass
class Held:
    """An asker that holds each piece of work until the test lets it go."""

    jobs: list[tuple[Callable[[], Any], Callable[[Any], None], Callable[[Exception], None]]] = field(
        default_factory=list
    )

    def __call__(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        /,
    ) -> None:
        """Keep the work."""
        self.jobs.append((work, done, failed))

    def answer(self, place: int = 0) -> None:
        """Do one piece of the work that waits, and bring its answer."""
        work, done, failed = self.jobs.pop(place)
        try:
            result = work()
        except Refusal as problem:
            failed(problem)
        else:
            done(result)

    def answer_all(self) -> None:
        """Do all the work that waits, and what that brings about."""
        while self.jobs:
            self.answer()
