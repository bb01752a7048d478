"""HTTP to the server: JSON both ways, typed; refusals as refusals; made for worker threads."""

import datetime as dt
import http.client
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol, Self, TypeVar
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

import msgspec

from vesal_client.wire import refusals
from vesal_client.wire.connections import Connections, Trust, cut

T = TypeVar("T")
Value = str | int | bool | dt.date | Sequence[str] | None
Query = Mapping[str, Value] | Sequence[tuple[str, Value]]
"""What stands behind the question mark; empty and missing values are left out, lists repeat their name."""
Tell = Callable[[int, int], None]
"""Takes how many bytes are through, and of how many (0: nobody knows)."""

API: Final = "/api/v1"
CONNECT_S: Final = 5.0
READ_S: Final = 30.0
_PIECE: Final = 64 * 1024
#: Asked again on a fresh connection where a kept one turns out dead: doing these twice does nothing more.
_REPEATABLE: Final = frozenset({"GET", "HEAD", "PUT", "DELETE"})


class Stop(Protocol):
    """What tells a long transfer to end."""

    def on_stop(self, act: Callable[[], None]) -> None:
        """Call `act` when the transfer shall end, at once if that is so already."""
        ...


class Stopped(Exception):
    """A transfer was given up because the user said so."""


class Http:
    """One server; `token` is sent along while there is one."""

    def __init__(
        self,
        base_url: str,
        trust: Trust | None = None,
        *,
        connect_s: float = CONNECT_S,
        read_s: float = READ_S,
    ) -> None:
        """`base_url` like https://vesal.bank:8443; times are in seconds."""
        self.base_url = base_url.rstrip("/")
        self._root = urlsplit(self.base_url).path.rstrip("/")
        self._connections = Connections(self.base_url, trust or Trust(), connect_s=connect_s, read_s=read_s)
        self._lock = threading.Lock()
        self._token = ""
        self._answered_at = 0.0

    @property
    def answered_at(self) -> float:
        """When the server last answered anything, by the monotonic clock."""
        with self._lock:
            return self._answered_at

    @property
    def token(self) -> str:
        """The session's token, or nothing."""
        with self._lock:
            return self._token

    @token.setter
    def token(self, token: str) -> None:
        with self._lock:
            self._token = token

    def close(self) -> None:
        """Cut all connections; nothing can be asked any more."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What is asked.

    def get(self, path: str, answer: type[T], query: Query | None = None) -> T:
        """Read something. Raises Refusal and Unreachable, as all of these do."""
        return self._json("GET", path, answer, query=query)

    def post(self, path: str, body: object, answer: type[T]) -> T:
        """Send something new."""
        return self._json("POST", path, answer, body=body)

    def put(self, path: str, body: object, answer: type[T]) -> T:
        """Put something in place."""
        return self._json("PUT", path, answer, body=body)

    def delete(self, path: str, *, token: str | None = None) -> None:
        """Take something away; `token` in place of the one that holds now."""
        self._ask("DELETE", API + path, token=token)

    def alive(self) -> None:
        """Ask the server for a sign of life; returns or raises."""
        self._ask("GET", "/health")

    def download(
        self,
        path: str,
        into: BinaryIO,
        *,
        query: Query | None = None,
        tell: Tell | None = None,
        stop: Stop | None = None,
    ) -> None:
        """Read a file into `into`. Raises Stopped besides."""
        connection, _ = self._take()
        ended = _Ended(connection, stop)
        good = False
        try:
            self._send(connection, "GET", API + path + _query(query), None, {"Accept": "*/*"})
            response = connection.getresponse()
            if response.status >= 400:
                raise refusals.refusal(response.status, response.read())
            total = int(response.headers.get("Content-Length") or 0)
            through = 0
            # read() would wait until the piece is whole; what came is what is told.
            while piece := response.read1(_PIECE):
                into.write(piece)
                through += len(piece)
                if tell is not None:
                    tell(through, total)
            if total and through != total:
                raise http.client.IncompleteRead(b"", total - through)
            good = not response.will_close
        except (OSError, http.client.HTTPException) as error:
            raise ended.reason(error) from error
        finally:
            self._connections.give_back(connection, good=good)

    def upload(
        self,
        path: str,
        file: Path,
        answer: type[T],
        *,
        field: str = "data",
        query: Query | None = None,
        tell: Tell | None = None,
        stop: Stop | None = None,
    ) -> T:
        """Send a file as a form's field. Raises Stopped besides."""
        boundary = uuid4().hex
        name = quote(file.name)
        head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="{field}"; filename="upload"; filename*=UTF-8\'\'{name}\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        tail = f"\r\n--{boundary}--\r\n".encode()
        size = file.stat().st_size
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(len(head) + size + len(tail)),
        }
        connection, _ = self._take()
        ended = _Ended(connection, stop)
        good = False
        try:
            self._send(
                connection, "POST", API + path + _query(query), _pieces(head, file, size, tail, tell), headers
            )
            response = connection.getresponse()
            body = response.read()
            good = not response.will_close
        except (OSError, http.client.HTTPException) as error:
            raise ended.reason(error) from error
        finally:
            self._connections.give_back(connection, good=good)
        return _decoded(response.status, body, answer)

    # How it is asked.

    def _json(
        self, method: str, path: str, answer: type[T], *, query: Query | None = None, body: object = None
    ) -> T:
        status, content = self._ask(method, API + path + _query(query), body)
        return _decoded(status, content, answer)

    def _ask(
        self, method: str, target: str, body: object = None, *, token: str | None = None
    ) -> tuple[int, bytes]:
        """Status and body of an answer; a kept connection that was dead all along is replaced once."""
        payload = None if body is None else msgspec.json.encode(body)
        while True:
            connection, kept = self._take()
            good = False
            try:
                headers = {"Content-Type": "application/json"} if payload is not None else {}
                if token is not None:
                    headers["Authorization"] = f"Bearer {token}"
                self._send(connection, method, target, payload, headers)
                response = connection.getresponse()
                content = response.read()
                good = not response.will_close
                with self._lock:
                    self._answered_at = time.monotonic()
            except (http.client.HTTPException, OSError) as error:
                if kept and method in _REPEATABLE and isinstance(error, ConnectionError):
                    continue
                raise refusals.unreachable(error) from error
            finally:
                self._connections.give_back(connection, good=good)
            if response.status >= 400:
                raise refusals.refusal(response.status, content)
            return response.status, content

    def _take(self) -> tuple[http.client.HTTPConnection, bool]:
        try:
            return self._connections.take()
        except OSError as error:
            raise refusals.unreachable(error) from error

    def _send(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        target: str,
        body: bytes | Iterable[bytes] | None,
        headers: Mapping[str, str],
    ) -> None:
        sent = {
            "Accept": "application/json, application/problem+json",
            "Accept-Encoding": "identity",
            **headers,
        }
        token = self.token
        if token:
            sent["Authorization"] = f"Bearer {token}"
        connection.request(method, self._root + target, body=body, headers=sent)


class _Ended:
    """Tells a transfer that the user gave up from one that failed."""

    def __init__(self, connection: http.client.HTTPConnection, stop: Stop | None) -> None:
        self._stopped = threading.Event()
        self._connection = connection
        if stop is not None:
            stop.on_stop(self._stop)

    def _stop(self) -> None:
        self._stopped.set()
        cut(self._connection)

    def reason(self, error: Exception) -> Exception:
        """What to raise in place of a failed read or write."""
        return Stopped() if self._stopped.is_set() else refusals.unreachable(error)


def _query(query: Query | None) -> str:
    if not query:
        return ""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items() if isinstance(query, Mapping) else query:
        if value is None or value == "":
            continue
        values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        pairs.extend((name, _text(one)) for one in values)
    return "?" + urlencode(pairs) if pairs else ""


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _pieces(head: bytes, file: Path, size: int, tail: bytes, tell: Tell | None) -> Iterable[bytes]:
    yield head
    through = 0
    with file.open("rb") as source:
        while piece := source.read(_PIECE):
            yield piece
            through += len(piece)
            if tell is not None:
                tell(through, size)
    yield tail


def _decoded(status: int, content: bytes, answer: type[T]) -> T:
    if status >= 400:
        raise refusals.refusal(status, content)
    try:
        return msgspec.json.decode(content, type=answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise refusals.unreadable() from error


def segment(value: Any) -> str:
    """A value as one segment of a path."""
    return quote(str(value), safe="")
