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
from vesal_client.letters.face import RLM, EmbeddedFace, Face, Key, bundled

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


@dataclass(slots=True)
class Piece:
    """A run of one direction without spaces, shaped: width in thousandths of the size.

    `parts` are pieces of a PDF text array with the height of each above the baseline, in thousandths; None where a
    glyph is not in the font's base, and `glyphs` has to be given codes in each file.
    """

    text: str
    rtl: bool
    width: int
    glyphs: list[tuple[Key, int, int, int]]
    parts: list[tuple[int, bytes]] | None
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
        glyphs = [(g.key, g.advance, g.dx, g.dy) for g in face.shape(text, rtl=rtl)]
        if rtl and len(glyphs) == 1 and len(glyphs[0][0][1]) > 1:
            # A word of one glyph for several letters («لا», «الله») needs a second one of its direction, or MuPDF
            # does not see that it is drawn from left to right; this one has no width and no ink.
            glyphs.append(((face.mark, RLM), 0, 0, 0))
        width = sum(advance for _, advance, _, _ in glyphs)
        if any(key not in face.base for key, _, _, _ in glyphs):
            return Piece(text, rtl, width, glyphs, None, frozenset())
        codes = frozenset(face.base[key] for key, _, _, _ in glyphs)
        return Piece(text, rtl, width, glyphs, array_parts(glyphs, face, face.base.__getitem__), codes)


def array_parts(
    glyphs: Sequence[tuple[Key, int, int, int]], face: Face, code: Callable[[Key], int]
) -> list[tuple[int, bytes]]:
    """Return a piece as parts of PDF text arrays, with kerning and offsets, each with its height."""
    parts: list[tuple[int, bytes]] = []
    ink, text, rise, carried = b"", b"", 0, 0
    for key, advance, dx, dy in glyphs:
        if dy != rise:
            if text:
                ink += b"<" + text + b">"
            if ink:
                parts.append((rise, ink))
            ink, text, rise = b"", b"", dy
        shift = carried - dx
        if shift:
            if text:
                ink += b"<" + text + b">"
            ink += b"%d" % shift
            text = b""
        text += b"%04x" % code(key)
        carried = face.advance(key[0]) - advance + dx
    if text:
        ink += b"<" + text + b">"
    if carried:
        ink += b"%d" % carried
    parts.append((rise, ink))
    return parts


@dataclass(slots=True)
class Atom:
    """A piece on a line, or (without one) a space."""

    piece: Piece | None
    ltr: bool


def clean(text: str) -> str:
    """Return a text as it is drawn: Persian digits, single spaces, nothing invisible but ZWNJ."""
    text = unicodedata.normalize("NFC", text).translate(_DIGITS)
    text = "".join(c for c in text if c == "\u200c" or unicodedata.category(c) not in ("Cf", "Cc", "Cs") or c.isspace())
    return " ".join(text.split())


def atoms(words: Sequence[Word]) -> list[Atom]:
    """Return words with the spaces between them, in reading order."""
    found: list[Atom] = []
    for i, word in enumerate(words):
        if i:
            found.append(Atom(None, word.ltr_before))
        found.extend(Atom(piece, not piece.rtl) for piece in word.pieces)
    return found


def line_ink(words: Sequence[Word], font: EmbeddedFace, size: float, space: float) -> bytes:
    """Return the PDF text operators of one line whose right end is the text origin; `space` in points."""
    scale = size / 1000
    line = atoms(words)
    out: list[bytes] = []
    x = pen = 0.0
    i = 0
    while i < len(line):
        if line[i].piece is None and not line[i].ltr:
            x -= space
            i += 1
            continue
        end = i + 1
        if line[i].ltr:
            while end < len(line) and line[end].ltr:
                end += 1
            # A phrase that ends in a space (before Persian text) ends with its last word.
            while line[end - 1].piece is None:
                end -= 1
        group = line[i:end]
        x -= sum(atom.piece.width * scale if atom.piece else space for atom in group)
        spaced = end == len(line) or line[end].piece is None
        start = x - (font.face.space_width * scale if spaced else 0.0)
        out.append(b"%.2f 0 Td" % (start - pen))
        pen = start
        out.append(_group_ink(group, font, size, space, spaced=spaced))
        i = end
    return b"\n".join(out)


def _group_ink(group: Sequence[Atom], font: EmbeddedFace, size: float, space: float, *, spaced: bool) -> bytes:
    """Draw pieces from left to right, the space before them in reading order's next place at their left."""
    face = font.face
    ltr = group[-1].ltr
    out: list[bytes] = []
    ink = b""
    if spaced:
        ink = b"<%04x>" % font.code((face.base_glyphs[face.space], " " + RLM if ltr else " "))
    wider = round((face.space_width * size / 1000 - space) * 1000 / size)
    for atom in group:
        if atom.piece is None:
            ink += b"<%04x>%d" % (font.code((face.base_glyphs[face.space], " ")), wider)
            continue
        parts = atom.piece.parts
        if parts is None:
            parts = array_parts(atom.piece.glyphs, face, font.code)
        else:
            font.used |= atom.piece.codes
        for rise, part in parts:
            if rise:
                if ink:
                    out.append(b"[%s] TJ" % ink)
                    ink = b""
                out.append(b"%.2f Ts [%s] TJ 0 Ts" % (rise * size / 1000, part))
            else:
                ink += part
    if ink:
        out.append(b"[%s] TJ" % ink)
    return b" ".join(out)


_AFTER_NUMBER = re.compile(r"(?:ریال|قسط|روز)[^\w]*$")
_BEFORE_NUMBER = ("ماده", "پلاک")


def _tied(before: str, word: str) -> bool:
    """Say whether a line must not break between these two: a number and what it counts."""
    if before[-1].isdigit() and _AFTER_NUMBER.match(word):
        return True
    return before in _BEFORE_NUMBER and word[0].isdigit()
