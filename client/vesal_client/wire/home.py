"""The home page and the alerts."""

from vesal_client.wire.http import Http
from vesal_shared.messages.alerts import Alert
from vesal_shared.messages.home import Home
from vesal_shared.messages.lists import Page
from vesal_shared.messages.overdue_cases import OverdueCase


class HomeWire:
    """What the home page and the bell show."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def home(self) -> Home:
        """Figures, buckets, open work, announcements, alerts."""
        return self._http.get("/home", Home)

    def cases(self, size: int) -> Page[OverdueCase]:
        """The overdue facilities that the case settings want on the home page, the first ones."""
        return self._http.get("/home/cases", Page[OverdueCase], {"size": size})

    def alerts(self) -> Page[Alert]:
        """The alerts that are open."""
        return self._http.get("/alerts", Page[Alert], {"size": 50})
