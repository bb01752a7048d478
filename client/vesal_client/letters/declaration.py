"""The declaration (اظهارنامه): the judiciary's form as a draft for filing, on one sheet or, with a long text, two."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vesal_client.letters import grid
from vesal_client.letters.breaking import Line, lines, ragged, single
from vesal_client.letters.closing import draw_seal
from vesal_client.letters.letterhead import draw_foot, draw_later_head, draw_letterhead
from vesal_client.letters.sheet import MM, Colour, Document, Sheet
from vesal_client.letters.words import Style, Typesetter
from vesal_shared import money
from vesal_shared.digits import persian_digits
from vesal_shared.letter_content import LetterContent

#: Its margins are 20 mm, 5 less than a letter's.
_MARGIN = 5.0
_LEFT, _RIGHT = grid.LEFT - _MARGIN, grid.RIGHT + _MARGIN
_FRAME: Colour = (17 / 255, 17 / 255, 17 / 255)
_GROUND: Colour = (234 / 255, 240 / 255, 241 / 255)
_DRAFT: Colour = (154 / 255, 52 / 255, 18 / 255)
_WATER: Colour = (245 / 255, 248 / 255, 249 / 255)
_DOTS: Colour = (184 / 255, 192 / 255, 197 / 255)

_TITLE = Style("Bold", 18, grid.INK)
_TAG = Style("Medium", 9.7, _DRAFT)
_BOX_HEAD = Style("Bold", 9.5, grid.INK)
_LABEL = Style("Regular", 9, grid.GREY)
_PLAIN = Style("Regular", 10, grid.INK)
_VALUE = Style("Medium", 9.6, grid.INK)
_AMOUNT = Style("Bold", 10.5, grid.INK)
_SALUTATION = Style("Bold", 11, grid.INK)
_NOTE = Style("Regular", 8.5, grid.GREY)
_SIGNER = Style("Bold", 11, grid.INK)
_SIGNER_POST = Style("Medium", 9.5, grid.INK)
_AGENT = Style("Regular", 9, grid.INK)
_FILING = Style("Regular", 9.2, grid.INK)

_PARTIES_TOP, _PARTIES_HEIGHT, _HEAD_HEIGHT = 57.05, 61.9, 7.5
_PARTIES = (60.1, 46.0, 63.9)
_TEXT_TOP, _TEXT_BOTTOM, _TEXT_WIDTH = 118.95, 246.9, 114.15
_LATER_TOP, _OPEN_BOTTOM = 27.0, 272.0
_PITCH = 5.6
_SIZE, _LEADING, _PARAGRAPH_GAP = 11.0, 18.7, 1.3

Part = tuple[str, Style, str, Style]


@dataclass(slots=True)
class _TextLine:
    """A line of the statement: what it is, how far below the one before it."""

    line: Line
    style: Style
    step: float


def draw_declaration(document: Document, content: LetterContent) -> None:
    """Draw the form: parties and subject, the statement beside room for the answer, signature and filing."""
    text = _statement(document.setter, content)
    pages = _shared_out(text)
    for number, part in enumerate(pages, 1):
        sheet = Sheet(document)
        last = number == len(pages)
        _draw_watermark(sheet)
        if number == 1:
            draw_letterhead(sheet, content, margin=_MARGIN)
            _draw_title(sheet)
            _draw_parties(sheet, content)
        else:
            draw_later_head(sheet, content, margin=_MARGIN)
        top = _TEXT_TOP if number == 1 else _LATER_TOP
        _draw_statement(sheet, part, top, _TEXT_BOTTOM if last else _OPEN_BOTTOM)
        if last:
            _draw_closing(sheet, content)
        draw_foot(sheet, content, number, len(pages), margin=_MARGIN)
        document.page(sheet)


def _statement(setter: Typesetter, content: LetterContent) -> list[_TextLine]:
    pitch = _LEADING / MM
    measure = (_TEXT_WIDTH - 8.2) * MM
    found = [
        _TextLine(line, _SALUTATION, pitch)
        for line in ragged(setter, content.salutation, _SALUTATION.weight, _SALUTATION.size, measure)
    ]
    style = grid.body(_SIZE)
    for text in content.paragraphs:
        for index, line in enumerate(lines(setter, text, style.weight, style.size, measure)):
            found.append(_TextLine(line, style, pitch if index else pitch + _PARAGRAPH_GAP))
    return found


def _shared_out(text: Sequence[_TextLine]) -> list[list[_TextLine]]:
    """Return the lines of each sheet; only the last one needs room for signature and filing below its text."""
    pages: list[list[_TextLine]] = []
    rest = list(text)
    while True:
        top = (_TEXT_TOP if not pages else _LATER_TOP) + _HEAD_HEIGHT
        if _count_in(rest, _TEXT_BOTTOM - top - 8) == len(rest):
            return [*pages, rest]
        count = _count_in(rest, _OPEN_BOTTOM - top - 8)
        # Two lines at least go on to the sheet with the signature.
        count = max(1, min(count, len(rest) - 2))
        pages.append(rest[:count])
        rest = rest[count:]


def _count_in(text: Sequence[_TextLine], height: float) -> int:
    count, used = 0, 0.0
    for item in text:
        used += item.step
        if used > height:
            break
        count += 1
    return count


def _draw_title(sheet: Sheet) -> None:
    sheet.centre(105, 42.6, "اظهارنامه", _TITLE)
    sheet.frame(65.5, 46.2, 79, 7.0, line=0.9, colour=_DRAFT, radius=1.3)
    sheet.centre(105, 50.9, "پیش‌نویس برای ثبت در دفتر خدمات الکترونیک قضایی", _TAG)


def _draw_watermark(sheet: Sheet) -> None:
    """Draw the word of a draft across the statement, in paper's shade, below all else."""
    style = Style("Bold", 86, _WATER)
    line = single(sheet.setter, "پیش‌نویس", style.weight, style.size)
    angle = math.radians(40)
    half = line.width / 2
    sheet.turned(89.8 * MM + half * math.cos(angle), 188 - half / MM * math.sin(angle), angle, line, style)


def _box_head(sheet: Sheet, left: float, right: float, top: float, title: str) -> None:
    sheet.fill(left, top, right - left, _HEAD_HEIGHT, _GROUND)
    sheet.centre((left + right) / 2, top + 4.95, title, _BOX_HEAD)


def _edges(sheet: Sheet, xs: Sequence[float], ys: Sequence[float]) -> None:
    """Draw the lines of a table: all of `ys` over its width, all of `xs` over its height."""
    for x in xs:
        sheet.rule(x, ys[0], x, ys[-1], width=0.75, colour=_FRAME)
    for y in ys:
        sheet.rule(xs[0], y, xs[-1], y, width=0.75, colour=_FRAME)


def _draw_parties(sheet: Sheet, content: LetterContent) -> None:
    rights = [_RIGHT, _RIGHT - _PARTIES[0], _RIGHT - _PARTIES[0] - _PARTIES[1]]
    lefts = [*rights[1:], _LEFT]
    titles = ("مشخصات و اقامتگاه اظهارکننده", "موضوع", "مشخصات و اقامتگاه مخاطب")
    for left, right, title in zip(lefts, rights, titles, strict=True):
        _box_head(sheet, left, right, _PARTIES_TOP, title)
    bottom = _PARTIES_TOP + _PARTIES_HEIGHT
    _edges(sheet, [_LEFT, *lefts[1::-1], _RIGHT], [_PARTIES_TOP, _PARTIES_TOP + _HEAD_HEIGHT, bottom])
    for left, right, parts in zip(
        lefts, rights, (_declarant(content), _subject(content), _recipient(content)), strict=True
    ):
        _draw_parts(sheet, parts, left, right)


def _declarant(content: LetterContent) -> list[Part]:
    bank, branch = content.bank, content.branch
    return _labelled(
        ("نام:", bank.name),
        ("نوع شخص:", "حقوقی"),
        ("شناسه ملی:", bank.national_id),
        ("نماینده:", branch.head_name),
        ("سمت:", branch.head_post),
        ("کد ملی نماینده:", branch.head_national_id),
        ("تلفن:", branch.phone),
        ("اقامتگاه:", branch.address),
    )


def _recipient(content: LetterContent) -> list[Part]:
    person = content.addressee
    company = len(person.national_id) == 11
    return _labelled(
        ("نام:" if company else "نام و نام خانوادگی:", person.name),
        ("نام پدر:", person.father_name),
        ("شناسه ملی:" if company else "کد ملی:", person.national_id),
        ("شماره شناسنامه:", person.birth_certificate_no),
        ("سمت:", "ضامن" if person.role == "guarantor" else "وام‌گیرنده"),
        ("تلفن همراه:", person.mobile),
        ("اقامتگاه:", person.address),
        ("کد پستی:", person.postal_code),
    )


def _subject(content: LetterContent) -> list[Part]:
    debt = content.debt
    return [
        ("", _LABEL, "مطالبه مبلغ", _PLAIN),
        ("", _LABEL, f"{money.show(debt.overdue_amount)} ریال", _AMOUNT),
        ("به حروف:", _LABEL, "", _VALUE),
        ("", _LABEL, debt.amount_in_words, _VALUE),
        ("", _LABEL, "بابت اقساط معوق تسهیلات شماره", _PLAIN),
        ("", _LABEL, debt.loan_no, _VALUE),
    ]


def _labelled(*pairs: tuple[str, str]) -> list[Part]:
    return [(label, _LABEL, value, _VALUE) for label, value in pairs if value]


def _draw_parts(sheet: Sheet, parts: Sequence[Part], left: float, right: float) -> None:
    """Draw labels with their values, the values' further lines below them; smaller if they are too many."""
    top, room = _PARTIES_TOP + _HEAD_HEIGHT, _PARTIES_HEIGHT - _HEAD_HEIGHT - 3.0
    placed: list[tuple[float, float, Line, Style]] = []
    for scale in (1.0, 0.9, 0.8, 0.7, 0.6):
        placed = _placed_parts(sheet, parts, right - left - 6, scale)
        if placed[-1][1] <= room:
            break
    for indent, y, line, style in placed:
        if y <= room:
            sheet.line(right - 3 - indent, top + y, line, style)


def _placed_parts(
    sheet: Sheet, parts: Sequence[Part], width: float, scale: float
) -> list[tuple[float, float, Line, Style]]:
    """Return each line with its place: how far from the right, how far below the head."""
    setter, pitch = sheet.setter, _PITCH * scale
    placed: list[tuple[float, float, Line, Style]] = []
    y = 0.5
    for label, label_style, value, value_style in parts:
        small = Style(label_style.weight, label_style.size * scale, label_style.colour)
        large = Style(value_style.weight, value_style.size * scale, value_style.colour)
        indent = 0.0
        y += pitch
        if label:
            line = single(setter, label, small.weight, small.size)
            placed.append((0.0, y, line, small))
            indent = line.width / MM + 0.95 * scale
        found = ragged(setter, value, large.weight, large.size, (width - indent) * MM)
        for index, line in enumerate(found):
            y += pitch if index else 0.0
            placed.append((indent, y, line, large))
    return placed


def _draw_statement(sheet: Sheet, text: Sequence[_TextLine], top: float, bottom: float) -> None:
    left = _RIGHT - _TEXT_WIDTH
    _box_head(sheet, left, _RIGHT, top, "خلاصه اظهارات")
    _box_head(sheet, _LEFT, left, top, "جواب")
    _edges(sheet, (_LEFT, left, _RIGHT), (top, top + _HEAD_HEIGHT, bottom))
    y = top + _HEAD_HEIGHT + 0.95
    for item in text:
        y += item.step
        sheet.line(_RIGHT - 4.1, y, item.line, item.style)
    y = top + 19.1
    while y <= bottom - 13:
        sheet.rule(left - 4, y, _LEFT + 4, y, width=0.5, colour=_DOTS, dash=(1.2, 1.2))
        y += 10.5
    sheet.centre((_LEFT + left) / 2, bottom - 2.9, "این بخش را مخاطب پر می‌کند.", _NOTE)


def _draw_closing(sheet: Sheet, content: LetterContent) -> None:
    draw_seal(sheet, content, 249.4, _RIGHT, 36.0)
    middle = 101.0
    sheet.centre(middle, 252.7, content.branch.head_name, _SIGNER)
    sheet.centre(middle, 258.2, content.branch.head_post, _SIGNER_POST)
    sheet.centre(middle, 262.9, "نماینده بانک", _AGENT)
    sheet.centre(middle, 274.2, "مهر و امضا", grid.STAMP)
    left, right = _LEFT, _RIGHT - _TEXT_WIDTH
    sheet.frame(left, 250.0, right - left, 21.5, line=0.5, colour=grid.LINE)
    sheet.right(right - 3, 256.0, f"تعداد نسخه: {persian_digits(content.copies)}", _FILING)
    for y, label in ((262.2, "کد رهگیری ثبت:"), (268.2, "تاریخ ثبت:")):
        width = sheet.right(right - 3, y, label, _FILING)
        sheet.rule(
            right - 4.5 - width, y - 0.25, left + 9.8, y - 0.25, width=1.0, colour=grid.INK, dash=(0, 2.45)
        )
