"""Search anywhere (Ctrl+K): the first hits over all that the caller's pages would show."""

from typing import Literal

import msgspec


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One hit: what it is, how it reads, and on which page (`page`) it opens."""

    kind: Literal["customer", "facility", "letter"]
    title: str
    subtitle: str
    page: str
    branch_code: str | None = None
    loan_no: str | None = None
    customer_no: str | None = None
    letter_id: int | None = None


class Hits(msgspec.Struct, frozen=True, kw_only=True):
    """The first hits, facilities before customers before letters."""

    items: list[Hit]
