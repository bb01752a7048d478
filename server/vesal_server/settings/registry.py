"""Every setting by name: its Persian label, its kind and bounds, its default."""

from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["text", "integer", "flag", "time", "choice", "choices", "integers", "secret", "url", "image"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `optional`: an empty value is taken and means none. `page`: which page changes it."""

    key: str
    label: str
    kind: Kind
    default: Any = None
    lowest: int | None = None
    highest: int | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    page: str = "system_settings"

    @property
    def secret(self) -> bool:
        """Written, never shown again, and encrypted in the database."""
        return self.kind == "secret"


def _gateway(channel: str, name: str, drivers: tuple[str, ...]) -> tuple[Setting, ...]:
    return (
        Setting(f"{channel}.driver", f"درگاه {name}", "choice", "outbox", choices=drivers),
        Setting(f"{channel}.base_url", f"نشانی درگاه {name}", "url", "", optional=True),
        Setting(f"{channel}.number", f"شماره یا نشانی فرستنده {name}", "text", "", optional=True),
        Setting(f"{channel}.username", f"نام کاربری درگاه {name}", "text", "", optional=True),
        Setting(f"{channel}.password", f"رمز یا کلید درگاه {name}", "secret", optional=True),
    )


_DAYS: Final = ("saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday")

#: All settings, in the order in which they are listed.
SETTINGS: Final[tuple[Setting, ...]] = (
    Setting("bank.name", "نام بانک", "text", "بانک نمونه"),
    Setting("bank.national_id", "شناسه ملی بانک", "text", "", optional=True),
    Setting("bank.logo", "نشان بانک (PNG یا JPEG)", "image", "", optional=True),
    *_gateway("sms", "پیامک", ("outbox", "kavenegar")),
    *_gateway("call", "تماس تلفنی", ("outbox",)),
    *_gateway("email", "پست الکترونیکی", ("outbox",)),
    Setting("gateways.allow_private", "درگاه در شبکه داخلی مجاز است", "flag", default=False),
    Setting("dispatch.lease_s", "مهلت در اختیار داشتن پیام (ثانیه)", "integer", 60, 1, 3600),
    Setting("dispatch.timeout_s", "مهلت پاسخ درگاه (ثانیه)", "integer", 20, 1, 600),
    Setting("dispatch.quiet_s", "زمان سکوت پیش از باور «یافت نشد» (ثانیه)", "integer", 60, 0, 3600),
    Setting("dispatch.lookup_hours", "مهلت پرسش وضعیت از درگاه (ساعت)", "integer", 48, 1, 720),
    Setting("window.start", "آغاز بازه ارسال", "time", "08:00"),
    Setting("window.end", "پایان بازه ارسال", "time", "20:00"),
    Setting("feed.max_bad_percent", "بیشترین درصد ردیف نادرست", "integer", 5, 0, 100),
    Setting("feed.min_ratio_percent", "کمترین درصد نسبت به دریافت پیشین", "integer", 50, 0, 100),
    Setting("feed.stale_days", "بیشترین کهنگی اطلاعات (روز)", "integer", 3, 0, 365),
    Setting("feed.folder", "پوشه دریافت اطلاعات", "text", "", optional=True),
    Setting("planning.rest_days", "روزهای تعطیل هفته", "choices", ["friday"], choices=_DAYS, optional=True),
    Setting("planning.skip_promised", "پس از تعهد پرداخت، اطلاع‌رسانی نشود", "flag", default=False),
    Setting("planning.daily_cap", "سقف روزانه پیام برای هر فرد", "integer", None, 1, 1000, optional=True),
    Setting("schedule.planning", "ساعت برنامه‌ریزی روز", "time", "07:00"),
    Setting("letters.introduction_days", "مهلت مراجعه با معرفی‌نامه (روز)", "integer", 7, 1, 365),
    Setting("letters.warning_days", "مهلت پرداخت در اخطاریه (روز)", "integer", 10, 1, 365),
    Setting("letters.cc", "رونوشت نامه‌ها (هر سطر یکی)", "text", "", optional=True),
    Setting("letters.window_envelope", "چاپ برای پاکت پنجره‌دار", "flag", default=False),
    Setting(
        "promises.judge_after_days",
        "داوری تعهد پس از سررسید (روز)",
        "integer",
        1,
        0,
        30,
        page="case_settings",
    ),
    Setting(
        "cases.home_from_days",
        "صفحه اصلی: از روز معوقه",
        "integer",
        None,
        0,
        100_000,
        optional=True,
        page="case_settings",
    ),
    Setting(
        "cases.home_to_days",
        "صفحه اصلی: تا روز معوقه",
        "integer",
        None,
        0,
        100_000,
        optional=True,
        page="case_settings",
    ),
    Setting(
        "cases.home_min_amount",
        "صفحه اصلی: کمترین مبلغ معوقه (ریال)",
        "integer",
        None,
        0,
        10**18,
        optional=True,
        page="case_settings",
    ),
    Setting(
        "cases.buckets",
        "مرز طبقه‌های معوقات (روز)",
        "integers",
        [60, 180, 540],
        1,
        100_000,
        page="case_settings",
    ),
    Setting(
        "assignments.late_days", "روزهای تأخیر در پیگیری تخصیص", "integer", 7, 1, 365, page="case_settings"
    ),
    Setting("session.idle_minutes", "پایان نشست پس از بی‌کاری (دقیقه)", "integer", 30, 1, 1440),
    Setting("session.absolute_hours", "بیشترین طول نشست (ساعت)", "integer", 12, 1, 168),
    Setting("lists.export_rows", "بیشترین ردیف خروجی اکسل", "integer", 200_000, 1, 1_000_000),
    Setting("uploads.max_mb", "بیشترین حجم فایل بارگذاری (مگابایت)", "integer", 200, 1, 2048),
)

BY_KEY: Final[dict[str, Setting]] = {setting.key: setting for setting in SETTINGS}
