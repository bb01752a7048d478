"""A server that misbehaves as it is told: slow, silent, cut off, talking nonsense."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Behaviour = Callable[[socket.socket, bytes], bool]
"""Answers one request on a connection; returns whether the connection goes on."""


def answer(
    body: bytes, status: str = "200 OK", kind: str = "application/json", length: int | None = None
) -> bytes:
    """A whole answer, or one that claims another length than it has."""
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n\r\n"
    return head.encode() + body


class BadServer:
    """Keeps the requests that came, and how many connections were opened."""

    def __init__(self, behaviours: list[Behaviour]) -> None:
        self._behaviours = behaviours
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.requests: list[bytes] = []
        self.connections = 0
        self.release = threading.Event()
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            while request := _read(connection):
                self.requests.append(request)
                behaviour = self._behaviours.pop(0) if len(self._behaviours) > 1 else self._behaviours[0]
                if not behaviour(connection, request):
                    break
        except OSError:
            pass
        finally:
            connection.close()

    def close(self) -> None:
        self.release.set()
        # Closing alone would leave the thread in accept.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()

    def behave(self, behaviour: Behaviour) -> None:
        """From now on behave so."""
        self._behaviours[:] = [behaviour]

    def silent(self, _connection: socket.socket, _request: bytes) -> bool:
        """Takes the request and says nothing until the test is over."""
        self.release.wait(30)
        return False


def _read(connection: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        piece = connection.recv(65536)
        if not piece:
            return b""
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            while len(body) < int(value):
                body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def says(*parts: bytes, goes_on: bool = True) -> Behaviour:
    """Answers with these bytes."""

    def behave(connection: socket.socket, _request: bytes) -> bool:
        for part in parts:
            connection.sendall(part)
        return goes_on

    return behave


@contextmanager
def bad_server(*behaviours: Behaviour) -> Iterator[BadServer]:
    """A server that behaves so, one behaviour a request; the last one goes on."""
    server = BadServer(list(behaviours))
    try:
        yield server
    finally:
        server.close()
