"""A TrueType font as letters use it: shaped by HarfBuzz, embedded glyph by glyph, each glyph with its own text.

A code (two bytes in the PDF) stands for a glyph and the letters it was drawn for, so that text taken out of the
PDF is the letters that were written, not the forms that were drawn. The codes of all Persian forms are given once
(`Face.base`), so that a shaped word is the same bytes in every letter; what else a letter needs gets further
codes, in the order of its use. Only glyphs that were used are embedded.
"""

import struct
import sys
import unicodedata
import zlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import accumulate, pairwise

import uharfbuzz as hb

from vesal_client.letters.pdf import Reference, Writer, text_string

ZWNJ = "\u200c"
RLM, LRM = "\u200f", "\u200e"

#: Bidi classes that take their direction from their neighbours.
_NEUTRAL = frozenset({"ON", "CS", "ES", "ET", "WS", "S", "B"})

#: A glyph and the text it stands for.
Key = tuple[int, str]

_PERSIAN = "اآأإبپتثجچحخدذرزژسشصضطظعغفقکگلمنوؤهةیئء"
_PLAIN = "،؛؟:.!-–/()«»…٬٫٪,0123456789۰۱۲۳۴۵۶۷۸۹ "
_MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0654"


@dataclass(frozen=True, slots=True)
class Glyph:
    """One drawn glyph: offsets and advance in thousandths of the font size.

    A `mark` stands over or under the letter before it, which carries its text.
    """

    key: Key
    advance: int
    dx: int
    dy: int
    mark: bool = False


class Face:
    """One weight of a font: its metrics, its shaping and its glyphs."""

    def __init__(self, name: str, data: bytes) -> None:
        """Read the font file; `name` is its PostScript name in the PDF."""
        self.name = name
        self._tables = _tables(data)
        head, hhea, maxp = self._tables["head"], self._tables["hhea"], self._tables["maxp"]
        self.upem: int = struct.unpack_from(">H", head, 18)[0]
        self.bbox = tuple(round(v * 1000 / self.upem) for v in struct.unpack_from(">4h", head, 36))
        self.ascent, self.descent = (round(v * 1000 / self.upem) for v in struct.unpack_from(">2h", hhea, 4))
        self._count: int = struct.unpack_from(">H", maxp, 4)[0]
        long_loca = struct.unpack_from(">h", head, 50)[0] == 1
        loca = self._tables["loca"]
        self._loca: tuple[int, ...] = (
            struct.unpack(f">{self._count + 1}I", loca)
            if long_loca
            else tuple(2 * v for v in struct.unpack(f">{self._count + 1}H", loca))
        )
        self._metrics = self._read_metrics(struct.unpack_from(">H", hhea, 34)[0])
        self._font = hb.Font(hb.Face(data))
        #: The font's own right-to-left mark: no width, no ink.
        self.mark: int = self._font.get_nominal_glyph(ord(RLM)) or 0
        self.base: dict[Key, int] = {}
        self.base_glyphs: list[int] = [0]
        for key in self._base_keys():
            self.base[key] = len(self.base_glyphs)
            self.base_glyphs.append(key[0])
        self._places: dict[int, int] = {}
        for code, glyph in enumerate(self.base_glyphs):
            self._places.setdefault(glyph, code)
        self._base_outlines: dict[int, tuple[bytes, list[int]]] = {}
        code = 0
        while code < len(self.base_glyphs):
            glyph = self.base_glyphs[code]
            self._base_outlines[code] = self._outline(glyph, self._places, self.base_glyphs)
            code += 1
        self._base_metrics = b"".join(struct.pack(">Hh", *self._metrics[glyph]) for glyph in self.base_glyphs)
        self.space = self.base[self.shape(" ", rtl=True)[0].key]
        self.space_width = self.advance(self.base_glyphs[self.space])

    def advance(self, glyph: int) -> int:
        """Return a glyph's own advance in thousandths."""
        return round(self._metrics[glyph][0] * 1000 / self.upem)

    def shape(self, text: str, *, rtl: bool) -> list[Glyph]:
        """Return the glyphs of a text of one direction, from left to right as they are drawn."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.direction = "rtl" if rtl else "ltr"
        buffer.script = "Arab" if rtl else "Latn"
        buffer.language = "fa" if rtl else "en"
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        hb.shape(self._font, buffer)
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        starts = sorted({info.cluster for info in infos} | {len(text)})
        ends = dict(pairwise(starts))
        found: list[Glyph] = []
        told: set[int] = set()
        scale = 1000 / self.upem
        logical = reversed(range(len(infos))) if rtl else range(len(infos))
        for i in logical:
            info, position = infos[i], positions[i]
            start = info.cluster
            meant = "" if start in told else text[start : ends[start]]
            told.add(start)
            mark = False
            if found and meant and all(unicodedata.category(c) in ("Mn", "Cf") for c in meant):
                # ZWNJ and marks travel with the letter before them, or readers sort them away from it.
                last = found[-1]
                joined = last.key[1] + meant
                if rtl:
                    # A mark at the end of a run would be sorted out of it; one of direction at its left holds it.
                    joined = (
                        meant + last.key[1] if meant == ZWNJ else RLM + meant[::-1] + last.key[1].strip(RLM)
                    )
                found[-1] = Glyph((last.key[0], joined), last.advance, last.dx, last.dy)
                if meant == ZWNJ:
                    continue
                meant, mark = "", True
            if not meant:
                # Drawn, but no text of its own.
                meant = RLM if rtl else LRM
            elif rtl:
                meant = _turned(meant)
            found.append(
                Glyph(
                    (info.codepoint, meant),
                    round(position.x_advance * scale),
                    round(position.x_offset * scale),
                    round(position.y_offset * scale),
                    mark,
                )
            )
        if rtl:
            found.reverse()
        return found

    def program(self, more: Sequence[int], used: Iterable[int]) -> bytes:
        """Return a TrueType font: glyph n is that of code n, first the base's, then `more`.

        Glyphs that are neither in `used` nor part of one that is are empty.
        """
        glyphs = self.base_glyphs + list(more)
        places = dict(self._places)
        known = dict(self._base_outlines)
        for code in range(len(self.base_glyphs), len(glyphs)):
            places.setdefault(glyphs[code], code)
        code = len(self.base_glyphs)
        while code < len(glyphs):
            # Parts that the base lacks join the end of the list, and are looked at in their turn.
            known[code] = self._outline(glyphs[code], places, glyphs)
            code += 1
        needed = [0, *used]
        seen: set[int] = set()
        while needed:
            code = needed.pop()
            if code not in seen:
                seen.add(code)
                needed.extend(known[code][1])
        outlines = [known[code][0] if code in seen else b"" for code in range(len(glyphs))]
        loca = array("I", accumulate(map(len, outlines), initial=0))
        if sys.byteorder == "little":
            loca.byteswap()
        metrics = self._base_metrics + b"".join(
            struct.pack(">Hh", *self._metrics[glyph]) for glyph in glyphs[len(self.base_glyphs) :]
        )
        head, hhea, maxp = (bytearray(self._tables[tag]) for tag in ("head", "hhea", "maxp"))
        struct.pack_into(">h", head, 50, 1)
        struct.pack_into(">H", hhea, 34, len(glyphs))
        struct.pack_into(">H", maxp, 4, len(glyphs))
        return _font_file(
            {
                "glyf": b"".join(outlines),
                "head": bytes(head),
                "hhea": bytes(hhea),
                "hmtx": metrics,
                "loca": loca.tobytes(),
                "maxp": bytes(maxp),
            }
        )

    def _read_metrics(self, full: int) -> list[tuple[int, int]]:
        table = self._tables["hmtx"]
        found = [struct.unpack_from(">Hh", table, 4 * i) for i in range(full)]
        last = found[-1][0]
        found += [
            (last, struct.unpack_from(">h", table, 4 * full + 2 * i)[0]) for i in range(self._count - full)
        ]
        return found

    def _base_keys(self) -> Iterable[Key]:
        """Every glyph that Persian text is drawn with, by shaping each letter in each of its positions."""
        samples = [*_PLAIN, *_PERSIAN]
        samples += [f"{a}{b}" for a in _PERSIAN for b in _PERSIAN]
        samples += [f"ب{a}{b}" for a in _PERSIAN for b in "ااآأردوهیبمن"]
        samples += [f"ب{a}{ZWNJ}ا" for a in _PERSIAN] + [f"{a}{ZWNJ}ا" for a in _PERSIAN]
        samples += [f"ب{mark}ا{mark}" for mark in _MARKS] + ["الله", "لله", "ریال"]
        keys: dict[Key, None] = {}
        for sample in samples:
            for glyph in self.shape(sample, rtl=True):
                keys.setdefault(glyph.key)
        for sample in _PLAIN:
            for glyph in self.shape(sample, rtl=False):
                keys.setdefault(glyph.key)
        space = self.shape(" ", rtl=True)[0].key[0]
        keys.setdefault((space, " " + RLM))
        keys.setdefault((self.mark, RLM))
        return keys

    def _outline(self, glyph: int, places: dict[int, int], glyphs: list[int]) -> tuple[bytes, list[int]]:
        """Return a glyph's outline, its parts renumbered (and added to `glyphs` where they are missing)."""
        outline = self._tables["glyf"][self._loca[glyph] : self._loca[glyph + 1]]
        if len(outline) < 10 or struct.unpack_from(">h", outline)[0] >= 0:
            return outline + b"\0" * (-len(outline) % 4), []
        changed, parts, at, more = bytearray(outline), [], 10, True
        while more:
            flags, part = struct.unpack_from(">HH", outline, at)
            if part not in places:
                places[part] = len(glyphs)
                glyphs.append(part)
            struct.pack_into(">H", changed, at + 2, places[part])
            parts.append(places[part])
            at += 4 + (4 if flags & 1 else 2)
            at += 2 if flags & 8 else 4 if flags & 0x40 else 8 if flags & 0x80 else 0
            more = bool(flags & 0x20)
        return bytes(changed) + b"\0" * (-len(changed) % 4), parts


class EmbeddedFace:
    """A face within one PDF: which codes were used, and the codes beyond the base."""

    def __init__(self, face: Face) -> None:
        """Begin with nothing used."""
        self.face = face
        self.used: set[int] = set()
        self._more: dict[Key, int] = {}

    @property
    def common(self) -> bool:
        """Whether all that was used is in the base, so that it is drawn by the same bytes in every file."""
        return not self._more

    def code(self, key: Key) -> int:
        """Return the code of a glyph in this file, the same for the same key."""
        found = self.face.base.get(key)
        if found is None:
            found = self._more.setdefault(key, len(self.face.base_glyphs) + len(self._more))
        self.used.add(found)
        return found

    def write(self, writer: Writer, reference: Reference) -> None:
        """Write the font's objects under the number that pages already refer to."""
        face = self.face
        more = [glyph for glyph, _ in self._more]
        glyphs = face.base_glyphs + more
        program = face.program(more, self.used)
        stream = writer.stream(program, b"/Length1 %d" % len(program))
        name = b"/" + _tag(self.used) + b"+" + face.name.encode("ascii")
        descriptor = writer.add(
            b"<< /Type /FontDescriptor /FontName %s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d "
            b"/Descent %d /CapHeight %d /StemV 90 /FontFile2 %s >>"
            % (name, *face.bbox, face.ascent, face.descent, face.ascent, stream)
        )
        texts = {code: key[1] for key, code in (*face.base.items(), *self._more.items()) if code in self.used}
        unicode_map = writer.stream(_to_unicode(texts))
        widths = b" ".join(b"%d [%d]" % (code, face.advance(glyphs[code])) for code in sorted(self.used))
        descendant = writer.add(
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont %s /CIDSystemInfo << /Registry %s /Ordering %s "
            b"/Supplement 0 >> /FontDescriptor %s /DW 1000 /W [%s] /CIDToGIDMap /Identity >>"
            % (name, text_string("Adobe"), text_string("Identity"), descriptor, widths)
        )
        writer.add(
            b"<< /Type /Font /Subtype /Type0 /BaseFont %s /Encoding /Identity-H /DescendantFonts [%s] "
            b"/ToUnicode %s >>" % (name, descendant, unicode_map),
            reference,
        )


def bundled(weight: str) -> Face:
    """Return a weight of the bundled Vazirmatn: Regular, Medium, SemiBold or Bold."""
    name = f"Vazirmatn-{weight}"
    return Face(name, files("vesal_resources").joinpath("fonts", f"{name}.ttf").read_bytes())


def _turned(text: str) -> str:
    """Return a right-to-left glyph's text as readers want it: from left to right, neutral characters made R.

    Readers take the characters of a line from left to right and turn runs of Persian letters around, one
    character at a time, so a glyph of two letters (لا) carries them turned already. Punctuation counts as part of
    a number to some; a right-to-left mark at its left keeps it with the word before it.
    """
    turned = text[::-1]
    if text and text != " " and all(unicodedata.bidirectional(c) in _NEUTRAL for c in text):
        return RLM + turned
    return turned


def _tables(data: bytes) -> dict[str, bytes]:
    count = struct.unpack_from(">H", data, 4)[0]
    found = {}
    for i in range(count):
        tag, _, offset, length = struct.unpack_from(">4sIII", data, 12 + 16 * i)
        found[tag.decode("ascii")] = data[offset : offset + length]
    return found


def _font_file(tables: dict[str, bytes]) -> bytes:
    """Assemble a TrueType file; checksums are left zero but for the table directory, as readers pass them over."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    header = struct.pack(
        ">IHHHH", 0x00010000, count, power * 16, power.bit_length() - 1, (count - power) * 16
    )
    offset = 12 + 16 * count
    directory, body = [], []
    for tag, table in sorted(tables.items()):
        padded = table + b"\0" * (-len(table) % 4)
        words = array("I", padded)
        if sys.byteorder == "little":
            words.byteswap()
        total = sum(words) & 0xFFFFFFFF
        directory.append(struct.pack(">4sIII", tag.encode("ascii"), total, offset, len(table)))
        body.append(padded)
        offset += len(padded)
    return header + b"".join(directory) + b"".join(body)


def _to_unicode(texts: dict[int, str]) -> bytes:
    lines = [
        b"<%04x> <%s>" % (code, text.encode("utf-16-be").hex().encode())
        for code, text in texts.items()
        if text
    ]
    blocks = [
        b"%d beginbfchar\n%s\nendbfchar" % (len(lines[i : i + 100]), b"\n".join(lines[i : i + 100]))
        for i in range(0, len(lines), 100)
    ]
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        b"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        + b"\n".join(blocks)
        + b"\nendcmap CMapName currentdict /CMap defineresource pop end end"
    )


def _tag(used: set[int]) -> bytes:
    """Return the six letters that mark a subset, made of what is in it."""
    value = zlib.crc32(struct.pack(f">{len(used)}I", *sorted(used)))
    return bytes(ord("A") + value // 26**i % 26 for i in range(6))
