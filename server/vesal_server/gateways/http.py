"""One way to talk HTTP to a gateway: a deadline for the whole call, a size limit, no redirects, safe addresses."""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from vesal_server.kit.clock import steady

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


class NotAllowed(OSError):
    """The host has no address that a gateway may have."""


class TooLate(Exception):
    """The time for the call had passed before its next byte left."""


class Timed(http.client.HTTPConnection):
    """A connection that looks at the clock right before each piece of a request leaves.

    A process that was stopped between its proof of holding a message and this line sends nothing when it
    wakes; what is left of the gap is the step from this line into the system call.
    """

    end = 0.0
    #: Whether any byte of the request may have left.
    begun = False

    def send(self, data: Any) -> None:
        """Send a piece, with only the time that is left."""
        left = self.end - steady()
        if left <= 0:
            raise TooLate
        self.sock.settimeout(left)
        self.begun = True
        super().send(data)


def allowed(address: str, *, private: bool) -> bool:
    """Whether a gateway may stand at an IP address: never link-local, and private only where that is set."""
    ip = ipaddress.ip_address(address)
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if inner is not None:
        return allowed(str(inner), private=private)
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        return False
    return private or ip.is_global


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
        self._idle: list[tuple[float, Timed]] = []
        self._lock = threading.Lock()

    def call(
        self,
        method: str,
        path: str,
        *,
        by: float,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        """Make one call and read its whole answer within the time-out, and by the instant `by` of `steady`.

        Raises NotSent where no byte of the request can have arrived, NoAnswer where it may have.
        """
        end = min(by, steady() + self._timeout_s)
        connection = self._take(end)
        connection.end = end
        kept = False
        try:
            answer, kept = self._exchange(connection, end, method, path, body, headers)
        finally:
            if kept:
                with self._lock:
                    self._idle.append((steady(), connection))
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
        connection: "Timed",
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
            except TooLate as late:
                if connection.begun:
                    raise NoAnswer("late") from late
                raise NotSent("late") from late
            except (OSError, http.client.HTTPException) as error:
                raise NoAnswer(type(error).__name__) from error
        if len(data) > MAX_ANSWER:
            raise NoAnswer("answer too large")
        if response.length:
            raise NoAnswer("answer cut short")
        if 300 <= response.status < 400:
            raise NoAnswer("redirect refused")
        # At the very end the cut may already have struck a connection that looks whole.
        reusable = not response.will_close and steady() < end
        return HttpAnswer(response.status, data, _seconds(response.getheader("Retry-After"))), reusable

    def _take(self, end: float) -> "Timed":
        with self._lock:
            while self._idle:
                since, connection = self._idle.pop()
                if steady() - since <= IDLE_S:
                    connection.begun = False
                    return connection
                connection.close()
        return self._open(end)

    def _open(self, end: float) -> "Timed":
        sock = None
        try:
            sock = self._connect(end)
            # The handshake too has only what is left of the time.
            sock.settimeout(max(0.05, end - steady()))
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_hostname=self._host)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except (OSError, ValueError) as error:
            if sock is not None:
                sock.close()
            raise NotSent(type(error).__name__) from error
        # The socket is connected to the very address that was checked; the name serves for the Host header.
        connection = Timed(self._host, self._port, timeout=self._timeout_s)
        connection.sock = sock
        # A dropped connection must surface as an error and never be opened and used again in silence.
        connection.auto_open = 0
        return connection

    def _connect(self, end: float) -> socket.socket:
        """A socket to the first of the host's allowed addresses that answers."""
        failure: OSError = NotAllowed("the address is not allowed")
        for *_, address in socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM):
            ip = str(address[0]).split("%")[0]
            if not allowed(ip, private=self._allow_private):
                continue
            try:
                return socket.create_connection((ip, self._port), timeout=max(0.05, end - steady()))
            except OSError as error:
                failure = error
        raise failure


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

    timer = threading.Timer(max(0.0, end - steady()), cut)
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
