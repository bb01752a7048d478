"""HTTP by granian inside this process: a listening socket of ours, an event loop in a thread, a clean stop."""

import asyncio
import logging
import os
import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.server.embed import Server

#: Connections that wait to be accepted.
BACKLOG = 1024
#: How long requests under way get at a stop.
STOP_S = 30
_START_S = 60.0


class ServingError(Exception):
    """The service can't listen; carries a Persian sentence."""


@dataclass(frozen=True, slots=True)
class Tls:
    """A certificate and its key, both PEM files as granian takes them (PKCS#8)."""

    certificate: Path
    key: Path


class Listener:
    """A listening socket, made before anything else, so that its port is known and a taken one is said."""

    def __init__(self, bound: socket.socket) -> None:
        self.host, self.port = bound.getsockname()[:2]
        self.descriptor = bound.detach()
        self.holder: Any = SocketHolder(self.descriptor, False, BACKLOG)  # type: ignore[call-arg]

    @classmethod
    def bind(cls, host: str, port: int) -> "Listener":
        """Listen on an address; port 0 takes any free one. Raises ServingError where that can't be."""
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            bound = socket.socket(family, kind, protocol)
            try:
                if os.name == "posix":
                    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                bound.bind(address)
                bound.listen(BACKLOG)
                bound.setblocking(False)
            except OSError:
                bound.close()
                raise
        except OSError as error:
            raise ServingError(f"روی {host}:{port} نمی‌توان گوش داد: {error.strerror}") from error
        return cls(bound)

    @classmethod
    def inherited(cls, descriptor: int) -> "Listener":
        """The listening socket that a parent process made and handed down."""
        return cls(socket.socket(fileno=descriptor))


class _Embedded(Server):
    """Granian's embedded server on a socket of ours, telling when it accepts."""

    def __init__(self, listener: Listener, **options: Any) -> None:
        super().__init__(address=listener.host, port=listener.port, **options)
        self._listener = listener

    def _init_shared_socket(self) -> None:
        self._shd = self._listener.holder
        self._sfd = self._listener.descriptor  # type: ignore[assignment]


class HttpServer:
    """Serves one ASGI application from a thread of this process."""

    def __init__(self, app: Any, listener: Listener, tls: Tls | None = None) -> None:
        self._listener = listener
        self._tls = tls
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: _Embedded | None = None
        self._app = app
        self._failure: BaseException | None = None
        self._ready = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="http", daemon=True)

    @property
    def url(self) -> str:
        """The address that clients use."""
        host = self._listener.host
        shown = "127.0.0.1" if host == "0.0.0.0" else f"[{host}]" if ":" in host else host  # noqa: S104
        return f"{'https' if self._tls else 'http'}://{shown}:{self._listener.port}"

    def start(self) -> None:
        """Begin to accept; returns once the application has started. Raises what it failed with."""
        self._thread.start()
        self._ready.wait(_START_S)
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Accept nothing more and let requests under way end."""
        if self._loop is not None and self._server is not None and not self._ended.is_set():
            self._loop.call_soon_threadsafe(self._server.stop)
        self._ended.wait(STOP_S)
        self._thread.join(STOP_S)

    @property
    def running(self) -> bool:
        """Whether it still serves."""
        return self._thread.is_alive() and not self._ended.is_set()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - handed to who started it
            self._failure = error
        finally:
            self._ended.set()
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._server = _Embedded(
            self._listener,
            target=_tells_when_started(self._app, self._ready),
            interface=Interfaces.ASGI,
            http=HTTPModes.auto,
            websockets=False,
            # A slow client may not hold a request's head for ever.
            http1_settings=HTTP1Settings(header_read_timeout=15_000),
            log_enabled=False,
            ssl_cert=self._tls.certificate if self._tls else None,
            ssl_key=self._tls.key if self._tls else None,
            ssl_protocol_min=SSLProtocols.tls12,
        )
        self._server.workers_kill_timeout = STOP_S
        # It says at every start that it is experimental; docs/decisions/004 says why it is taken.
        logging.getLogger("_granian").setLevel(logging.ERROR)
        await self._server.serve()


def _tells_when_started(app: Any, ready: threading.Event) -> Any:
    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return

        async def watched(message: Any) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                ready.set()

        await app(scope, receive, watched)

    return wrapped


def load_tls(certificate: Path | None, key: Path | None, data_dir: Path) -> Tls | None:
    """Check a certificate and its key; None where neither is given.

    A key in another form than PKCS#8 is written anew into the data folder, readable by its owner alone.
    Raises ServingError where one is missing, unreadable, or they don't belong together.
    """
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise ServingError("گواهی و کلید TLS باید با هم داده شوند.")
    try:
        found = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
        pem = key.read_bytes()
        private = load_pem_private_key(pem, None)
    except (OSError, ValueError, TypeError) as error:
        raise ServingError(f"گواهی یا کلید TLS خوانده نشد: {error}") from error
    public = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if found.public_key().public_bytes(*public) != private.public_key().public_bytes(*public):
        raise ServingError("کلید TLS به این گواهی تعلق ندارد.")
    if b"-----BEGIN PRIVATE KEY-----" in pem:
        return Tls(certificate, key)
    converted = data_dir / "tls-key.pem"
    fd = os.open(converted, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Tls(certificate, converted)
