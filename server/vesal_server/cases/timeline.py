"""Everything that happened to a facility, in words that are ready to show."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from vesal_server.cases.queries.timeline import happened
from vesal_server.kit.db import AnyRow, Connection
from vesal_shared import jalali, labels, money
from vesal_shared.messages.facilities import TimelineEntry, Tone

_NOTIFICATION_TONES: Final[dict[str, Tone]] = {
    "sent": "info",
    "delivered": "ok",
    "undelivered": "bad",
    "failed": "bad",
    "suppressed": "neutral",
    "expired": "warn",
    "unknown": "warn",
    "sending": "info",
}
_LETTER_TONES: Final[dict[str, Tone]] = {
    "printed": "info",
    "served": "ok",
    "filed": "ok",
    "returned": "warn",
    "not_found": "warn",
    "not_served": "warn",
    "void": "bad",
}
_STATUS_TONES: Final[dict[str, Tone]] = {"answered": "ok", "wrong_number": "bad", "rejected": "bad"}


def timeline(connection: Connection, facility_id: int) -> list[TimelineEntry]:
    """All entries, the newest first."""
    made = [
        entry
        for kind, rows in happened(connection, facility_id).items()
        for row in rows
        for entry in _MAKERS[kind](row)
    ]
    return sorted(made, key=lambda entry: entry.at, reverse=True)


def _episode(row: AnyRow) -> Iterator[TimelineEntry]:
    yield TimelineEntry(
        kind="episode_opened",
        at=row.opened_at,
        title="آغاز دوره تأخیر",
        subtitle=f"اطلاعات {jalali.show(row.opened_on)}",
        tone="warn",
    )
    if row.closed_on is not None:
        cause = f"، {row.close_cause}" if row.close_cause else ""
        yield TimelineEntry(
            kind="episode_closed",
            at=row.closed_at,
            title=labels.CLOSE_REASONS[row.close_reason],
            subtitle=f"اطلاعات {jalali.show(row.closed_on)}{cause}",
            tone="ok" if row.close_reason == "cured" else "neutral",
        )


def _notification(row: AnyRow) -> Iterator[TimelineEntry]:
    channel = labels.CHANNELS[row.channel]
    status = labels.NOTIFICATION_STATUSES[row.status]
    title = f"{channel} {status}" + (" (ضامن)" if row.role == "guarantor" else "")
    why = labels.REASONS.get(row.reason or "", row.error_text or "")
    workflow = f"گردش کار «{row.workflow_title}»" if row.workflow_title else ""
    yield TimelineEntry(
        kind="notification",
        at=row.delivered_at or row.sent_at or row.settled_at or row.due_at,
        title=title,
        subtitle="، ".join(part for part in (why, workflow) if part),
        tone=_NOTIFICATION_TONES.get(row.status, "neutral"),
        channel=row.channel,
    )


def _letter(row: AnyRow) -> Iterator[TimelineEntry]:
    yield TimelineEntry(
        kind="letter",
        at=row.issued_at or _midnight(row),
        title=f"{labels.letter_title(row.channel, row.stage, row.role)} صادر شد",
        subtitle=f"نامه {row.number}",
        tone="info",
        channel=row.channel,
        letter_id=row.id,
    )


def _letter_event(row: AnyRow) -> Iterator[TimelineEntry]:
    title = labels.letter_title(row.channel, row.stage, row.role)
    yield TimelineEntry(
        kind="letter_event",
        at=row.at,
        title=f"{title} {labels.LETTER_STATUSES.get(row.kind, '')}".strip(),
        subtitle="، ".join(part for part in (f"نامه {row.number}", row.by) if part),
        tone=_LETTER_TONES.get(row.kind, "neutral"),
        quote=row.note,
        channel=row.channel,
        letter_id=row.id,
    )


def _follow_up(row: AnyRow) -> Iterator[TimelineEntry]:
    said = "، ".join(part for part in (row.status, row.result) if part)
    kind = labels.FOLLOW_UP_KINDS[row.kind]
    whom = "" if row.addressee == "borrower" else f" ({labels.ADDRESSEES[row.addressee]})"
    yield TimelineEntry(
        kind="follow_up",
        at=row.at,
        title=f"{kind}{whom}: {said}" if said else f"{kind}{whom}",
        subtitle=row.by,
        tone=_STATUS_TONES.get(row.status_code or "", "neutral"),
        quote=row.notes,
        channel=row.kind,
    )


def _promise(row: AnyRow) -> Iterator[TimelineEntry]:
    amount = f"{money.show(row.amount)} ریال تا " if row.amount is not None else "تا "
    yield TimelineEntry(
        kind="promise",
        at=row.given_at,
        title="تعهد پرداخت",
        subtitle=amount + jalali.show(row.date),
        tone="info",
    )
    if row.judged_at is not None:
        yield TimelineEntry(
            kind="promise_judged",
            at=row.judged_at,
            title=f"تعهد {labels.PROMISE_STATUSES[row.status]}",
            subtitle=f"سررسید {jalali.show(row.date)}",
            tone="ok" if row.status == "kept" else "bad" if row.status == "broken" else "neutral",
        )


def _assignment(row: AnyRow) -> Iterator[TimelineEntry]:
    yield TimelineEntry(
        kind="assignment",
        at=row.assigned_at,
        title=f"تخصیص به {row.by}",
        subtitle="، ".join(part for part in (labels.FOLLOW_UP_KINDS[row.kind], row.assigned_by) if part),
        tone="neutral",
    )
    if row.closed_at is not None:
        yield TimelineEntry(
            kind="assignment_closed",
            at=row.closed_at,
            title="پایان تخصیص",
            subtitle="، ".join(
                (row.by, labels.ASSIGNMENT_CLOSE_REASONS.get(row.close_reason or "", ""))
            ).strip("، "),
            tone="neutral",
            quote=row.close_note,
        )


def _hold(row: AnyRow) -> Iterator[TimelineEntry]:
    yield TimelineEntry(
        kind="hold",
        at=row.created_at,
        title=labels.HOLD_KINDS[row.kind],
        subtitle="، ".join(part for part in (f"تا {jalali.show(row.until)}", row.by) if part),
        tone="warn",
        quote=row.reason,
    )
    if row.lifted_at is not None:
        yield TimelineEntry(
            kind="hold_lifted",
            at=row.lifted_at,
            title=f"پایان {labels.HOLD_KINDS[row.kind]}",
            subtitle=row.lifted_by,
            tone="neutral",
        )


def _write_off(row: AnyRow) -> Iterator[TimelineEntry]:
    yield TimelineEntry(
        kind="write_off", at=row.at, title="خروج از پیگیری", subtitle=row.by, tone="bad", quote=row.reason
    )
    if row.lifted_at is not None:
        yield TimelineEntry(
            kind="write_off_lifted",
            at=row.lifted_at,
            title="بازگشت به پیگیری",
            subtitle=row.lifted_by,
            tone="neutral",
        )


def _midnight(row: AnyRow) -> datetime:
    return datetime.combine(row.day, datetime.min.time(), tzinfo=UTC)


_MAKERS: Final[Mapping[str, Callable[[AnyRow], Iterator[TimelineEntry]]]] = {
    "episode": _episode,
    "notification": _notification,
    "letter": _letter,
    "letter_event": _letter_event,
    "follow_up": _follow_up,
    "promise": _promise,
    "assignment": _assignment,
    "hold": _hold,
    "write_off": _write_off,
}
