"""What somebody must know: a stale feed, a stopped channel, cures that wait."""

import datetime as dt
from typing import Literal

import msgspec

Severity = Literal["info", "warning", "error"]


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert: `title` is the Persian sentence, `page` the page where it is dealt with.

    `count` says how often it was raised while open; `resolved_at` is null while it lasts.
    """

    id: int
    kind: str
    severity: Severity
    title: str
    detail: str
    page: str
    count: int
    raised_at: dt.datetime
    last_at: dt.datetime
    resolved_at: dt.datetime | None
