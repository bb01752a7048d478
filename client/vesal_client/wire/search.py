"""Search anywhere."""

from vesal_client.wire.http import Http
from vesal_shared.messages.search import Hits


class SearchWire:
    """The first hits over all that the caller's pages would show."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def hits(self, typed: str) -> Hits:
        """What is found by a part of a number or a name."""
        return self._http.get("/search", Hits, {"q": typed})
