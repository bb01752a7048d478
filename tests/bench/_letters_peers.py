"""What the letters bench is compared with: the same ink drawn by bare reportlab; the same page by Typst, WeasyPrint."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from unittest import mock

import segno
import typst
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from vesal_client.letters import Renderer
from vesal_client.letters.breaking import Line
from vesal_client.letters.sheet import HEIGHT, Colour, Sheet
from vesal_client.letters.words import Style, Typesetter
from vesal_shared import jalali, money
from vesal_shared.letter_content import LetterContent

FONTS = files("vesal_resources").joinpath("fonts")
WEIGHTS = ("Regular", "Medium", "Bold")

#: One thing drawn on a page.
Call = Callable[[Canvas], None]


@dataclass
class Drawn:
    """A page as calls to replay: words with their places, lines, boxes, the runs of the QR code."""

    calls: list[Call] = field(default_factory=list)


def record(content: LetterContent) -> Drawn:
    """Draw a letter once and keep each word's glyphs and place."""
    drawn = Drawn()
    setter = Typesetter()
    glyph_chars = {weight: _chars(setter, weight) for weight in WEIGHTS}

    def line(self: Sheet, x: float, y: float, line: Line, style: Style) -> None:
        left = x * mm
        for word in line.words:
            left -= word.width * style.size / 1000
            chars = "".join(
                glyph_chars[style.weight].get(glyph.key[0], "ی")
                for piece in word.pieces
                for glyph in piece.glyphs
            )
            drawn.calls.append(partial(_word, f"V{style.weight}", style, left, (HEIGHT - y) * mm, chars))
            left -= line.space

    def rule(
        self: Sheet,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        *,
        width: float,
        colour: Colour,
        dash: object = (),
    ) -> None:
        drawn.calls.append(
            partial(_rule, x0 * mm, (HEIGHT - y0) * mm, x1 * mm, (HEIGHT - y1) * mm, width, colour)
        )

    def fill(self: Sheet, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        drawn.calls.append(
            partial(_fill, x * mm, (HEIGHT - y - height) * mm, width * mm, height * mm, colour)
        )

    def raw(self: Sheet, operators: bytes) -> None:
        runs = [tuple(map(int, row.split()[:3])) for row in operators.split(b"\n") if row.endswith(b" re")]
        drawn.calls.append(partial(_runs, runs))

    with (
        mock.patch.object(Sheet, "line", line),
        mock.patch.object(Sheet, "rule", rule),
        mock.patch.object(Sheet, "fill", fill),
        mock.patch.object(Sheet, "raw", raw),
    ):
        Renderer().letter(content)
    return drawn


def _chars(setter: Typesetter, weight: str) -> dict[int, str]:
    """Which character of reportlab's font is which glyph."""
    pdfmetrics.registerFont(
        font := TTFont(f"V{weight}", str(FONTS.joinpath(f"Vazirmatn-{weight}.ttf")), shapable=False)
    )
    return {glyph: chr(code) for code, glyph in font.face.charToGlyph.items()}


def _word(font: str, style: Style, x: float, y: float, chars: str, canvas: Canvas) -> None:
    canvas.setFillColorRGB(*style.colour)
    canvas.setFont(font, style.size)
    canvas.drawString(x, y, chars)


def _rule(x0: float, y0: float, x1: float, y1: float, width: float, colour: Colour, canvas: Canvas) -> None:
    canvas.setLineWidth(width)
    canvas.setStrokeColorRGB(*colour)
    canvas.line(x0, y0, x1, y1)


def _fill(x: float, y: float, width: float, height: float, colour: Colour, canvas: Canvas) -> None:
    canvas.setFillColorRGB(*colour)
    canvas.rect(x, y, width, height, stroke=0, fill=1)


def _runs(runs: Sequence[tuple[int, ...]], canvas: Canvas) -> None:
    path = canvas.beginPath()
    for x, y, length in runs:
        path.rect(x * 1.56 + 460, y * 1.56 + 300, length * 1.56, 1.56)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.drawPath(path, stroke=0, fill=1)


def replay(drawn: Drawn, canvas: Canvas) -> None:
    """Draw what was recorded: the least that this page costs with reportlab."""
    for call in drawn.calls:
        call(canvas)
    canvas.showPage()


def reportlab_files(pages: Sequence[Drawn]) -> int:
    """One file a page; return the bytes."""
    size = 0
    for drawn in pages:
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(210 * mm, 297 * mm), pageCompression=1, invariant=1)
        replay(drawn, canvas)
        canvas.save()
        size += len(out.getvalue())
    return size


def reportlab_one(pages: Sequence[Drawn]) -> int:
    """All pages in one file; return the bytes."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(210 * mm, 297 * mm), pageCompression=1, invariant=1)
    for drawn in pages:
        replay(drawn, canvas)
    canvas.save()
    return len(out.getvalue())


def typst_one(contents: Sequence[LetterContent]) -> Callable[[], int]:
    """Return what sets all letters in one file with Typst, its source written beforehand."""
    pages = "\n#pagebreak()\n".join(_typst_page(content) for content in contents)
    source = (
        '#set page(paper: "a4", margin: (x: 25mm, top: 11mm, bottom: 14mm))\n'
        '#set text(font: "Vazirmatn", lang: "fa", dir: rtl, size: 11.5pt)\n'
        "#set par(justify: true, leading: 8.6pt, spacing: 15pt)\n" + pages
    ).encode()
    folder = str(FONTS)
    compiler = typst.Compiler(font_paths=[folder], ignore_system_fonts=True)

    def compile_all() -> int:
        made = compiler.compile(source, format="pdf")
        assert isinstance(made, bytes)
        return len(made)

    return compile_all


def _typst_page(content: LetterContent) -> str:
    debt, person, branch = content.debt, content.addressee, content.branch
    cells = (
        debt.loan_no,
        str(debt.overdue_installments),
        money.show(debt.overdue_amount),
        str(debt.overdue_days),
    )
    head = ("شماره قرارداد", "تعداد اقساط معوقه", "مبلغ معوقه به ریال", "تعداد روز معوقه")
    quoted = "".join(f"[{cell}]," for cell in (*(f"*{h}*" for h in head), *cells))
    paragraphs = "\n\n".join(content.paragraphs[1:])
    picture = _svg(content).replace('"', "'")
    return f"""
#grid(columns: (1fr, 1fr), [#text(16pt, weight: "bold", fill: rgb("#0B4F5C"))[{content.bank.name}] \\
شعبه {branch.title} – کد {branch.code} \\ تلفن: {branch.phone}],
[شماره: {content.number} \\ تاریخ: {jalali.show(content.date)} \\ پیوست: {content.attachment}])
#line(length: 100%, stroke: 0.9pt)
#text(12.5pt, weight: "bold")[{person.gender_title} {person.name}] \\
#text(10.5pt)[نشانی: {person.address}]

#text(12pt, weight: "bold")[موضوع: {content.subject}]

{content.salutation}

{content.paragraphs[0]}
#table(columns: (52mm, 32mm, 46mm, 30mm), align: center, stroke: 0.5pt, {quoted}
table.cell(colspan: 4)[مبلغ به حروف: {debt.amount_in_words}])
{paragraphs}

#grid(columns: (27mm, 60mm, 1fr), image(bytes("{picture}"), format: "svg", width: 27mm),
text(8pt)[برای اطمینان از اصالت نامه، آن را به هر شعبه بانک نمونه نشان دهید تا با خواندن این رمزینه، درستی آن را اعلام
کند.], align(center)[*{branch.head_name}* \\ {branch.head_post}])
#text(9.5pt)[رونوشت: {"، ".join(content.cc)}]
#v(1fr)
#line(length: 100%, stroke: 0.5pt)
#text(8.5pt)[نشانی شعبه: {branch.address}، کد پستی {branch.postal_code}]
"""


def _svg(content: LetterContent) -> str:
    out = io.BytesIO()
    assert content.seal is not None
    segno.make_qr(content.seal.text, error="m", boost_error=False, mask=2).save(
        out, kind="svg", xmldecl=False, svgns=True, border=4
    )
    return out.getvalue().decode().strip()


def weasyprint_one(contents: Sequence[LetterContent]) -> Callable[[], int]:
    """Return what sets all letters in one file with WeasyPrint (which needs Pango installed)."""
    import weasyprint

    font = FONTS.joinpath("Vazirmatn-Regular.ttf")
    style = (
        f"@font-face{{font-family:V;src:url('file://{font}')}} @page{{size:A4;margin:11mm 25mm}}"
        "body{font:11.5pt/20.1pt V;direction:rtl} p{text-align:justify} section{break-after:page}"
        "table{border-collapse:collapse;width:100%} td{border:.5pt solid #8A949B;text-align:center}"
    )
    sections = []
    for content in contents:
        debt = content.debt
        body = "".join(f"<p>{text}</p>" for text in content.paragraphs)
        sections.append(
            f"<section><h3>{content.bank.name}</h3><p>{content.number}</p><h4>{content.addressee.name}</h4>{body}"
            f"<table><tr><td>{debt.loan_no}</td><td>{debt.overdue_amount}</td><td>{debt.overdue_days}</td></tr></table>"
            f"{_svg(content)}</section>"
        )
    page = f"<html lang=fa><style>{style}</style><body>{''.join(sections)}</body></html>"
    return lambda: len(weasyprint.HTML(string=page).write_pdf())
