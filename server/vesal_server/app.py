"""The HTTP API: the plain list of every term's operations, and what stands around them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any, Final

from litestar import Litestar, Router
from litestar.config.compression import CompressionConfig
from litestar.connection import ASGIConnection, Request
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency, Provide
from litestar.enums import OpenAPIMediaType
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from sqlalchemy.exc import DBAPIError

from vesal_server import migrations
from vesal_server.access import api as access
from vesal_server.access import sessions
from vesal_server.access.passwords import Hasher
from vesal_server.access.sessions import Session
from vesal_server.cases import api as cases
from vesal_server.cases import details_api
from vesal_server.cases.api import overdue_filter
from vesal_server.home import api as home
from vesal_server.kit import networks
from vesal_server.kit.clock import Clock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.guard import EVERYONE, PUBLIC, Guard
from vesal_server.kit.memory import Memory
from vesal_server.kit.page import operation
from vesal_server.kit.problems import on_bug, on_database_error, on_http_error, on_refusal
from vesal_server.kit.secrets import Secrets
from vesal_server.kit.services import Services
from vesal_server.letters.queue import api as letters
from vesal_server.letters.queue.api import letter_filter
from vesal_server.reports.data_reception import api as data_reception
from vesal_server.scope import Caller
from vesal_server.search import api as search
from vesal_shared import problems
from vesal_shared.messages.session import Health, Readiness
from vesal_shared.problems import Refusal

#: Every term's operations, under /api/v1.
OPERATIONS: Final[tuple[Sequence[BaseRouteHandler], ...]] = (
    access.HANDLERS,
    home.HANDLERS,
    cases.HANDLERS,
    details_api.HANDLERS,
    letters.HANDLERS,
    data_reception.HANDLERS,
    search.HANDLERS,
)

#: Threads for hashes of passwords, exports and uploads, which would starve the quick ones.
_SLOW_THREADS: Final = 3
#: The largest body; uploads have their own, smaller or larger, limit by a setting.
_LARGEST_BODY: Final = 2**31


@operation("get", "/health", page=PUBLIC, summary="Alive", threaded=False)
async def health() -> Health:
    """Say that the process is alive; touches neither a thread nor the database."""
    return Health(status="ok")


@operation("get", "/ready", page=PUBLIC, summary="Fit to serve")
def ready(services: NamedDependency[Services]) -> Readiness:
    """Say that database and schema are fit to serve, or refuse with 503."""
    with services.database.transaction(read_only=True) as connection:
        found = migrations.current(connection)
    if found is None or found != migrations.head():
        raise Refusal(problems.UNAVAILABLE, detail=problems.SCHEMA_OTHER.title)
    return Readiness(status="ready", revision=found)


@operation(
    "get",
    "/openapi.json",
    page=PUBLIC,
    summary="This document",
    media_type=OpenAPIMediaType.OPENAPI_JSON,
    threaded=False,
)
async def openapi(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Give out the description of the API."""
    found: dict[str, Any] = request.app.openapi_schema.to_schema()
    return found


def build(
    config: Config,
    database: Database,
    secrets: Secrets,
    clock: Clock,
    *,
    hasher: Hasher | None = None,
) -> Litestar:
    """The application over one process's objects.

    The pool of threads is as large as `config.threads`, so that no request in a thread ever waits for a
    connection; whoever comes beyond that waits in line. `hasher` is given by tests, which need no slow one.
    """
    threads = ThreadPoolExecutor(config.threads, thread_name_prefix="request")
    slow = ThreadPoolExecutor(_SLOW_THREADS, thread_name_prefix="slow")
    services = Services(config, database, clock, secrets, Memory(), slow)
    trusted = networks.parse(config.trusted_proxies)
    hashing = hasher or Hasher()

    def look_up(token: str, address: str, page: str, *, early: bool) -> Session:
        now = clock.now()
        with database.transaction(read_only=True) as connection:
            session = sessions.look_up(connection, now, token, address)
        if session.stale:
            with database.transaction() as connection:
                sessions.touch(connection, now, session)
        if session.caller.must_change_password and not early:
            raise Refusal(problems.MUST_CHANGE_PASSWORD)
        if page != EVERYONE and session.caller.scope_on(page) is None:
            raise Refusal(problems.PAGE_NOT_GRANTED)
        return session

    def address_of(peer: str, forwarded: str | None) -> str:
        return networks.client_address(peer, forwarded, trusted)

    guard = Guard(look_up, address_of)

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        # The framework runs synchronous handlers in the loop's default pool, which has six threads on two cores.
        asyncio.get_running_loop().set_default_executor(threads)
        yield
        threads.shutdown(wait=True, cancel_futures=True)
        slow.shutdown(wait=True, cancel_futures=True)

    return Litestar(
        route_handlers=[
            Router("/", route_handlers=[health, ready], guards=[guard]),
            Router(
                "/api/v1",
                route_handlers=[openapi, *(one for term in OPERATIONS for one in term)],
                guards=[guard],
            ),
        ],
        dependencies={
            "services": Provide(lambda: services, sync_to_thread=False),
            "hasher": Provide(lambda: hashing, sync_to_thread=False),
            "session": Provide(_session, sync_to_thread=False),
            "caller": Provide(_caller, sync_to_thread=False),
            "wanted": Provide(overdue_filter, sync_to_thread=False),
            "letters_wanted": Provide(letter_filter, sync_to_thread=False),
            "address": Provide(_address, sync_to_thread=False),
        },
        exception_handlers={
            Refusal: on_refusal,
            HTTPException: on_http_error,
            DBAPIError: on_database_error,
            Exception: on_bug,
        },
        openapi_config=OpenAPIConfig(
            title="Vesal",
            version=version("vesal-server"),
            description="The API of Vesal. Errors are RFC 9457 problem details; `x-page` names the page that "
            "grants an operation.",
            components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
            # Our own operation gives the document out; the framework's pages stay shut.
            openapi_router=Router("/docs", route_handlers=[], guards=[_shut], include_in_schema=False),
            render_plugins=[JsonRenderPlugin()],
        ),
        compression_config=CompressionConfig(backend="gzip", minimum_size=2_000, gzip_compress_level=1),
        lifespan=[lifespan],
        # What the API answers is somebody's data: no proxy and no cache keeps it, no browser guesses at it.
        response_headers=[
            ResponseHeader(name="Cache-Control", value="no-store", documentation_only=False),
            ResponseHeader(name="X-Content-Type-Options", value="nosniff", documentation_only=False),
        ],
        request_max_body_size=_LARGEST_BODY,
        # Bugs are logged by our own handler, once, without what was sent.
        logging_config=None,
        debug=False,
    )


async def _shut(_connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    raise Refusal(problems.NOT_FOUND)


def _session(request: Request[Any, Any, Any]) -> Session:
    found: Session = request.scope["state"]["session"]
    return found


def _caller(request: Request[Any, Any, Any]) -> Caller:
    return _session(request).caller


def _address(request: Request[Any, Any, Any]) -> str:
    return str(request.scope["state"]["address"])
