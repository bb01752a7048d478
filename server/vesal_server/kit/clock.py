"""What time it is: every module is handed a clock, so that `plan --on` and `dispatch --at` work."""

import sys
import time as machine
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

TEHRAN = ZoneInfo("Asia/Tehran")


def steady() -> float:
    """Seconds that run on while the process is stopped or the machine sleeps, where the system can say so."""
    if sys.platform == "win32":
        return machine.monotonic()
    boot: int | None = getattr(machine, "CLOCK_BOOTTIME", None)
    return machine.monotonic() if boot is None else machine.clock_gettime(boot)


class Clock(Protocol):
    """Tells the present."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """The present day in Asia/Tehran."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The present day in Asia/Tehran."""
        return tehran_day(self.now())


class FixedClock:
    """A clock that stands at one instant until it is moved."""

    def __init__(self, instant: datetime) -> None:
        self._instant = _aware(instant)

    def now(self) -> datetime:
        """The instant at which the clock stands, in UTC."""
        return self._instant

    def today(self) -> date:
        """The day of that instant in Asia/Tehran."""
        return tehran_day(self._instant)

    def move(self, step: timedelta) -> None:
        """Let `step` pass."""
        self._instant += step

    def set(self, instant: datetime) -> None:
        """Stand at another instant."""
        self._instant = _aware(instant)


class ShiftedClock:
    """A clock that reads `instant` when it is made and runs on from there."""

    def __init__(self, instant: datetime, base: Clock | None = None) -> None:
        self._base = base or SystemClock()
        self._shift = _aware(instant) - self._base.now()

    def now(self) -> datetime:
        """The shifted present, aware, in UTC."""
        return self._base.now() + self._shift

    def today(self) -> date:
        """The shifted present's day in Asia/Tehran."""
        return tehran_day(self.now())


def tehran_day(instant: datetime) -> date:
    """The calendar day of an aware instant in Asia/Tehran."""
    return _aware(instant).astimezone(TEHRAN).date()


def tehran_instant(day: date, at: time = time(0)) -> datetime:
    """The instant, in UTC, at which a clock in Tehran shows `at` on `day`."""
    return datetime.combine(day, at, TEHRAN).astimezone(UTC)


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(UTC)
