"""What a record looks like that needs no cleaning at all: nearly every one of a real feed."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from vesal_server.intake.columns import Header
from vesal_server.intake.read_folder import CUSTOMERS, FACILITIES, GUARANTORS
from vesal_shared.text import ZWNJ, clean

#: Columns of free text; all others are codes, numbers or dates.
TEXTS = ("first_name", "last_name", "father_name", "address")


@lru_cache(maxsize=1)
def _plain_characters() -> str:
    """The characters that `clean` leaves alone and COPY needs not escape, as the inside of a class."""
    # What a mark comes to depends on the letter before it: a record with marks is looked at.
    points = (*range(0x21, 0x7F), *range(0x600, 0x700))
    candidates = [chr(point) for point in points if not unicodedata.combining(chr(point))]
    return "".join(re.escape(one) for one in candidates if one != "\\" and clean(f"a{one}b") == f"a{one}b")


def canonical(file: str, header: Header) -> Callable[[str], re.Match[str] | None]:
    """Matches a record of a file, its fields joined by tabs, that is as it is to be stored."""
    plain = _plain_characters()
    # No alternative begins as another does, so that a match takes one pass over the record.
    text = f"(?:[{plain}]+(?:[ {ZWNJ}][{plain}]+)*)?"
    number, optional_number = r"[0-9]{1,18}(?:\.0+)?", r"(?:[0-9]{1,18}(?:\.0+)?)?"
    small, optional_small = r"[0-9]{1,6}(?:\.0+)?", r"(?:[0-9]{1,9}(?:\.0+)?)?"
    code, optional_code, day = "[0-9A-Za-z]+", "[0-9A-Za-z]*", "[0-9/-]{0,10}"
    patterns = {
        CUSTOMERS: dict.fromkeys(TEXTS, text)
        | {
            "customer_no": "[0-9]+",
            "national_id": "(?:[0-9]{10,11})?",
            "birth_certificate_no": "[0-9]*",
            "gender": "[MF]?",
            "mobile": "(?:09[0-9]{9})?",
            "home_phone": "[0-9]*",
            "work_phone": "[0-9]*",
            "email": "[0-9A-Za-z_.@+-]*",
            "mobile_owner_verified": "[01]?",
        },
        FACILITIES: {
            "loan_no": "[0-9A-Za-z/_-]+",
            "customer_no": "[0-9]+",
            "branch_code": code,
            "loan_type_code": code,
            "deposit_type_code": optional_code,
            "loan_date": day,
            "amount": optional_number,
            "overdue_days": small,
            "overdue_installments": optional_small,
            "overdue_amount": number,
            "outstanding_amount": optional_number,
            "last_payment_date": day,
            "first_unpaid_date": day,
        },
        GUARANTORS: {"loan_no": "[0-9A-Za-z/_-]+", "customer_no": "[0-9]+"},
    }[file]
    passed_over = "[^\t]*"
    return re.compile(
        "\t".join(passed_over if name is None else patterns[name] for name in header.order())
    ).fullmatch
