"""How long log-in rests after failures: growing with each, by user and by address."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: Failures that cost nothing, by user since the last success, and by address in the last quarter of an hour.
_FREE_BY_USER: Final = 5
_FREE_BY_ADDRESS: Final = 50
_FIRST_S: Final = 5
_LONGEST_S: Final = 900
#: How far back failures are counted.
USER_MEMORY: Final = timedelta(hours=24)
ADDRESS_MEMORY: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed log-ins as counted: how many, and when the last one was.

    `known_here`: the user has logged in from this address before; then the failures of others there do not
    keep them out.
    """

    by_user: int
    last_by_user: datetime | None
    by_address: int
    last_by_address: datetime | None
    known_here: bool


def seconds_left(failures: Failures, now: datetime) -> int:
    """For how many seconds more nobody may try; 0: go on."""
    ends = [_end(failures.by_user - _FREE_BY_USER, failures.last_by_user)]
    if not failures.known_here:
        ends.append(_end((failures.by_address - _FREE_BY_ADDRESS) // 5, failures.last_by_address))
    left = max(((end - now).total_seconds() for end in ends if end is not None), default=0.0)
    return max(0, -int(-left // 1))


def _end(beyond: int, last: datetime | None) -> datetime | None:
    if beyond < 0 or last is None:
        return None
    # The exponent is held down, or years of failures would make a number of astronomers.
    return last + timedelta(seconds=min(_FIRST_S * 2 ** min(beyond, 10), _LONGEST_S))
