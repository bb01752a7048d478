"""A letter's frozen content: put together at its issue from the figures, the template and the letterhead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Row

from vesal_shared import letter_seal
from vesal_shared.jalali import numeric
from vesal_shared.letter_content import (
    Addressee,
    Bank,
    Branch,
    Debt,
    Kind,
    LetterContent,
    Seal,
)
from vesal_shared.merge_fields import Part, gender_title, render
from vesal_shared.money import in_words, rial_in_words

_MAX_LINE: Final = 1_000

_IRREGULAR: Final = {"یک": "اول", "سه": "سوم", "سی": "سی‌ام"}


@dataclass(frozen=True, slots=True)
class LetterText:
    """What a workflow writes in a letter of one channel to one role: its موضوع, and the parts of its body."""

    subject: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all letters of a bank have in common: name, offices that get a copy, envelope, and the signing key."""

    bank: Bank
    cc: tuple[str, ...]
    window_envelope: bool
    key_id: str
    key: Ed25519PrivateKey


def ordinal(number: int) -> str:
    """`اول`, `دوم`, `سوم`, … `بیست و سوم`: which warning it is."""
    if number == 1:
        return _IRREGULAR["یک"]
    head, _, last = in_words(number).rpartition(" ")
    return f"{head} {_IRREGULAR['سه'] if last == 'سه' else _IRREGULAR['سی'] if last == 'سی' else last + 'م'}".strip()


def build(row: Row[Any], text: LetterText, head: Letterhead, day: date, number: str) -> LetterContent:
    """Return the complete, sealed content of one letter; `row` is one of `queries.to_issue`."""
    role = cast(Literal["borrower", "guarantor"], row.role)
    kind = cast(Kind, row.channel)
    title = gender_title(row.gender, legal_person=row.legal_person)
    name = f"{row.first_name} {row.last_name}".strip()
    borrower = f"{row.borrower_first_name} {row.borrower_last_name}".strip()
    branch_title = row.branch_title.removeprefix("شعبه ").strip()
    values = _values(row, title, branch_title, day, number)
    body = render(text.parts, values, row.channel)
    subject = text.subject
    if row.channel == "warning":
        subject = f"{subject} – اخطار {ordinal(row.stage)}{' به ضامن' if role == 'guarantor' else ''}"
    facts = letter_seal.SealFacts(
        kind=kind, number=number, date=day, loan_no=row.loan_no, addressee=name, amount=row.overdue_amount
    )
    return LetterContent(
        format=1,
        kind=kind,
        number=number,
        date=day,
        bank=head.bank,
        branch=Branch(
            code=row.branch_code,
            title=branch_title,
            address=row.branch_address,
            phone=row.branch_phone,
            postal_code=row.branch_postal_code,
            head_name=row.head_name,
            # «رئیس شعبه» unless the branch says otherwise: somebody signs.
            head_post=row.head_post or f"رئیس شعبه {branch_title}",
            head_national_id=row.head_national_id,
        ),
        addressee=_addressee(row, role, kind, title, name),
        subject=subject,
        debt=Debt(
            loan_no=row.loan_no,
            # A guarantor is told amount and days, nothing more.
            overdue_installments=0 if role == "guarantor" else row.overdue_installments,
            overdue_amount=row.overdue_amount,
            overdue_days=row.days,
            amount_in_words=rial_in_words(row.overdue_amount),
            borrower_name=borrower if role == "guarantor" else "",
        ),
        paragraphs=tuple(paragraph for line in body.split("\n") if (paragraph := line.strip())),
        salutation=f"مخاطب محترم، {title} {name}" if kind == "declaration" else "با سلام و احترام؛",
        stage=row.stage if kind == "warning" else None,
        cc=head.cc,
        window_envelope=head.window_envelope,
        # Handed over against a signature; what goes by post in an envelope is not.
        receipt=kind == "warning" and not head.window_envelope,
        # As many copies as addressees, the borrower and the guarantors, and two more.
        copies=1 + row.guarantors + 2,
        seal=Seal(key_id=head.key_id, text=letter_seal.sign(head.key, facts)),
    )


def _addressee(
    row: Row[Any], role: Literal["borrower", "guarantor"], kind: Kind, title: str, name: str
) -> Addressee:
    common = {"role": role, "name": name, "gender_title": title, "address": row.address[:_MAX_LINE]}
    if kind != "declaration":
        return Addressee(**common)
    return Addressee(
        **common,
        national_id=row.national_id,
        father_name=row.father_name,
        birth_certificate_no=row.birth_certificate_no,
        mobile=row.mobile,
    )


def _values(row: Row[Any], title: str, branch_title: str, day: date, number: str) -> Mapping[str, str]:
    guarantor = row.role == "guarantor"
    return {
        "gender_title": title,
        "borrower_first_name": row.borrower_first_name,
        "borrower_last_name": row.borrower_last_name,
        "customer_no": row.customer_no,
        "loan_no": row.loan_no,
        "overdue_days": str(row.days),
        "overdue_installments": row.installments_text,
        "overdue_amount": str(row.overdue_amount),
        "branch": branch_title,
        "branch_address": row.branch_address,
        "guarantor_first_name": row.first_name if guarantor else "",
        "guarantor_last_name": row.last_name if guarantor else "",
        "date": numeric(day),
        "letter_no": number,
    }
