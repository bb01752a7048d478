"""صفحه اصلی: figures, age buckets, open work, announcements and alerts of the caller's scope."""

import datetime as dt
from typing import Literal

import msgspec

from vesal_shared.messages.alerts import Alert
from vesal_shared.messages.lists import Attachment

WorkKind = Literal[
    "call_due",
    "visit_due",
    "letter_due",
    "promise_due",
    "promise_broken",
    "letter_unserved",
    "assigned",
    "hold_ending",
]
Urgency = Literal["late", "today", "soon", "later"]


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of the scope; amounts in rial, rates in whole percent, null where nothing is to judge.

    `cases` counts customers, `facilities` loans. `cases_change` is against the feed before. `contacts_target`
    is how many contacts are due by today. The kept rate is over promises judged in the last 30 days, its
    change in percentage points against the 30 days before.
    """

    cases: int
    cases_change: int | None
    facilities: int
    overdue_amount: int
    contacts_today: int
    contacts_target: int
    promises_today: int
    promises_without_contact: int
    kept_rate: int | None
    kept_rate_change: int | None


class AgeBucket(msgspec.Struct, frozen=True, kw_only=True):
    """An age class of the Central Bank as the settings cut it, in overdue days; `to_days` null: and more."""

    code: str
    title: str
    from_days: int
    to_days: int | None
    cases: int
    facilities: int
    overdue_amount: int


class WorkItem(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of the caller's open work, the most urgent first; `reason` is a Persian sentence."""

    kind: WorkKind
    urgency: Urgency
    reason: str
    loan_no: str
    customer_no: str
    customer_name: str
    branch_code: str
    overdue_days: int
    overdue_installments: int | None
    overdue_amount: int
    due_on: dt.date | None = None
    letter_id: int | None = None


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """News for everybody (`province_code` null) or for the users of one province."""

    id: int
    title: str
    body: str
    province_code: str | None
    province_title: str | None
    created_at: dt.datetime
    created_by: str
    attachment: Attachment | None


class VoidLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that the caller printed and that became void afterwards: it must not be served."""

    letter_id: int
    number: str
    loan_no: str
    customer_no: str
    branch_code: str
    addressee: str
    void_at: dt.datetime


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the home page in one answer; `work_total` counts beyond the first items of `work`."""

    today: dt.date
    feed_as_of: dt.date | None
    figures: Figures
    buckets: list[AgeBucket]
    work: list[WorkItem]
    work_total: int
    announcements: list[Announcement]
    void_letters: list[VoidLetter]
    alerts: list[Alert]
