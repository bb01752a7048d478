"""How every list answers."""

from typing import Annotated, Generic, TypeVar

import msgspec

T = TypeVar("T")

#: A row's number, as the database's bigint takes it.
Id = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
#: What somebody wrote about something.
Note = Annotated[str, msgspec.Meta(max_length=2000)]


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One page of a list.

    `total` counts the rows that filters and search leave; where a search finds more than 10,000 rows it is
    10,000 and `total_exact` is false («بیش از ۱۰٬۰۰۰»). `scope_total` counts the rows that the caller sees
    without filters and search, where the list knows it cheaply. `sums` holds the sum of a money column over
    the filtered rows, by column key, in rial; a column whose sum would cost a scan is left out.
    """

    items: list[T]
    total: int
    total_exact: bool = True
    scope_total: int | None = None
    sums: dict[str, int] = {}
    page: int = 1
    size: int = 50


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a picker or a filter: the code that is sent, the title that is shown."""

    code: str
    title: str
    count: int | None = None


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A stored file: its number, its name as given, its size in bytes."""

    id: int
    name: str
    content_type: str
    size: int
