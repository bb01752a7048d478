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
    """One PDF in memory. PDFium serves one thread at a time: a lock that all documents share sees to that."""

    def __init__(self, data: bytes, lock: threading.Lock) -> None:
        """Open the file; ValueError if it is none. Close it when it is not needed any more."""
        self._lock = lock
        with lock:
            try:
                self._document = pypdfium2.PdfDocument(data)
            except pypdfium2.PdfiumError as error:
                raise ValueError("no PDF") from error
            self._sizes = [self._document.get_page_size(index) for index in range(len(self._document))]

    def __len__(self) -> int:
        """How many pages it has."""
        return len(self._sizes)

    def size(self, page: int) -> QSizeF:
        """The size of a page in points."""
        return QSizeF(*self._sizes[page])

    def draw(self, page: int, scale: float) -> QImage:
        """Return a page as a picture of its own, `scale` pixels a point."""
        with self._lock:
            loaded = self._document[page]
            bitmap = loaded.render(scale=scale, rev_byteorder=False, prefer_bgrx=True)
            image = QImage(
                bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32
            ).copy()
            bitmap.close()
            loaded.close()
        return image

    def close(self) -> None:
        """Give the memory back."""
        with self._lock:
            self._document.close()


class PdfEngine:
    """Opens PDFs that share one lock; the application builds one."""

    def __init__(self) -> None:
        """Begin unlocked."""
        self._lock = threading.Lock()

    def open(self, data: bytes) -> PdfPages:
        """Open a PDF; close it after use."""
        return PdfPages(data, self._lock)

    @contextmanager
    def opened(self, data: bytes) -> Iterator[PdfPages]:
        """Open a PDF for a while."""
        pages = self.open(data)
        try:
            yield pages
        finally:
            pages.close()
