"""Where a facility's details come from; each page that shows facilities reads them under its own path."""

import datetime as dt
from typing import Protocol

from vesal_shared.messages.facilities import (
    Facility,
    FacilityNotification,
    Guarantor,
    TimelineEntry,
)
from vesal_shared.messages.lists import Page


class FacilityReader(Protocol):
    """Asks the server, outside the GUI thread; raises what the wire raises."""

    def facility(self, loan_no: str) -> Facility:
        """The facility with its borrower as they stand now."""
        ...

    def guarantors(self, loan_no: str, page: int, size: int) -> Page[Guarantor]:
        """A page of its guarantors, those of now first."""
        ...

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
        """A page of what was sent about it, the newest first; between two days, by one channel."""
        ...

    def timeline(self, loan_no: str, page: int, size: int) -> Page[TimelineEntry]:
        """A page of what happened to it, the newest first."""
        ...
