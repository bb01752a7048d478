"""One A4 page to draw on: millimetres from the top left corner, y of a text is its baseline."""

import math
from collections.abc import Sequence

from vesal_client.letters.breaking import Line, ragged, single
from vesal_client.letters.face import EmbeddedFace
from vesal_client.letters.pdf import Reference, Writer
from vesal_client.letters.words import WEIGHTS, Style, Typesetter, Weight

WIDTH, HEIGHT = 210.0, 297.0
#: Points in a millimetre.
MM = 72 / 25.4

#: A text that has too little room is made smaller down to this share of its size.
_SMALLEST = 0.55

Colour = tuple[float, float, float]

_FONT_NAMES = {weight: b"/F%d" % i for i, weight in enumerate(WEIGHTS)}


def fitted(setter: Typesetter, text: str, style: Style, room: float) -> tuple[Line, Style]:
    """Return a text as one line of at most `room` mm: smaller where it must be, then cut with «…»."""
    line = single(setter, text, style.weight, style.size)
    if line.width <= room * MM:
        return line, style
    style = Style(
        style.weight, max(style.size * _SMALLEST, style.size * room * MM / line.width), style.colour
    )
    line = single(setter, text, style.weight, style.size)
    if line.width > room * MM + 0.1:
        first = ragged(setter, text, style.weight, style.size, (room - 2) * MM)[0]
        line = single(setter, " ".join(word.text for word in first.words) + "…", style.weight, style.size)
    return line, style


class Document:
    """One PDF file being written: its fonts and images, used by all its pages."""

    def __init__(self, setter: Typesetter, writer: Writer) -> None:
        """Begin with the fonts' numbers reserved; they are written at the end, with what was used of them."""
        self.setter = setter
        self.writer = writer
        self.fonts: dict[Weight, EmbeddedFace] = {w: EmbeddedFace(face) for w, face in setter.faces.items()}
        self._references: dict[Weight, Reference] = {}
        self._images: dict[str, Reference] = {}

    def image(self, key: str, reference: Reference) -> bytes:
        """Name an image that pages draw."""
        self._images.setdefault(key, reference)
        return b"/" + key.encode("ascii")

    def known_image(self, key: str) -> bool:
        """Say whether an image of this name was written already."""
        return key in self._images

    def font(self, weight: Weight) -> EmbeddedFace:
        """Return a font and remember that the file needs it."""
        if weight not in self._references:
            self._references[weight] = self.writer.reserve()
        return self.fonts[weight]

    def resources(self) -> bytes:
        """Return the resources of a page: all that the file has so far."""
        fonts = b" ".join(_FONT_NAMES[w] + b" " + reference for w, reference in self._references.items())
        images = b" ".join(b"/" + key.encode("ascii") + b" " + r for key, r in self._images.items())
        return b"<< /Font << %s >> /XObject << %s >> >>" % (fonts, images)

    def page(self, sheet: "Sheet") -> None:
        """Write a page that is complete."""
        self.writer.page(sheet.content(), self.resources(), WIDTH * MM, HEIGHT * MM)

    def finish(self, title: str) -> None:
        """Write the fonts and close the file."""
        for weight, reference in self._references.items():
            self.fonts[weight].write(self.writer, reference)
        self.writer.finish(title)


class Sheet:
    """What is drawn on one page, as PDF operators."""

    def __init__(self, document: Document) -> None:
        """Begin an empty page."""
        self.document = document
        self._ops: list[bytes] = []
        #: Marks over letters, which are drawn after all text.
        self._apart: list[bytes] = []

    @property
    def setter(self) -> Typesetter:
        """The typesetter of the document."""
        return self.document.setter

    def content(self) -> bytes:
        """Return all that was drawn."""
        return b"\n".join(self._ops + self._apart)

    def line(self, x: float, y: float, line: Line, style: Style) -> None:
        """Draw a line of text whose right end is at x."""
        font = self.document.font(style.weight)
        ink = line.ink(font)
        if not ink.operators:
            return
        left, base = x * MM, (HEIGHT - y) * MM
        begin = b"BT %.3f %.3f %.3f rg %s %.5g Tf" % (*style.colour, _FONT_NAMES[style.weight], style.size)
        self._ops.append(b"%s 1 0 0 1 %.2f %.2f Tm\n%s ET" % (begin, left, base, ink.operators))
        if ink.apart:
            marks = (
                b"1 0 0 1 %.2f %.2f Tm <%04x> Tj" % (left + dx, base + dy, code) for code, dx, dy in ink.apart
            )
            # Their letters have their text already; without this poppler parts «لطفاً،» at the mark.
            span = b"/Span << /ActualText () >> BDC %s %s ET EMC"
            self._apart.append(span % (begin, b" ".join(marks)))

    def turned(self, right: float, y: float, angle: float, line: Line, style: Style) -> None:
        """Draw a line of text turned by `angle` (radians, anticlockwise); its right end is at x in points and y."""
        font = self.document.font(style.weight)
        c, s = math.cos(angle), math.sin(angle)
        self._ops.append(
            b"BT %.3f %.3f %.3f rg %s %.5g Tf %.5f %.5f %.5f %.5f %.2f %.2f Tm\n%s ET"
            % (
                *(*style.colour, _FONT_NAMES[style.weight], style.size, c, s, -s, c),
                *(right, (HEIGHT - y) * MM, line.ink(font).operators),
            )
        )

    def right(self, x: float, y: float, text: str, style: Style, *, room: float = WIDTH) -> float:
        """Draw a text that begins (it is Persian) at x and goes to the left; return its width in mm.

        Where it is longer than `room` it is made smaller, and at last cut.
        """
        line, style = fitted(self.setter, text, style, room)
        self.line(x, y, line, style)
        return line.width / MM

    def left(self, x: float, y: float, text: str, style: Style, *, room: float = WIDTH) -> None:
        """Draw a text whose left end is at x."""
        line, style = fitted(self.setter, text, style, room)
        self.line(x + line.width / MM, y, line, style)

    def centre(self, x: float, y: float, text: str, style: Style) -> None:
        """Draw a text with its middle at x."""
        line = single(self.setter, text, style.weight, style.size)
        self.line(x + line.width / MM / 2, y, line, style)

    def width(self, text: str, style: Style) -> float:
        """Return the width of a text, in mm."""
        return single(self.setter, text, style.weight, style.size).width / MM

    def rule(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        *,
        width: float,
        colour: Colour,
        dash: Sequence[float] = (),
    ) -> None:
        """Draw a straight line; width and dashes in points. A dash of no length is a round dot."""
        dashes = b" ".join(b"%.5g" % d for d in dash)
        cap = 1 if dash and not dash[0] else 0
        self._ops.append(
            b"%.3f %.3f %.3f RG %.5g w %d J [%s] 0 d %.2f %.2f m %.2f %.2f l S"
            % (*colour, width, cap, dashes, x0 * MM, (HEIGHT - y0) * MM, x1 * MM, (HEIGHT - y1) * MM)
        )

    def fill(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle given by its top left corner."""
        self._ops.append(
            b"%.3f %.3f %.3f rg %.2f %.2f %.2f %.2f re f"
            % (*colour, x * MM, (HEIGHT - y - height) * MM, width * MM, height * MM)
        )

    def frame(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        line: float,
        colour: Colour,
        radius: float = 0.0,
        dash: Sequence[float] = (),
    ) -> None:
        """Draw the outline of a rectangle, its corners rounded by `radius` mm."""
        left, right = x * MM, (x + width) * MM
        top, bottom = (HEIGHT - y) * MM, (HEIGHT - y - height) * MM
        dashes = b" ".join(b"%.5g" % d for d in dash)
        self._ops.append(b"%.3f %.3f %.3f RG %.5g w 0 J [%s] 0 d" % (*colour, line, dashes))
        if not radius:
            self._ops.append(b"%.2f %.2f %.2f %.2f re S" % (left, bottom, right - left, top - bottom))
            return
        r, k = radius * MM, radius * MM * 0.4477
        self._ops.append(
            b"%.2f %.2f m %.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c "
            b"%.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c s"
            % (
                *(left + r, bottom, right - r, bottom),
                *(right - k, bottom, right, bottom + k, right, bottom + r),
                *(right, top - r, right, top - k, right - k, top, right - r, top),
                *(left + r, top, left + k, top, left, top - k, left, top - r),
                *(left, bottom + r, left, bottom + k, left + k, bottom, left + r, bottom),
            )
        )

    def picture(self, name: bytes, x: float, y: float, width: float, height: float) -> None:
        """Draw an image into a rectangle given by its top left corner."""
        self._ops.append(
            b"q %.2f 0 0 %.2f %.2f %.2f cm %s Do Q"
            % (width * MM, height * MM, x * MM, (HEIGHT - y - height) * MM, name)
        )

    def raw(self, operators: bytes) -> None:
        """Add operators made elsewhere (the QR code)."""
        self._ops.append(operators)
