"""Search anywhere: each kind of thing through the widest of the pages that would show it."""

from typing import Final

from vesal_server.kit.db import Connection
from vesal_server.scope import Caller, Reach, reach
from vesal_server.search import queries
from vesal_shared import labels
from vesal_shared.messages.search import Hit, Hits
from vesal_shared.pages import SCOPES
from vesal_shared.text import clean, search_key

#: Shorter words find too much to be of use.
_SHORTEST: Final = 2
_MOST: Final = 8
#: Pages that show facilities; on the first of them with the widest scope a hit opens.
_FACILITY_PAGES: Final = ("overdue_cases", "record_followup", "assigned_followups", "assign")
_CUSTOMER_PAGES: Final = ("active_cases", "record_followup", "by_customer_number")


def search(connection: Connection, caller: Caller, q: str) -> Hits:
    """The first hits; what none of the caller's pages would show is not found."""
    key = search_key(clean(q))
    if len(key) < _SHORTEST:
        return Hits(items=[])
    queries.prepare(connection)
    hits: list[Hit] = []
    page = _widest(caller, _FACILITY_PAGES)
    if page is not None:
        hits += _facilities(connection, reach(caller, page), key, page)
    page = _widest(caller, _CUSTOMER_PAGES)
    if page is not None:
        hits += _customers(connection, reach(caller, page), key, page)
    if caller.scope_on("print_queue") is not None:
        hits += _letters(connection, reach(caller, "print_queue"), key)
    return Hits(items=hits)


def _widest(caller: Caller, pages: tuple[str, ...]) -> str | None:
    granted = [page for page in pages if caller.scope_on(page) is not None]
    return min(granted, key=lambda page: SCOPES.index(caller.scope_on(page) or "own"), default=None)


def _facilities(connection: Connection, seen: Reach, key: str, page: str) -> list[Hit]:
    return [
        Hit(
            kind="facility",
            title=f"{row.first_name} {row.last_name}".strip(),
            subtitle=f"{row.loan_no}، شعبه {row.branch_title}"
            + ("" if row.episode_id else "، خارج از معوقات"),
            page=page,
            branch_code=row.branch_code,
            loan_no=row.loan_no,
            customer_no=row.customer_no,
        )
        for row in queries.facilities(connection, seen, key, _MOST)
    ]


def _customers(connection: Connection, seen: Reach, key: str, page: str) -> list[Hit]:
    return [
        Hit(
            kind="customer",
            title=f"{row.first_name} {row.last_name}".strip(),
            subtitle="، ".join(part for part in (row.customer_no, row.mobile) if part),
            page=page,
            customer_no=row.customer_no,
        )
        for row in queries.customers(connection, seen, key, _MOST)
    ]


def _letters(connection: Connection, seen: Reach, key: str) -> list[Hit]:
    return [
        Hit(
            kind="letter",
            title=f"{labels.letter_title(row.channel, row.stage, row.role)}، {row.addressee}",
            subtitle=f"نامه {row.number}",
            page="print_queue",
            branch_code=row.branch_code,
            loan_no=row.loan_no,
            customer_no=row.customer_no,
            letter_id=row.id,
        )
        for row in queries.letters(connection, seen, key, _MOST)
    ]
