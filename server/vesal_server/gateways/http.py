"""One way to talk HTTP to a gateway: a deadline for the whole call, a size limit, no redirects, safe addresses."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

#: No answer of a gateway is larger; a longer one is cut off and counts as unreadable.
MAX_ANSWER = 4 * 1024 * 1024
#: A connection that rested longer is opened anew, since the other side may have closed it unseen.
IDLE_S = 4.0


class NotSent(Exception):
    """The call never reached the gateway: nothing can have been accepted."""


class NoAnswer(Exception):
    """The call left, and no readable answer came back: anything may have happened."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Status and whole body of an answer."""

    status: int
    body: bytes
    retry_after: float | None


class HttpClient:
    """A small pool of kept connections to one base URL, safe to use from several threads."""

    def __init__(self, base_url: str, *, timeout_s: float, allow_private: bool) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("the base URL must be http or https with a host")
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._prefix = parts.path.rstrip("/")
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._timeout_s = timeout_s
        self._allow_private = allow_private
        self._idle: list[tuple[float, http.client.HTTPConnection]] = []
        self._lock = threading.Lock()

    def call(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> HttpAnswer:
        """Make one call and read its whole answer within the time-out.

        Raises NotSent where no byte of the request can have arrived, NoAnswer where it may have.
        """
        end = time.monotonic() + self._timeout_s
        connection = self._take(end)
        kept = False
        try:
            answer, kept = self._exchange(connection, end, method, path, body, headers)
        finally:
            if kept:
                with self._lock:
                    self._idle.append((time.monotonic(), connection))
            else:
                connection.close()
        return answer

    def close(self) -> None:
        """Close the resting connections."""
        with self._lock:
            idle, self._idle = self._idle, []
        for _, connection in idle:
            connection.close()

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        end: float,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str] | None,
    ) -> tuple[HttpAnswer, bool]:
        with _cut_off(connection, end):
            try:
                connection.request(method, f"{self._prefix}/{path}", body=body, headers=dict(headers or {}))
                response = connection.getresponse()
                data = response.read(MAX_ANSWER + 1)
            except (OSError, http.client.HTTPException) as error:
                raise NoAnswer(type(error).__name__) from error
        if len(data) > MAX_ANSWER:
            raise NoAnswer("answer too large")
        if response.length:
            raise NoAnswer("answer cut short")
        if 300 <= response.status < 400:
            raise NoAnswer("redirect refused")
        # At the very end the cut may already have struck a connection that looks whole.
        reusable = not response.will_close and time.monotonic() < end
        return HttpAnswer(response.status, data, _seconds(response.getheader("Retry-After"))), reusable

    def _take(self, end: float) -> http.client.HTTPConnection:
        with self._lock:
            while self._idle:
                since, connection = self._idle.pop()
                if time.monotonic() - since <= IDLE_S:
                    return connection
                connection.close()
        return self._open(end)

    def _open(self, end: float) -> http.client.HTTPConnection:
        try:
            address = self._safe_address()
            sock = socket.create_connection(address, timeout=max(0.05, end - time.monotonic()))
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_hostname=self._host)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(self._timeout_s)
        except OSError as error:
            raise NotSent(type(error).__name__) from error
        # The socket is connected to the very address that was checked; the name serves for the Host header.
        connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_s)
        connection.sock = sock
        # A dropped connection must surface as an error and never be opened and used again in silence.
        connection.auto_open = 0
        return connection

    def _safe_address(self) -> tuple[str, int]:
        found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        for *_, address in found:
            ip = ipaddress.ip_address(str(address[0]).split("%")[0])
            if ip.is_link_local or ip.is_multicast or ip.is_unspecified:
                continue
            if not self._allow_private and not ip.is_global:
                continue
            return str(ip), self._port
        raise OSError("the address is not allowed")


@contextmanager
def _cut_off(connection: http.client.HTTPConnection, end: float) -> Iterator[None]:
    """Shut the connection's socket at `end`, whatever drips out of it until then."""
    sock = connection.sock

    def cut() -> None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            # It was closed in the meantime, which is as good.
            return

    timer = threading.Timer(max(0.0, end - time.monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _seconds(value: str | None) -> float | None:
    try:
        return min(3600.0, max(0.0, float(value))) if value is not None else None
    except ValueError:
        return None
