"""The OpenAPI document against what the service really answers."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.server.api.world import World
from vesal_shared.pages import PAGE

_METHODS = ("get", "post", "put", "delete")


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, item[method])
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    ]


@pytest.fixture(scope="module")
def document(world: World) -> dict[str, Any]:
    answer = world.client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_every_operation_names_its_page(document: dict[str, Any]) -> None:
    pages = {operation["x-page"] for _, _, operation in operations(document)}
    assert pages <= {*PAGE, "everyone", "public"}
    assert {"overdue_cases", "print_queue", "data_reception", "home"} <= pages


def test_only_log_in_and_the_service_itself_are_public(document: dict[str, Any]) -> None:
    public = {
        (method, path) for method, path, operation in operations(document) if operation["x-page"] == "public"
    }
    assert public == {
        ("get", "/health"),
        ("get", "/ready"),
        ("get", "/api/v1/openapi.json"),
        ("post", "/api/v1/session"),
    }


def test_every_error_is_described_as_problem_details(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        errors = {code: answer for code, answer in operation["responses"].items() if code >= "400"}
        assert {"400", "500", "503"} <= errors.keys(), (method, path)
        if operation["x-page"] != "public":
            assert {"401", "403"} <= errors.keys(), (method, path)
        if "{" in path:
            assert "404" in errors, (method, path)
        for answer in errors.values():
            assert list(answer["content"]) == ["application/problem+json"]


def test_nothing_answers_without_a_session(world: World, document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        if operation["x-page"] == "public":
            continue
        address = path.replace("{loan_no}", "1").replace("{letter_id}", "1").replace("{arrival_id}", "1")
        for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}):
            answer = world.client.request(method, address, headers=headers)
            assert answer.status_code == 401, (method, path, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["www-authenticate"] == "Bearer"


def test_unknown_paths_and_methods_are_problems(world: World) -> None:
    for method, path, status, code in (
        ("get", "/api/v1/nothing", 404, "not_found"),
        ("get", "/nothing", 404, "not_found"),
        ("get", "/docs", 404, "not_found"),
        ("patch", "/api/v1/session", 405, "method_not_allowed"),
    ):
        answer = world.client.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.mark.parametrize("username", ["bank", "expert"])
def test_fuzzed_requests_keep_to_the_document(world: World, document: dict[str, Any], username: str) -> None:
    """No 5xx, and no answer that the document doesn't describe, whatever is sent."""
    schema = schemathesis.openapi.from_dict(document)
    headers = world.headers(username)
    # Log-ins with made-up names would pause the address, and a log-out ends the run.
    fuzzed = [found for found in map(_ok, schema.get_all_operations()) if "/session" not in found.path]
    assert len(fuzzed) > 20
    for operation in fuzzed:

        @given(case=operation.as_strategy())
        @settings(
            max_examples=5,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def check(case: schemathesis.Case[Any]) -> None:
            body, typed = _body(case)
            answer = world.client.request(
                case.method,
                case.formatted_path,
                params=case.query,
                headers={**headers, **typed},
                **body,
            )
            case.validate_response(answer, checks=CHECKS)

        check()


def _ok(found: Any) -> Any:
    return found.ok()


#: An empty zip in a part named `file`, written out: httpx's own multipart streams and can't be looked at again.
_UPLOAD = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.zip"\r\n'
    b"Content-Type: application/zip\r\n\r\nPK\x05\x06" + bytes(18) + b"\r\n--x--\r\n"
)


def _body(case: schemathesis.Case[Any]) -> tuple[dict[str, Any], dict[str, str]]:
    if case.media_type == "multipart/form-data":
        return {"content": _UPLOAD}, {"Content-Type": "multipart/form-data; boundary=x"}
    return ({"json": case.body}, {}) if case.media_type == "application/json" else ({}, {})
