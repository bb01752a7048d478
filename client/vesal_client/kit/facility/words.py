"""How a facility and what happened to it are said: chips, facts, moments."""

import datetime as dt

from vesal_client.kit.chips import State
from vesal_client.kit.timeline import Moment
from vesal_client.look.tokens import Tone
from vesal_shared import jalali, labels, money
from vesal_shared.digits import isolate, persian_digits
from vesal_shared.messages.facilities import (
    Facility,
    FacilityNotification,
    Guarantor,
    TimelineEntry,
)

CHANNEL_ICONS = {
    "sms": "message",
    "call": "phone",
    "email": "mail",
    "introduction_letter": "file",
    "warning": "file",
    "declaration": "scales",
    "visit": "place",
    "other": "edit",
}
_KIND_ICONS = {
    "episode_opened": "warning",
    "episode_closed": "check",
    "notification": "message",
    "letter": "file",
    "letter_event": "file",
    "follow_up": "phone",
    "promise": "coins",
    "promise_judged": "coins",
    "assignment": "user-add",
    "assignment_closed": "user-check",
    "hold": "pause",
    "hold_lifted": "play",
    "write_off": "archive",
    "write_off_lifted": "undo",
}
BUCKET_TONES: dict[str, Tone] = {
    "current": "info",
    "past_due": "warn",
    "overdue": "bad",
    "doubtful": "neutral",
}
_STATUS_TONES = {
    "planned": "info",
    "sending": "info",
    "sent": "ok",
    "delivered": "ok",
    "undelivered": "bad",
    "failed": "bad",
    "suppressed": "warn",
    "expired": "warn",
    "unknown": "warn",
    "issued": "info",
    "printed": "neutral",
    "served": "ok",
    "filed": "ok",
    "returned": "warn",
    "not_found": "warn",
    "not_served": "bad",
    "void": "bad",
}


def telephone(number: str) -> str:
    """A telephone number in groups, left to right: ۰۹۱۲ ۰۰۰ ۴۴۷۱."""
    if len(number) == 11 and number.startswith("09"):
        number = f"{number[:4]} {number[4:7]} {number[7:]}"
    return isolate(persian_digits(number))


def states(facility: Facility) -> list[State]:
    """Chips beside the loan number: its class, and what keeps it from being dunned."""
    found = []
    if facility.overdue:
        found.append(State(facility.bucket_title, BUCKET_TONES.get(facility.bucket, "neutral")))
    else:
        found.append(State("خارج از معوقات", "ok", "check"))
    if facility.deceased:
        found.append(State("فوت‌شده", "neutral"))
    if facility.hold_until is not None:
        word = labels.HOLD_KINDS[facility.hold_kind] if facility.hold_kind else "توقف پیگیری"
        found.append(State(f"{word} تا {jalali.show(facility.hold_until)}", "warn", "pause"))
    elif facility.promise_status == "open" and facility.promise_date is not None:
        found.append(State(f"تعهد {jalali.show(facility.promise_date)}", "info", "coins"))
    elif facility.do_not_contact:
        found.append(State("عدم تماس", "bad", "phone"))
    return found


def facts(facility: Facility) -> list[tuple[str, str]]:
    """The six facts that an officer needs while talking."""
    days = f"{money.show(facility.overdue_days)} روز"
    if facility.overdue_installments is not None:
        days += f"، {money.show(facility.overdue_installments)} قسط"
    return [
        ("روز و اقساط معوقه", days),
        ("نوع وام", facility.loan_type_title),
        ("تلفن همراه", _mobile(facility)),
        ("تاریخ تسهیلات", "" if facility.loan_date is None else jalali.show(facility.loan_date)),
        ("کارشناس", facility.expert or ""),
        ("شماره مشتری", isolate(persian_digits(facility.customer_no))),
    ]


def more_facts(facility: Facility) -> list[tuple[str, str]]:
    """All else that is known of loan and borrower."""
    kind = "شناسه ملی" if facility.legal_person else "کد ملی"
    found = [
        ("شعبه", f"{facility.branch_title} {isolate(persian_digits(facility.branch_code))}"),
        ("مبلغ وام (ریال)", _money(facility.amount)),
        ("مانده (ریال)", _money(facility.outstanding_amount)),
        ("آخرین پرداخت", _day(facility.last_payment_date)),
        ("آغاز دوره تأخیر", _day(facility.episode_opened_on)),
        ("اطلاعات تاریخ", _day(facility.as_of)),
        (kind, isolate(persian_digits(facility.national_id))),
        ("نوع سپرده", facility.deposit_type_title or ""),
        ("تلفن منزل", telephone(facility.home_phone)),
        ("تلفن محل کار", telephone(facility.work_phone)),
        ("پست الکترونیکی", isolate(facility.email)),
    ]
    if facility.other_branches:
        others = f"{money.show(facility.other_branches)} تسهیلات در شعب دیگر"
        found.append(("تسهیلات دیگر", others))
    return found


def guarantor(person: Guarantor) -> Moment:
    """A guarantor as a line with an icon."""
    ended = "" if person.ended_on is None else f"، تا {jalali.show(person.ended_on)}"
    mobile = telephone(person.mobile) if person.mobile else "بدون تلفن همراه"
    number = isolate(persian_digits(person.customer_no))
    return Moment(
        icon="bank" if person.legal_person else "user",
        tone="neutral" if person.ended_on else "info",
        title=person.name,
        subtitle=f"{number}، {mobile}{ended}",
        details=persian_digits(person.address),
    )


def notification(sent: FacilityNotification) -> Moment:
    """A message, call or letter as a line with an icon."""
    names = labels.LETTER_STATUSES if sent.letter_id is not None else labels.NOTIFICATION_STATUSES
    status = names.get(sent.status) or labels.LETTER_STATUSES.get(sent.status, sent.status)
    role = " (ضامن)" if sent.role == "guarantor" else ""
    when = jalali.show_instant(sent.sent_at or sent.due_at)
    number = f"نامه {isolate(persian_digits(sent.letter_number))}" if sent.letter_number else ""
    why = sent.reason if sent.status in ("suppressed", "cancelled", "failed", "undelivered") else ""
    return Moment(
        icon=CHANNEL_ICONS[sent.channel],
        tone=_STATUS_TONES.get(sent.status, "neutral"),
        title=f"{labels.CHANNELS[sent.channel]}{role}: {status}",
        subtitle="، ".join(part for part in (sent.recipient, number, when) if part),
        details="\n".join(part for part in (why, sent.text) if part),
        key=sent.letter_id,
    )


def happened(entry: TimelineEntry) -> Moment:
    """Something that happened as a line with an icon."""
    icon = CHANNEL_ICONS.get(entry.channel) or _KIND_ICONS[entry.kind]
    parts = (persian_digits(entry.subtitle), jalali.show_instant(entry.at))
    return Moment(
        icon=icon,
        tone=entry.tone,
        title=entry.title,
        subtitle="، ".join(part for part in parts if part),
        quote=entry.quote,
        key=entry.letter_id,
    )


def _mobile(facility: Facility) -> str:
    if not facility.mobile:
        return ""
    return telephone(facility.mobile) + ("" if facility.mobile_ok else " (نادرست)")


def _money(amount: int | None) -> str:
    return "" if amount is None else money.show(amount)


def _day(day: dt.date | None) -> str:
    return "" if day is None else jalali.show(day)
