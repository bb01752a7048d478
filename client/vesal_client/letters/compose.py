"""One letter as pages: which blocks it has, at which size of type, and what stands around them."""

from dataclasses import dataclass

from vesal_client.letters import grid
from vesal_client.letters.blocks import heading, paragraph
from vesal_client.letters.closing import closing_rows, draw_receipt
from vesal_client.letters.flow import Frame, Row, paginate
from vesal_client.letters.letterhead import draw_foot, draw_later_head, draw_letterhead
from vesal_client.letters.sheet import Document, Sheet
from vesal_client.letters.tables import debt_rows, instalment_rows
from vesal_client.letters.window import FLOW_TOP, draw_window
from vesal_client.letters.words import Typesetter
from vesal_shared.letter_content import LetterContent

Pages = list[list[tuple[float, Row]]]


@dataclass(frozen=True, slots=True)
class Setting:
    """Size and leading of running text in points, and how much of the usual space stands between blocks."""

    size: float
    leading: float
    air: float


#: Tried in this order: a later one is taken only if it saves a page.
_SETTINGS = (
    Setting(11.5, 20.1, 1.0),
    Setting(11.5, 20.1, 0.67),
    Setting(11.0, 18.9, 1.0),
    Setting(11.0, 18.9, 0.67),
)
#: A sheet with a window has less room, and is set closer from the start.
_WINDOW_SETTINGS = (_SETTINGS[1], _SETTINGS[3])


def draw_letter(document: Document, content: LetterContent) -> None:
    """Draw all pages of an introduction letter or a warning."""
    pages = _pages(document.setter, content)
    for number, placed in enumerate(pages, 1):
        sheet = Sheet(document)
        if number == 1:
            draw_letterhead(sheet, content)
            if content.window_envelope:
                draw_window(sheet, content)
        else:
            draw_later_head(sheet, content)
        for y, row in placed:
            row.draw(sheet, y)
        if number == len(pages) and content.receipt:
            draw_receipt(sheet, content.number)
        draw_foot(sheet, content, number, len(pages))
        document.page(sheet)


def _pages(setter: Typesetter, content: LetterContent) -> Pages:
    frame = Frame(
        first_top=FLOW_TOP if content.window_envelope else grid.FIRST_TOP,
        later_top=grid.LATER_TOP,
        bottom=grid.BOTTOM,
        last_bottom=grid.RECEIPT_BOTTOM if content.receipt else grid.BOTTOM,
    )
    found: Pages = []
    for setting in _WINDOW_SETTINGS if content.window_envelope else _SETTINGS:
        pages = paginate(_rows(setter, content, setting), frame)
        if not found or len(pages) < len(found):
            found = pages
        if len(found) == 1:
            break
    return found


def _rows(setter: Typesetter, content: LetterContent, setting: Setting) -> list[Row]:
    """Return the flow: who is written to, what about, the text with its tables, the closing."""
    person, debt, air = content.addressee, content.debt, setting.air
    rows: list[Row] = []
    if not content.window_envelope:
        who = f"{person.gender_title} {person.name}".strip()
        rows += heading(setter, who, grid.ADDRESSEE, pitch=6.6, baseline=5.3, gap=0)
        if person.address:
            rows += heading(setter, f"نشانی: {person.address}", grid.ADDRESS, pitch=5.7, baseline=5.0, gap=0)
    gap, gap_below = (0.0, 2.55) if content.window_envelope else (3.8, 2.2)
    rows += heading(setter, f"موضوع: {content.subject}", grid.SUBJECT, pitch=6.6, baseline=5.3, gap=gap)
    rows += heading(
        setter,
        content.salutation,
        grid.body(11.5),
        pitch=7.1,
        baseline=5.3,
        gap=gap_below,
    )
    first, *others = content.paragraphs
    opening = paragraph(setter, first, setting.size, setting.leading, 2.4 * air)
    if opening:
        opening[0].breakable = False
    rows += opening
    rows += debt_rows(setter, debt, person.role, gap=1.65 + 1.03 * air)
    if debt.instalments:
        rows += instalment_rows(setter, debt, gap=3.9)
    last: list[Row] = []
    for index, text in enumerate(others):
        last = paragraph(setter, text, setting.size, setting.leading, (2.43 if index else 3.82) * air)
        rows += last
    if len(last) == 1:
        # The closing takes two lines of the text with it to a new page, and this is but one.
        last[0].breakable = False
    rows += closing_rows(setter, content, gap=5.9)
    return rows
