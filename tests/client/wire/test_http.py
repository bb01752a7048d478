"""HTTP against servers that misbehave: typed answers, refusals with their words, what may be asked twice."""

import io
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.client.wire.bad_server import answer, bad_server, says
from vesal_client.wire.http import Http, Stopped
from vesal_client.wire.refusals import Unreachable, session_ended
from vesal_shared import problems
from vesal_shared.messages.session import Health
from vesal_shared.problems import Refusal

FINE = answer(b'{"status":"ok"}')

To = Callable[..., Http]


@pytest.fixture
def to() -> Iterator[Callable[..., Http]]:
    """Makes clients of a server, and closes them at the end."""
    made: list[Http] = []

    def make(url: str, read_s: float = 20.0) -> Http:
        made.append(Http(url, read_s=read_s))
        return made[-1]

    yield make
    for http in made:
        http.close()


PROBLEM = {
    "type": "about:blank",
    "title": "نامه {number} باطل است.",
    "status": 409,
    "code": "letter_void",
    "detail": "بدهی تسویه شده است.",
    "errors": [{"field": "number", "code": "letter_void", "title": "این شماره باطل است."}],
    "retry_after": 7,
}


def problem(status: str, body: dict[str, object]) -> bytes:
    return answer(json.dumps(body).encode(), status, "application/problem+json")


def test_answers_are_typed_and_connections_kept(to: To) -> None:
    with bad_server(says(FINE)) as server:
        http = to(server.url)
        assert [http.get("/x", Health).status for _ in range(3)] == ["ok"] * 3
        assert server.connections == 1
        assert server.requests[0].startswith(b"GET /api/v1/x HTTP/1.1")
        http.close()


def test_the_token_goes_along_and_queries_are_written_out(to: To) -> None:
    with bad_server(says(FINE)) as server:
        http = to(server.url + "/vesal/")
        http.token = "abc"
        http.get(
            "/x", Health, {"q": "علی رضا", "page": 2, "on_hold": True, "branch": ["1", "2"], "sort": None}
        )
        head = server.requests[0].decode()
        assert "Authorization: Bearer abc" in head
        assert (
            "GET /vesal/api/v1/x?q=%D8%B9%D9%84%DB%8C+%D8%B1%D8%B6%D8%A7&page=2&on_hold=true&branch=1&branch=2 "
            in head
        )
        http.close()


def test_a_refusal_keeps_code_words_fields_and_pause(to: To) -> None:
    with bad_server(says(problem("409 Conflict", PROBLEM))) as server:
        with pytest.raises(Refusal) as caught:
            to(server.url).post("/x", {}, Health)
        refusal = caught.value
        assert not isinstance(refusal, Unreachable)
        assert (refusal.code, refusal.title) == ("letter_void", "نامه {number} باطل است.")
        assert refusal.sentence == "نامه {number} باطل است. بدهی تسویه شده است."
        assert [(one.field, one.title) for one in refusal.errors] == [("number", "این شماره باطل است.")]
        assert refusal.retry_after == 7


def test_an_ended_session_is_told_from_other_refusals(to: To) -> None:
    ended = PROBLEM | {"code": "session_ended", "status": 401, "title": "پایان", "errors": []}
    with bad_server(says(problem("401 Unauthorized", ended))) as server:
        with pytest.raises(Refusal) as caught:
            to(server.url).get("/x", Health)
        assert session_ended(caught.value)
        assert not session_ended(Refusal(problems.PAGE_NOT_GRANTED))


@pytest.mark.parametrize("body", [b"<html>Bad Gateway</html>", b"", b"\xff\xfe"])
def test_a_proxys_own_error_means_try_later(to: To, body: bytes) -> None:
    with bad_server(says(answer(body, "502 Bad Gateway", "text/html"))) as server, pytest.raises(Unreachable):
        to(server.url).get("/x", Health)


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"status":"dead"}', b"\xff"])
def test_nonsense_is_refused_in_words(to: To, body: bytes) -> None:
    with bad_server(says(answer(body))) as server:
        with pytest.raises(Refusal) as caught:
            to(server.url).get("/x", Health)
        assert caught.value.code == "server_unreadable"


def test_an_answer_that_is_cut_off_is_unreachable(to: To) -> None:
    with bad_server(says(answer(b'{"status":', length=400), goes_on=False)) as server:
        with pytest.raises(Unreachable) as caught:
            to(server.url).get("/x", Health)
        assert caught.value.code == "server_cut"


def test_a_silent_server_is_given_up(to: To) -> None:
    with bad_server(says(FINE)) as server:
        server.behave(server.silent)
        with pytest.raises(Unreachable) as caught:
            to(server.url, read_s=0.2).get("/x", Health)
        assert caught.value.code == "server_silent"


def test_nobody_listening_is_unreachable(to: To) -> None:
    with bad_server(says(FINE)) as server:
        url = server.url
    with pytest.raises(Unreachable) as caught:
        to(url).get("/x", Health)
    assert caught.value.code == "server_unreachable"


def test_a_kept_connection_that_died_is_replaced_for_reading_alone(to: To) -> None:
    with bad_server(says(FINE), says(goes_on=False), says(FINE)) as server:
        http = to(server.url)
        http.get("/x", Health)
        assert http.get("/x", Health).status == "ok"
        assert server.connections == 2
        http.close()
    with bad_server(says(FINE), says(goes_on=False), says(FINE)) as server:
        http = to(server.url)
        http.get("/x", Health)
        with pytest.raises(Unreachable):
            http.post("/x", {}, Health)
        assert len(server.requests) == 2
        http.close()


def test_closing_frees_who_waits(to: To) -> None:
    with bad_server(says(FINE)) as server:
        server.behave(server.silent)
        http = to(server.url)
        failed: list[Exception] = []

        def ask() -> None:
            try:
                http.get("/x", Health)
            except Unreachable as error:
                failed.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        while not server.requests:
            thread.join(0.01)
        http.close()
        thread.join(10)
        assert not thread.is_alive()
        assert failed


class Stopper:
    """Stops a transfer when the test says so."""

    def __init__(self) -> None:
        self._act: Callable[[], None] | None = None

    def on_stop(self, act: Callable[[], None]) -> None:
        self._act = act

    def now(self) -> None:
        assert self._act is not None
        self._act()


def test_files_come_in_pieces_with_progress(to: To) -> None:
    content = bytes(range(256)) * 2_000
    with bad_server(says(answer(content, kind="application/octet-stream"))) as server:
        told: list[tuple[int, int]] = []
        into = io.BytesIO()
        to(server.url).download("/f", into, tell=lambda done, total: told.append((done, total)))
        assert into.getvalue() == content
        assert told[-1] == (len(content), len(content))
        assert len(told) > 2


def test_a_file_cut_short_is_no_file(to: To) -> None:
    with bad_server(says(answer(b"half", length=9), goes_on=False)) as server, pytest.raises(Unreachable):
        to(server.url).download("/f", io.BytesIO())


def test_a_download_ends_when_it_is_told_to(to: To) -> None:
    stopper = Stopper()

    def first_piece(_done: int, _total: int) -> None:
        stopper.now()

    with bad_server(says(FINE)) as server:

        def begins(connection: socket.socket, request: bytes) -> bool:
            connection.sendall(answer(b"x" * 10, length=10**6))
            return server.silent(connection, request)

        server.behave(begins)
        with pytest.raises(Stopped):
            to(server.url).download("/f", io.BytesIO(), tell=first_piece, stop=stopper)


def test_an_upload_is_a_form_with_the_file_whole(to: To, tmp_path: Path) -> None:
    file = tmp_path / "فهرست ۱.zip"
    file.write_bytes(b"PK" + bytes(200_000))
    told: list[tuple[int, int]] = []
    with bad_server(says(FINE)) as server:
        to(server.url).upload("/up", file, Health, tell=lambda done, total: told.append((done, total)))
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
        assert b"multipart/form-data; boundary=" in head
        assert b"PK" + bytes(200_000) in body
        assert b"%D9%81%D9%87" in body
        assert told[-1] == (200_002, 200_002)
