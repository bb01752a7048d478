"""The debt table, and the list of unpaid instalments where there is one."""

from vesal_client.letters import grid
from vesal_client.letters.blocks import stack
from vesal_client.letters.breaking import Line, ragged, single
from vesal_client.letters.flow import Row
from vesal_client.letters.sheet import MM, Sheet
from vesal_client.letters.words import Style, Typesetter
from vesal_shared import jalali, money
from vesal_shared.digits import persian_digits
from vesal_shared.letter_content import Debt, Role

_LINE_WIDTH = 0.5
_ROW = 7.6
_LIST_ROW = 6.6
_PAD, _CELL_PAD = 3.0, 1.5
#: The lines of a cell that has more than one, in points.
_LEADING = 14.5
#: Where a baseline stands below the middle of its row, as a share of the size.
_CENTRE = 0.33
#: No name is longer than this many lines of a cell.
_MAX_LINES = 12
#: Numbers in cells get no smaller than this, in points.
_SMALLEST = 6.5

_BORROWER_COLUMNS = (52.0, 32.0, 46.0, 30.0)
_GUARANTOR_COLUMNS = (50.0, 42.0, 40.0, 28.0)
_LIST_COLUMNS = (22.0, 34.0, 40.0, 40.0, 24.0)


def debt_rows(setter: Typesetter, debt: Debt, role: Role, gap: float) -> list[Row]:
    """Return the table as one row that is never parted."""
    amount = money.show(debt.overdue_amount)
    days = persian_digits(debt.overdue_days)
    if role == "guarantor":
        columns = _GUARANTOR_COLUMNS
        head = ("شماره قرارداد", "نام وام‌گیرنده", "مبلغ معوقه به ریال", "تعداد روز معوقه")
        cells = (debt.loan_no, debt.borrower_name, amount, days)
    else:
        columns = _BORROWER_COLUMNS
        head = ("شماره قرارداد", "تعداد اقساط معوقه", "مبلغ معوقه به ریال", "تعداد روز معوقه")
        cells = (debt.loan_no, persian_digits(debt.overdue_installments), amount, days)
    whole = stack(
        [
            _cells(setter, head, columns, _ROW, grid.CELL_HEAD, head=True),
            _cells(setter, cells, columns, _ROW, grid.CELL),
            _in_words(setter, debt.amount_in_words),
        ]
    )
    whole.gap = gap
    # It stays with the words that announce it.
    whole.breakable = False
    return [whole]


def instalment_rows(setter: Typesetter, debt: Debt, gap: float) -> list[Row]:
    """Return the list of unpaid instalments: its head again on each page, its total never alone."""
    titles = ("شماره قسط", "تاریخ سررسید", "مبلغ قسط به ریال", "مانده پرداخت‌نشده به ریال", "تعداد روز")
    head = _cells(setter, titles, _LIST_COLUMNS, _LIST_ROW, grid.CELL_HEAD, head=True)
    head.gap = gap
    rows = []
    for item in debt.instalments:
        cells = (
            persian_digits(item.number),
            jalali.show(item.due_date),
            money.show(item.amount),
            money.show(item.unpaid),
            persian_digits(item.days),
        )
        rows.append(_cells(setter, cells, _LIST_COLUMNS, _LIST_ROW, grid.CELL))
    rows.append(_total(sum(item.unpaid for item in debt.instalments)))
    count = len(rows)
    for index, row in enumerate(rows):
        row.head = head
        # Two instalments on either side of a break, and so the total is never alone.
        row.breakable = 2 <= index <= count - 3
    return [head, *rows]


def _cells(
    setter: Typesetter,
    texts: tuple[str, ...],
    columns: tuple[float, ...],
    height: float,
    style: Style,
    *,
    head: bool = False,
) -> Row:
    """Return one row of centred cells, as high as its longest text needs."""
    filled = [
        _fitted(setter, text, width - 2 * _CELL_PAD, style)
        for text, width in zip(texts, columns, strict=True)
    ]
    height += (max(len(found) for found, _ in filled) - 1) * _LEADING / MM

    def draw(sheet: Sheet, y: float) -> None:
        if head:
            sheet.fill(grid.LEFT, y, grid.RIGHT - grid.LEFT, height, grid.HEAD)
            _horizontal(sheet, y)
        _horizontal(sheet, y + height)
        x = grid.RIGHT
        _vertical(sheet, x, y, height)
        for (found, chosen), width in zip(filled, columns, strict=True):
            middle = x - width / 2
            base = y + (height - (len(found) - 1) * _LEADING / MM) / 2 + chosen.size / MM * _CENTRE
            for index, line in enumerate(found):
                sheet.line(middle + line.width / MM / 2, base + index * _LEADING / MM, line, chosen)
            x -= width
            _vertical(sheet, x, y, height)

    return Row(height, draw)


def _fitted(setter: Typesetter, text: str, room: float, style: Style) -> tuple[list[Line], Style]:
    """Return a cell's lines: numbers and codes are made smaller rather than parted, words go on below."""
    one = single(setter, text, style.weight, style.size)
    if one.width <= room * MM:
        return [one], style
    if " " not in text:
        size = max(_SMALLEST, style.size * room * MM / one.width * 0.999)
        style = Style(style.weight, size, style.colour)
    return ragged(setter, text, style.weight, style.size, room * MM)[:_MAX_LINES], style


def _in_words(setter: Typesetter, words: str) -> Row:
    title = "مبلغ به حروف:"
    start = grid.RIGHT - _PAD - setter.width(title, grid.WORDS_HEAD) / MM - 5.2
    found = ragged(setter, words, grid.CELL.weight, grid.CELL.size, (start - grid.LEFT - _PAD) * MM)
    height = _ROW + (len(found) - 1) * _LEADING / MM

    def draw(sheet: Sheet, y: float) -> None:
        _vertical(sheet, grid.RIGHT, y, height)
        _vertical(sheet, grid.LEFT, y, height)
        _horizontal(sheet, y + height)
        base = y + _ROW / 2 + grid.CELL.size / MM * _CENTRE
        sheet.right(grid.RIGHT - _PAD, base, title, grid.WORDS_HEAD)
        for index, line in enumerate(found):
            sheet.line(start, base + index * _LEADING / MM, line, grid.CELL)

    return Row(height, draw)


def _total(amount: int) -> Row:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.fill(grid.LEFT, y, grid.RIGHT - grid.LEFT, _LIST_ROW, grid.HEAD)
        _vertical(sheet, grid.RIGHT, y, _LIST_ROW)
        _vertical(sheet, grid.LEFT, y, _LIST_ROW)
        _horizontal(sheet, y + _LIST_ROW)
        base = y + _LIST_ROW / 2 + grid.CELL_HEAD.size / MM * _CENTRE
        sheet.right(grid.RIGHT - _PAD, base, "جمع مانده پرداخت‌نشده", grid.CELL_HEAD)
        middle = grid.RIGHT - sum(_LIST_COLUMNS[:3]) - _LIST_COLUMNS[3] / 2
        sheet.centre(middle, base, money.show(amount), grid.CELL_TOTAL)

    return Row(_LIST_ROW, draw)


def _horizontal(sheet: Sheet, y: float) -> None:
    sheet.rule(grid.LEFT, y, grid.RIGHT, y, width=_LINE_WIDTH, colour=grid.LINE)


def _vertical(sheet: Sheet, x: float, y: float, height: float) -> None:
    sheet.rule(x, y, x, y + height, width=_LINE_WIDTH, colour=grid.LINE)
