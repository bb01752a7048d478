"""A print queue in memory: letters, their contents, and marks as the server takes them."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from tests.client.letters import samples
from vesal_client.kit.table.feed import Question
from vesal_client.printing.choosers import Choosers
from vesal_shared import letter_seal
from vesal_shared.labels import letter_title
from vesal_shared.letter_content import as_plain
from vesal_shared.messages import letters as messages
from vesal_shared.messages.letters import Letter, LetterStatus, MarkResult
from vesal_shared.messages.lists import Page
from vesal_shared.problems import LETTER_VOID, SERVER_UNREACHABLE, Refusal

NOW = dt.datetime(2026, 11, 24, 6, 30, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 24)
NAMES = (
    "مهری شکوهی", "حمید تاجدینی", "بهروز کیانفر", "شرکت آرد سپید البرز", "عطا رنجبران", "کارگاه چوب آبنوس",
    "پیمان بردستانی", "الهام زرین‌کفش", "یوسف دلاوری", "نسرین پورمند", "جواد میرشکار", "فرشته سالاروند",
    "مینا قره‌باغی",
)  # fmt: skip
STATES: tuple[tuple[LetterStatus, int], ...] = (
    ("issued", 0), ("issued", 0), ("issued", 0), ("issued", 0), ("issued", 0), ("issued", 0), ("printed", 1),
    ("printed", 2), ("filed", 1), ("served", 1), ("returned", 1), ("void", 1), ("printed", 1),
)  # fmt: skip
KINDS: tuple[tuple[messages.LetterKind, messages.Role, int | None], ...] = (
    ("warning", "borrower", 2), ("warning", "guarantor", 2), ("warning", "borrower", 2),
    ("declaration", "borrower", None), ("warning", "borrower", 3), ("introduction_letter", "borrower", None),
)  # fmt: skip


def letter(index: int) -> Letter:
    kind, role, stage = KINDS[index % len(KINDS)]
    status, count = STATES[index % len(STATES)]
    return Letter(
        id=index + 1,
        number=f"1405/6140/{131 - index:06}",
        kind=kind,
        role=role,
        stage=stage,
        title=letter_title(kind, stage, role),
        addressee=NAMES[index % len(NAMES)],
        customer_no=f"10{index:05}",
        loan_no=f"6140-214-{1399870 - index}-2",
        branch_code="6140",
        branch_title="اکباتان",
        day=TODAY - dt.timedelta(days=max(0, index - 7)),
        status=status,
        print_count=count,
        printed_at=NOW if count else None,
        printed_by="نگار صبوری" if count else None,
        outcome_on=None,
        outcome_by=None,
        outcome_note="",
        tracking_code="",
        scan_id=None,
        void_at=NOW if status == "void" else None,
        version=1,
    )


class MemoryLetters:
    """Answers as the server does; `unreachable` makes it fail, `seen` keeps references to count repeats."""

    def __init__(self, count: int = 13) -> None:
        self.letters = {found.id: found for found in map(letter, range(count))}
        self.unreachable = False
        self.seen: set[object] = set()
        self.asked: list[list[int]] = []
        self.scans: list[bytes] = []

    def page(self, question: Question, page: int, size: int) -> Page[Letter]:
        self._reach()
        states = {value for key, value in question.filters if key == "status"}
        found = [each for each in self.letters.values() if not states or each.status in states]
        return Page(items=found[(page - 1) * size : page * size], total=len(found), page=page, size=size)

    def contents(self, ids: Sequence[int]) -> messages.LetterContents:
        self._reach()
        self.asked.append(list(ids))
        return messages.LetterContents(items=[self._content(self.letters[each]) for each in ids])

    def _content(self, found: Letter) -> messages.LetterContent:
        sample = {
            "introduction_letter": samples.introduction,
            "declaration": samples.declaration,
            "warning": samples.guarantor_warning if found.role == "guarantor" else samples.first_warning,
        }[found.kind]()
        content = msgspec.structs.replace(
            sample,
            number=found.number,
            addressee=msgspec.structs.replace(sample.addressee, name=found.addressee),
        )
        return messages.LetterContent(
            id=found.id,
            number=found.number,
            status=found.status,
            print_count=found.print_count,
            content=as_plain(content),
        )

    def mark_printed(self, marks: Sequence[messages.PrintMark]) -> messages.MarkResults:
        self._reach()
        results = []
        for mark in marks:
            found = self.letters[mark.letter_id]
            if found.status == "void":
                results.append(self._refused(mark.reference, found))
                continue
            if mark.reference not in self.seen:
                self.seen.add(mark.reference)
                self.letters[found.id] = msgspec.structs.replace(
                    found,
                    status="printed" if found.status == "issued" else found.status,
                    print_count=found.print_count + 1,
                )
            results.append(
                MarkResult(reference=mark.reference, letter_id=found.id, result="done", status="printed")
            )
        return messages.MarkResults(results=results)

    def mark_outcomes(self, marks: Sequence[messages.OutcomeMark]) -> messages.MarkResults:
        self._reach()
        results = []
        for mark in marks:
            found = self.letters[mark.letter_id]
            self.letters[found.id] = msgspec.structs.replace(
                found,
                status=mark.outcome,
                outcome_on=mark.on,
                outcome_note=mark.note,
                scan_id=mark.scan_id,
            )
            results.append(
                MarkResult(reference=mark.reference, letter_id=found.id, result="done", status=mark.outcome)
            )
        return messages.MarkResults(results=results)

    def add_scan(self, file: Path) -> int:
        self._reach()
        self.scans.append(file.read_bytes())
        return len(self.scans)

    def keys(self) -> messages.VerificationKeys:
        import base64

        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        self._reach()
        public = samples.KEY.public_key()
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return messages.VerificationKeys(
            keys=[
                messages.VerificationKey(
                    key_id=letter_seal.key_id(public), public_key=base64.b64encode(raw).decode(), made_at=NOW
                )
            ]
        )

    def _refused(self, reference: object, found: Letter) -> MarkResult:
        refusal = Refusal(LETTER_VOID, params={"number": found.number})
        return MarkResult(
            reference=reference,  # type: ignore[arg-type]
            letter_id=found.id,
            result="refused",
            code=refusal.code,
            title=refusal.title,
        )

    def _reach(self) -> None:
        if self.unreachable:
            raise Refusal(SERVER_UNREACHABLE)


class Chosen(Choosers):
    """Chooses at once: a printer that writes a PDF, a file or folder below `folder`."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder_path = folder
        self.printed = folder / "printed.pdf"
        self.names: list[str] = []

    def printer(self, over: QWidget, then: Callable[[QPrinter], None]) -> None:
        printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self.printed))
        then(printer)

    def file(self, over: QWidget, name: str, then: Callable[[Path], None]) -> None:
        self.names.append(name)
        then(self.folder_path / name)

    def scan(self, over: QWidget, then: Callable[[Path], None]) -> None:
        then(self.folder_path / "receipt.png")

    def folder(self, over: QWidget, then: Callable[[Path], None]) -> None:
        then(self.folder_path)
