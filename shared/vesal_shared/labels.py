"""What codes are called on screen: channels, roles, states, reasons."""

from typing import Final

from vesal_shared.digits import persian_digits

CHANNELS: Final[dict[str, str]] = {
    "sms": "پیامک",
    "call": "تماس تلفنی",
    "email": "ایمیل",
    "introduction_letter": "معرفی‌نامه",
    "warning": "اخطاریه",
    "declaration": "اظهارنامه",
}

ROLES: Final[dict[str, str]] = {"borrower": "وام‌گیرنده", "guarantor": "ضامن"}

#: Of messages and calls.
NOTIFICATION_STATUSES: Final[dict[str, str]] = {
    "planned": "برنامه‌ریزی‌شده",
    "sending": "در حال ارسال",
    "sent": "ارسال شد",
    "delivered": "رسید",
    "undelivered": "نرسید",
    "failed": "ناموفق",
    "suppressed": "ارسال نشد",
    "cancelled": "لغو شد",
    "expired": "مهلت گذشت",
    "unknown": "نامشخص",
}

LETTER_STATUSES: Final[dict[str, str]] = {
    "issued": "صادر شد",
    "printed": "چاپ شد",
    "served": "ابلاغ شد",
    "returned": "برگشت خورد",
    "not_found": "مخاطب شناسایی نشد",
    "filed": "ثبت شد",
    "not_served": "ابلاغ نشد",
    "void": "باطل",
    "suppressed": "صادر نشد",
    "cancelled": "لغو شد",
}

#: Why somebody is not reached, and why what was planned is cancelled.
REASONS: Final[dict[str, str]] = {
    "hold": "توقف پیگیری یا اعتراض مشتری",
    "do_not_contact": "عدم تماس",
    "promise": "تعهد پرداخت باز",
    "no_mobile": "تلفن همراه درستی ندارد",
    "no_email": "پست الکترونیکی ندارد",
    "no_address": "نشانی ندارد",
    "earlier_letter": "مهلت نامه پیشین نگذشته است",
    "holiday": "روز تعطیل",
    "daily_cap": "سقف روزانه پیام",
    "cured": "خروج از معوقات",
    "no_longer_applies": "گردش کار دیگر شامل آن نمی‌شود",
    "workflow_changed": "گردش کار تغییر کرد",
}

FEED_STATUSES: Final[dict[str, str]] = {
    "taken": "دریافت شد",
    "unchanged": "بدون تغییر",
    "refused": "رد شد",
}

PROMISE_STATUSES: Final[dict[str, str]] = {
    "open": "در انتظار سررسید",
    "kept": "ایفا شد",
    "broken": "ایفا نشد",
    "replaced": "جایگزین شد",
}

FOLLOW_UP_KINDS: Final[dict[str, str]] = {
    "call": "تماس",
    "visit": "مراجعه حضوری",
    "sms": "پیامک",
    "introduction_letter": "معرفی‌نامه",
    "warning": "اخطاریه",
    "declaration": "اظهارنامه",
    "other": "سایر",
}

ADDRESSEES: Final[dict[str, str]] = {"borrower": "وام‌گیرنده", "guarantor": "ضامن", "relative": "بستگان"}

HOLD_KINDS: Final[dict[str, str]] = {
    "hold": "توقف پیگیری",
    "dispute": "اعتراض مشتری",
    "payment_announced": "اعلام پرداخت",
    "deceased": "فوت مشتری",
}

CLOSE_REASONS: Final[dict[str, str]] = {
    "cured": "خروج از معوقات",
    "written_off": "خروج از پیگیری",
    "feed_error": "اشتباه فید",
}

ASSIGNMENT_CLOSE_REASONS: Final[dict[str, str]] = {
    "cured": "خروج از معوقات",
    "moved": "انتقال شعبه",
    "reassigned": "تغییر کارشناس",
    "written_off": "خروج از پیگیری",
    "user_left": "جابه‌جایی کاربر",
}

#: The Central Bank's classes, from the youngest to the oldest.
BUCKETS: Final[tuple[tuple[str, str], ...]] = (
    ("current", "جاری"),
    ("past_due", "سررسید گذشته"),
    ("overdue", "معوق"),
    ("doubtful", "مشکوک‌الوصول"),
)

_ORDINALS: Final = (
    "اول", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم", "نهم", "دهم",
)  # fmt: skip


def ordinal(number: int) -> str:
    """«اول», «دوم» … «دهم», and beyond that «۱۱ام»."""
    return _ORDINALS[number - 1] if 1 <= number <= len(_ORDINALS) else f"{persian_digits(number)}ام"


def letter_title(channel: str, stage: int | None, role: str) -> str:
    """What a letter is called in lists: «اخطار دوم (ضامن)», «معرفی‌نامه», «اظهارنامه»."""
    title = f"اخطار {ordinal(stage)}" if channel == "warning" and stage else CHANNELS[channel]
    return f"{title} (ضامن)" if role == "guarantor" else title
