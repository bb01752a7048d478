"""What dispatch needs to know: the sending window, leases and pauses."""

from dataclasses import dataclass
from datetime import datetime, time

from vesal_server.kit.clock import TEHRAN


@dataclass(frozen=True, slots=True)
class Options:
    """Times in seconds. A call's time-out is shorter than the lease, which is checked when it is made."""

    lease_s: float = 60.0
    timeout_s: float = 20.0
    quiet_s: float = 30.0
    window_start: time = time(8)
    window_end: time = time(20)
    #: The first pause after a temporary refusal; it doubles each time, up to `longest_pause_s`.
    first_pause_s: float = 30.0
    longest_pause_s: float = 1800.0
    #: How long a stopped channel rests before one message is tried.
    probe_s: float = 60.0
    #: How long after a send, and between two questions, a delivery is asked about.
    report_first_s: float = 60.0
    report_longest_s: float = 7200.0

    def in_window(self, now: datetime) -> bool:
        """Whether messages may leave at this instant, by the clock in Tehran."""
        return self.window_start <= now.astimezone(TEHRAN).time() < self.window_end

    def pause(self, attempts: int) -> float:
        """Seconds to wait after the given number of refused attempts."""
        return min(self.longest_pause_s, self.first_pause_s * 2.0 ** min(30, max(0, attempts - 1)))

    def quiet(self, own: float | None) -> float:
        """Seconds before «never seen» is believed: the gateway's own, where it knows better."""
        return self.quiet_s if own is None else own
