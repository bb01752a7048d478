"""Text to ink: words are shaped once, put in reading order, and drawn so that readers take the letters back out.

Words are drawn one after another as they are read, each with the space at its left, whatever its place on the
line; that keeps the order in poppler, MuPDF and PDFium alike. What was shaped and set is kept, since letters of a
night repeat each other.
"""

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from vesal_client.letters.bidi import LTR, RTL, levels
from vesal_client.letters.face import RLM, EmbeddedFace, Face, Glyph, Key, bundled

Weight = Literal["Regular", "Medium", "Bold"]
WEIGHTS: tuple[Weight, ...] = ("Regular", "Medium", "Bold")

_DIGITS = str.maketrans("0123456789٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹" * 2)
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks: weight, size in points, grey or colour as RGB of 0…1."""

    weight: Weight
    size: float
    colour: tuple[float, float, float] = (0.09, 0.09, 0.10)


#: A glyph that is drawn apart: its key, and its place in thousandths of the size from the piece's left end.
Mark = tuple[Key, int, int]


@dataclass(slots=True)
class Piece:
    """A run of one direction without spaces, shaped: width in thousandths of the size.

    `ink` is what stands in a PDF text array; None where a glyph is not in the font's base, and `glyphs` have to be
    given codes in each file.
    """

    text: str
    rtl: bool
    width: int
    glyphs: list[Glyph]
    marks: list[Mark]
    ink: bytes | None
    codes: frozenset[int]


@dataclass(slots=True)
class Word:
    """What stands between two spaces: its pieces in reading order, and how the space before it behaves."""

    text: str
    pieces: list[Piece]
    width: int
    #: The space before it is inside a left-to-right phrase.
    ltr_before: bool
    #: No line may begin with it: «۳ قسط», «ماده ۱۵».
    tied: bool


class Cache:
    """What was made of equal keys, the oldest dropped first, so that memory stays flat."""

    def __init__(self, size: int) -> None:
        """Keep at most `size` results."""
        self._size = size
        self._kept: OrderedDict[Hashable, object] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], _V]) -> _V:
        """Return what was made for `key` before, or make it."""
        if key in self._kept:
            return self._kept[key]  # type: ignore[return-value]
        made = make()
        self._kept[key] = made
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return made


class Typesetter:
    """The faces and everything that was shaped with them; one serves any number of letters, in one thread."""

    def __init__(self) -> None:
        """Read the fonts."""
        self.faces: dict[Weight, Face] = {weight: bundled(weight) for weight in WEIGHTS}
        self._pieces = Cache(20_000)
        self._texts = Cache(4_000)
        self.layouts = Cache(4_000)

    def words(self, text: str, weight: Weight) -> list[Word]:
        """Return the words of a text, shaped."""
        return self._texts.get((text, weight), lambda: self._words(clean(text), weight))

    def width(self, text: str, style: Style) -> float:
        """Return the natural width of a text on one line, in points."""
        words = self.words(text, style.weight)
        space = self.faces[style.weight].space_width
        return (sum(w.width for w in words) + space * max(0, len(words) - 1)) * style.size / 1000

    def _words(self, text: str, weight: Weight) -> list[Word]:
        found: list[Word] = []
        at = levels(text)
        for match in re.finditer(r"[^ ]+", text):
            start, end = match.span()
            pieces, i = [], start
            while i < end:
                j = i + 1
                while j < end and at[j] == at[i]:
                    j += 1
                pieces.append(self.piece(text[i:j], weight, rtl=at[i] == RTL))
                i = j
            ltr_before = start > 0 and at[start - 1] == LTR
            tied = bool(found) and _tied(found[-1].text, match.group())
            found.append(Word(match.group(), pieces, sum(p.width for p in pieces), ltr_before, tied))
        return found

    def piece(self, text: str, weight: Weight, *, rtl: bool) -> Piece:
        """Return a run of one direction, shaped."""
        return self._pieces.get((text, weight, rtl), lambda: self._piece(text, weight, rtl=rtl))

    def _piece(self, text: str, weight: Weight, *, rtl: bool) -> Piece:
        face = self.faces[weight]
        glyphs, marks, pen = [], [], 0
        for glyph in face.shape(text, rtl=rtl):
            if glyph.mark:
                marks.append((glyph.key, pen + glyph.dx, glyph.dy))
            else:
                glyphs.append(glyph)
            pen += glyph.advance
        if rtl and len(glyphs) == 1 and len(glyphs[0].key[1]) > 1:
            # A word of one glyph for several letters («لا», «الله») needs a second one of its direction, or MuPDF
            # does not see that it is drawn from left to right; this one has no width and no ink.
            glyphs.append(Glyph((face.mark, RLM), 0, 0, 0))
        ink, codes = None, frozenset[int]()
        if all(glyph.key in face.base for glyph in glyphs):
            codes = frozenset(face.base[glyph.key] for glyph in glyphs)
            ink = array_ink(glyphs, face, face.base.__getitem__)
        return Piece(text, rtl, pen, glyphs, marks, ink, codes)


def array_ink(glyphs: Sequence[Glyph], face: Face, code: Callable[[Key], int]) -> bytes:
    """Return glyphs as the inside of a PDF text array, with kerning."""
    ink, text, carried = b"", b"", 0
    for glyph in glyphs:
        shift = carried - glyph.dx
        if shift:
            if text:
                ink += b"<" + text + b">"
            ink += b"%d" % shift
            text = b""
        text += b"%04x" % code(glyph.key)
        carried = face.advance(glyph.key[0]) - glyph.advance + glyph.dx
    if text:
        ink += b"<" + text + b">"
    if carried:
        ink += b"%d" % carried
    return ink


@dataclass(slots=True)
class Atom:
    """A piece on a line, or (without one) a space."""

    piece: Piece | None
    ltr: bool


def clean(text: str) -> str:
    """Return a text as it is drawn: Persian digits, single spaces, nothing invisible but ZWNJ."""
    text = unicodedata.normalize("NFC", text).translate(_DIGITS)
    text = "".join(
        c for c in text if c == "\u200c" or unicodedata.category(c) not in ("Cf", "Cc", "Cs") or c.isspace()
    )
    return " ".join(text.split())


def atoms(words: Sequence[Word]) -> list[Atom]:
    """Return words with the spaces between them, in reading order."""
    found: list[Atom] = []
    for i, word in enumerate(words):
        if i:
            found.append(Atom(None, word.ltr_before))
        found.extend(Atom(piece, not piece.rtl) for piece in word.pieces)
    return found


@dataclass(slots=True)
class LineInk:
    """A line as PDF text operators with its right end at the text origin, and what is drawn apart from it.

    Marks over letters come at the end of the page, where they do not part a word's letters for those who read it:
    each is a code and its place in points.
    """

    operators: bytes
    apart: list[tuple[int, float, float]]


def line_ink(words: Sequence[Word], font: EmbeddedFace, size: float, space: float) -> LineInk:
    """Return the ink of one line; `space` in points. Each run of one direction is drawn in reading order."""
    line = atoms(words)
    blank = font.face.space_width * size / 1000
    out: list[bytes] = []
    apart: list[tuple[int, float, float]] = []
    x = pen = 0.0
    start = 0
    while start < len(line):
        if line[start].piece is None:
            x -= space
            start += 1
            continue
        end = _group_end(line, start)
        group = line[start:end]
        spaced = end == len(line) or line[end].piece is None
        goes_on = start > 0 and line[start - 1].piece is not None
        x -= sum(atom.piece.width * size / 1000 if atom.piece else space for atom in group)
        left = x - blank if spaced else x
        ink = b""
        if goes_on or not spaced:
            # A part of a word: MuPDF keeps it on the line if what is drawn first has a direction of its own, and
            # «۸،» does not come out as «۸ ،».
            ink = b"<%04x>" % font.code((font.face.mark, RLM))
        if spaced:
            ink += b"<%04x>" % font.code((font.face.base_glyphs[font.face.space], " "))
            if group[-1].ltr:
                # The space at the left of a number or a Latin word would count as part of it.
                ink += b"<%04x>" % font.code((font.face.mark, RLM))
        ink += _group_ink(group, font, size, space)
        if group[-1].ltr and _joined_number_follows(line, end):
            # «۳ ۳،»: the same mark again, or the second number would go on where the first one ends.
            ink += b"<%04x>" % font.code((font.face.mark, RLM))
        out.append(b"%.2f 0 Td [%s] TJ" % (left - pen, ink))
        apart += _marks(group, font, size, space, x)
        pen = left
        start = end
    return LineInk(b"\n".join(out), apart)


def _group_end(line: Sequence[Atom], start: int) -> int:
    """Return the end of a run: one right-to-left piece, or all that a left-to-right phrase joins."""
    end = start + 1
    if line[start].ltr:
        while end < len(line) and line[end].ltr:
            end += 1
        while line[end - 1].piece is None:
            end -= 1
    return end


def _joined_number_follows(line: Sequence[Atom], end: int) -> bool:
    """Whether the next word begins with a left-to-right run that is but a part of it."""
    start = end + 1
    if end >= len(line) or line[end].piece is not None or start >= len(line) or not line[start].ltr:
        return False
    after = _group_end(line, start)
    return after < len(line) and line[after].piece is not None


def _group_ink(group: Sequence[Atom], font: EmbeddedFace, size: float, space: float) -> bytes:
    """Return a run from left to right, as the inside of a text array."""
    face = font.face
    ink = b""
    for atom in group:
        if atom.piece is None:
            wider = round(face.space_width - space * 1000 / size)
            ink += b"<%04x>%d" % (font.code((face.base_glyphs[face.space], " ")), wider)
        elif atom.piece.ink is None:
            ink += array_ink(atom.piece.glyphs, face, font.code)
        else:
            font.used |= atom.piece.codes
            ink += atom.piece.ink
    return ink


def _marks(
    group: Sequence[Atom], font: EmbeddedFace, size: float, space: float, x: float
) -> list[tuple[int, float, float]]:
    """Return the marks over a run's letters, which begins at x."""
    found = []
    scale = size / 1000
    for atom in group:
        if atom.piece is None:
            x += space
            continue
        found += [(font.code(key), x + dx * scale, dy * scale) for key, dx, dy in atom.piece.marks]
        x += atom.piece.width * scale
    return found


_AFTER_NUMBER = re.compile(r"(?:ریال|قسط|روز)[^\w]*$")
_BEFORE_NUMBER = ("ماده", "پلاک")


def _tied(before: str, word: str) -> bool:
    """Say whether a line must not break between these two: a number and what it counts."""
    if before[-1].isdigit() and _AFTER_NUMBER.match(word):
        return True
    return before in _BEFORE_NUMBER and word[0].isdigit()
