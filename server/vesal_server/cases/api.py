"""پرونده‌های معوق over HTTP."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from litestar import Response
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromQuery, QueryParameter

from vesal_server.cases import overdue
from vesal_server.cases.filters import OverdueFilter
from vesal_server.cases.overdue import OVERDUE
from vesal_server.kit.guard import run_in
from vesal_server.kit.listing import Ask
from vesal_server.kit.listing_api import OptionalNumber, PageNumber, PageSize, Query, sort_parameter, xlsx
from vesal_server.kit.page import XLSX, operation
from vesal_server.kit.services import Services
from vesal_server.scope import Caller, reach
from vesal_shared.messages.lists import Page
from vesal_shared.messages.overdue_cases import OverdueCase, OverdueFilters

PAGE: Final = "overdue_cases"

Sort = Annotated[str, sort_parameter(OVERDUE)]
Codes = Annotated[list[str] | None, QueryParameter(max_items=200)]
PromiseFilter = Literal["open", "kept", "broken", "replaced", "none"]


def overdue_filter(
    branch: Codes = None,
    province: FromQuery[str | None] = None,
    loan_type: Codes = None,
    bucket: Codes = None,
    days_from: OptionalNumber = None,
    days_to: OptionalNumber = None,
    installments_from: OptionalNumber = None,
    installments_to: OptionalNumber = None,
    amount_from: OptionalNumber = None,
    amount_to: OptionalNumber = None,
    loan_no: Codes = None,
    customer_no: FromQuery[str | None] = None,
    expert: OptionalNumber = None,
    promise: FromQuery[PromiseFilter | None] = None,
    contacted_before: FromQuery[date | None] = None,
    on_hold: FromQuery[bool | None] = None,
) -> OverdueFilter:
    """Read the list's filters from the query string.

    Branch, loan_type, bucket and loan_no may be given several times.
    """
    return OverdueFilter(
        branch=tuple(sorted(set(branch or ()))),
        province=province,
        loan_type=tuple(sorted(set(loan_type or ()))),
        bucket=tuple(sorted(set(bucket or ()))),
        days_from=days_from,
        days_to=days_to,
        installments_from=installments_from,
        installments_to=installments_to,
        amount_from=amount_from,
        amount_to=amount_to,
        loan_no=tuple(sorted(set(loan_no or ()))),
        customer_no=customer_no,
        expert=expert,
        promise=promise,
        contacted_before=contacted_before,
        on_hold=on_hold,
    )


@operation("get", "/overdue-cases", page=PAGE, summary="Overdue cases, a page")
def list_overdue(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    wanted: NamedDependency[OverdueFilter],
    q: Query = "",
    sort: Sort = OVERDUE.default,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> Page[OverdueCase]:
    """All open episodes in the caller's scope."""
    with services.database.transaction(read_only=True, repeatable=True) as connection:
        return overdue.page(
            connection,
            services.memory,
            reach(caller, PAGE),
            Ask(sort, page, size),
            q,
            wanted,
            services.clock.today(),
        )


@operation("get", "/overdue-cases/filters", page=PAGE, summary="What the filters may be set to")
def overdue_filters(caller: NamedDependency[Caller], services: NamedDependency[Services]) -> OverdueFilters:
    """Branches, provinces, loan types, classes and experts of the caller's scope."""
    with services.database.transaction(read_only=True) as connection:
        return overdue.choices(connection, reach(caller, PAGE))


@operation(
    "get",
    "/overdue-cases/excel",
    page=PAGE,
    summary="Overdue cases as Excel",
    errors=(422, 429),
    threaded=False,
    media_type=XLSX,
)
async def overdue_excel(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    wanted: NamedDependency[OverdueFilter],
    q: Query = "",
    sort: Sort = OVERDUE.default,
) -> Response[Any]:
    """Everything that search and filters leave, in the list's order."""

    def work() -> Response[Any]:
        with services.database.transaction(read_only=True, repeatable=True) as connection:
            return xlsx(
                "overdue-cases.xlsx",
                lambda path: overdue.export(
                    connection,
                    services.memory,
                    reach(caller, PAGE),
                    sort,
                    q,
                    wanted,
                    services.clock.today(),
                    path,
                ),
            )

    return await run_in(services.slow, work)


HANDLERS: list[BaseRouteHandler] = [list_overdue, overdue_filters, overdue_excel]
