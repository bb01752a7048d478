"""A facility's details over HTTP: the same four operations under each page that opens them, in its scope."""

from datetime import date
from typing import Annotated, Final

from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromQuery, PathParameter, QueryParameter

from vesal_server.cases import details
from vesal_server.kit.listing import Ask
from vesal_server.kit.listing_api import PageNumber, PageSize, Query
from vesal_server.kit.page import operation
from vesal_server.kit.services import Services
from vesal_server.scope import Caller, reach
from vesal_shared.messages.facilities import (
    Channel,
    Facility,
    FacilityNotification,
    Guarantor,
    TimelineEntry,
)
from vesal_shared.messages.lists import Page

LoanNo = Annotated[str, PathParameter(description="The loan number", max_length=100)]
Sort = Annotated[str, QueryParameter(description="A column's key; with - it falls", max_length=50)]


def details_of(page_code: str, prefix: str) -> list[BaseRouteHandler]:
    """The details of a facility under one page's path, with that page's scope."""

    @operation("get", prefix + "/{loan_no:str}", page=page_code, summary="A facility", errors=(404,))
    def facility(
        caller: NamedDependency[Caller], services: NamedDependency[Services], loan_no: LoanNo
    ) -> Facility:
        """The facility with its borrower and what is open about it."""
        with services.database.transaction(read_only=True, repeatable=True) as connection:
            return details.facility(connection, reach(caller, page_code), loan_no, services.clock.today())

    @operation(
        "get", prefix + "/{loan_no:str}/guarantors", page=page_code, summary="Its guarantors", errors=(404,)
    )
    def guarantors(
        caller: NamedDependency[Caller],
        services: NamedDependency[Services],
        loan_no: LoanNo,
        q: Query = "",
        sort: Sort = "",
        page: PageNumber = 1,
        size: PageSize = 50,
    ) -> Page[Guarantor]:
        """Those who guarantee it now first, then those who did."""
        with services.database.transaction(read_only=True) as connection:
            return details.guarantors(connection, reach(caller, page_code), loan_no, Ask(sort, page, size), q)

    @operation(
        "get",
        prefix + "/{loan_no:str}/notifications",
        page=page_code,
        summary="Its notifications",
        errors=(404,),
    )
    def notifications(
        caller: NamedDependency[Caller],
        services: NamedDependency[Services],
        loan_no: LoanNo,
        q: Query = "",
        sort: Sort = "",
        page: PageNumber = 1,
        size: PageSize = 50,
        date_from: FromQuery[date | None] = None,
        date_to: FromQuery[date | None] = None,
        channel: FromQuery[Channel | None] = None,
    ) -> Page[FacilityNotification]:
        """Messages, calls and letters about it, the newest first."""
        with services.database.transaction(read_only=True) as connection:
            return details.notifications(
                connection,
                reach(caller, page_code),
                loan_no,
                Ask(sort, page, size),
                q,
                first=date_from,
                last=date_to,
                channel=channel,
            )

    @operation(
        "get",
        prefix + "/{loan_no:str}/timeline",
        page=page_code,
        summary="All that happened to it",
        errors=(404,),
    )
    def timeline(
        caller: NamedDependency[Caller],
        services: NamedDependency[Services],
        loan_no: LoanNo,
        q: Query = "",
        sort: Sort = "",
        page: PageNumber = 1,
        size: PageSize = 50,
    ) -> Page[TimelineEntry]:
        """Everything that happened to the facility, the newest first."""
        with services.database.transaction(read_only=True) as connection:
            return details.happened(connection, reach(caller, page_code), loan_no, Ask(sort, page, size), q)

    return [facility, guarantors, notifications, timeline]


HANDLERS: Final[list[BaseRouteHandler]] = [
    *details_of("overdue_cases", "/overdue-cases"),
    *details_of("print_queue", "/letters/facilities"),
]
