"""Search anywhere over HTTP."""

from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler

from vesal_server.kit.guard import EVERYONE
from vesal_server.kit.listing_api import Query
from vesal_server.kit.page import operation
from vesal_server.kit.services import Services
from vesal_server.scope import Caller
from vesal_server.search import service
from vesal_shared.messages.search import Hits


@operation("get", "/search", page=EVERYONE, summary="Search anywhere")
def search_anywhere(
    caller: NamedDependency[Caller], services: NamedDependency[Services], q: Query = ""
) -> Hits:
    """The first facilities, customers and letters that any of the caller's pages would show."""
    with services.database.transaction(read_only=True) as connection:
        return service.search(connection, caller, q)


HANDLERS: list[BaseRouteHandler] = [search_anywhere]
