"""Lists that are short by nature (a facility's guarantors): read whole, then searched, sorted and cut here."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from vesal_server.kit.listing import Ask
from vesal_shared import problems
from vesal_shared.messages.lists import Page
from vesal_shared.problems import Refusal
from vesal_shared.text import clean, search_key, sort_key

T = TypeVar("T")


def small_page(items: Sequence[T], columns: Mapping[str, Callable[[T], Any]], ask: Ask, q: str) -> Page[T]:
    """One page of `items`, which come in the list's own order.

    `columns` are those shown: by each the list sorts, in each the search looks. Persian text sorts by its
    alphabet, an empty value counts as the smallest.
    """
    found = list(items)
    key = search_key(clean(q))
    if key:
        found = [item for item in found if any(key in _folded(of(item)) for of in columns.values())]
    wanted = ask.sort.removeprefix("-")
    if wanted:
        of = columns.get(wanted)
        if of is None:
            raise Refusal(problems.UNKNOWN_SORT, params={"sort": ask.sort}, field="sort")
        found.sort(key=lambda item: _order(of(item)), reverse=ask.sort.startswith("-"))
    return Page(
        items=found[ask.offset : ask.offset + ask.size],
        total=len(found),
        scope_total=len(items),
        page=ask.page,
        size=ask.size,
    )


def _folded(value: object) -> str:
    return "" if value is None or isinstance(value, date | datetime) else search_key(str(value))


def _order(value: Any) -> tuple[bool, Any]:
    if value is None or value == "":
        return (False, 0)
    return (True, sort_key(value) if isinstance(value, str) else value)
