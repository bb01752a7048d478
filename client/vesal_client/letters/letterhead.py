"""What stands around the flow: letterhead, head of later pages, foot."""

import hashlib
import io
import zlib

from PIL import Image, UnidentifiedImageError

from vesal_client.letters import grid
from vesal_client.letters.breaking import ragged
from vesal_client.letters.sheet import MM, Document, Sheet
from vesal_shared import jalali
from vesal_shared.letter_content import LetterContent, logo_bytes
from vesal_shared.problems import LETTER_LOGO_UNREADABLE, Refusal

_LOGO = (168.0, 11.0, 17.0)
#: More pixels than this are no logo's.
_MAX_PIXELS = 4_000_000


def draw_letterhead(sheet: Sheet, content: LetterContent, *, margin: float = 0.0) -> None:
    """Draw the head of the first page; `margin` widens it at both sides (declarations), in mm."""
    bank, branch = content.bank, content.branch
    right = grid.RIGHT + margin
    logo = read_logo(sheet.document, content)
    if logo:
        name, width, height = logo
        x, y, side = _LOGO
        scale = side / max(width, height)
        w, h = width * scale, height * scale
        sheet.picture(name, x + margin + side - w, y + (side - h) / 2, w, h)
        right = x + margin - 4
    # Up to the invocation in the middle, and below it up to the number.
    sheet.right(right, 16.5, bank.name, grid.BANK, room=right - 115)
    sheet.right(right, 22.6, f"شعبه {branch.title} – کد {branch.code}", grid.BRANCH, room=right - 72)
    if branch.phone:
        sheet.right(right, 28.0, f"تلفن: {branch.phone}", grid.PHONE, room=right - 72)
    sheet.centre(105, 13.5, "بسمه‌تعالی", grid.BASMALA)
    values = (content.number, jalali.show(content.date), content.attachment)
    for y, label, value in zip((16.5, 22.4, 28.3), ("شماره:", "تاریخ:", "پیوست:"), values, strict=True):
        sheet.right(68.0 - margin, y, label, grid.LABEL)
        sheet.right(53.5 - margin, y, value, grid.VALUE, room=33)
    sheet.rule(grid.LEFT - margin, 33, grid.RIGHT + margin, 33, width=0.9, colour=grid.BRAND)


def draw_later_head(sheet: Sheet, content: LetterContent, *, margin: float = 0.0) -> None:
    """Draw the head of a later page."""
    branch = content.branch
    title = f"{content.bank.name} – شعبه {branch.title} – کد {branch.code}"
    sheet.right(grid.RIGHT + margin, 16.0, title, grid.LATER_BANK, room=92)
    number = f"شماره: {content.number} – تاریخ: {jalali.show(content.date)}"
    sheet.left(grid.LEFT - margin, 16.0, number, grid.LATER_NUMBER, room=66)
    sheet.rule(grid.LEFT - margin, 19.5, grid.RIGHT + margin, 19.5, width=0.9, colour=grid.BRAND)


def draw_foot(sheet: Sheet, content: LetterContent, page: int, pages: int, *, margin: float = 0.0) -> None:
    """Draw the foot of a page, and on all but the last that the letter goes on."""
    left, right = grid.LEFT - margin, grid.RIGHT + margin
    if page < pages:
        sheet.left(left, 275.7, "ادامه در صفحه بعد", grid.FOOT)
    sheet.rule(left, 277.9, right, 277.9, width=0.5, colour=grid.LINE)
    branch = content.branch
    parts = [f"نشانی شعبه: {branch.address}"] if branch.address else []
    if branch.postal_code:
        parts.append(f"کد پستی {branch.postal_code}")
    room = (right - left) * MM - sheet.setter.width("صفحه ۱۰ از ۱۰", grid.PAGE) - 8 * MM
    found = ragged(sheet.setter, "، ".join(parts), grid.FOOT.weight, grid.FOOT.size, room)
    for index, line in enumerate(found[:2]):
        sheet.line(right, 283.0 + 4.2 * index, line, grid.FOOT)
    sheet.left(left, 283.0, f"صفحه {page} از {pages}", grid.PAGE)


def read_logo(document: Document, content: LetterContent) -> tuple[bytes, int, int] | None:
    """Return the logo's name in the file and its size in pixels; None where the bank has none.

    Raises Refusal (letter_logo_unreadable) for what is no PNG or JPEG image of a sensible size.
    """
    data = logo_bytes(content.bank)
    if not data:
        return None
    key = "L" + hashlib.sha256(data).hexdigest()[:8]
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > _MAX_PIXELS:
                raise Refusal(LETTER_LOGO_UNREADABLE)
            size = opened.size
            if document.known_image(key):
                return b"/" + key.encode("ascii"), *size
            image = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refusal(LETTER_LOGO_UNREADABLE) from error
    head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8" % size
    writer = document.writer
    mask = writer.stream(
        zlib.compress(image.getchannel("A").tobytes(), 9), head + b" /ColorSpace /DeviceGray", packed=True
    )
    pixels = zlib.compress(image.convert("RGB").tobytes(), 9)
    reference = writer.stream(pixels, head + b" /ColorSpace /DeviceRGB /SMask " + mask, packed=True)
    return document.image(key, reference), *size
