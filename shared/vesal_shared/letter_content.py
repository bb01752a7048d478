"""What one letter says, frozen at its issue: the server builds it, the client draws it, neither changes it.

The JSON of these structures is stored beside the letter and travels to the branch as it is; everything that is
drawn is in it, final: no merge field, no catalogue and no setting is looked up when a letter is printed again.
Money is in whole rials, dates are Gregorian (ISO in JSON), texts are Persian and normalised. Digits in texts may
be ASCII or Persian: the drawing shows all of them in Persian.
"""

import base64
import binascii
import datetime as dt
from typing import Annotated, Literal

import msgspec

from vesal_shared.problems import LETTER_CONTENT_UNREADABLE, Refusal

#: The version of this file's structures, kept in each content.
FORMAT = 1

#: The kinds of paper; the same words as the notification channels of paper.
Kind = Literal["introduction_letter", "warning", "declaration"]
Role = Literal["borrower", "guarantor"]

Line = Annotated[str, msgspec.Meta(max_length=1_000)]
Paragraph = Annotated[str, msgspec.Meta(max_length=20_000)]
Amount = Annotated[int, msgspec.Meta(ge=0, lt=10**18)]
Count = Annotated[int, msgspec.Meta(ge=0, lt=10**9)]

#: Where contents are stored by the thousand, a logo stands beside them, named by this and its SHA-256.
LOGO_REFERENCE = "sha256:"

#: A logo larger than this, in base64 characters, is no letterhead's (375 kB of image).
MAX_LOGO = 500_000


class Bank(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The bank as its letterhead names it; `logo` is a PNG or JPEG image in base64."""

    name: Line
    national_id: Line = ""
    logo: Annotated[str, msgspec.Meta(max_length=MAX_LOGO)] = ""


class Branch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The branch that issued the letter, and who signs it; `title` is without «شعبه»."""

    code: Line
    title: Line
    address: Line = ""
    phone: Line = ""
    postal_code: Line = ""
    head_name: Line = ""
    head_post: Line = ""
    head_national_id: Line = ""


class Addressee(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The person written to: «جناب آقای» and «رضا نمونه‌پور», or «مدیریت محترم» and a company's name.

    What stands below `postal_code` is shown on declarations only.
    """

    role: Role
    name: Line
    gender_title: Line = ""
    address: Line = ""
    postal_code: Line = ""
    national_id: Line = ""
    father_name: Line = ""
    birth_certificate_no: Line = ""
    mobile: Line = ""


class Instalment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One unpaid instalment: its number, due date, amount, what of it is unpaid, days since then."""

    number: Count
    due_date: dt.date
    amount: Amount
    unpaid: Amount
    days: Count


class Debt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The table of the letter. `borrower_name` is shown to guarantors, instalments to the borrower only."""

    loan_no: Line
    overdue_installments: Count
    overdue_amount: Amount
    overdue_days: Count
    #: «یکصد و هشتاد میلیون ریال»: frozen with the rest, so that a later change of spelling changes no reprint.
    amount_in_words: Line
    borrower_name: Line = ""
    instalments: tuple[Instalment, ...] = ()


class Seal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The text of the QR code (`vesal_shared.letter_seal`) and the key that signed it."""

    key_id: Annotated[str, msgspec.Meta(max_length=32)]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=365, pattern="^[0-9]+$")]


class LetterContent(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """One letter, complete. The debt table follows the first paragraph (not on declarations)."""

    format: Literal[1]
    kind: Kind
    number: Line
    date: dt.date
    bank: Bank
    branch: Branch
    addressee: Addressee
    #: Without «موضوع:», for example «اخطاریه – اخطار اول».
    subject: Line
    debt: Debt
    paragraphs: Annotated[tuple[Paragraph, ...], msgspec.Meta(min_length=1, max_length=200)]
    #: «با سلام و احترام؛»; on declarations «مخاطب محترم، سرکار خانم مریم مثالیان».
    salutation: Line = "با سلام و احترام؛"
    attachment: Line = "ندارد"
    #: The how-manyeth warning of this person in this episode; warnings only.
    stage: Annotated[int, msgspec.Meta(ge=1)] | None = None
    #: Offices that get a copy (رونوشت); never a person.
    cc: tuple[Line, ...] = ()
    #: Folded into an envelope with a window: address at the left, fold marks, a sender.
    window_envelope: bool = False
    #: Handed over against a signature: a strip (رسید ابلاغ) at the foot of the last page.
    receipt: bool = False
    #: How many copies of a declaration are filed: addressees + 2.
    copies: Count = 3
    seal: Seal | None = None


def encode(content: LetterContent) -> bytes:
    """Return the content as UTF-8 JSON, the same bytes for the same content."""
    return msgspec.json.encode(content)


def as_plain(content: LetterContent) -> dict[str, object]:
    """Return the content as plain JSON values, as a JSONB column takes them."""
    plain: dict[str, object] = msgspec.to_builtins(content)
    return plain


def from_plain(plain: object) -> LetterContent:
    """Read a content from plain JSON values, as a JSONB column gives them.

    Raises Refusal (letter_content_unreadable) for anything that is no letter's content.
    """
    try:
        return _checked(msgspec.convert(plain, LetterContent))
    except msgspec.ValidationError as error:
        raise Refusal(LETTER_CONTENT_UNREADABLE) from error


def decode(data: bytes | str) -> LetterContent:
    """Read one letter's content from JSON; Refusal (letter_content_unreadable) for anything else."""
    try:
        return _checked(msgspec.json.decode(data, type=LetterContent))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal(LETTER_CONTENT_UNREADABLE) from error


def decode_many(data: bytes) -> list[LetterContent]:
    """Read a file that holds one letter's content or a list of them; Refusal as in `decode`."""
    text = data.removeprefix(b"\xef\xbb\xbf")
    if not text.lstrip().startswith(b"["):
        return [decode(text)]
    try:
        contents = msgspec.json.decode(text, type=list[LetterContent])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal(LETTER_CONTENT_UNREADABLE) from error
    if not contents:
        raise Refusal(LETTER_CONTENT_UNREADABLE)
    return [_checked(content) for content in contents]


def logo_bytes(bank: Bank) -> bytes:
    """Return the logo's image file, empty where the bank has none."""
    return base64.b64decode(bank.logo, validate=True) if bank.logo else b""


def _checked(content: LetterContent) -> LetterContent:
    try:
        logo_bytes(content.bank)
    except (binascii.Error, ValueError) as error:
        raise Refusal(LETTER_CONTENT_UNREADABLE) from error
    return content
