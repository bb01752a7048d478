"""The body of every error: RFC 9457 problem details with a stable code and a Persian title."""

import msgspec


class FieldProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one field: its name in the request, a stable code, a Persian sentence."""

    field: str
    code: str
    title: str


class ProblemDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal as it travels (`application/problem+json`).

    `title` is a Persian sentence that may be shown as it is; `detail` says more, with the values concerned;
    `params` are those values by name; `errors` belong beside the fields of a form; `retry_after` is in
    seconds.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    errors: list[FieldProblem] = []
    params: dict[str, str] = {}
    retry_after: int | None = None
    instance: str = ""
