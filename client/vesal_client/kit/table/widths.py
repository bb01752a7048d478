"""How wide columns are: as wide as their content, stretched or narrowed together to the width there is."""

from collections.abc import Sequence
from dataclasses import dataclass

# Of room to spare, words take more than numbers do: numbers that drift apart from their heads read worse.
_WORDS_SHARE = 4
_NUMBERS_SHARE = 1


@dataclass(frozen=True, slots=True)
class Want:
    """What a column wants, in logical pixels: its natural width, the least it bears, and whether it may shrink.

    `chosen` is the width that the user gave it by hand; it is kept as it is.
    """

    natural: int
    least: int
    words: bool
    chosen: int | None = None


def fitted(wants: Sequence[Want], available: int) -> list[int]:
    """Share out the available width; the sum exceeds it only where all columns are at their least."""
    widths = [want.natural if want.chosen is None else max(want.chosen, 24) for want in wants]
    room = available - sum(widths)
    free = [place for place, want in enumerate(wants) if want.chosen is None]
    if room > 0 and free:
        shares = {place: _WORDS_SHARE if wants[place].words else _NUMBERS_SHARE for place in free}
        _spread(widths, room, shares)
    elif room < 0:
        spare = {place: widths[place] - wants[place].least for place in free}
        total = sum(spare.values())
        if total > 0:
            _spread(widths, max(room, -total), spare)
    return widths


def _spread(widths: list[int], room: int, shares: dict[int, int]) -> None:
    """Add (or take) room in proportion to the shares, to the last pixel."""
    total = sum(shares.values())
    given = taken = 0
    for place, share in shares.items():
        given += share
        upto = room * given // total if room > 0 else -((-room * given) // total)
        widths[place] += upto - taken
        taken = upto
