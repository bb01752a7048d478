"""The home page, the status line, and the alerts over HTTP."""

from importlib.metadata import version
from typing import Annotated, Final

from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromQuery, QueryParameter

from vesal_server.alerts import service as alerts
from vesal_server.cases.overdue import OVERDUE
from vesal_server.home import service
from vesal_server.kit.guard import EVERYONE
from vesal_server.kit.listing import Ask
from vesal_server.kit.listing_api import PageNumber, PageSize, Query, sort_parameter
from vesal_server.kit.page import operation
from vesal_server.kit.services import Services
from vesal_server.kit.small_list import small_page
from vesal_server.scope import Caller
from vesal_shared.messages.alerts import Alert
from vesal_shared.messages.home import Home
from vesal_shared.messages.lists import Page
from vesal_shared.messages.overdue_cases import OverdueCase
from vesal_shared.messages.session import ServiceStatus

Sort = Annotated[str, sort_parameter(OVERDUE)]
AlertSort = Annotated[str, QueryParameter(description="A column's key; with - it falls", max_length=50)]
_ALERTS_SHOWN: Final = 500


@operation("get", "/home", page="home", summary="The home page")
def home(caller: NamedDependency[Caller], services: NamedDependency[Services]) -> Home:
    """Figures, age buckets, open work, announcements, void letters and alerts of the caller's scope."""
    with services.database.transaction(read_only=True, repeatable=True) as connection:
        return service.home(connection, services.memory, caller, services.clock.now(), services.clock.today())


@operation("get", "/home/cases", page="home", summary="Overdue facilities that fill the home page")
def home_cases(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    q: Query = "",
    sort: Sort = OVERDUE.default,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> Page[OverdueCase]:
    """Those in the range and from the amount that the case settings name, in the caller's scope."""
    with services.database.transaction(read_only=True, repeatable=True) as connection:
        return service.cases_to_watch(
            connection, services.memory, caller, Ask(sort, page, size), q, services.clock.today()
        )


@operation("get", "/status", page=EVERYONE, summary="What the status line and the menu show")
def status(caller: NamedDependency[Caller], services: NamedDependency[Services]) -> ServiceStatus:
    """The service's clock, the last feed, the menu's counts, how many alerts are open."""
    with services.database.transaction(read_only=True) as connection:
        return service.status(connection, caller, services.clock.now(), version("vesal-server"))


@operation("get", "/alerts", page=EVERYONE, summary="Alerts")
def list_alerts(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    q: Query = "",
    sort: AlertSort = "",
    page: PageNumber = 1,
    size: PageSize = 50,
    resolved: FromQuery[bool] = False,
) -> Page[Alert]:
    """The alerts on whose page the caller sees the whole bank, open ones first; closed ones where asked for."""
    with services.database.transaction(read_only=True) as connection:
        found = alerts.visible(connection, caller, resolved=resolved, limit=_ALERTS_SHOWN)
    columns = {
        "title": lambda one: one.title,
        "severity": lambda one: one.severity,
        "kind": lambda one: one.kind,
        "raised_at": lambda one: one.raised_at,
        "last_at": lambda one: one.last_at,
        "count": lambda one: one.count,
    }
    return small_page(found, columns, Ask(sort, page, size), q)


HANDLERS: list[BaseRouteHandler] = [home, home_cases, status, list_alerts]
