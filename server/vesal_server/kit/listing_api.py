"""How every list takes its page, order and search, and how a file goes out."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final

from litestar import Response
from litestar.params import QueryParameter
from litestar.response import Stream

from vesal_server.kit.listing import LARGEST_PAGE, Listing
from vesal_server.kit.page import XLSX

#: The farthest page; beyond it nobody looks by hand, and its offset still fits the database's numbers.
_LAST_PAGE: Final = 10_000_000

Query = Annotated[str, QueryParameter(description="Search words", max_length=200)]
PageNumber = Annotated[int, QueryParameter(description="Page, from 1", ge=1, le=_LAST_PAGE)]
PageSize = Annotated[int, QueryParameter(description="Rows a page", ge=1, le=LARGEST_PAGE)]
#: A number as the database's bigint takes it.
OptionalNumber = Annotated[int | None, QueryParameter(ge=0, le=2**63 - 1)]


def sort_parameter(listing: Listing) -> Any:
    """The `sort` of a list, with every value that it declares in the OpenAPI document."""
    return QueryParameter(
        description="A column's key; with - it falls",
        schema_extra={"enum": listing.sort_values, "default": listing.default},
    )


def xlsx(name: str, write: Callable[[Path], object]) -> Response[Any]:
    """A workbook that `write` fills on disk, sent in pieces and deleted afterwards; memory stays flat."""
    handle, path = tempfile.mkstemp(suffix=".xlsx", prefix="vesal-")
    os.close(handle)
    file = Path(path)
    try:
        write(file)
        size = file.stat().st_size
    except BaseException:
        file.unlink(missing_ok=True)
        raise

    def pieces() -> Iterator[bytes]:
        try:
            with file.open("rb") as stream:
                while piece := stream.read(256 * 1024):
                    yield piece
        finally:
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)

    return Stream(
        pieces(),
        media_type=XLSX,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": str(size),
            "Cache-Control": "no-store",
        },
    )
