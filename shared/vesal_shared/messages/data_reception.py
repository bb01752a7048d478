"""گزارش دریافت اطلاعات: which feeds came, what they changed, what was set aside; and the upload of one."""

import datetime as dt
from typing import Literal

import msgspec

FeedStatus = Literal["taken", "unchanged", "refused"]
SortKey = Literal["as_of", "status", "tries", "last_at", "cured", "set_aside"]


class FileCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one file of a feed; `rows` are its data records."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0


class Reception(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the report: a date of the feed (or an arrival that couldn't be read, `as_of` null).

    `id` is the newest try's. Status, source, counts, and note are those of the try that stands: the last
    taken or unchanged one, else the last refused one.
    """

    id: int
    as_of: dt.date | None
    status: FeedStatus
    source: str
    tries: int
    customers: FileCounts
    facilities: FileCounts
    guarantors: FileCounts
    new: int
    changed: int
    cured: int
    set_aside: int
    note: str
    first_at: dt.datetime
    last_at: dt.datetime


class ReceptionTry(msgspec.Struct, frozen=True, kw_only=True):
    """One try to take a feed in: when, whence, by whom, and how it ended."""

    id: int
    as_of: dt.date | None
    status: FeedStatus
    source: str
    form: str
    via: str
    user: str | None
    started_at: dt.datetime
    finished_at: dt.datetime | None
    reason_code: str | None
    reason: str
    customers: FileCounts
    facilities: FileCounts
    guarantors: FileCounts
    cured: int
    set_aside: int
    notes: list[str]
    forced: bool


class ReceptionDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the report with each of its tries, the newest first."""

    reception: Reception
    tries: list[ReceptionTry]


class SetAsideRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was not taken: file, physical line, stable code, Persian reason, the key as read."""

    file: str
    line: int
    code: str
    reason: str
    key: str = ""


class IntakeCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one file as `vesal-server intake --json` prints them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0


class IntakeResult(msgspec.Struct, frozen=True, kw_only=True):
    """What an intake did: the same words on the command line and as the answer to an upload.

    `rejected` holds the first 100 set-aside rows; a refused feed has counts of 0 and a Persian `reason`.
    """

    status: FeedStatus
    as_of: dt.date | None
    reason: str | None
    customers: IntakeCounts
    facilities: IntakeCounts
    guarantors: IntakeCounts
    cured: int
    rejected: list[SetAsideRow]
    id: int | None = None
