"""Programs that take text out of a PDF: MuPDF, PDFium, and poppler where it is installed (dev.py installs it)."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pypdfium2

#: Marks that say how to show the text, none of it: poppler adds them, and ours carry directions.
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u00ad]")


def mupdf(pdf: bytes) -> str:
    with pymupdf.open(stream=pdf, filetype="pdf") as document:  # type: ignore[no-untyped-call]
        return "\n".join(page.get_text() for page in document)


def pdfium(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = []
        for page in document:
            text_page = page.get_textpage()
            texts.append(text_page.get_text_range())
            text_page.close()
            page.close()
        return "\n".join(texts)
    finally:
        document.close()


def poppler(pdf: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "letter.pdf")
        path.write_bytes(pdf)
        done = subprocess.run(
            ["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True, encoding="utf-8"
        )
        return done.stdout


READERS: dict[str, Callable[[bytes], str]] = {"mupdf": mupdf, "pdfium": pdfium}
if shutil.which("pdftotext"):
    READERS["poppler"] = poppler


def words(text: str) -> list[str]:
    """The words of an extracted text, without direction marks."""
    return _MARKS.sub("", text).split()


def contains(found: list[str], wanted: list[str]) -> bool:
    """Whether `wanted` stands in `found`, word after word."""
    return any(found[i : i + len(wanted)] == wanted for i in range(len(found) - len(wanted) + 1))


def page_count(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()
