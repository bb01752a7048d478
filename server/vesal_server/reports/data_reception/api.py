"""گزارش دریافت اطلاعات over HTTP, with the upload of a feed."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final, cast

from litestar import Response
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromQuery, MultipartBody, PathParameter, QueryParameter

from vesal_server import settings
from vesal_server.kit import uploads
from vesal_server.kit.guard import run_in
from vesal_server.kit.listing import Ask
from vesal_server.kit.listing_api import PageNumber, PageSize, Query, sort_parameter, xlsx
from vesal_server.kit.page import XLSX, operation
from vesal_server.kit.services import Services
from vesal_server.reports.data_reception import service
from vesal_server.reports.data_reception.queries import SET_ASIDE
from vesal_server.scope import Caller, reach
from vesal_shared import problems
from vesal_shared.messages.data_reception import (
    FeedStatus,
    IntakeResult,
    Reception,
    ReceptionDetails,
    SetAsideRow,
)
from vesal_shared.messages.lists import Page
from vesal_shared.problems import Refusal

PAGE: Final = "data_reception"
_FEEDS: Final = {"application/zip": "فایل zip"}
#: Multipart bodies larger than this are cut off before they fill the disk; the setting is the bank's own limit.
_LARGEST_BODY: Final = 2**31

ArrivalId = Annotated[int, PathParameter(description="A try's id", ge=1, le=2**63 - 1)]
Sort = Annotated[
    str,
    QueryParameter(
        description="A column's key; with - it falls",
        schema_extra={"enum": ["", *(sign + key for key in service.SORTS for sign in ("", "-"))]},
    ),
]
RowSort = Annotated[str, sort_parameter(SET_ASIDE)]


@dataclass
class FeedUpload:
    """A feed in one part of a multipart body."""

    file: UploadFile


@operation("get", "/data-reception", page=PAGE, summary="Feeds that came, a page")
def list_receptions(
    services: NamedDependency[Services],
    q: Query = "",
    sort: Sort = "",
    page: PageNumber = 1,
    size: PageSize = 50,
    status: FromQuery[FeedStatus | None] = None,
    date_from: FromQuery[date | None] = None,
    date_to: FromQuery[date | None] = None,
) -> Page[Reception]:
    """A row a date of a feed, the newest first."""
    with services.database.transaction(read_only=True) as connection:
        return service.page(
            connection, Ask(sort, page, size), q, first=date_from, last=date_to, status=status
        )


@operation(
    "get", "/data-reception/excel", page=PAGE, summary="The report as Excel", threaded=False, media_type=XLSX
)
async def receptions_excel(
    services: NamedDependency[Services],
    q: Query = "",
    sort: Sort = "",
    status: FromQuery[FeedStatus | None] = None,
    date_from: FromQuery[date | None] = None,
    date_to: FromQuery[date | None] = None,
) -> Response[Any]:
    """Everything that search and filters leave."""

    def work() -> Response[Any]:
        with services.database.transaction(read_only=True) as connection:
            return xlsx(
                "data-reception.xlsx",
                lambda path: service.export(
                    connection, path, q, sort, first=date_from, last=date_to, status=status
                ),
            )

    return await run_in(services.slow, work)


@operation("get", "/data-reception/{arrival_id:int}", page=PAGE, summary="A date's tries", errors=(404,))
def reception_details(services: NamedDependency[Services], arrival_id: ArrivalId) -> ReceptionDetails:
    """The row of the report that an arrival belongs to, with each try."""
    with services.database.transaction(read_only=True) as connection:
        return service.details(connection, arrival_id)


@operation(
    "get",
    "/data-reception/{arrival_id:int}/set-aside",
    page=PAGE,
    summary="Rows that an arrival set aside",
    errors=(404,),
)
def set_aside_rows(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    arrival_id: ArrivalId,
    q: Query = "",
    sort: RowSort = SET_ASIDE.default,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> Page[SetAsideRow]:
    """File, line and reason of each row, in the order customers, facilities, guarantors."""
    with services.database.transaction(read_only=True) as connection:
        return service.set_aside(
            connection, services.memory, reach(caller, PAGE), arrival_id, Ask(sort, page, size), q
        )


@operation(
    "get",
    "/data-reception/{arrival_id:int}/set-aside/excel",
    page=PAGE,
    summary="Rows that an arrival set aside as Excel",
    errors=(404,),
    threaded=False,
    media_type=XLSX,
)
async def set_aside_excel(
    caller: NamedDependency[Caller], services: NamedDependency[Services], arrival_id: ArrivalId
) -> Response[Any]:
    """Every row that the arrival set aside, with its reason."""

    def work() -> Response[Any]:
        with services.database.transaction(read_only=True) as connection:
            return xlsx(
                f"set-aside-{arrival_id}.xlsx",
                lambda path: service.export_set_aside(connection, reach(caller, PAGE), arrival_id, path),
            )

    return await run_in(services.slow, work)


@operation(
    "post",
    "/data-reception",
    page=PAGE,
    summary="Upload a feed",
    errors=(413, 415, 422),
    status=200,
    threaded=False,
    request_max_body_size=_LARGEST_BODY,
)
async def upload_feed(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: MultipartBody[FeedUpload],
    force: FromQuery[bool] = False,
) -> IntakeResult:
    """Take a feed in as a zip file; the answer says what it did, or why it was refused.

    `force` lifts the rule against truncated feeds, and no other.
    """
    if reach(caller, PAGE).scope != "bank":
        # A feed is the whole bank's.
        raise Refusal(problems.PAGE_NOT_GRANTED)
    file = data.file

    def work() -> IntakeResult:
        stream = cast("BinaryIO", file.file)
        with services.database.transaction(read_only=True) as connection:
            most = settings.read(connection).integer("uploads.max_mb") * 2**20
        size = stream.seek(0, 2)
        stream.seek(0)
        uploads.check(stream.read(16), size, accepted=_FEEDS, max_bytes=most)
        stream.seek(0)
        with tempfile.TemporaryDirectory(prefix="vesal-upload-") as folder:
            # The name that the client sent is only ever shown.
            path = Path(folder) / "feed.zip"
            with path.open("wb") as stored:
                shutil.copyfileobj(stream, stored, 2**20)
            return service.take(services.database, services.clock, caller, path, file.filename, force=force)

    return await run_in(services.slow, work)


HANDLERS: list[BaseRouteHandler] = [
    list_receptions,
    receptions_excel,
    reception_details,
    set_aside_rows,
    set_aside_excel,
    upload_feed,
]
