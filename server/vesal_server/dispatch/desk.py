"""What a worker has at hand, and how it writes down what became of messages."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Semaphore

from sqlalchemy import Connection

from vesal_server.dispatch import queries
from vesal_server.dispatch.options import Options
from vesal_server.dispatch.queries import Settlement
from vesal_server.gateways.base import Gateway
from vesal_server.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class StopSigns:
    """Whom a worker tells that its channel stopped, and that it goes on: (channel, code, text)."""

    stopped: Callable[[str, str, str], None]
    mended: Callable[[str], None]
    #: A message whose fate a person has to find out, or a gateway that takes us wrong or is silent.
    trouble: Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """One worker's session and tools; the session's life proves that the worker lives."""

    session: Connection
    owner: str
    channel: str
    gateway: Gateway
    options: Options
    clock: Clock
    signs: StopSigns
    #: As many calls as the gateway takes at once; workers beyond them claim and settle meanwhile.
    slots: Semaphore
    #: Whether the server is to send nothing more.
    ending: Callable[[], bool] = lambda: False
    #: How many messages this worker brought to each status.
    tally: Counter[str] = field(default_factory=Counter)

    @property
    def quiet_s(self) -> float:
        """Seconds after a call's end before «never seen» is believed."""
        return self.options.quiet(self.gateway.features.quiet_s)

    def write(self, settled: Sequence[Settlement], now: datetime) -> None:
        """Settle held messages of one day, and count those that were still ours to settle."""
        self.tally.update(
            queries.settle(self.session, settled, owner=self.owner, now=now, quiet_s=self.quiet_s)
        )

    def first_report(self, now: datetime) -> datetime | None:
        """When a delivery is asked about first; None where the gateway reports none."""
        if self.gateway.features.reports is None:
            return None
        return now + timedelta(seconds=self.options.report_first_s)
