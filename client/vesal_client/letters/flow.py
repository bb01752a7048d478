"""A letter's flow: rows from the top down, and where its pages break."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vesal_client.letters.sheet import Sheet

Draw = Callable[[Sheet, float], None]


@dataclass(slots=True)
class Row:
    """A strip of the flow: `draw(sheet, y)` draws it with its top at y; heights and gaps in mm."""

    height: float
    draw: Draw
    #: Space above it, unless it begins a page.
    gap: float = 0.0
    #: A page may begin with it.
    breakable: bool = True
    #: What is drawn above it again where a page begins with it (a table's head).
    head: "Row | None" = None


@dataclass(frozen=True, slots=True)
class Frame:
    """The heights that a page has for the flow: top of the first and of later pages, bottom, bottom of the last."""

    first_top: float
    later_top: float
    bottom: float
    last_bottom: float


def paginate(rows: Sequence[Row], frame: Frame) -> list[list[tuple[float, Row]]]:
    """Return each page's rows with their tops: pages as full as the breaking rules let them be."""
    pages: list[list[tuple[float, Row]]] = []
    start = 0
    while start < len(rows):
        top = frame.first_top if not pages else frame.later_top
        placed = _placed(rows, start, top)
        if placed[-1][0] + placed[-1][1].height <= frame.last_bottom + 0.01:
            pages.append(placed)
            break
        end = _break(rows, start, placed, frame.bottom)
        pages.append(placed[: len(placed) - (len(rows) - end)])
        start = end
    return pages


def _placed(rows: Sequence[Row], start: int, top: float) -> list[tuple[float, Row]]:
    placed = []
    y = top
    head = rows[start].head
    if head is not None and head is not rows[start]:
        placed.append((y, head))
        y += head.height
    for index in range(start, len(rows)):
        row = rows[index]
        y += row.gap if index > start else 0.0
        placed.append((y, row))
        y += row.height
    return placed


def _break(rows: Sequence[Row], start: int, placed: list[tuple[float, Row]], bottom: float) -> int:
    """Return the row that the next page begins with: the last allowed one whose predecessors all fit."""
    shift = len(placed) - (len(rows) - start)
    fitting = start
    for index in range(start, len(rows)):
        y, row = placed[index - start + shift]
        if y + row.height > bottom + 0.01:
            break
        fitting = index + 1
    # At least something moves on, or the last page would be this one.
    fitting = min(fitting, len(rows) - 1)
    for index in range(fitting, start, -1):
        if rows[index].breakable:
            return index
    # Nothing here may be parted, and it does not fit: part it all the same rather than draw over the foot.
    return max(fitting, start + 1)
