"""A tiny HTTP server that answers each call with what the test scripted, byte for byte."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from vesal_server.gateways.base import GatewaySettings
from vesal_server.gateways.kavenegar import Kavenegar
from vesal_server.kit.clock import steady

#: What is done with one connection after its request was read.
Script = Callable[[socket.socket], None]


class Scripted:
    """Reads a whole request and hands the connection to the script; counts the requests."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    self.requests.append(self._read(connection))
                    self.script(connection)
                except OSError:
                    # The client cut the call off, as it should.
                    continue

    @staticmethod
    def _read(connection: socket.socket) -> bytes:
        got = b""
        while b"\r\n\r\n" not in got:
            piece = connection.recv(65536)
            if not piece:
                return got
            got += piece
        head, _, body = got.partition(b"\r\n\r\n")
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            ),
            0,
        )
        while len(body) < length:
            piece = connection.recv(65536)
            if not piece:
                break
            body += piece
        return head + b"\r\n\r\n" + body


def answer(status: int, body: bytes, *headers: str) -> Script:
    """Answer whole and close."""

    def write(connection: socket.socket) -> None:
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close", *headers]
        connection.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    return write


@contextmanager
def scripted(script: Script, *, timeout_s: float = 1.0) -> Iterator[tuple[Scripted, Kavenegar]]:
    """The server, and the Kavenegar driver that talks to it."""
    server = Scripted(script)
    gateway = Kavenegar(
        GatewaySettings(
            base_url=f"http://127.0.0.1:{server.port}",
            number="1000",
            password="key",
            allow_private=True,
            timeout_s=timeout_s,
        )
    )
    try:
        yield server, gateway
    finally:
        gateway.close()
        server.close()


def soon(seconds: float = 2.0) -> float:
    """The instant by which a call has to be over."""
    return steady() + seconds
