"""Every refusal: a stable code, a Persian title to show, an HTTP status; and the one exception type.

Declare a new one here, under its term, and raise `Refusal(problems.X, ...)`. A title may name parameters in
braces; they are filled from `params`. Whatever is not a Refusal is a bug and is logged as one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Problem:
    """A declared kind of refusal: `title` is a Persian sentence, `status` the HTTP status it answers with."""

    code: str
    title: str
    status: int = 422


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of the input: its name, the kind of problem, and its parameters."""

    field: str
    problem: Problem
    params: Mapping[str, object] | None = None

    @property
    def title(self) -> str:
        """The Persian sentence that belongs beside the field."""
        return self.problem.title.format_map(_Shown(self.params or {}))


class Refusal(Exception):
    """The one way to say no.

    Foreseeable, declared, shown to a person, and rolled back by who began the work.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        detail: str = "",
        field: str = "",
        params: Mapping[str, object] | None = None,
        errors: Sequence[FieldError] = (),
        retry_after: int | None = None,
    ) -> None:
        self.problem = problem
        self.params: dict[str, object] = dict(params or {})
        self.detail = detail
        self.errors = (*errors, FieldError(field, problem, params)) if field else tuple(errors)
        self.retry_after = retry_after
        super().__init__(f"{problem.code}: {self.title}")

    @property
    def code(self) -> str:
        """The stable code of the problem."""
        return self.problem.code

    @property
    def title(self) -> str:
        """The Persian sentence, its parameters filled in."""
        return self.problem.title.format_map(_Shown(self.params))

    @property
    def sentence(self) -> str:
        """Title and detail as one text, for the command line."""
        return f"{self.title} {self.detail}".strip()


class _Shown(dict[str, object]):
    """Parameters of a sentence; one that was not given shows as a dash rather than failing the refusal."""

    def __missing__(self, key: str) -> str:
        return "—"


# Access
NOT_SIGNED_IN: Final = Problem("not_signed_in", "برای این کار باید وارد سامانه شوید.", 401)
SESSION_ENDED: Final = Problem("session_ended", "نشست شما پایان یافته است. دوباره وارد شوید.", 401)
WRONG_CREDENTIALS: Final = Problem("wrong_credentials", "نام کاربری یا کلمه عبور درست نیست.", 401)
LOGIN_PAUSED: Final = Problem(
    "login_paused", "به دلیل تلاش‌های ناموفق، ورود تا {seconds} ثانیه دیگر ممکن نیست.", 429
)
USER_INACTIVE: Final = Problem("user_inactive", "این کاربر غیرفعال است. با مدیر سامانه تماس بگیرید.", 403)
ADDRESS_NOT_ALLOWED: Final = Problem(
    "address_not_allowed", "ورود از این نشانی شبکه برای شعبه شما مجاز نیست.", 403
)
MUST_CHANGE_PASSWORD: Final = Problem(
    "must_change_password", "پیش از ادامه باید کلمه عبور خود را تغییر دهید.", 403
)
PAGE_NOT_GRANTED: Final = Problem("page_not_granted", "شما به این صفحه دسترسی ندارید.", 403)
ADMIN_MODE_NEEDED: Final = Problem("admin_mode_needed", "برای این کار وارد حالت مدیریت شوید.", 403)
PASSWORD_TOO_SHORT: Final = Problem("password_too_short", "کلمه عبور باید دست‌کم {min} نویسه باشد.")
PASSWORD_TOO_LONG: Final = Problem("password_too_long", "کلمه عبور باید حداکثر {max} نویسه باشد.")
PASSWORD_COMMON: Final = Problem(
    "password_common", "این کلمه عبور در فهرست کلمه‌های عبور رایج است و به آسانی حدس زده می‌شود."
)
PASSWORD_LIKE_NAME: Final = Problem(
    "password_like_name", "کلمه عبور نباید نام کاربری، نام شما یا نام بانک باشد."
)
PASSWORD_SAME: Final = Problem("password_same", "کلمه عبور جدید با کلمه عبور کنونی یکی است.")
WRONG_PASSWORD: Final = Problem("wrong_password", "کلمه عبور کنونی درست نیست.")
USERNAME_TAKEN: Final = Problem("username_taken", "کاربری با نام کاربری «{username}» وجود دارد.", 409)
USERNAME_BAD: Final = Problem(
    "username_bad", "نام کاربری باید ۲ تا ۵۰ نویسه و از حرف، رقم، نقطه، خط تیره و زیرخط باشد."
)
UNKNOWN_USER: Final = Problem("unknown_user", "کاربری با نام کاربری «{username}» پیدا نشد.", 404)
UNKNOWN_GROUP: Final = Problem("unknown_group", "گروه دسترسی «{title}» پیدا نشد.")
UNKNOWN_BRANCH: Final = Problem("unknown_branch", "شعبه‌ای با کد «{code}» پیدا نشد.")
UNKNOWN_PROVINCE: Final = Problem("unknown_province", "استانی با کد «{code}» پیدا نشد.")
NO_GROUP: Final = Problem("no_group", "دست‌کم یک گروه دسترسی لازم است.")

# Requests in general
NOT_FOUND: Final = Problem("not_found", "چیزی با این نشانی پیدا نشد.", 404)
METHOD_NOT_ALLOWED: Final = Problem("method_not_allowed", "این کار روی این نشانی ممکن نیست.", 405)
INVALID_INPUT: Final = Problem("invalid_input", "ورودی درست نیست.", 400)
INVALID_VALUE: Final = Problem("invalid_value", "مقدار این فیلد درست نیست.", 400)
UNKNOWN_SORT: Final = Problem("unknown_sort", "فهرست بر اساس «{sort}» مرتب نمی‌شود.", 400)
PAGE_TOO_FAR: Final = Problem("page_too_far", "این صفحه بیرون از فهرست است.", 400)
CHANGED_MEANWHILE: Final = Problem(
    "changed_meanwhile", "این مورد را در این میان کس دیگری تغییر داده است. آن را دوباره ببینید.", 409
)
TOO_LARGE: Final = Problem("too_large", "حجم داده بیش از {max} مگابایت است.", 413)
UNSUPPORTED_MEDIA: Final = Problem("unsupported_media", "نوع داده فرستاده‌شده پذیرفته نیست.", 415)
NOT_ACCEPTABLE: Final = Problem("not_acceptable", "پاسخ به این شکل ممکن نیست.", 406)
TOO_MANY_REQUESTS: Final = Problem(
    "too_many_requests", "درخواست‌ها بیش از اندازه است. {seconds} ثانیه دیگر دوباره تلاش کنید.", 429
)
BUSY: Final = Problem("busy", "سامانه اکنون پرکار است. چند لحظه دیگر دوباره تلاش کنید.", 503)
UNAVAILABLE: Final = Problem("unavailable", "پایگاه داده در دسترس نیست. چند لحظه دیگر دوباره تلاش کنید.", 503)
UNEXPECTED: Final = Problem("unexpected", "خطایی پیش‌بینی‌نشده رخ داد. موضوع ثبت شد.", 500)
SCHEMA_MISSING: Final = Problem(
    "schema_missing", "پایگاه داده آماده نشده است. نخست vesal-server init را اجرا کنید.", 503
)
SCHEMA_OTHER: Final = Problem(
    "schema_other",
    "پایگاه داده با نسخه دیگری از وصال ساخته شده است. vesal-server init را با همین نسخه اجرا کنید.",
    503,
)
DATABASE_UNFIT: Final = Problem("database_unfit", "این پایگاه داده برای وصال مناسب نیست: {why}")
TOO_MANY_ITEMS: Final = Problem("too_many_items", "در هر بار حداکثر {max} مورد پذیرفته می‌شود.")
EXPORT_TOO_LARGE: Final = Problem(
    "export_too_large", "خروجی اکسل بیش از {max} ردیف دارد. فهرست را با فیلتر کوچک‌تر کنید."
)

# Settings and catalogues
UNKNOWN_SETTING: Final = Problem("unknown_setting", "تنظیمی با نام «{key}» وجود ندارد.")
BAD_SETTING: Final = Problem("bad_setting", "مقدار «{value}» برای «{label}» پذیرفته نیست. {expected}")
WINDOW_EXCLUDES_WORKFLOW: Final = Problem(
    "window_excludes_workflow",
    "گردش کار فعال «{title}» ({start} تا {end}) بیرون از بازه ارسال جدید می‌افتد.",
)
CATALOG_UNREADABLE: Final = Problem("catalog_unreadable", "فایل خوانده نشد: {why}")
CATALOG_COLUMN_MISSING: Final = Problem("catalog_column_missing", "ستون «{column}» در فایل نیست.")
CATALOG_BAD_ROW: Final = Problem("catalog_bad_row", "ردیف {line}: {why}")
UNKNOWN_CATALOG: Final = Problem("unknown_catalog", "فهرستی با نام «{kind}» وجود ندارد.")

LEASE_TOO_SHORT: Final = Problem(
    "lease_too_short",
    "مهلت پاسخ درگاه ({timeout} ثانیه) باید کوتاه‌تر از مهلت در اختیار داشتن پیام ({lease} ثانیه) باشد.",
)

# Letters
LETTER_VOID: Final = Problem("letter_void", "نامه {number} باطل شده است و چاپ یا ابلاغ نمی‌شود.", 409)
LETTER_NOT_PRINTED: Final = Problem("letter_not_printed", "نامه {number} هنوز چاپ نشده است.", 409)
LETTER_NOT_FILED: Final = Problem(
    "letter_not_filed", "اظهارنامه {number} هنوز در دفتر خدمات قضایی ثبت نشده است.", 409
)
MARK_REUSED: Final = Problem("mark_reused", "این نشانه پیش از این برای نامه دیگری به کار رفته است.", 409)
LETTER_SETTLED: Final = Problem("letter_settled", "نتیجه نامه {number} پیش از این ثبت شده است.", 409)
LETTER_OUTCOME_KIND: Final = Problem("letter_outcome_kind", "این نتیجه برای نامه {number} معنا ندارد.")
DATE_IN_FUTURE: Final = Problem("date_in_future", "تاریخ نباید در آینده باشد.")
DATE_BEFORE_ISSUE: Final = Problem("date_before_issue", "تاریخ نباید پیش از تاریخ صدور نامه باشد.")
TRACKING_CODE_NEEDED: Final = Problem("tracking_code_needed", "کد رهگیری لازم است.")
LETTER_CONTENT_UNREADABLE: Final = Problem("letter_content_unreadable", "این فایل محتوای نامه نیست.")
LETTER_LOGO_UNREADABLE: Final = Problem("letter_logo_unreadable", "نشان بانک باید تصویر PNG یا JPEG باشد.")
LETTER_TOO_LONG: Final = Problem("letter_too_long", "متن نامه {number} بلندتر از آن است که چاپ شود.")
SCAN_UNREADABLE: Final = Problem("scan_unreadable", "فایل «{file}» خوانده نشد.")
LETTER_FILE_NOT_WRITTEN: Final = Problem(
    "letter_file_not_written",
    "فایل «{file}» نوشته نشد. شاید در برنامه دیگری باز است، یا پوشه جا یا اجازه نوشتن ندارد.",
)
LETTER_SEAL_MALFORMED: Final = Problem("letter_seal_malformed", "این رمزینه از نامه‌های بانک نیست.")
LETTER_SEAL_UNKNOWN_KEY: Final = Problem(
    "letter_seal_unknown_key",
    "کلید امضای این رمزینه شناخته نیست. پیش از اعتماد، با شعبه صادرکننده تماس بگیرید.",
)
LETTER_SEAL_FORGED: Final = Problem(
    "letter_seal_forged", "امضای این رمزینه درست نیست: نامه جعلی یا دست‌کاری‌شده است."
)

# Uploads
UPLOAD_EMPTY: Final = Problem("upload_empty", "فایلی فرستاده نشده است.")
UPLOAD_TYPE: Final = Problem("upload_type", "این نوع فایل پذیرفته نیست. {expected}", 415)

# The feed
FEED_UNREADABLE: Final = Problem("feed_unreadable", "«{file}» خوانده نشد: {why}")
FEED_FILE_MISSING: Final = Problem(
    "feed_file_missing", "فایل {file} در اطلاعات دریافتی نیست. آن را بیفزایید و دوباره بفرستید."
)
FEED_MANIFEST_BAD: Final = Problem("feed_manifest_bad", "شناسنامه اطلاعات (manifest.json) درست نیست: {why}")
FEED_COLUMN_MISSING: Final = Problem(
    "feed_column_missing", "ستون‌های لازم در فایل {file} نیست: {columns}. سطر عنوان را کامل کنید."
)
FEED_COLUMN_REPEATED: Final = Problem(
    "feed_column_repeated", "ستون {columns} در سطر عنوان فایل {file} دو بار آمده است. یکی را بردارید."
)
FEED_SHA_WRONG: Final = Problem(
    "feed_sha_wrong",
    "فایل {file} همان نیست که شناسنامه می‌گوید (sha256 یکی نیست)؛ شاید ناقص رسیده باشد. دوباره بفرستید.",
)
FEED_ROWS_WRONG: Final = Problem(
    "feed_rows_wrong",
    "فایل {file} {found} ردیف دارد و شناسنامه {expected} ردیف می‌گوید. فهرست را دوباره بسازید.",
)
FEED_AMOUNT_WRONG: Final = Problem(
    "feed_amount_wrong",
    "جمع مبلغ معوقه در facilities.csv {found} ریال است و شناسنامه {expected} ریال می‌گوید. فهرست را دوباره بسازید.",
)
FEED_IN_FUTURE: Final = Problem("feed_in_future", "تاریخ اطلاعات ({as_of}) در آینده است.")
FEED_OLDER: Final = Problem(
    "feed_older", "تاریخ اطلاعات ({as_of}) پیش از آخرین اطلاعات دریافت‌شده ({last}) است."
)
FEED_TOO_BAD: Final = Problem(
    "feed_too_bad",
    "{bad} ردیف از {rows} ردیف ایراد دارد که بیش از {percent} درصد مجاز است. {kinds} ردیف‌ها را در مبدأ اصلاح کنید.",
)
FEED_HALF_SIZE: Final = Problem(
    "feed_half_size",
    "تعداد تسهیلات ({found}) کمتر از {percent} درصد اطلاعات قبلی ({last}) است؛ شاید فهرست ناقص باشد. "
    "اگر درست است، با دستور intake --force دریافت کنید.",
)
FEED_ZIP_SUSPECT: Final = Problem("feed_zip_suspect", "فایل فشرده پذیرفته نشد: {why}")

# Workflows and plans
WORKFLOW_FILE_UNREADABLE: Final = Problem("workflow_file_unreadable", "فایل گردش کار خوانده نشد: {why}")
WORKFLOW_BAD: Final = Problem("workflow_bad", "گردش کار «{title}» پذیرفته نشد: {why}")
WORKFLOW_TITLE_TWICE: Final = Problem(
    "workflow_title_twice", "گردش کار «{title}» پذیرفته نشد: این عنوان دو بار در فایل آمده است."
)
WORKFLOW_RANGE: Final = Problem(
    "workflow_range",
    "گردش کار «{title}» پذیرفته نشد: بازه {from_days} تا {to_days} روز درست نیست؛ "
    "آغاز بازه دست‌کم ۱ و حداکثر برابر پایان آن است.",
)
WORKFLOW_OVERLAP: Final = Problem(
    "workflow_overlap",
    "گردش کار «{title}» (بازه {from_days} تا {to_days} روز) پذیرفته نشد: با گردش کار فعال «{other}» "
    "(بازه {other_from} تا {other_to} روز) برای نوع وام {loan_type} هم‌پوشانی دارد.",
    409,
)
WORKFLOW_OUTSIDE_WINDOW: Final = Problem(
    "workflow_outside_window",
    "گردش کار «{title}» پذیرفته نشد: نوبت‌های {first} تا {last} بیرون از بازه ارسال ({start} تا {end}) است.",
)
WORKFLOW_NO_CHANNEL: Final = Problem(
    "workflow_no_channel", "گردش کار «{title}» پذیرفته نشد: دست‌کم یک نوع اطلاع‌رسانی لازم است."
)
WORKFLOW_NO_RECIPIENT: Final = Problem(
    "workflow_no_recipient", "گردش کار «{title}» پذیرفته نشد: دست‌کم یک گیرنده پیام لازم است."
)
WORKFLOW_UNKNOWN_LOAN_TYPE: Final = Problem(
    "workflow_unknown_loan_type", "گردش کار «{title}» پذیرفته نشد: نوع وام {codes} تعریف نشده است."
)
WORKFLOW_UNKNOWN_BRANCH: Final = Problem(
    "workflow_unknown_branch", "گردش کار «{title}» پذیرفته نشد: شعبه {codes} تعریف نشده است."
)
WORKFLOW_UNKNOWN_AUDIO: Final = Problem(
    "workflow_unknown_audio", "گردش کار «{title}» پذیرفته نشد: فایل صوتی «{audio}» پیدا نشد."
)
WORKFLOW_HAS_HISTORY: Final = Problem(
    "workflow_has_history",
    "گردش کار «{title}» سابقه دارد و حذف نمی‌شود؛ می‌توانید آن را غیرفعال کنید.",
    409,
)
TEMPLATE_EMPTY: Final = Problem(
    "template_empty", "گردش کار «{title}» پذیرفته نشد: الگوی {channel} برای {role} خالی است."
)
TEMPLATE_BAD: Final = Problem(
    "template_bad", "گردش کار «{title}» پذیرفته نشد: الگوی {channel} برای {role}: {why}"
)
TEMPLATE_TOO_LONG: Final = Problem(
    "template_too_long",
    "گردش کار «{title}» پذیرفته نشد: بلندترین متن ممکن از الگوی {channel} برای {role}، {length} نویسه است "
    "و درگاه حداکثر {max} نویسه می‌پذیرد.",
)
PLAN_PAST_DAY: Final = Problem(
    "plan_past_day", "روز {day} گذشته است؛ تنها امروز و روزهای آینده برنامه‌ریزی می‌شود."
)

# The client, when no answer came
SERVER_UNREACHABLE: Final = Problem(
    "server_unreachable", "سرور در دسترس نیست. اتصال شبکه را بررسی کنید.", 503
)
SERVER_SILENT: Final = Problem("server_silent", "سرور پاسخ نداد. چند لحظه دیگر دوباره تلاش می‌شود.", 504)
SERVER_CUT: Final = Problem("server_cut", "پاسخ سرور ناقص رسید. دوباره تلاش کنید.", 502)
SERVER_CERTIFICATE: Final = Problem(
    "server_certificate",
    "گواهی سرور پذیرفته نیست. برای امنیت، اتصال برقرار نشد؛ با پشتیبانی تماس بگیرید.",
    526,
)
SERVER_UNREADABLE: Final = Problem(
    "server_unreadable",
    "پاسخ سرور خوانده نشد؛ شاید نگارش برنامه و سرور یکی نباشد. برنامه را به‌روز کنید.",
    502,
)

#: All declared problems by code.
DECLARED: Final[dict[str, Problem]] = {
    value.code: value for value in list(globals().values()) if isinstance(value, Problem)
}
