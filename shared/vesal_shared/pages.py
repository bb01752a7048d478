"""Every page: its code, its Persian label, its place in the menu.

And the access groups that a new system has.
"""

from dataclasses import dataclass
from typing import Final, Literal

Scope = Literal["bank", "province", "branch", "own"]

#: From the widest to the narrowest.
SCOPES: Final[tuple[Scope, ...]] = ("bank", "province", "branch", "own")

SCOPE_LABELS: Final[dict[Scope, str]] = {
    "bank": "کل بانک",
    "province": "استان",
    "branch": "شعبه",
    "own": "پرونده‌های خود",
}


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """A heading of the menu; an admin group shows only in admin mode."""

    code: str
    label: str
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One entry of the menu and the unit that an access group grants.

    `everyone`: each user has it and it doesn't stand in the tree of pages to tick. `admin`: its writes need
    the admin mode. `group` is empty for the home page, which opens first and stands above the groups.
    """

    code: str
    label: str
    group: str
    everyone: bool = False
    admin: bool = False


MENU: Final[tuple[MenuGroup, ...]] = (
    MenuGroup("system", "مدیریت سیستم", admin=True),
    MenuGroup("base", "اطلاعات پایه", admin=True),
    MenuGroup("cases", "مدیریت پرونده‌ها"),
    MenuGroup("followup", "پیگیری پرسنلی"),
    MenuGroup("reports", "گزارش‌ها"),
)

#: All pages in the order of the menu.
PAGES: Final[tuple[Page, ...]] = (
    Page("home", "صفحه اصلی", "", everyone=True),
    Page("groups", "گروه‌ها", "system", admin=True),
    Page("users", "کاربران", "system", admin=True),
    Page("change_password", "تغییر کلمه عبور", "system", everyone=True),
    Page("user_wizard", "جادوی کاربری", "system", admin=True),
    Page("province_managers", "اطلاعات مدیر استان", "system", admin=True),
    Page("system_settings", "تنظیمات سیستم", "base", admin=True),
    Page("case_settings", "تنظیمات پرونده‌ها", "base", admin=True),
    Page("announcements", "مدیریت اعلان", "base", admin=True),
    Page("branches", "شعبه‌ها", "base", admin=True),
    Page("provinces", "استان‌ها", "base", admin=True),
    Page("loan_types", "انواع وام", "base", admin=True),
    Page("deposit_types", "انواع سپرده", "base", admin=True),
    Page("holidays", "تعطیلات", "base", admin=True),
    Page("followup_catalogues", "وضعیت و نتیجه تماس", "base", admin=True),
    Page("audio_files", "فایل‌های صوتی", "base", admin=True),
    Page("notification_workflows", "گردش کار اطلاع‌رسانی", "base", admin=True),
    Page("vesal_workflows", "گردش کار وصال", "base", admin=True),
    Page("active_cases", "پرونده‌های فعال", "cases"),
    Page("overdue_cases", "پرونده‌های معوق", "cases"),
    Page("requests", "درخواست‌ها", "cases"),
    Page("record_followup", "ثبت پیگیری با شماره مشتری", "followup"),
    Page("assigned_followups", "مشاهده پیگیری‌های تخصیص‌یافته", "followup"),
    Page("assign", "تخصیص پیگیری", "followup"),
    Page("print_queue", "چاپ نامه‌ها", "followup"),
    Page("notifications", "گزارش اطلاع‌رسانی", "reports"),
    Page("data_reception", "گزارش دریافت اطلاعات", "reports"),
    Page("followup_details", "پیگیری‌های پرسنلی (جزییات)", "reports"),
    Page("followup_counts", "گزارش تعداد پیگیری پرسنلی", "reports"),
    Page("assignments", "گزارش تخصیص پرونده", "reports"),
    Page("by_customer_number", "پیگیری بر اساس شماره مشتری", "reports"),
    Page("logins", "ورود کاربران به سیستم", "reports"),
    Page("incomplete_information", "اطلاعات ناقص", "reports"),
    Page("performance", "گزارش عملکرد", "reports"),
    Page("audit", "سوابق تغییرات", "reports"),
)

#: The same by code.
PAGE: Final[dict[str, Page]] = {page.code: page for page in PAGES}

#: What an access group may grant: every page that isn't everybody's.
GRANTABLE: Final[tuple[str, ...]] = tuple(page.code for page in PAGES if not page.everyone)


@dataclass(frozen=True, slots=True)
class SeededGroup:
    """An access group that a new system starts with.

    `gives` are titles of the groups its members may give.
    """

    title: str
    scope: Scope
    pages: tuple[str, ...]
    gives: tuple[str, ...]


ADMINS: Final = "ادمین سیستم"
LEGAL_ADMINS: Final = "ادمین معاونت حقوقی و وصول مطالبات"
PROVINCE_ADMINS: Final = "ادمین استان‌ها"
BRANCH_MANAGERS: Final = "مدیران شعب"
COLLECTORS: Final = "وصول مطالبات"
ORDINARY_USERS: Final = "کاربر عادی"

SEEDED_GROUPS: Final[tuple[SeededGroup, ...]] = (
    SeededGroup(
        ADMINS,
        "bank",
        GRANTABLE,
        (ADMINS, LEGAL_ADMINS, PROVINCE_ADMINS, BRANCH_MANAGERS, COLLECTORS, ORDINARY_USERS),
    ),
    SeededGroup(
        LEGAL_ADMINS,
        "bank",
        (
            "users",
            "province_managers",
            "case_settings",
            "announcements",
            "branches",
            "provinces",
            "loan_types",
            "deposit_types",
            "holidays",
            "followup_catalogues",
            "audio_files",
            "notification_workflows",
            "vesal_workflows",
            "overdue_cases",
            "requests",
            "record_followup",
            "assigned_followups",
            "assign",
            "print_queue",
            "notifications",
            "data_reception",
            "followup_details",
            "followup_counts",
            "assignments",
            "by_customer_number",
            "logins",
            "incomplete_information",
            "performance",
        ),
        (PROVINCE_ADMINS, BRANCH_MANAGERS, COLLECTORS, ORDINARY_USERS),
    ),
    SeededGroup(
        PROVINCE_ADMINS,
        "province",
        (
            "users",
            "overdue_cases",
            "record_followup",
            "assigned_followups",
            "assign",
            "print_queue",
            "notifications",
            "followup_details",
            "followup_counts",
            "performance",
        ),
        (BRANCH_MANAGERS, COLLECTORS, ORDINARY_USERS),
    ),
    SeededGroup(
        BRANCH_MANAGERS,
        "branch",
        (
            "users",
            "overdue_cases",
            "assigned_followups",
            "assign",
            "print_queue",
            "followup_details",
            "followup_counts",
            "assignments",
            "by_customer_number",
            "performance",
        ),
        (COLLECTORS, ORDINARY_USERS),
    ),
    SeededGroup(
        COLLECTORS,
        "own",
        ("overdue_cases", "record_followup", "assigned_followups", "print_queue"),
        (),
    ),
    SeededGroup(ORDINARY_USERS, "branch", ("active_cases",), ()),
)
