"""A facility's details: itself, its guarantors, its notifications, and everything that happened to it."""

import datetime as dt
from typing import Literal

import msgspec

from vesal_shared.messages.overdue_cases import PromiseStatus

Channel = Literal["sms", "call", "email", "introduction_letter", "warning", "declaration"]
Role = Literal["borrower", "guarantor"]
HoldKind = Literal["hold", "dispute", "payment_announced", "deceased"]
NotificationStatus = Literal[
    "planned",
    "sending",
    "sent",
    "delivered",
    "undelivered",
    "failed",
    "suppressed",
    "cancelled",
    "expired",
    "unknown",
    "issued",
    "printed",
    "served",
    "returned",
    "not_found",
    "filed",
    "not_served",
    "void",
]
TimelineKind = Literal[
    "episode_opened",
    "episode_closed",
    "notification",
    "letter",
    "letter_event",
    "follow_up",
    "promise",
    "promise_judged",
    "assignment",
    "assignment_closed",
    "hold",
    "hold_lifted",
    "write_off",
    "write_off_lifted",
]
Tone = Literal["ok", "warn", "bad", "info", "neutral"]


class Facility(msgspec.Struct, frozen=True, kw_only=True):
    """One loan with its borrower as they stand now; `as_of` is the date of the overdue state.

    `other_branches` is how many more overdue facilities the customer has in branches that the caller doesn't
    see.
    """

    loan_no: str
    customer_no: str
    customer_name: str
    legal_person: bool
    national_id: str
    mobile: str
    mobile_ok: bool
    home_phone: str
    work_phone: str
    email: str
    address: str
    do_not_contact: bool
    deceased: bool
    branch_code: str
    branch_title: str
    loan_type_code: str
    loan_type_title: str
    deposit_type_title: str | None
    loan_date: dt.date | None
    amount: int | None
    outstanding_amount: int | None
    last_payment_date: dt.date | None
    as_of: dt.date | None
    overdue: bool
    overdue_days: int
    bucket: str
    bucket_title: str
    overdue_installments: int | None
    overdue_amount: int
    episode_opened_on: dt.date | None
    expert_id: int | None
    expert: str | None
    promise_date: dt.date | None
    promise_amount: int | None
    promise_status: PromiseStatus | None
    hold_kind: HoldKind | None
    hold_until: dt.date | None
    hold_reason: str
    guarantor_count: int
    notification_count: int
    timeline_count: int
    other_branches: int


class Guarantor(msgspec.Struct, frozen=True, kw_only=True):
    """A guarantor of the facility; `ended_on` is null while the pair stands in the feed."""

    loan_no: str
    customer_no: str
    name: str
    legal_person: bool
    mobile: str
    mobile_ok: bool
    address: str
    since: dt.date
    ended_on: dt.date | None


class FacilityNotification(msgspec.Struct, frozen=True, kw_only=True):
    """One message, call or letter about the facility (جزئیات اطلاع‌رسانی), the newest first.

    `reason` is a Persian sentence where it was suppressed or cancelled, or the gateway's words where it
    failed.
    """

    loan_no: str
    customer_no: str
    branch_code: str
    day: dt.date
    due_at: dt.datetime
    sent_at: dt.datetime | None
    channel: Channel
    role: Role
    recipient: str
    address: str
    status: NotificationStatus
    reason: str
    text: str
    workflow_title: str
    letter_id: int | None = None
    letter_number: str | None = None


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to the facility, the newest first.

    `title` and `subtitle` are Persian and ready to show («تماس: پاسخ داد، تعهد پرداخت»، «نگار صبوری»);
    `quote` holds what somebody wrote; `tone` is the colour of its icon, `channel` picks the icon of a
    notification.
    """

    kind: TimelineKind
    at: dt.datetime
    title: str
    subtitle: str
    tone: Tone
    quote: str = ""
    channel: str = ""
    letter_id: int | None = None
