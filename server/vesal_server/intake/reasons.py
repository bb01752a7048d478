"""Why a row was set aside: a stable code, and the Persian sentence that says what to mend."""

from typing import Final

#: What a column is called on screen.
LABELS: Final = {
    "customer_no": "شماره مشتری",
    "loan_no": "شماره تسهیلات",
    "branch_code": "کد شعبه",
    "loan_type_code": "کد نوع وام",
    "overdue_days": "تعداد روز معوقه",
    "overdue_installments": "تعداد اقساط معوقه",
    "overdue_amount": "مبلغ معوقه",
    "amount": "مبلغ وام",
    "outstanding_amount": "مانده بدهی",
    "loan_date": "تاریخ وام",
    "last_payment_date": "تاریخ آخرین پرداخت",
    "first_unpaid_date": "تاریخ نخستین قسط پرداخت‌نشده",
}

_NEEDED: Final = (
    "customer_no",
    "loan_no",
    "branch_code",
    "loan_type_code",
    "overdue_days",
    "overdue_amount",
)
_NUMBERS: Final = ("overdue_days", "overdue_installments", "overdue_amount", "amount", "outstanding_amount")
_AMOUNTS: Final = ("overdue_amount", "amount", "outstanding_amount")
_DATES: Final = ("loan_date", "last_payment_date", "first_unpaid_date")


def _all() -> dict[str, str]:
    reasons = {
        "field_count": "این ردیف {value} فیلد دارد و با سطر عنوان جور نیست. ویرگول یا گیومه آن را بررسی کنید.",
        "customer_no_not_digits": "شماره مشتری «{value}» باید فقط رقم باشد.",
        "customer_repeated": "شماره مشتری «{value}» پیش از این در همین فایل آمده است؛ ردیف نخست پذیرفته شد.",
        "facility_repeated": "شماره تسهیلات «{value}» پیش از این در همین فایل آمده است؛ ردیف نخست پذیرفته شد.",
        "unknown_branch": "شعبه‌ای با کد «{value}» تعریف نشده است. آن را در اطلاعات پایه، شعبه‌ها بیفزایید.",
        "unknown_loan_type": "نوع وامی با کد «{value}» تعریف نشده است. آن را در اطلاعات پایه، انواع وام بیفزایید.",
        "unknown_customer": "مشتری «{value}» نه در customers.csv این دریافت ردیف درستی دارد و نه پیش‌تر ثبت شده است.",
        "unknown_facility": "تسهیلات «{value}» در facilities.csv این دریافت ردیف درستی ندارد.",
        "own_guarantor": "مشتری «{value}» وام‌گیرنده همین تسهیلات است و نمی‌تواند ضامن آن باشد.",
    }
    for column in _NEEDED:
        reasons[f"{column}_empty"] = f"{LABELS[column]} خالی است. آن را پر کنید."
    for column in _NUMBERS:
        reasons[f"{column}_unreadable"] = (
            f"{LABELS[column]} «{{value}}» عدد درستی نیست؛ فقط رقم، بدون جداکننده و اعشار، پذیرفته است."
        )
    for column in _AMOUNTS:
        reasons[f"{column}_negative"] = f"{LABELS[column]} «{{value}}» منفی است."
    for column in _DATES:
        reasons[f"{column}_unreadable"] = (
            f"{LABELS[column]} «{{value}}» تاریخ درستی نیست؛ شکل درست ۱۴۰۵/۰۹/۰۳ یا 2026-11-24 است."
        )
    return reasons


#: Code to sentence; `{value}` stands for the value as it was read.
REASONS: Final = _all()
