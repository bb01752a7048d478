"""From the home page's numbers to what it says: figures, amounts, reasons, spans."""

from typing import Final

from vesal_client.kit.bar_chart import Bar
from vesal_client.kit.figures import Figure
from vesal_shared import money
from vesal_shared.digits import persian_digits
from vesal_shared.messages.home import AgeBucket, Figures, Urgency, WorkItem, WorkKind

_MILLION: Final = 10**6
_MILLIARD: Final = 10**9

WORK_ICONS: Final[dict[WorkKind, str]] = {
    "call_due": "phone",
    "visit_due": "place",
    "letter_due": "file",
    "promise_due": "coins",
    "promise_broken": "coins",
    "letter_unserved": "file",
    "assigned": "user-add",
    "hold_ending": "hold-end",
}
_TONES: Final[dict[Urgency, str]] = {"late": "bad", "today": "warn", "soon": "info", "later": "neutral"}


def work_icon(item: WorkItem) -> str:
    """A clock where the time has passed, else what is to be done."""
    return "clock" if item.urgency == "late" and item.kind != "promise_broken" else WORK_ICONS[item.kind]


def work_tone(item: WorkItem) -> str:
    """Red for late, amber for today, blue for soon."""
    return _TONES[item.urgency]


def short_amount(amount: int) -> str:
    """`۲۱۲ میلیون`: rial, rounded to what one reads at a glance."""
    if amount >= 10_000 * _MILLIARD:
        return f"{money.show(round(amount / _MILLIARD))} میلیارد"
    if amount >= _MILLION:
        return f"{money.show(round(amount / _MILLION))} میلیون"
    return f"{money.show(amount)} ریال"


def overdue_words(days: int, installments: int | None) -> str:
    """`۷۴ روز، ۳ قسط`."""
    words = f"{money.show(days)} روز"
    return f"{words}، {persian_digits(installments)} قسط" if installments else words


def figures(now: Figures) -> list[Figure]:
    """The five figures of the strip."""
    return [_cases(now), _amount(now), _contacts(now), _promises(now), _kept(now)]


def _cases(now: Figures) -> Figure:
    change = now.cases_change
    if change is None:
        note, tone, icon = "", "", ""
    elif change == 0:
        note, tone, icon = "بدون تغییر از دریافت پیش", "", ""
    else:
        word, tone, icon = ("کمتر", "ok", "chevron-down") if change < 0 else ("بیشتر", "bad", "chevron-up")
        note = f"{money.show(abs(change))} پرونده {word} از دریافت پیش"
    return Figure("پرونده‌های معوق", money.show(now.cases), "پرونده", note, tone, icon)


def _amount(now: Figures) -> Figure:
    size, unit = (_MILLIARD, "میلیارد ریال") if now.overdue_amount >= 10**12 else (_MILLION, "میلیون ریال")
    note = f"در {money.show(now.facilities)} تسهیلات"
    return Figure("مبلغ معوقه", money.show(round(now.overdue_amount / size)), unit, note)


def _contacts(now: Figures) -> Figure:
    left = now.contacts_target - now.contacts_today
    if now.contacts_target <= 0:
        return Figure("تماس‌های امروز", money.show(now.contacts_today), "تماس", "برای امروز تماسی تعیین نشده")
    note, tone, icon = (
        (f"{money.show(left)} تماس تا پایان روز", "", "") if left > 0 else ("همه انجام شد", "ok", "check")
    )
    return Figure(
        "تماس‌های امروز",
        money.show(now.contacts_today),
        f"از {money.show(now.contacts_target)}",
        note,
        tone,
        icon,
    )


def _promises(now: Figures) -> Figure:
    silent = now.promises_without_contact
    if silent:
        note, tone, icon = f"{money.show(silent)} تعهد بدون تماس", "warn", "warning"
    elif now.promises_today:
        note, tone, icon = "با همه تماس گرفته شده", "ok", "check"
    else:
        note, tone, icon = "امروز تعهدی سررسید نمی‌شود", "", ""
    return Figure("تعهدهای سررسید امروز", money.show(now.promises_today), "تعهد", note, tone, icon)


def _kept(now: Figures) -> Figure:
    if now.kept_rate is None:
        return Figure("نرخ ایفای تعهد", "—", "", "هنوز تعهدی سررسید نشده")
    change = now.kept_rate_change
    if change is None:
        note, tone, icon = "", "", ""
    elif change == 0:
        note, tone, icon = "برابر ماه پیش", "", ""
    else:
        word, tone, icon = ("بیش", "ok", "chevron-up") if change > 0 else ("کمتر", "bad", "chevron-down")
        note = f"{money.show(abs(change))} واحد {word} از ماه پیش"
    return Figure("نرخ ایفای تعهد", money.show(now.kept_rate), "درصد در ۳۰ روز", note, tone, icon)


def bars(buckets: list[AgeBucket]) -> list[Bar]:
    """The age classes as bars; hovering tells facilities and amount."""
    return [
        Bar(
            bucket.title,
            span(bucket, first=number == 0),
            bucket.cases,
            f"{bucket.title}: {money.show(bucket.cases)} پرونده، {money.show(bucket.facilities)} تسهیلات، "
            f"{money.show(bucket.overdue_amount)} ریال",
        )
        for number, bucket in enumerate(buckets)
    ]


def span(bucket: AgeBucket, *, first: bool) -> str:
    """`۶۱ تا ۱۸۰`; the first one says what is counted."""
    begin = persian_digits(bucket.from_days)
    if bucket.to_days is None:
        return f"{begin} و بیشتر"
    return f"{begin} تا {persian_digits(bucket.to_days)}" + (" روز" if first else "")
