"""The branch's letters: the list, the frozen content, what is marked, the keys that verify them."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from vesal_shared.messages.lists import Id, Note

LetterKind = Literal["introduction_letter", "warning", "declaration"]
Role = Literal["borrower", "guarantor"]
LetterStatus = Literal["issued", "printed", "served", "returned", "not_found", "filed", "not_served", "void"]
Outcome = Literal["served", "returned", "not_found", "filed", "not_served"]
SortKey = Literal["number", "kind", "addressee", "day", "status", "loan_no", "branch_code"]


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One letter of the print queue; `title` as on paper («اخطار دوم (ضامن)»).

    `customer_no` is the addressee's. `outcome_*` say how serving it ended. `void` letters keep their number
    and can't be printed. `version` goes back with a change of state.
    """

    id: int
    number: str
    kind: LetterKind
    role: Role
    stage: int | None
    title: str
    addressee: str
    customer_no: str
    loan_no: str
    branch_code: str
    branch_title: str
    day: dt.date
    status: LetterStatus
    print_count: int
    printed_at: dt.datetime | None
    printed_by: str | None
    outcome_on: dt.date | None
    outcome_by: str | None
    outcome_note: str
    tracking_code: str
    scan_id: int | None
    void_at: dt.datetime | None
    version: int


class LetterContent(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as it was issued: `content` is the frozen JSON of `vesal_shared.letter_content`."""

    id: int
    number: str
    status: LetterStatus
    print_count: int
    content: dict[str, Any]


class LetterContents(msgspec.Struct, frozen=True, kw_only=True):
    """The contents of many letters in the order asked, those out of sight left out."""

    items: list[LetterContent]


class LetterIds(msgspec.Struct, frozen=True, kw_only=True):
    """Which letters; at most 200 at once."""

    ids: Annotated[list[Id], msgspec.Meta(max_length=200)]


class PrintMark(msgspec.Struct, frozen=True, kw_only=True):
    """A letter came out of the printer.

    The client makes `reference`, so that a mark sent twice counts once.
    """

    reference: UUID
    letter_id: Id
    printed_at: dt.datetime
    copies: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1


class PrintMarks(msgspec.Struct, frozen=True, kw_only=True):
    """Marks in the order of printing, at most 200 at once."""

    marks: Annotated[list[PrintMark], msgspec.Meta(max_length=200)]


class OutcomeMark(msgspec.Struct, frozen=True, kw_only=True):
    """How serving a letter ended (ابلاغ شد، برگشت خورد، مخاطب شناسایی نشد، ثبت شد)."""

    reference: UUID
    letter_id: Id
    outcome: Outcome
    on: dt.date
    note: Note = ""
    tracking_code: Annotated[str, msgspec.Meta(max_length=100)] = ""
    scan_id: Id | None = None


class OutcomeMarks(msgspec.Struct, frozen=True, kw_only=True):
    """Marks of many letters, at most 200 at once."""

    marks: Annotated[list[OutcomeMark], msgspec.Meta(max_length=200)]


class MarkResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one mark.

    Done, known already (`repeated`), or refused with a problem's code and title.
    """

    reference: UUID
    letter_id: int
    result: Literal["done", "repeated", "refused"]
    status: LetterStatus | None = None
    print_count: int | None = None
    code: str | None = None
    title: str | None = None


class MarkResults(msgspec.Struct, frozen=True, kw_only=True):
    """A result for each mark, in the same order."""

    results: list[MarkResult]


class LetterEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to a letter: issued, printed, served …; `title` is Persian."""

    at: dt.datetime
    kind: str
    title: str
    by: str
    note: str


class VerificationKey(msgspec.Struct, frozen=True, kw_only=True):
    """A public key that letters were signed with: Ed25519, 32 bytes in base64."""

    key_id: str
    public_key: str
    made_at: dt.datetime


class VerificationKeys(msgspec.Struct, frozen=True, kw_only=True):
    """All keys that letters may bear, old ones too, so that any branch tells a true letter offline."""

    keys: list[VerificationKey]
