"""The print queue: what stands in it, the frozen content, and what is marked."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from vesal_server import audit, settings
from vesal_server.kit.clock import tehran_day
from vesal_server.kit.db import AnyRow, Connection
from vesal_server.kit.export import Column, write_xlsx
from vesal_server.kit.listing import Ask, Keep, find, page_map
from vesal_server.kit.memory import Memory
from vesal_server.letters.queue import queries
from vesal_server.letters.queue.queries import LetterFilter
from vesal_server.scope import Caller, Reach
from vesal_shared import labels, problems
from vesal_shared.digits import persian_digits
from vesal_shared.messages.letters import (
    Letter,
    LetterContent,
    LetterEvent,
    MarkResult,
    OutcomeMark,
    PrintMark,
    VerificationKey,
)
from vesal_shared.messages.lists import Page
from vesal_shared.problems import Problem, Refusal
from vesal_shared.text import clean, search_key

#: Letters that one request reads or marks.
MOST: Final = 200
#: Totals of the queue are remembered this long: officers mark letters all day.
_TTL_S: Final = 2.0
_BATCH: Final = 2_000

#: Which states a letter may go to from which, by what is marked.
_FROM: Final[dict[str, tuple[str, ...]]] = {
    "served": ("printed", "filed"),
    "returned": ("printed",),
    "not_found": ("printed",),
    "filed": ("printed",),
    "not_served": ("filed",),
}
_EVENT_TITLES: Final = {**labels.LETTER_STATUSES, "restored": "از ابطال برگشت"}


def page(
    connection: Connection, memory: Memory, reach: Reach, ask: Ask, q: str, wanted: LetterFilter
) -> Page[Letter]:
    """One page of the letters that the caller sees."""
    key = search_key(clean(q))
    found = find(
        connection,
        queries.LETTERS,
        _conditions(reach, key, wanted),
        ask,
        Keep(memory, (reach.key, key, wanted), _TTL_S),
        searching=bool(key),
    )
    return Page(
        items=[_letter(row) for row in queries.rows(connection, found.ids)],
        total=found.total,
        total_exact=found.total_exact,
        page=ask.page,
        size=ask.size,
    )


def export(
    connection: Connection,
    memory: Memory,
    reach: Reach,
    sort: str,
    q: str,
    wanted: LetterFilter,
    path: Path,
) -> int:
    """Write all that the filters leave to an Excel file; returns how many rows."""
    key = search_key(clean(q))
    keep = Keep(memory, (reach.key, key, wanted), _TTL_S)
    ids = page_map(connection, queries.LETTERS, _conditions(reach, key, wanted), sort, keep)
    most = settings.read(connection).integer("lists.export_rows")
    if len(ids) > most:
        raise Refusal(problems.EXPORT_TOO_LARGE, params={"max": most})

    def rows() -> Iterator[Letter]:
        for start in range(0, len(ids), _BATCH):
            batch = queries.rows(connection, ids[start : start + _BATCH].tolist())
            yield from (_letter(row) for row in batch)

    return write_xlsx(path, "نامه‌ها", _COLUMNS, rows())


def one(connection: Connection, reach: Reach, letter_id: int) -> Letter:
    """One letter; refused alike where there is none and where the caller may not see it."""
    if letter_id not in queries.visible_ids(connection, reach, [letter_id]):
        raise Refusal(problems.NOT_FOUND)
    return _letter(queries.rows(connection, [letter_id])[0])


def contents(connection: Connection, reach: Reach, ids: Sequence[int]) -> list[LetterContent]:
    """The frozen content of letters, in the order asked; those that the caller doesn't see are left out."""
    return [
        LetterContent(
            id=row.id,
            number=row.number,
            status=row.status,
            print_count=row.print_count,
            content=row.content,
        )
        for row in queries.contents(connection, reach, list(dict.fromkeys(ids)))
    ]


def history(connection: Connection, reach: Reach, letter_id: int) -> list[LetterEvent]:
    """What happened to a letter, the newest first."""
    one(connection, reach, letter_id)
    return [
        LetterEvent(at=row.at, kind=row.kind, title=_EVENT_TITLES.get(row.kind, ""), by=row.by, note=row.note)
        for row in queries.events(connection, letter_id)
    ]


def mark_printed(
    connection: Connection, caller: Caller, reach: Reach, now: datetime, marks: Sequence[PrintMark]
) -> list[MarkResult]:
    """Note that letters were printed, each mark once, in their order.

    A letter that is void can't be printed; but a mark of a time before that, sent late by a client that was
    offline, is taken, so that who printed it is told not to serve it.
    """
    work = _Marks(connection, caller, reach, [(mark.reference, mark.letter_id) for mark in marks])
    results = []
    for mark in marks:
        early = work.early(mark.reference, mark.letter_id)
        if early is not None:
            results.append(early)
            continue
        letter = work.letters[mark.letter_id]
        at = min(mark.printed_at, now)
        void = letter["status"] == "void"
        if void and (letter["void_at"] is None or at >= letter["void_at"]):
            results.append(_refused(mark.reference, letter, problems.LETTER_VOID))
            continue
        values = {
            "print_count": letter["print_count"] + 1,
            "printed_at": at,
            "printed_by": caller.user_id,
        }
        if void:
            values["void_from"] = "printed"
        elif letter["status"] == "issued":
            values["status"] = "printed"
        work.apply(mark.reference, mark.letter_id, "printed", at, values, "", {"copies": mark.copies})
        results.append(work.done(mark.reference, mark.letter_id))
    work.audit(now, "print")
    return results


def mark_outcomes(
    connection: Connection, caller: Caller, reach: Reach, now: datetime, marks: Sequence[OutcomeMark]
) -> list[MarkResult]:
    """Note how serving letters ended, each mark once, in their order."""
    work = _Marks(connection, caller, reach, [(mark.reference, mark.letter_id) for mark in marks])
    results = []
    for mark in marks:
        early = work.early(mark.reference, mark.letter_id)
        if early is not None:
            results.append(early)
            continue
        letter = work.letters[mark.letter_id]
        wrong = _wrong_outcome(connection, caller, letter, mark, tehran_day(now))
        if wrong is not None:
            results.append(_refused(mark.reference, letter, wrong))
            continue
        values = {
            "status": mark.outcome,
            "outcome_on": mark.on,
            "outcome_by": caller.user_id,
            "outcome_note": clean(mark.note),
        }
        if mark.tracking_code.strip():
            values["tracking_code"] = clean(mark.tracking_code)
        if mark.scan_id is not None:
            values["scan_id"] = mark.scan_id
        detail = {"on": mark.on.isoformat(), "tracking_code": clean(mark.tracking_code)}
        work.apply(mark.reference, mark.letter_id, mark.outcome, now, values, clean(mark.note), detail)
        results.append(work.done(mark.reference, mark.letter_id))
    work.audit(now, "outcome")
    return results


def verification_keys(connection: Connection) -> list[VerificationKey]:
    """The public keys that letters may bear, the newest first."""
    return [
        VerificationKey(
            key_id=row.key_id,
            public_key=base64.b64encode(row.public_key).decode("ascii"),
            made_at=row.made_at,
        )
        for row in queries.keys(connection)
    ]


def add_scan(
    connection: Connection, caller: Caller, now: datetime, name: str, content_type: str, data: bytes
) -> int:
    """Store a scan whose type was told by its content."""
    return queries.add_scan(
        connection,
        name=clean(name)[:150] or "scan",
        content_type=content_type,
        data=data,
        sha256=hashlib.sha256(data).digest(),
        at=now,
        by=caller.user_id,
    )


def scan(connection: Connection, reach: Reach, letter_id: int) -> AnyRow:
    """The scan of a letter."""
    found = queries.scan(connection, reach, letter_id)
    if found is None:
        raise Refusal(problems.NOT_FOUND)
    return found


class _Marks:
    """The marks of one request: their letters locked, what came before known, what was done counted."""

    def __init__(
        self, connection: Connection, caller: Caller, reach: Reach, marks: Sequence[tuple[Any, int]]
    ) -> None:
        self._connection = connection
        self._caller = caller
        locked = queries.locked(connection, reach, [letter_id for _, letter_id in marks])
        self.letters: dict[int, dict[str, Any]] = {
            letter_id: dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
            for letter_id, row in locked.items()
        }
        # Asked after the locks: whoever sent the same marks at the same time has committed by now.
        self._before = queries.marked(connection, [reference for reference, _ in marks])
        self._done: dict[int, str] = {}

    def early(self, reference: Any, letter_id: int) -> MarkResult | None:
        """The result of a mark that needs no work: of a letter out of sight, or known already."""
        if letter_id not in self.letters:
            # The same whether the letter is missing or another branch's.
            return MarkResult(
                reference=reference,
                letter_id=letter_id,
                result="refused",
                code=problems.NOT_FOUND.code,
                title=problems.NOT_FOUND.title,
            )
        known = self._before.get(reference)
        if known is None:
            return None
        letter = self.letters[letter_id]
        if known != letter_id:
            return _refused(reference, letter, problems.MARK_REUSED)
        return MarkResult(
            reference=reference,
            letter_id=letter_id,
            result="repeated",
            status=letter["status"],
            print_count=letter["print_count"],
        )

    def apply(
        self,
        reference: Any,
        letter_id: int,
        kind: str,
        at: datetime,
        values: dict[str, Any],
        note: str,
        detail: dict[str, Any],
    ) -> None:
        """Change a letter and record the event."""
        queries.change(self._connection, letter_id, values)
        queries.add_event(
            self._connection,
            letter_id=letter_id,
            reference=reference,
            kind=kind,
            at=at,
            user_id=self._caller.user_id,
            note=note,
            detail=detail,
        )
        self.letters[letter_id] |= values
        self._before[reference] = letter_id
        self._done[letter_id] = kind

    def done(self, reference: Any, letter_id: int) -> MarkResult:
        """The result of a mark that was applied."""
        letter = self.letters[letter_id]
        return MarkResult(
            reference=reference,
            letter_id=letter_id,
            result="done",
            status=letter["status"],
            print_count=letter["print_count"],
        )

    def audit(self, now: datetime, action: str) -> None:
        """One audit row for the request: which letters it changed."""
        if not self._done:
            return
        numbers = {self.letters[letter_id]["number"]: kind for letter_id, kind in self._done.items()}
        branches = {self.letters[letter_id]["branch_code"] for letter_id in self._done}
        audit.record(
            self._connection,
            audit.Actor.of(self._caller),
            now,
            action,
            "letter",
            "",
            branch_code=branches.pop() if len(branches) == 1 else None,
            new={"letters": numbers},
        )


def _wrong_outcome(
    connection: Connection, caller: Caller, letter: dict[str, Any], mark: OutcomeMark, today: date
) -> Problem | None:
    status = letter["status"]
    problem: Problem | None = None
    if status == "void":
        problem = problems.LETTER_VOID
    elif status == "issued":
        problem = problems.LETTER_NOT_PRINTED
    elif mark.outcome in {"filed", "not_served"} and letter["channel"] != "declaration":
        problem = problems.LETTER_OUTCOME_KIND
    elif mark.outcome != "filed" and status == "printed" and letter["channel"] == "declaration":
        problem = problems.LETTER_NOT_FILED
    elif status not in _FROM[mark.outcome]:
        problem = problems.LETTER_SETTLED
    elif mark.on > today:
        problem = problems.DATE_IN_FUTURE
    elif mark.on < letter["day"]:
        problem = problems.DATE_BEFORE_ISSUE
    elif mark.outcome == "filed" and not mark.tracking_code.strip():
        problem = problems.TRACKING_CODE_NEEDED
    elif mark.scan_id is not None and not queries.own_scan(connection, mark.scan_id, caller.user_id):
        problem = problems.NOT_FOUND
    return problem


def _refused(reference: Any, letter: dict[str, Any], problem: Problem) -> MarkResult:
    refusal = Refusal(problem, params={"number": persian_digits(letter["number"])})
    return MarkResult(
        reference=reference,
        letter_id=letter["id"],
        result="refused",
        status=letter["status"],
        print_count=letter["print_count"],
        code=refusal.code,
        title=refusal.title,
    )


def _conditions(reach: Reach, key: str, wanted: LetterFilter) -> list[Any]:
    conditions = queries.visible(reach) + queries.narrowed(wanted)
    if key:
        conditions.append(queries.matching(key))
    return conditions


def _letter(row: AnyRow) -> Letter:
    return Letter(
        id=row.id,
        number=row.number,
        kind=row.channel,
        role=row.role,
        stage=row.stage,
        title=labels.letter_title(row.channel, row.stage, row.role),
        addressee=row.addressee,
        customer_no=row.customer_no,
        loan_no=row.loan_no,
        branch_code=row.branch_code,
        branch_title=row.branch_title,
        day=row.day,
        status=row.status,
        print_count=row.print_count,
        printed_at=row.printed_at,
        printed_by=row.printed_by,
        outcome_on=row.outcome_on,
        outcome_by=row.outcome_by,
        outcome_note=row.outcome_note,
        tracking_code=row.tracking_code,
        scan_id=row.scan_id,
        void_at=row.void_at,
        version=row.version,
    )


_COLUMNS: Final[Sequence[Column]] = (
    Column("شماره نامه", "code", lambda letter: letter.number),
    Column("نوع", "text", lambda letter: letter.title),
    Column("مخاطب", "text", lambda letter: letter.addressee),
    Column("شماره مشتری", "code", lambda letter: letter.customer_no),
    Column("شماره تسهیلات", "code", lambda letter: letter.loan_no),
    Column("کد شعبه", "code", lambda letter: letter.branch_code),
    Column("شعبه", "text", lambda letter: letter.branch_title),
    Column("تاریخ", "date", lambda letter: letter.day),
    Column("وضعیت", "text", lambda letter: labels.LETTER_STATUSES[letter.status]),
    Column("دفعات چاپ", "number", lambda letter: letter.print_count),
    Column("آخرین چاپ", "instant", lambda letter: letter.printed_at),
    Column("چاپ‌کننده", "text", lambda letter: letter.printed_by),
    Column("تاریخ نتیجه", "date", lambda letter: letter.outcome_on),
    Column("ثبت‌کننده نتیجه", "text", lambda letter: letter.outcome_by),
    Column("توضیح", "text", lambda letter: letter.outcome_note),
)
