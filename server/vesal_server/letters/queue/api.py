"""چاپ نامه‌ها over HTTP."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from litestar import Response
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromQuery, JSONBody, MultipartBody, PathParameter, QueryParameter

from vesal_server.kit import uploads
from vesal_server.kit.guard import EVERYONE, run_in
from vesal_server.kit.listing import Ask
from vesal_server.kit.listing_api import PageNumber, PageSize, Query, sort_parameter, xlsx
from vesal_server.kit.page import XLSX, operation
from vesal_server.kit.services import Services
from vesal_server.kit.small_list import small_page
from vesal_server.letters.queue import service
from vesal_server.letters.queue.queries import LETTERS, LetterFilter
from vesal_server.scope import Caller, reach
from vesal_shared import problems
from vesal_shared.messages.letters import (
    Letter,
    LetterContent,
    LetterContents,
    LetterEvent,
    LetterIds,
    LetterKind,
    LetterStatus,
    MarkResults,
    OutcomeMarks,
    PrintMarks,
    Role,
    VerificationKeys,
)
from vesal_shared.messages.lists import Attachment, Page
from vesal_shared.problems import Refusal

PAGE: Final = "print_queue"
_LARGEST_SCAN: Final = 10 * 2**20
_SCANS: Final = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG"}

Sort = Annotated[str, sort_parameter(LETTERS)]
EventSort = Annotated[str, QueryParameter(description="A column's key; with - it falls", max_length=50)]
LetterId = Annotated[int, PathParameter(description="The letter's id", ge=1, le=2**63 - 1)]


@dataclass
class ScanUpload:
    """A scan in one part of a multipart body."""

    file: UploadFile


def letter_filter(
    branch: Annotated[list[str] | None, QueryParameter(max_items=200)] = None,
    kind: Annotated[list[LetterKind] | None, QueryParameter(max_items=10)] = None,
    role: FromQuery[Role | None] = None,
    stage: Annotated[int | None, QueryParameter(ge=1, le=1000)] = None,
    status: Annotated[list[LetterStatus] | None, QueryParameter(max_items=20)] = None,
    date_from: FromQuery[date | None] = None,
    date_to: FromQuery[date | None] = None,
    loan_no: Annotated[str | None, QueryParameter(max_length=100)] = None,
) -> LetterFilter:
    """Read the queue's filters from the query string; branch, kind and status may be given several times."""
    return LetterFilter(
        branch=tuple(sorted(set(branch or ()))),
        kind=tuple(sorted(set(kind or ()))),
        role=role,
        stage=stage,
        status=tuple(sorted(set(status or ()))),
        date_from=date_from,
        date_to=date_to,
        loan_no=loan_no,
    )


@operation("get", "/letters", page=PAGE, summary="The branch's letters, a page")
def list_letters(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    letters_wanted: NamedDependency[LetterFilter],
    q: Query = "",
    sort: Sort = LETTERS.default,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> Page[Letter]:
    """All issued letters in the caller's scope, whatever became of them."""
    with services.database.transaction(read_only=True, repeatable=True) as connection:
        return service.page(
            connection, services.memory, reach(caller, PAGE), Ask(sort, page, size), q, letters_wanted
        )


@operation(
    "get",
    "/letters/excel",
    page=PAGE,
    summary="Letters as Excel",
    errors=(422,),
    threaded=False,
    media_type=XLSX,
)
async def letters_excel(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    letters_wanted: NamedDependency[LetterFilter],
    q: Query = "",
    sort: Sort = LETTERS.default,
) -> Response[Any]:
    """Everything that search and filters leave, in the list's order."""

    def work() -> Response[Any]:
        with services.database.transaction(read_only=True, repeatable=True) as connection:
            return xlsx(
                "letters.xlsx",
                lambda path: service.export(
                    connection, services.memory, reach(caller, PAGE), sort, q, letters_wanted, path
                ),
            )

    return await run_in(services.slow, work)


@operation("get", "/letters/keys", page=EVERYONE, summary="Keys that verify letters")
def verification_keys(services: NamedDependency[Services]) -> VerificationKeys:
    """Every public key that letters were signed with, so that any branch tells a true one offline."""
    with services.database.transaction(read_only=True) as connection:
        return VerificationKeys(keys=service.verification_keys(connection))


@operation("get", "/letters/{letter_id:int}", page=PAGE, summary="A letter", errors=(404,))
def one_letter(
    caller: NamedDependency[Caller], services: NamedDependency[Services], letter_id: LetterId
) -> Letter:
    """One letter as the list shows it."""
    with services.database.transaction(read_only=True) as connection:
        return service.one(connection, reach(caller, PAGE), letter_id)


@operation("get", "/letters/{letter_id:int}/content", page=PAGE, summary="Its content", errors=(404,))
def letter_content(
    caller: NamedDependency[Caller], services: NamedDependency[Services], letter_id: LetterId
) -> LetterContent:
    """The frozen content that the client renders: the same bytes for every reprint."""
    with services.database.transaction(read_only=True) as connection:
        found = service.contents(connection, reach(caller, PAGE), [letter_id])
    if not found:
        raise Refusal(problems.NOT_FOUND)
    return found[0]


@operation("get", "/letters/{letter_id:int}/events", page=PAGE, summary="What happened to it", errors=(404,))
def letter_events(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    letter_id: LetterId,
    q: Query = "",
    sort: EventSort = "",
    page: PageNumber = 1,
    size: PageSize = 50,
) -> Page[LetterEvent]:
    """Issued, printed, served …, the newest first."""
    with services.database.transaction(read_only=True) as connection:
        found = service.history(connection, reach(caller, PAGE), letter_id)
    columns = {
        "at": lambda event: event.at,
        "title": lambda event: event.title,
        "by": lambda event: event.by,
        "note": lambda event: event.note,
    }
    return small_page(found, columns, Ask(sort, page, size), q)


@operation(
    "get",
    "/letters/{letter_id:int}/scan",
    page=PAGE,
    summary="The scan of how it was served",
    errors=(404,),
    media_type="application/octet-stream",
)
def letter_scan(
    caller: NamedDependency[Caller], services: NamedDependency[Services], letter_id: LetterId
) -> Response[bytes]:
    """The scan's bytes, in the type that its content showed when it was uploaded."""
    with services.database.transaction(read_only=True) as connection:
        row = service.scan(connection, reach(caller, PAGE), letter_id)
    # Never shown by a browser in our name, whatever is in it.
    headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
    return Response(bytes(row.data), media_type=row.content_type, headers=headers)


@operation("post", "/letters/contents", page=PAGE, summary="The content of many letters", status=200)
def letter_contents(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[LetterIds]
) -> LetterContents:
    """The frozen contents in the order asked; ids outside the caller's scope are left out like missing ones."""
    _check_count(data.ids)
    with services.database.transaction(read_only=True) as connection:
        return LetterContents(items=service.contents(connection, reach(caller, PAGE), data.ids))


@operation("post", "/letters/prints", page=PAGE, summary="Letters were printed", status=200, errors=(422,))
def letters_printed(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[PrintMarks]
) -> MarkResults:
    """Mark letters as printed; a mark that is sent twice counts once, by the reference that the client made."""
    _check_count(data.marks)
    with services.database.transaction() as connection:
        results = service.mark_printed(
            connection, caller, reach(caller, PAGE), services.clock.now(), data.marks
        )
    return MarkResults(results=results)


@operation(
    "post", "/letters/outcomes", page=PAGE, summary="How serving letters ended", status=200, errors=(422,)
)
def letters_settled(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[OutcomeMarks]
) -> MarkResults:
    """Mark letters as served, returned, not found, filed; a mark that is sent twice counts once."""
    _check_count(data.marks)
    with services.database.transaction() as connection:
        results = service.mark_outcomes(
            connection, caller, reach(caller, PAGE), services.clock.now(), data.marks
        )
    return MarkResults(results=results)


@operation(
    "post",
    "/letters/scans",
    page=PAGE,
    summary="Upload a scan",
    errors=(413, 415, 422),
    threaded=False,
    request_max_body_size=_LARGEST_SCAN + 2**16,
)
async def upload_scan(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: MultipartBody[ScanUpload],
) -> Attachment:
    """Store a scan (PDF, PNG, JPEG, at most 10 MB) in the part `file`; a mark then names it by its id."""
    file = data.file
    content = await file.read()
    kind = uploads.check(content[:16], len(content), accepted=_SCANS, max_bytes=_LARGEST_SCAN)

    def work() -> Attachment:
        with services.database.transaction() as connection:
            scan_id = service.add_scan(connection, caller, services.clock.now(), file.filename, kind, content)
        return Attachment(id=scan_id, name=file.filename, content_type=kind, size=len(content))

    return await run_in(services.slow, work)


def _check_count(items: list[Any]) -> None:
    if len(items) > service.MOST:
        raise Refusal(problems.TOO_MANY_ITEMS, params={"max": service.MOST})


HANDLERS: list[BaseRouteHandler] = [
    list_letters,
    letters_excel,
    verification_keys,
    one_letter,
    letter_content,
    letter_events,
    letter_scan,
    letter_contents,
    letters_printed,
    letters_settled,
    upload_scan,
]
