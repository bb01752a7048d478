"""Connections to one server: kept while they are good, cut when the client ends."""

import hashlib
import http.client
import select
import socket
import ssl
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

#: A connection that was idle for longer is likely to have been closed on the way.
IDLE_S: Final = 50.0


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the client believes to be the bank's server: a CA's or the certificate's own file, or its SHA-256."""

    ca_file: Path | None = None
    sha256: str = ""

    def context(self) -> ssl.SSLContext:
        """TLS 1.2 and up; with a pinned certificate its name and issuer don't matter."""
        context = ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.sha256:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def check(self, connection: socket.socket | None) -> None:
        """Raise ssl.SSLCertVerificationError where the pinned certificate isn't this one."""
        if not self.sha256 or not isinstance(connection, ssl.SSLSocket):
            return
        given = hashlib.sha256(connection.getpeercert(binary_form=True) or b"").hexdigest()
        if given != self.sha256.replace(":", "").lower():
            raise ssl.SSLCertVerificationError("the server's certificate is another one")


class Connections:
    """Lends connections, one to a thread at a time."""

    def __init__(self, base_url: str, trust: Trust, *, connect_s: float, read_s: float) -> None:
        parts = urlsplit(base_url)
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or "127.0.0.1"
        self._port = parts.port or (443 if self._secure else 80)
        self._trust = trust
        self._context = trust.context() if self._secure else None
        self._connect_s = connect_s
        self._read_s = read_s
        self._lock = threading.Lock()
        self._idle: deque[tuple[http.client.HTTPConnection, float]] = deque()
        self._lent: set[http.client.HTTPConnection] = set()
        self._closed = False

    def take(self) -> tuple[http.client.HTTPConnection, bool]:
        """A connection, and whether it was used before. Raises OSError where there is none."""
        with self._lock:
            while self._idle:
                connection, since = self._idle.pop()
                if time.monotonic() - since < IDLE_S and _quiet(connection):
                    self._lent.add(connection)
                    return connection, True
                connection.close()
        connection = self._open()
        with self._lock:
            if self._closed:
                connection.close()
                raise ConnectionAbortedError("the client ends")
            self._lent.add(connection)
        return connection, False

    def give_back(self, connection: http.client.HTTPConnection, *, good: bool) -> None:
        """Return a connection; one that isn't good is closed."""
        with self._lock:
            self._lent.discard(connection)
            if good and not self._closed:
                self._idle.append((connection, time.monotonic()))
                return
        connection.close()

    def close(self) -> None:
        """Cut everything; whoever waits for an answer gets an OSError now."""
        with self._lock:
            self._closed = True
            lent, idle = list(self._lent), list(self._idle)
            self._idle.clear()
        for connection, _ in idle:
            connection.close()
        for connection in lent:
            cut(connection)

    def _open(self) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection
        if self._context is not None:
            connection = http.client.HTTPSConnection(
                self._host, self._port, timeout=self._connect_s, context=self._context
            )
        else:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=self._connect_s)
        try:
            connection.connect()
            self._trust.check(connection.sock)
            connection.sock.settimeout(self._read_s)
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            connection.close()
            raise
        return connection


def cut(connection: http.client.HTTPConnection) -> None:
    """End a connection under the hands of the thread that reads it."""
    sock = connection.sock
    if sock is None:
        return
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It has ended by itself meanwhile.
        return


def _quiet(connection: http.client.HTTPConnection) -> bool:
    """A connection on which something waits though nothing was asked has been closed by the other end."""
    if connection.sock is None:
        return False
    try:
        readable, _, _ = select.select([connection.sock], [], [], 0)
    except (OSError, ValueError):
        return False
    return not readable
