"""A workflow as plain values: what a file holds, what a form sends, what the tables store."""

from dataclasses import dataclass, replace
from datetime import time
from typing import Final, Literal, TypeVar

from vesal_shared.merge_fields import Part

Kind = Literal["notification", "vesal"]

CHANNELS: Final = ("sms", "call", "email", "introduction_letter", "warning", "declaration")
LETTER_CHANNELS: Final = frozenset({"introduction_letter", "warning", "declaration"})
ROLES: Final = ("borrower", "guarantor")
FOLLOW_UPS: Final = ("call", "visit", "warning", "declaration")
SHARINGS: Final = ("manual", "automatic")

CHANNEL_LABELS: Final = {
    "sms": "پیامک",
    "call": "تماس تلفنی",
    "email": "ایمیل",
    "introduction_letter": "معرفی‌نامه",
    "warning": "اخطاریه",
    "declaration": "اظهارنامه",
}
ROLE_LABELS: Final = {"borrower": "وام‌گیرنده", "guarantor": "ضامن"}


@dataclass(frozen=True, slots=True)
class Template:
    """What a workflow says on one channel to one role; a call has the title of an audio file in place of parts.

    `subject` is an e-mail's subject or a letter's موضوع; empty means the shipped one.
    """

    channel: str
    recipient: str
    parts: tuple[Part, ...] = ()
    audio: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Workflow:
    """What both kinds have; `branches` None means all of them, days are inclusive, money is in rials."""

    title: str
    loan_types: tuple[str, ...]
    days_from: int
    days_to: int
    min_amount: int
    branches: tuple[str, ...] | None
    enabled: bool


@dataclass(frozen=True, slots=True)
class NotificationWorkflow(Workflow):
    """A rule that reaches customers by itself; `start` is a time in Asia/Tehran."""

    channels: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    per_day: int = 1
    start: time = time(9)
    repeat_minutes: int | None = None
    every_days: int = 1
    after_stage_days: int | None = None
    templates: tuple[Template, ...] = ()

    @property
    def last_minute(self) -> int:
        """The last repeat's minute of the day; past 1439 where it falls on the next day."""
        start = self.start.hour * 60 + self.start.minute
        return start + (self.per_day - 1) * (self.repeat_minutes or 0)


@dataclass(frozen=True, slots=True)
class VesalWorkflow(Workflow):
    """A rule that gives staff work: which follow-up is due, within how many days, and how it is shared out."""

    follow_up: str = "call"
    within_days: int = 1
    sharing: str = "manual"


W = TypeVar("W", bound=Workflow)


def plain_part(part: Part) -> dict[str, str]:
    """A template's part as files and the table hold it."""
    return {"field": part.field} if part.field else {"text": part.text}


def kind_of(workflow: Workflow) -> Kind:
    """Which of the two kinds a workflow is."""
    return "notification" if isinstance(workflow, NotificationWorkflow) else "vesal"


def canonical(workflow: W) -> W:
    """The same workflow with its sets in one order, so that equal workflows compare equal."""
    branches = None if workflow.branches is None else tuple(sorted(set(workflow.branches)))
    made = replace(workflow, loan_types=tuple(sorted(set(workflow.loan_types))), branches=branches)
    if isinstance(made, NotificationWorkflow):
        made = replace(
            made,
            channels=tuple(sorted(set(made.channels), key=CHANNELS.index)),
            recipients=tuple(sorted(set(made.recipients), key=ROLES.index)),
            templates=tuple(
                sorted(made.templates, key=lambda t: (CHANNELS.index(t.channel), ROLES.index(t.recipient)))
            ),
        )
    return made
