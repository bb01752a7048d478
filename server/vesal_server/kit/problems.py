"""Every error as problem details (RFC 9457).

Refusals as they were declared, all else as a bug that is logged.
"""

import logging
import re
from typing import Any, Final

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from sqlalchemy.exc import DBAPIError

from vesal_server.kit.db import unavailable
from vesal_shared import problems
from vesal_shared.digits import persian_digits
from vesal_shared.messages.problems import FieldProblem, ProblemDetails
from vesal_shared.problems import Problem, Refusal

MEDIA_TYPE: Final = "application/problem+json"
#: How the decoder says that a field is missing.
_MISSING: Final = re.compile(r"missing required field `(\w+)`")
_LOG = logging.getLogger("vesal.requests")

#: What the framework refuses by itself, by its HTTP status.
_BY_STATUS: Final[dict[int, Problem]] = {
    400: problems.INVALID_INPUT,
    401: problems.NOT_SIGNED_IN,
    403: problems.PAGE_NOT_GRANTED,
    404: problems.NOT_FOUND,
    405: problems.METHOD_NOT_ALLOWED,
    406: problems.NOT_ACCEPTABLE,
    413: problems.TOO_LARGE,
    415: problems.UNSUPPORTED_MEDIA,
    429: problems.TOO_MANY_REQUESTS,
    503: problems.BUSY,
}


def details(refusal: Refusal) -> ProblemDetails:
    """A refusal as it travels; numbers inside its Persian sentences get Persian digits."""
    return ProblemDetails(
        type=f"urn:vesal:problem:{refusal.code}",
        title=persian_digits(refusal.title),
        status=refusal.problem.status,
        code=refusal.code,
        detail=persian_digits(refusal.detail),
        errors=[
            FieldProblem(field=error.field, code=error.problem.code, title=persian_digits(error.title))
            for error in refusal.errors
        ],
        params={name: str(value) for name, value in refusal.params.items()},
        retry_after=refusal.retry_after,
    )


def answer(refusal: Refusal) -> Response[ProblemDetails]:
    """The response that a refusal becomes."""
    headers = {"Cache-Control": "no-store"}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    if refusal.problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(
        details(refusal), status_code=refusal.problem.status, media_type=MEDIA_TYPE, headers=headers
    )


def on_refusal(_request: Request[Any, Any, Any], refusal: Refusal) -> Response[ProblemDetails]:
    """Answer a declared refusal."""
    return answer(refusal)


def on_http_error(_request: Request[Any, Any, Any], error: HTTPException) -> Response[ProblemDetails]:
    """Answer what the framework refused: a body it could not read, a path or a method that is not there."""
    problem = _BY_STATUS.get(error.status_code)
    if problem is None:
        problem = problems.INVALID_INPUT if error.status_code < 500 else problems.UNEXPECTED
    response = answer(Refusal(problem, errors=_field_errors(error)))
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def on_database_error(request: Request[Any, Any, Any], error: DBAPIError) -> Response[ProblemDetails]:
    """Answer for a database that went away (try again), or report a statement that is our bug."""
    if unavailable(error):
        return answer(Refusal(problems.UNAVAILABLE, retry_after=2))
    return on_bug(request, error)


def on_bug(request: Request[Any, Any, Any], error: Exception) -> Response[ProblemDetails]:
    """Log a bug with its trace, without what was sent, and say only that it happened."""
    _LOG.error("%s %s failed", request.method, request.scope["path"], exc_info=error)
    return answer(Refusal(problems.UNEXPECTED))


def _field_errors(error: HTTPException) -> list[problems.FieldError]:
    if not isinstance(error, ValidationException) or not isinstance(error.extra, list):
        return []
    named = [_field(part) for part in error.extra if isinstance(part, dict)]
    return [problems.FieldError(name, problems.INVALID_VALUE) for name in named if name]


def _field(part: dict[str, Any]) -> str:
    """The field that a validation message is about; a missing one is named only in the message."""
    missing = _MISSING.search(str(part.get("message", "")))
    key = missing[1] if missing else str(part.get("key", ""))
    return "" if key == "data" else key
