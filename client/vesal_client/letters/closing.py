"""What a letter ends with: signature and seal, copies, and the receipt at the foot of its last page."""

from vesal_client.letters import grid, qr
from vesal_client.letters.blocks import stack, text_rows
from vesal_client.letters.breaking import ragged
from vesal_client.letters.flow import Row
from vesal_client.letters.sheet import MM, Sheet
from vesal_client.letters.words import Typesetter
from vesal_shared.letter_content import LetterContent

#: The middle of the signature, at the left.
_SIGNATURE_X = 62.0
_SIGNATURE_WIDTH = 68.0
_CAPTION_WIDTH = 46.0
_CAPTION_PITCH = 4.45
_CC_PITCH = 5.25
_CC_RIGHT = 181.0
#: So many lines of copies stay with the signature.
_CC_TOGETHER = 12
_NAME_Y = 4.13
_POST_STEP = 6.43
#: What the code and the signature need, before the copies.
_SEAL_HEIGHT = 29.6

CAPTION_TITLE = "اصالت نامه"


def caption(bank: str) -> str:
    """Return what is written beside the QR code."""
    name = bank if bank.startswith("بانک") else f"بانک {bank}"
    return (
        f"برای اطمینان از اصالت نامه، آن را به هر شعبه {name} نشان دهید تا با خواندن این رمزینه، "
        "درستی آن را اعلام کند."
    )


def closing_rows(setter: Typesetter, content: LetterContent, gap: float) -> list[Row]:
    """Return signature, seal and copies, never parted (but for a list of copies that goes on and on)."""
    rows = [_signature_row(setter, content)]
    if content.cc:
        rows.append(_cc_title())
        rows.extend(row for line in content.cc for row in _cc_rows(setter, line))
    together = stack(rows[: 2 + _CC_TOGETHER])
    together.gap = gap
    together.breakable = False
    rest = rows[2 + _CC_TOGETHER :]
    for row in rest:
        row.breakable = True
    return [together, *rest]


def _signature_row(setter: Typesetter, content: LetterContent) -> Row:
    branch = content.branch
    names = ragged(setter, branch.head_name, grid.NAME.weight, grid.NAME.size, _SIGNATURE_WIDTH * MM)[:3]
    posts = ragged(setter, branch.head_post, grid.POST.weight, grid.POST.size, _SIGNATURE_WIDTH * MM)[:3]
    stamp = _NAME_Y + len(names) * _POST_STEP + (len(posts) - 1) * 5.6 + 16.67
    height = max(_SEAL_HEIGHT, stamp + 2.4)

    def draw(sheet: Sheet, y: float) -> None:
        if content.seal is not None:
            draw_seal(sheet, content, y, grid.RIGHT, _CAPTION_WIDTH)
        base = y + _NAME_Y
        for line in names:
            sheet.line(_SIGNATURE_X + line.width / MM / 2, base, line, grid.NAME)
            base += _POST_STEP
        for line in posts:
            sheet.line(_SIGNATURE_X + line.width / MM / 2, base, line, grid.POST)
            base += 5.6
        sheet.centre(_SIGNATURE_X, y + stamp, "مهر و امضا", grid.STAMP)

    return Row(height, draw)


def draw_seal(sheet: Sheet, content: LetterContent, y: float, right: float, width: float) -> None:
    """Draw the QR code, its ink ending at `right` and beginning at y, and its caption beside it."""
    if content.seal is None:
        return
    code = qr.code(content.seal.text)
    code.draw(sheet, right + code.quiet - qr.SIDE, y - code.quiet)
    x = right - qr.SIDE
    sheet.right(x, y + 2.8, CAPTION_TITLE, grid.CAPTION_HEAD)
    found = ragged(
        sheet.setter, caption(content.bank.name), grid.CAPTION.weight, grid.CAPTION.size, width * MM
    )
    for index, line in enumerate(found):
        sheet.line(x, y + 7.4 + index * _CAPTION_PITCH, line, grid.CAPTION)


def _cc_title() -> Row:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.right(grid.RIGHT, y + 2.4, "رونوشت:", grid.CC_HEAD)

    return Row(4.6, draw)


def _cc_rows(setter: Typesetter, text: str) -> list[Row]:
    found = ragged(setter, f"– {text}", grid.CC.weight, grid.CC.size, (_CC_RIGHT - grid.LEFT) * MM)
    return text_rows(found, grid.CC, pitch=_CC_PITCH, baseline=2.7, gap=0.0, x=_CC_RIGHT)


def draw_receipt(sheet: Sheet, number: str) -> None:
    """Draw the strip that the addressee signs: no debt, nothing but the letter's number."""
    sheet.rule(grid.LEFT, 253.0, grid.RIGHT, 253.0, width=0.9, colour=grid.LINE, dash=(2.4, 2.4))
    width = sheet.right(grid.RIGHT, 258.6, "رسید ابلاغ", grid.RECEIPT_HEAD)
    received = f"نامه شماره {number} را دریافت کردم."
    sheet.right(grid.RIGHT - width - 6.5, 258.6, received, grid.RECEIPT, room=130)
    x = grid.RIGHT
    for label, dots in (
        ("نام و نام خانوادگی:", 38.6),
        ("نسبت با مخاطب:", 25.0),
        ("تاریخ:", 18.3),
        ("امضا:", 0.0),
    ):
        x -= sheet.right(x, 265.6, label, grid.RECEIPT) + 1.5
        if dots:
            _dots(sheet, x, 265.6, dots)
            x -= dots + 2.0


def _dots(sheet: Sheet, right: float, y: float, width: float) -> None:
    """Draw a dotted line to write on: not as full stops, which readers would take for text."""
    sheet.rule(right, y - 0.25, right - width, y - 0.25, width=1.0, colour=grid.INK, dash=(0, 2.45))
