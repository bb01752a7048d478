"""How an operation of the API is declared: its page, its errors, its thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from litestar import delete, get, post, put
from litestar.datastructures import ResponseHeader
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Operation

from vesal_server.kit.guard import EVERYONE, PUBLIC
from vesal_server.kit.problems import MEDIA_TYPE
from vesal_shared.messages.problems import ProblemDetails
from vesal_shared.pages import PAGE

_METHODS: Final[dict[str, Callable[..., Any]]] = {"get": get, "post": post, "put": put, "delete": delete}

_DESCRIPTIONS: Final[dict[int, str]] = {
    400: "The request can't be read",
    401: "No session, or it has ended",
    403: "The page is not granted",
    404: "Nothing there, or outside the caller's scope",
    409: "Changed by somebody else meanwhile, or not in this state",
    413: "Too large",
    415: "This type of data is not taken",
    422: "Refused, with the reason",
    429: "Too many; see Retry-After",
    500: "A bug; it is logged",
    503: "Busy or out of reach; see Retry-After",
}


def operation(
    method: str,
    path: str,
    *,
    page: str,
    summary: str,
    errors: Sequence[int] = (),
    status: int | None = None,
    threaded: bool = True,
    before_password_change: bool = False,
    **more: Any,
) -> Callable[[Callable[..., Any]], Any]:
    """Declare one operation.

    `page` is the code of the page that grants it, `everyone` or `public`; it stands in the OpenAPI document
    as `x-page`. `errors` are the statuses that it refuses with beside those that every operation has.
    Handlers are synchronous and run in the pool of threads, unless `threaded` is false.
    """
    if page not in PAGE and page not in {PUBLIC, EVERYONE}:
        raise ValueError(f"{page} is no page")
    statuses = {400, 500, 503, *errors}
    if page != PUBLIC:
        statuses |= {401, 403}
    if status is not None:
        more["status_code"] = status
    made: Callable[[Callable[..., Any]], Any] = _METHODS[method](
        path,
        opt={"page": page, "before_password_change": before_password_change},
        summary=summary,
        operation_class=_operation_class(page),
        responses={code: _response(code) for code in sorted(statuses)},
        security=[] if page == PUBLIC else [{"token": []}],
        sync_to_thread=True if threaded else None,
        **more,
    )
    return made


def _response(status: int) -> ResponseSpec:
    return ResponseSpec(
        data_container=ProblemDetails,
        description=_DESCRIPTIONS[status],
        # Typed as MediaType, but any text is taken: the framework's enumeration lacks this one.
        media_type=MEDIA_TYPE,
        generate_examples=False,
    )


@cache
def _operation_class(page: str) -> type[Operation]:
    @dataclass
    class PageOperation(Operation):
        """An operation that says which page grants it."""

        x_page: str = field(default=page, metadata={"alias": "x-page"})

    return PageOperation


#: Files are answered with their name; nothing of the API is kept by proxies.
FILE_HEADERS: Final = [
    ResponseHeader(name="Content-Disposition", description="The file's name", value="attachment")
]
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
