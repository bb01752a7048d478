"""The age classes of overdue facilities, as the settings cut them."""

from collections.abc import Sequence
from dataclasses import dataclass

from vesal_server.settings import Settings
from vesal_shared.labels import BUCKETS


@dataclass(frozen=True, slots=True)
class Bucket:
    """One class: from so many overdue days to so many, both inclusive; the last has no end."""

    code: str
    title: str
    from_days: int
    to_days: int | None


def buckets(settings: Settings) -> list[Bucket]:
    """The classes, the youngest first; the first takes 0 days in as well.

    Three bounds cut four classes; a bank with fewer or more bounds has as many classes as they cut.
    """
    bounds = [int(bound) for bound in settings.items("cases.buckets")]
    starts = [1, *(bound + 1 for bound in bounds)]
    ends: list[int | None] = [*bounds, None]
    return [
        Bucket(*_name(place, len(starts)), start, end)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def bucket_of(days: int, classes: Sequence[Bucket]) -> Bucket:
    """The class of a number of overdue days."""
    return next(one for one in classes if one.to_days is None or days <= one.to_days)


def _name(place: int, count: int) -> tuple[str, str]:
    if count == len(BUCKETS):
        return BUCKETS[place]
    return f"class_{place + 1}", f"طبقه {place + 1}"
