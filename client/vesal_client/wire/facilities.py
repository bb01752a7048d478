"""A facility's details over HTTP, under the path of the page that shows it and in that page's scope."""

import datetime as dt

from vesal_client.wire.http import Http, Value, segment
from vesal_shared.messages.facilities import (
    Facility,
    FacilityNotification,
    Guarantor,
    TimelineEntry,
)
from vesal_shared.messages.lists import Page


class Facilities:
    """Reads the details of facilities; blocks, so call it from a query."""

    def __init__(self, http: Http, path: str) -> None:
        """`path` is the page's, as `/overdue-cases`."""
        self._http = http
        self._path = path

    def facility(self, loan_no: str) -> Facility:
        """The facility with its borrower as they stand now."""
        return self._http.get(self._of(loan_no), Facility)

    def guarantors(self, loan_no: str, page: int, size: int) -> Page[Guarantor]:
        """A page of its guarantors, those of now first."""
        where: dict[str, Value] = {"page": page, "size": size}
        return self._http.get(self._of(loan_no) + "/guarantors", Page[Guarantor], where)

    def notifications(
        self,
        loan_no: str,
        page: int,
        size: int,
        *,
        channel: str = "",
        first: dt.date | None = None,
        last: dt.date | None = None,
    ) -> Page[FacilityNotification]:
        """A page of what was sent about it, the newest first."""
        where: dict[str, Value] = {
            "channel": channel,
            "date_from": first,
            "date_to": last,
            "page": page,
            "size": size,
        }
        return self._http.get(self._of(loan_no) + "/notifications", Page[FacilityNotification], where)

    def timeline(self, loan_no: str, page: int, size: int) -> Page[TimelineEntry]:
        """A page of what happened to it, the newest first."""
        where: dict[str, Value] = {"page": page, "size": size}
        return self._http.get(self._of(loan_no) + "/timeline", Page[TimelineEntry], where)

    def _of(self, loan_no: str) -> str:
        return f"{self._path}/{segment(loan_no)}"
