"""گزارش دریافت اطلاعات over HTTP, with the upload of a feed."""

from pathlib import Path
from typing import BinaryIO

from vesal_client.wire.http import Http, Stop, Tell
from vesal_shared.messages.data_reception import (
    IntakeResult,
    Reception,
    ReceptionDetails,
    SetAsideRow,
)
from vesal_shared.messages.lists import Page

PATH = "/data-reception"

Parameters = tuple[tuple[str, str], ...]


class DataReception:
    """Reads the report and uploads feeds; blocks, so call it from a query or a command."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def page(self, where: Parameters, page: int, size: int) -> Page[Reception]:
        """A page of the report."""
        return self._http.get(PATH, Page[Reception], [*where, ("page", str(page)), ("size", str(size))])

    def excel(self, where: Parameters, into: BinaryIO, tell: Tell, stop: Stop) -> None:
        """Write all that search and filters leave into an .xlsx file."""
        self._http.download(f"{PATH}/excel", into, query=where, tell=tell, stop=stop)

    def details(self, arrival: int) -> ReceptionDetails:
        """A row of the report with each of its tries."""
        return self._http.get(f"{PATH}/{arrival}", ReceptionDetails)

    def set_aside(self, arrival: int, where: Parameters, page: int, size: int) -> Page[SetAsideRow]:
        """A page of the rows that a try set aside."""
        parameters = [*where, ("page", str(page)), ("size", str(size))]
        return self._http.get(f"{PATH}/{arrival}/set-aside", Page[SetAsideRow], parameters)

    def set_aside_excel(self, arrival: int, into: BinaryIO, tell: Tell, stop: Stop) -> None:
        """Write all rows that a try set aside into an .xlsx file."""
        self._http.download(f"{PATH}/{arrival}/set-aside/excel", into, tell=tell, stop=stop)

    def upload(self, feed: Path, tell: Tell, stop: Stop, *, force: bool = False) -> IntakeResult:
        """Send a feed (.zip) to be taken in; `force` lifts the rule against truncated feeds."""
        return self._http.upload(
            PATH, feed, IntakeResult, field="file", query={"force": force}, tell=tell, stop=stop
        )
