"""Letters to PDF: one letter, or many in one file, written as they are drawn so that memory stays flat."""

import io
from collections.abc import Callable, Iterable
from typing import BinaryIO

from vesal_client.letters.compose import draw_letter
from vesal_client.letters.declaration import draw_declaration
from vesal_client.letters.pdf import Writer
from vesal_client.letters.sheet import Document
from vesal_client.letters.words import Typesetter
from vesal_shared.digits import persian_digits
from vesal_shared.letter_content import LetterContent

_TITLES = {"introduction_letter": "معرفی‌نامه", "warning": "اخطاریه", "declaration": "اظهارنامه"}


class Renderer:
    """Draws letters; keeps fonts and what was shaped, so use one for many letters, in one thread at a time."""

    def __init__(self) -> None:
        """Read the fonts."""
        self._setter = Typesetter()

    def letter(self, content: LetterContent) -> bytes:
        """Return one letter as a PDF file, the same bytes for the same content.

        Raises Refusal (letter_logo_unreadable).
        """
        out = io.BytesIO()
        document = Document(self._setter, Writer(out))
        _draw(document, content)
        document.finish(f"{_TITLES[content.kind]} {persian_digits(content.number)}")
        return out.getvalue()

    def many(
        self,
        contents: Iterable[LetterContent],
        out: BinaryIO,
        *,
        progress: Callable[[int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> int:
        """Write letters into one PDF file, in order, and return how many.

        `progress` is told the count after each letter. Once `cancelled` says yes nothing more is drawn and 0 is
        returned; what stands in `out` then is no PDF file and is to be thrown away.
        """
        document = Document(self._setter, Writer(out))
        count = 0
        for content in contents:
            if cancelled is not None and cancelled():
                return 0
            _draw(document, content)
            count += 1
            if progress is not None:
                progress(count)
        document.finish(f"{persian_digits(count)} نامه")
        return count


def _draw(document: Document, content: LetterContent) -> None:
    if content.kind == "declaration":
        draw_declaration(document, content)
    else:
        draw_letter(document, content)


def render_letter(content: LetterContent) -> bytes:
    """Return one letter as a PDF file; for many, keep a `Renderer`."""
    return Renderer().letter(content)
