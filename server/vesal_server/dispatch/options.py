"""What dispatch needs to know: the sending window, leases and pauses."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from vesal_server.kit.clock import TEHRAN

#: By how much the clocks of two servers may differ.
CLOCK_MARGIN = timedelta(minutes=5)


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
    #: «Never seen» is not believed later than this after the first try, nor later than the gateway remembers.
    lookup: timedelta = timedelta(hours=48)
    #: From how many calls in a row without an answer a worker pauses, growing from one second.
    silent_calls: int = 3
    longest_silence_s: float = 60.0
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

    def silence(self, calls: int) -> float:
        """Seconds to claim nothing after so many calls in a row that brought no answer."""
        over = calls - self.silent_calls
        return min(self.longest_silence_s, 2.0 ** min(30, over)) if over >= 0 else 0.0

    def too_late(self, first_try_at: datetime, remembers: timedelta, now: datetime) -> bool:
        """Whether the gateway may have forgotten by now; servers' clocks may differ by the margin."""
        return first_try_at + min(remembers, self.lookup) - CLOCK_MARGIN < now

    def quiet(self, own: float | None) -> float:
        """Seconds before «never seen» is believed: the gateway's own, where it knows better."""
        return self.quiet_s if own is None else own
