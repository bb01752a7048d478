"""The kinds of alerts: how bad, in which words, and on whose page each is dealt with."""

from dataclasses import dataclass
from typing import Final

from vesal_shared.messages.alerts import Severity


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: `title` is a Persian sentence with parameters in braces; who has `page` bank-wide sees it."""

    code: str
    title: str
    severity: Severity
    page: str


KINDS: Final[dict[str, Kind]] = {
    kind.code: kind
    for kind in (
        Kind(
            "stale_feed",
            "آخرین اطلاعات دریافتی از {as_of} است؛ برای {day} اطلاع‌رسانی برنامه‌ریزی نشد.",
            "error",
            "data_reception",
        ),
        Kind("no_feed", "هنوز اطلاعاتی از سامانه بانکی دریافت نشده است.", "warning", "data_reception"),
        Kind("feed_refused", "اطلاعات دریافتی «{source}» رد شد: {reason}", "error", "data_reception"),
        Kind(
            "cures_wait",
            "به دلیل ردیف‌های بدون شماره تسهیلات، خروج از معوقات تا دریافت بعدی انجام نشد.",
            "warning",
            "data_reception",
        ),
        Kind(
            "channel_stopped",
            "ارسال {channel} متوقف شد: {reason}",
            "error",
            "notification_workflows",
        ),
        Kind("gateway_fault", "درگاه {channel} درخواست را نپذیرفت: {reason}", "error", "system_settings"),
        Kind(
            "unknown_results",
            "وضعیت {count} پیام ارسالی نامشخص است و باید بررسی شود.",
            "warning",
            "notifications",
        ),
        Kind(
            "restored",
            "سامانه از پشتیبان بازیابی شد؛ سرنوشت پیام‌های پس از {instant} نامشخص است.",
            "warning",
            "notifications",
        ),
        Kind("audit_broken", "زنجیره سوابق تغییرات از ردیف {row} شکسته است.", "error", "audit"),
        Kind("job_failed", "کار زمان‌بندی‌شده «{job}» انجام نشد: {reason}", "error", "system_settings"),
        Kind("secret_unreadable", "کلید اسرار با پایگاه داده جور نیست.", "error", "system_settings"),
    )
}
