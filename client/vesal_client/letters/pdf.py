"""A small PDF writer: objects leave for the file as soon as they are complete, so memory stays flat.

ISO 32000-1, plain cross-reference table. The same calls give the same bytes: no clock, no random file identifier.
"""

import hashlib
import zlib
from typing import BinaryIO

#: How a PDF refers to an object: b"12 0 R".
Reference = bytes


def text_string(text: str) -> bytes:
    """Return a text for a dictionary (titles): plain where ASCII, else UTF-16."""
    if text.isascii():
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return b"(" + escaped.encode("ascii") + b")"
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode("ascii") + b">"


class Writer:
    """Writes one PDF file, object by object, and at last its page tree and table of objects."""

    def __init__(self, out: BinaryIO) -> None:
        """Write the head. `out` needs `write` alone."""
        self._out = out
        self._offsets: dict[int, int] = {}
        self._position = 0
        self._next = 1
        self._pages: list[Reference] = []
        self._digest = hashlib.sha256()
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._tree = self.reserve()

    def reserve(self) -> Reference:
        """Return a reference to an object that is added later."""
        number = self._next
        self._next += 1
        return b"%d 0 R" % number

    def add(self, body: bytes, reference: Reference | None = None) -> Reference:
        """Write an object, under the reserved reference if one is given, and return its reference."""
        reference = reference or self.reserve()
        number = int(reference.split()[0])
        self._offsets[number] = self._position
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        return reference

    def stream(self, data: bytes, extra: bytes = b"", *, packed: bool = False) -> Reference:
        """Write a stream, deflated here unless it is `packed` already."""
        if not packed:
            data = zlib.compress(data, 6)
        head = b"<< /Length %d /Filter /FlateDecode %s >>" % (len(data), extra)
        return self.add(head + b"\nstream\n" + data + b"\nendstream")

    def page(self, content: bytes, resources: bytes, width: float, height: float) -> None:
        """Write a page of this size in points."""
        stream = self.stream(content)
        self._pages.append(
            self.add(
                b"<< /Type /Page /Parent %s /MediaBox [0 0 %.2f %.2f] /Contents %s /Resources %s >>"
                % (self._tree, width, height, stream, resources)
            )
        )

    def finish(self, title: str) -> None:
        """Write what the file ends with; nothing can be added after it."""
        self.add(
            b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(self._pages), b" ".join(self._pages)),
            self._tree,
        )
        catalog = self.add(
            b"<< /Type /Catalog /Pages %s /Lang (fa-IR) /ViewerPreferences << /Direction /R2L "
            b"/DisplayDocTitle true >> >>" % self._tree
        )
        info = self.add(b"<< /Title %s /Producer (Vesal) >>" % text_string(title))
        start = self._position
        identity = self._digest.hexdigest()[:32].encode("ascii")
        rows = b"".join(b"%010d 00000 n \n" % self._offsets[number] for number in range(1, self._next))
        self._write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (self._next, rows))
        self._write(
            b"trailer\n<< /Size %d /Root %s /Info %s /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n"
            % (self._next, catalog, info, identity, identity, start)
        )

    def _write(self, data: bytes) -> None:
        self._digest.update(data)
        self._out.write(data)
        self._position += len(data)
