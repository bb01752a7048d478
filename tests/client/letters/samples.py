"""The six letters of the design's pictures, in the wording of the default templates."""

import datetime as dt

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vesal_shared import jalali, letter_seal, money
from vesal_shared.letter_content import Addressee, Bank, Branch, Debt, Instalment, LetterContent, Seal

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
BANK = Bank(name="بانک نمونه", national_id="10000000000")
BRANCH = Branch(
    code="6140",
    title="میدان نمونه",
    address="تهران، میدان نمونه، خیابان فرضی، پلاک ۱۴",
    phone="021-00001405",
    postal_code="0000014050",
    head_name="بهرام فرضی‌نژاد",
    head_post="رئیس شعبه میدان نمونه",
    head_national_id="0000000123",
)
PAID = "چنانچه بدهی پیش از دریافت این نامه پرداخته شده است، با سپاس، نیازی به اقدام دیگری نیست."
SUMMARY = "خلاصه بدهی به شرح زیر است:"
COME = "به شعبه میدان نمونه به نشانی تهران، میدان نمونه، خیابان فرضی، پلاک ۱۴ مراجعه فرمایید"
PAY = (
    "ظرف ده روز از تاریخ ابلاغ، مبلغ یادشده را به همراه وجه التزام تأخیر تأدیه تا روز پرداخت بپردازید یا برای "
    f"تعیین تکلیف آن {COME}."
)
ELSE_BORROWER = (
    "در غیر این صورت، بانک بر پایه قرارداد و ماده ۱۵ قانون عملیات بانکی بدون ربا، تمام مانده بدهی را حال تلقی "
    "می‌کند و برای وصول طلب خود از محل تضمین‌ها و اموال شما از راه مراجع قضایی و اجرای ثبت اقدام خواهد کرد و "
    "هزینه‌های قانونی آن بر عهده شماست. سابقه بدهی در سامانه‌های اعتبارسنجی ثبت می‌شود."
)
ELSE_GUARANTOR = (
    "در غیر این صورت، بانک بر پایه قرارداد و ماده ۱۵ قانون عملیات بانکی بدون ربا، برای وصول طلب خود از محل "
    "تضمین‌ها و اموال شما از راه مراجع قضایی و اجرای ثبت اقدام خواهد کرد و هزینه‌های قانونی آن بر عهده شماست. "
    "آنچه می‌پردازید، از وام‌گیرنده قابل مطالبه است."
)
DUTY = "دایره وصول مطالبات شعبه، جهت پیگیری"
ARCHIVE = "بایگانی پرونده تسهیلات"


def borrower(debt: Debt, date: dt.date) -> str:
    """The opening of a borrower's letter (B)."""
    return (
        f"به اطلاع می‌رساند از تسهیلات شماره {debt.loan_no} که در شعبه {BRANCH.title} به نام شما ثبت است، "
        f"{debt.overdue_installments} قسط تا تاریخ {jalali.show(date)} پرداخت نشده و {debt.overdue_days} روز از "
        "سررسید نخستین قسط معوق گذشته است."
    )


def debt(loan_no: str, installments: int, amount: int, days: int, **more: object) -> Debt:
    """A debt with its amount in words."""
    return Debt(
        loan_no=loan_no,
        overdue_installments=installments,
        overdue_amount=amount,
        overdue_days=days,
        amount_in_words=money.rial_in_words(amount),
        **more,  # type: ignore[arg-type]
    )


def sealed(content: LetterContent) -> LetterContent:
    """The content with a seal of the test key."""
    import msgspec

    text = letter_seal.sign(
        KEY,
        letter_seal.SealFacts(
            kind=content.kind,
            number=content.number,
            date=content.date,
            loan_no=content.debt.loan_no,
            addressee=content.addressee.name,
            amount=content.debt.overdue_amount,
        ),
    )
    seal = Seal(key_id=letter_seal.key_id(KEY.public_key()), text=text)
    return msgspec.structs.replace(content, seal=seal)


def introduction() -> LetterContent:
    """letter-1: an introduction letter."""
    date = jalali.parse("1405/09/03")
    owed = debt("8329-307-1401659-1", 3, 184_500_000, 74)
    return sealed(
        LetterContent(
            format=1,
            kind="introduction_letter",
            number="1405/6140/000123",
            date=date,
            bank=BANK,
            branch=BRANCH,
            addressee=Addressee(
                role="borrower",
                gender_title="جناب آقای",
                name="رضا نمونه‌پور",
                address="تهران، شهرک فرضی، خیابان سوم، پلاک ۲۷، واحد ۵",
            ),
            subject="معرفی‌نامه برای مراجعه به شعبه",
            debt=owed,
            paragraphs=(
                f"{borrower(owed, date)} {SUMMARY}",
                "خواهشمند است ظرف هفت روز از تاریخ این معرفی‌نامه، با همراه داشتن آن و کارت ملی "
                f"{COME} تا درباره پرداخت بدهی گفت‌وگو شود.",
                PAID,
            ),
            cc=(DUTY, ARCHIVE),
        )
    )


def first_warning() -> LetterContent:
    """letter-2: a borrower's first warning."""
    date = jalali.parse("1405/09/03")
    owed = debt("8329-307-1400218-4", 4, 412_750_000, 103)
    return sealed(
        LetterContent(
            format=1,
            kind="warning",
            number="1405/6140/000187",
            date=date,
            bank=BANK,
            branch=BRANCH,
            addressee=Addressee(
                role="borrower",
                gender_title="سرکار خانم",
                name="مریم مثالیان",
                address="تهران، محله نمونه، کوچه پنجم، پلاک ۸، طبقه دوم",
            ),
            subject="اخطاریه – اخطار اول",
            stage=1,
            debt=owed,
            paragraphs=(f"{borrower(owed, date)} {SUMMARY}", f"اخطار می‌شود {PAY}", ELSE_BORROWER, PAID),
            cc=(DUTY, ARCHIVE),
            receipt=True,
        )
    )


def guarantor_warning() -> LetterContent:
    """letter-3: a guarantor's second warning."""
    date = jalali.parse("1405/09/24")
    owed = debt("8329-307-1400218-4", 5, 518_200_000, 124, borrower_name="مریم مثالیان")
    return sealed(
        LetterContent(
            format=1,
            kind="warning",
            number="1405/6140/000241",
            date=date,
            bank=BANK,
            branch=BRANCH,
            addressee=Addressee(
                role="guarantor",
                gender_title="جناب آقای",
                name="کاوه ضامنی‌فر",
                address="کرج، بلوار مثال، خیابان هفتم، پلاک ۱۹",
            ),
            subject="اخطاریه – اخطار دوم به ضامن",
            stage=2,
            debt=owed,
            paragraphs=(
                f"به اطلاع می‌رساند {owed.overdue_days} روز از سررسید تسهیلات شماره {owed.loan_no} به نام مریم "
                "مثالیان که بازپرداخت آن را ضمانت فرموده‌اید، گذشته و بدهی معوق آن تا تاریخ ۱۴۰۵/۰۹/۲۴ پرداخت نشده "
                f"است. {SUMMARY}",
                f"نظر به مسئولیت تضامنی شما در برابر بانک، اخطار می‌شود {PAY}",
                ELSE_GUARANTOR,
                f"این نامه محرمانه و ویژه شماست. {PAID}",
            ),
            cc=(DUTY,),
            receipt=True,
        )
    )


def two_pages() -> LetterContent:
    """letter-5: a third warning with the list of instalments."""
    date = jalali.parse("1405/09/24")
    instalments = []
    year, month = 1403, 12
    for number in range(7, 28):
        due = jalali.from_parts(year, month, 28)
        instalments.append(
            Instalment(
                number=number,
                due_date=due,
                amount=38_450_000,
                unpaid=21_730_000 if number == 7 else 38_450_000,
                days=(date - due).days,
            )
        )
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    owed = debt("8329-412-1398077-2", 21, 790_730_000, 637, instalments=tuple(instalments))
    return sealed(
        LetterContent(
            format=1,
            kind="warning",
            number="1405/6140/000305",
            date=date,
            bank=BANK,
            branch=BRANCH,
            addressee=Addressee(
                role="borrower",
                gender_title="جناب آقای",
                name="سهراب نمونه‌زاده",
                address="تهران، شهرک فرضی، بلوار دوم، پلاک ۳۱، واحد ۱۲",
            ),
            subject="اخطاریه – اخطار سوم",
            stage=3,
            debt=owed,
            paragraphs=(
                f"{borrower(owed, date)} خلاصه بدهی و ریز اقساط به شرح زیر است:",
                f"اخطار می‌شود {PAY}",
                ELSE_BORROWER,
                PAID,
            ),
            cc=("اداره وصول مطالبات بانک، جهت آگاهی", DUTY, ARCHIVE),
            receipt=True,
        )
    )


def window() -> LetterContent:
    """letter-6: a company's first warning, for an envelope with a window."""
    date = jalali.parse("1405/09/03")
    owed = debt("8329-118-1402550-7", 5, 1_267_340_000, 139)
    return sealed(
        LetterContent(
            format=1,
            kind="warning",
            number="1405/6140/000188",
            date=date,
            bank=BANK,
            branch=BRANCH,
            addressee=Addressee(
                role="borrower",
                gender_title="مدیریت محترم",
                name="شرکت بازرگانی نمونه‌گستر فرضی",
                address="اصفهان، خیابان مثال، ساختمان نمونه، طبقه سوم، واحد ۹",
                postal_code="0000008140",
            ),
            subject="اخطاریه – اخطار اول",
            stage=1,
            debt=owed,
            paragraphs=(f"{borrower(owed, date)} {SUMMARY}", f"اخطار می‌شود {PAY}", ELSE_BORROWER, PAID),
            cc=(ARCHIVE,),
            window_envelope=True,
        )
    )


def declaration() -> LetterContent:
    """letter-4: a declaration, the draft for filing."""
    date = jalali.parse("1405/09/24")
    owed = debt("8329-307-1400218-4", 5, 518_200_000, 124)
    return sealed(
        LetterContent(
            format=1,
            kind="declaration",
            number="1405/6140/000262",
            date=date,
            bank=BANK,
            branch=BRANCH,
            addressee=Addressee(
                role="borrower",
                gender_title="سرکار خانم",
                name="مریم مثالیان",
                father_name="نمونه‌علی",
                national_id="0000000456",
                birth_certificate_no="456",
                mobile="09000000456",
                address="تهران، محله نمونه، کوچه پنجم، پلاک ۸، طبقه دوم",
            ),
            subject="مطالبه اقساط معوق تسهیلات",
            salutation="مخاطب محترم، سرکار خانم مریم مثالیان",
            debt=owed,
            paragraphs=(
                f"با سلام؛ {borrower(owed, date)} بدهی معوق {money.show(owed.overdue_amount)} ریال است.",
                f"به استناد ماده ۱۵۶ قانون آیین دادرسی مدنی، از شما خواسته می‌شود {PAY}",
                ELSE_BORROWER,
            ),
            copies=3,
        )
    )


ALL = {
    "letter-1-introduction": introduction,
    "letter-2-warning1-borrower": first_warning,
    "letter-3-warning2-guarantor": guarantor_warning,
    "letter-4-declaration": declaration,
    "letter-5-two-pages": two_pages,
    "letter-6-window": window,
}
