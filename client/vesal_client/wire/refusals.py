"""From what came over the wire, or didn't, to a refusal that a person may read."""

import http.client
import ssl
from typing import Final

import msgspec

from vesal_shared import problems
from vesal_shared.messages.problems import ProblemDetails
from vesal_shared.problems import FieldError, Problem, Refusal

#: Refusals that mean: log in again, then go on.
_ENDED: Final = frozenset({problems.SESSION_ENDED.code, problems.NOT_SIGNED_IN.code})


class Unreachable(Refusal):
    """The server didn't answer; what was asked may be asked again once it does."""


def session_ended(error: BaseException) -> bool:
    """Whether the answer was that the session is over."""
    return isinstance(error, Refusal) and error.code in _ENDED


def unreachable(error: Exception) -> Unreachable:
    """What a failed connection says to a person."""
    if isinstance(error, ssl.SSLError):
        return Unreachable(problems.SERVER_CERTIFICATE)
    if isinstance(error, TimeoutError):
        return Unreachable(problems.SERVER_SILENT)
    if isinstance(error, http.client.IncompleteRead):
        return Unreachable(problems.SERVER_CUT)
    return Unreachable(problems.SERVER_UNREACHABLE)


def refusal(status: int, body: bytes) -> Refusal:
    """The refusal in an answer with an error status; a body that is no problem details says what the status says."""
    try:
        details = msgspec.json.decode(body, type=ProblemDetails)
    except (msgspec.DecodeError, UnicodeDecodeError):
        if status >= 500:
            return Unreachable(problems.UNAVAILABLE)
        return Refusal(
            problems.DECLARED.get("not_found", problems.UNEXPECTED) if status == 404 else problems.UNEXPECTED
        )
    return Refusal(
        _problem(details.code, details.title, details.status),
        detail=details.detail,
        errors=[
            FieldError(error.field, _problem(error.code, error.title, status)) for error in details.errors
        ],
        retry_after=details.retry_after,
    )


def _problem(code: str, title: str, status: int) -> Problem:
    """The server's words stand as they came: their parameters are filled in already."""
    return Problem(code, title.replace("{", "{{").replace("}", "}}"), status)


def unreadable() -> Refusal:
    """An answer that isn't what was agreed: the client is too old, or something stands between."""
    return Refusal(problems.SERVER_UNREADABLE)
