"""پرونده‌های معوق over HTTP."""

from typing import BinaryIO

from vesal_client.wire.facilities import Facilities
from vesal_client.wire.http import Http, Stop, Tell
from vesal_shared.messages.lists import Page
from vesal_shared.messages.overdue_cases import OverdueCase, OverdueFilters

PATH = "/overdue-cases"

Parameters = tuple[tuple[str, str], ...]


class OverdueCases(Facilities):
    """Reads the overdue list and what hangs on it; blocks, so call it from a query."""

    def __init__(self, http: Http) -> None:
        super().__init__(http, PATH)

    def page(self, where: Parameters, page: int, size: int) -> Page[OverdueCase]:
        """A page of the list; `where` are search, sort and filters as the server names them."""
        return self._http.get(PATH, Page[OverdueCase], [*where, ("page", str(page)), ("size", str(size))])

    def filters(self) -> OverdueFilters:
        """What the filters may be set to, in the caller's scope."""
        return self._http.get(f"{PATH}/filters", OverdueFilters)

    def excel(self, where: Parameters, into: BinaryIO, tell: Tell, stop: Stop) -> None:
        """Write all that search and filters leave into an .xlsx file."""
        self._http.download(f"{PATH}/excel", into, query=where, tell=tell, stop=stop)
