"""Merge fields and templates: what a text may name, whether a template is allowed, and what it comes to.

A template is a list of parts, each a free text or a field. The server renders a night's texts inside PostgreSQL;
`plan_pieces` says how, once for both sides, so that `render` and the SQL agree to the byte.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from vesal_shared.digits import LTR_MARK, free_text, persian_digits
from vesal_shared.money import group
from vesal_shared.text import clean_piece

Role = Literal["borrower", "guarantor"]
Kind = Literal["text", "code", "number", "money", "date"]

#: Channels whose texts travel as messages: numbers stand between marks there, since telephones know no isolates.
MESSAGE_CHANNELS: Final = frozenset({"sms", "email"})
LETTER_CHANNELS: Final = frozenset({"introduction_letter", "warning", "declaration"})


@dataclass(frozen=True, slots=True)
class MergeField:
    """A field by the name of the contract: its label, its kind, who may be told it, its longest value."""

    name: str
    label: str
    kind: Kind
    roles: frozenset[str]
    longest: int
    letters_only: bool = False


_BOTH: Final = frozenset({"borrower", "guarantor"})
_BORROWER: Final = frozenset({"borrower"})
_GUARANTOR: Final = frozenset({"guarantor"})

#: In the order in which the editor shows them. A guarantor is told the borrower's name, the loan number, days
#: and amount, and nothing else of the borrower.
FIELDS: Final[dict[str, MergeField]] = {
    field.name: field
    for field in (
        MergeField("gender_title", "عنوان", "text", _BOTH, 20),
        MergeField("borrower_first_name", "نام وام‌گیرنده", "text", _BOTH, 40),
        MergeField("borrower_last_name", "نام خانوادگی وام‌گیرنده", "text", _BOTH, 60),
        MergeField("customer_no", "شماره پرونده", "code", _BORROWER, 12),
        MergeField("loan_no", "شماره تسهیلات", "code", _BOTH, 24),
        MergeField("overdue_days", "تعداد روز تأخیر", "number", _BOTH, 5),
        MergeField("overdue_installments", "تعداد اقساط معوقه", "number", _BORROWER, 3),
        MergeField("overdue_amount", "مبلغ معوقه", "money", _BOTH, 21),
        MergeField("branch", "شعبه", "text", _BOTH, 40),
        MergeField("branch_address", "نشانی شعبه", "text", _BOTH, 150),
        MergeField("guarantor_first_name", "نام ضامن", "text", _GUARANTOR, 40),
        MergeField("guarantor_last_name", "نام خانوادگی ضامن", "text", _GUARANTOR, 60),
        MergeField("date", "تاریخ", "date", _BOTH, 10),
        MergeField("letter_no", "شماره نامه", "code", _BOTH, 20, letters_only=True),
    )
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a template: exactly one of `text` and `field` is given."""

    text: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a template is refused: a stable code and the field that it is about."""

    #: empty, unknown_field, field_not_for_role, letters_only; has_parts where a call isn't an audio file alone.
    code: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A step of rendering: `text` alone, or a field with the space that goes when the field has no value."""

    text: str = ""
    field: str = ""
    before: str = ""
    after: str = ""


def check(channel: str, role: str, parts: Sequence[Part]) -> list[Fault]:
    """What speaks against a template, in the order of its parts; nothing, if it may be saved."""
    if channel == "call":
        return [Fault("has_parts")] if parts else []
    if not any(part.field or clean_piece(part.text).strip() for part in parts):
        return [Fault("empty")]
    faults = []
    for name in (part.field for part in parts if part.field):
        field = FIELDS.get(name)
        if field is None:
            faults.append(Fault("unknown_field", name))
        elif role not in field.roles:
            faults.append(Fault("field_not_for_role", name))
        elif field.letters_only and channel not in LETTER_CHANNELS:
            faults.append(Fault("letters_only", name))
    return faults


def plan_pieces(parts: Sequence[Part], channel: str) -> list[Piece]:
    """How a template is put together for a channel: `render` and the SQL both follow these pieces.

    Free texts have Persian letters and digits, and in messages each number in them stands between marks
    (`digits.free_text`). Each field owns one space, which goes with it when it has no value: the space right
    before it, where the text before ends in one; else the space right after it, where the text behind begins
    with one that no later field owns. The pieces are joined, and spaces (U+0020) at both ends of the whole go.
    """
    marks = channel in MESSAGE_CHANNELS
    texts = [free_text(clean_piece(part.text), marks=marks) for part in parts]
    owned_before = [
        bool(part.field and index and texts[index - 1].endswith(" ")) for index, part in enumerate(parts)
    ]
    for index, owns in enumerate(owned_before):
        if owns:
            texts[index - 1] = texts[index - 1][:-1]
    owned_after = []
    for index, part in enumerate(parts):
        follows = texts[index + 1] if index + 1 < len(parts) else ""
        owns = bool(part.field and not owned_before[index] and follows.startswith(" "))
        owned_after.append(owns)
        if owns:
            texts[index + 1] = follows[1:]
    pieces = []
    for index, part in enumerate(parts):
        if part.field:
            pieces.append(
                Piece(
                    field=part.field,
                    before=" " if owned_before[index] else "",
                    after=" " if owned_after[index] else "",
                )
            )
        elif texts[index]:
            pieces.append(Piece(text=texts[index]))
    return pieces


def show_value(field: str, value: str, channel: str) -> str:
    """A field's value as it stands in a text of `channel`.

    Values come as plain text: ASCII digits in codes, numbers and money (ungrouped), `yyyy/mm/dd` in dates.
    Digits become Persian, amounts are grouped by ٬, and in messages whatever is a number stands between two
    left-to-right marks. An empty value stays empty.
    """
    if not value:
        return ""
    kind = FIELDS[field].kind
    shown = persian_digits(group(int(value)) if kind == "money" else value)
    if kind != "text" and channel in MESSAGE_CHANNELS:
        return f"{LTR_MARK}{shown}{LTR_MARK}"
    return shown


def render(parts: Sequence[Part], values: Mapping[str, str], channel: str) -> str:
    """The final text of a template; a missing value is left out together with its space."""
    made = []
    for piece in plan_pieces(parts, channel):
        if piece.text:
            made.append(piece.text)
        elif shown := show_value(piece.field, values.get(piece.field, ""), channel):
            made.append(f"{piece.before}{shown}{piece.after}")
    return "".join(made).strip(" ")


def longest_text(parts: Sequence[Part], channel: str) -> int:
    """Characters of the longest text that a template can come to: every field at its longest value."""
    marks = 2 if channel in MESSAGE_CHANNELS else 0
    total = 0
    for piece in plan_pieces(parts, channel):
        total += len(piece.text) + len(piece.before) + len(piece.after)
        if piece.field:
            field = FIELDS[piece.field]
            total += field.longest + (0 if field.kind == "text" else marks)
    return total


def gender_title(gender: str, *, legal_person: bool = False) -> str:
    """How a person is addressed: `gender` is M, F or empty; both titles where it isn't known."""
    if legal_person:
        return "مدیریت محترم"
    return {"M": "جناب آقای", "F": "سرکار خانم"}.get(gender, "جناب آقای/سرکار خانم")
