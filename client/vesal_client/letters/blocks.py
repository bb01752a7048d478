"""The parts of a letter's flow as rows: addressee, paragraphs, tables, closing."""

from collections.abc import Sequence

from vesal_client.letters import grid
from vesal_client.letters.breaking import Line, lines, ragged
from vesal_client.letters.flow import Row
from vesal_client.letters.sheet import MM, Sheet
from vesal_client.letters.words import Style, Typesetter


def text_rows(
    found: Sequence[Line], style: Style, *, pitch: float, baseline: float, gap: float, x: float = grid.RIGHT
) -> list[Row]:
    """Return lines as rows: `pitch` from one to the next, `baseline` below each row's top."""

    def row(line: Line, above: float, *, breakable: bool) -> Row:
        return Row(pitch, lambda sheet, y: sheet.line(x, y + baseline, line, style), above, breakable)

    last = len(found) - 1
    # At least two lines stand on either side of a break.
    return [row(line, 0.0 if i else gap, breakable=i == 0 or 2 <= i < last) for i, line in enumerate(found)]


def paragraph(setter: Typesetter, text: str, size: float, leading: float, gap: float) -> list[Row]:
    """Return the rows of a justified paragraph of running text; `leading` in points."""
    style = grid.body(size)
    found = lines(setter, text, style.weight, size, grid.MEASURE)
    pitch = leading / MM
    return text_rows(found, style, pitch=pitch, baseline=pitch * 0.7 + 0.34, gap=gap)


def heading(
    setter: Typesetter, text: str, style: Style, *, pitch: float, baseline: float, gap: float
) -> list[Row]:
    """Return the rows of a heading, an address, a salutation: ragged, never parted from what follows."""
    rows = text_rows(
        ragged(setter, text, style.weight, style.size, grid.MEASURE),
        style,
        pitch=pitch,
        baseline=baseline,
        gap=gap,
    )
    for row in rows:
        row.breakable = False
    return rows


def stack(rows: Sequence[Row]) -> Row:
    """Return rows as one row that is never parted."""

    def draw(sheet: Sheet, y: float) -> None:
        for index, row in enumerate(rows):
            y += row.gap if index else 0.0
            row.draw(sheet, y)
            y += row.height

    height = sum(row.height for row in rows) + sum(row.gap for row in rows[1:])
    return Row(height, draw, rows[0].gap, rows[0].breakable)
