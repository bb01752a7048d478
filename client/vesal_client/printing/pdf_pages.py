"""Pages of a PDF as pictures, drawn by PDFium (docs/decisions/001): for the preview and for the printer alike."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage

#: Points in an inch, the unit of a PDF's lengths.
POINTS = 72.0


class PdfPages:
    """One PDF in memory; it is opened for each drawing alone, so nobody has to close it."""

    def __init__(self, data: bytes, lock: threading.Lock) -> None:
        """Read how many pages of which size it has. Raises ValueError for what is no PDF."""
        self._data = data
        self._lock = lock
        try:
            with self._opened() as document:
                self._sizes = [document.get_page_size(index) for index in range(len(document))]
        except pypdfium2.PdfiumError as error:
            raise ValueError("no PDF") from error

    def __len__(self) -> int:
        """How many pages it has."""
        return len(self._sizes)

    def size(self, page: int) -> QSizeF:
        """The size of a page in points."""
        return QSizeF(*self._sizes[page])

    def draw(self, page: int, scale: float) -> QImage:
        """Return a page as a picture of its own, `scale` pixels a point."""
        with self._opened() as document:
            loaded = document[page]
            bitmap = loaded.render(scale=scale, rev_byteorder=False, prefer_bgrx=True)
            image = QImage(
                bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32
            ).copy()
            bitmap.close()
            loaded.close()
        return image

    @contextmanager
    def _opened(self) -> Iterator[pypdfium2.PdfDocument]:
        """The document, while nobody else uses PDFium: it serves one thread at a time."""
        with self._lock:
            document = pypdfium2.PdfDocument(self._data)
            try:
                yield document
            finally:
                document.close()


class PdfEngine:
    """Opens PDFs that share one lock; the application builds one."""

    def __init__(self) -> None:
        """Begin unlocked."""
        self._lock = threading.Lock()

    def open(self, data: bytes) -> PdfPages:
        """Return a PDF's pages. Raises ValueError for what is none."""
        return PdfPages(data, self._lock)
