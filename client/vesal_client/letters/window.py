"""The address for an envelope with a window, its sender, and where to fold.

A DL envelope, 220 × 110 mm, has its window of 90 × 45 mm 20 mm from the left and 15 mm from the bottom. However
the folded sheet slips, x 20-100, y 50-90 is seen and nothing beyond x 10-110, y 45-95: there stand title, name and
address alone, and nothing of the debt.
"""

from vesal_client.letters import grid
from vesal_client.letters.breaking import Line, ragged
from vesal_client.letters.sheet import MM, Sheet
from vesal_client.letters.words import Style
from vesal_shared.letter_content import LetterContent

#: Where the flow goes on below the window.
FLOW_TOP = 96.0

_RIGHT, _LEFT, _TOP, _BOTTOM = 94.0, 24.0, 57.06, 82.5
_SENDER_WIDTH = 57.0
_SIZES = (1.0, 0.92, 0.84, 0.76, 0.68, 0.6)
_FOLDS = (105.0, 210.0)


def draw_window(sheet: Sheet, content: LetterContent) -> None:
    """Draw the address within what is always seen, smaller if it is long; the sender, and fold marks."""
    y = _TOP
    for line, style, pitch in _address(sheet, content):
        sheet.line(_RIGHT, y, line, style)
        y += pitch
    _draw_sender(sheet, content)
    for fold in _FOLDS:
        sheet.rule(5, fold, 10, fold, width=0.5, colour=grid.LINE)


def _address(sheet: Sheet, content: LetterContent) -> list[tuple[Line, Style, float]]:
    """Return the lines, each with the step to the next, in the first size at which all of them fit."""
    found: list[tuple[Line, Style, float]] = []
    for scale in _SIZES:
        found = _address_at(sheet, content, scale)
        if _TOP + sum(pitch for _, _, pitch in found[:-1]) <= _BOTTOM:
            return found
    # Longer than any address: what does not fit is left out, as the paper's own address has it.
    while _TOP + sum(pitch for _, _, pitch in found[:-1]) > _BOTTOM:
        found.pop()
    return found


def _address_at(sheet: Sheet, content: LetterContent, scale: float) -> list[tuple[Line, Style, float]]:
    person = content.addressee
    name = Style(grid.ADDRESSEE.weight, grid.ADDRESSEE.size * scale, grid.INK)
    text = Style(grid.ADDRESS.weight, grid.ADDRESS.size * scale, grid.INK)
    post = f"کد پستی: {person.postal_code}" if person.postal_code else ""
    parts = (
        (person.gender_title, text, 6.2),
        (person.name, name, 6.1),
        (person.address, text, 5.9),
        (post, text, 5.9),
    )
    room = (_RIGHT - _LEFT) * MM
    return [
        (line, style, pitch * scale)
        for value, style, pitch in parts
        if value
        for line in ragged(sheet.setter, value, style.weight, style.size, room)
    ]


def _draw_sender(sheet: Sheet, content: LetterContent) -> None:
    branch = content.branch
    sheet.right(grid.RIGHT, 57.06, "فرستنده:", grid.SENDER_HEAD)
    parts = [f"{content.bank.name}، شعبه {branch.title}"]
    if branch.address:
        parts.append(f"{branch.address}،" if branch.postal_code else branch.address)
    if branch.postal_code:
        parts.append(f"کد پستی {branch.postal_code}")
    y = 62.45
    for part in parts:
        for line in ragged(sheet.setter, part, grid.SENDER.weight, grid.SENDER.size, _SENDER_WIDTH * MM):
            if y < FLOW_TOP - 8:
                sheet.line(grid.RIGHT, y, line, grid.SENDER)
            y += 5.5
