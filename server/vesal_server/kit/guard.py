"""The guard of every operation.

No answer without a session, a page that is granted, and a changed password.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol, TypeVar

from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from vesal_shared import problems
from vesal_shared.problems import Refusal

#: Operations that need no session, and those that every user may use.
PUBLIC: Final = "public"
EVERYONE: Final = "everyone"

T = TypeVar("T")


class LookUp(Protocol):
    """Finds the session behind a token; `app.py` hands it to the guard."""

    def __call__(self, token: str, address: str, page: str, *, early: bool) -> Any:
        """Return the session, or raise Refusal where there is none or no group grants the page.

        `early`: the operation is allowed before a password that must be changed was changed.
        """
        ...


class Guard:
    """Lets a request through to an operation, or refuses it before anything of it is read."""

    def __init__(self, look_up: LookUp, address_of: Callable[[str, str | None], str]) -> None:
        self._look_up = look_up
        self._address_of = address_of

    async def __call__(
        self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        """Find the session that the token names and keep it for the operation."""
        page = handler.opt["page"]
        address = self.address(connection)
        connection.scope["state"]["address"] = address
        if page == PUBLIC:
            return
        token = bearer_token(connection.headers.get("authorization"))
        early = bool(handler.opt.get("before_password_change"))
        found = await sync_to_thread(self._look_up, token, address, page, early=early)
        connection.scope["state"]["session"] = found

    def address(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str:
        """The address of who asks, behind whatever proxies are trusted."""
        peer = connection.client.host if connection.client else ""
        return self._address_of(peer, connection.headers.get("x-forwarded-for"))


def bearer_token(header: str | None) -> str:
    """The token of an `Authorization: Bearer` header; refused where there is none."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refusal(problems.NOT_SIGNED_IN)
    return token.strip()


async def run_in(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    """Run slow work (a password's hash, an export) in a small pool of its own."""
    return await asyncio.get_running_loop().run_in_executor(pool, work)
