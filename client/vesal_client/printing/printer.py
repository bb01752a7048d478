"""A PDF on a printer: each page is the PDF's own picture at the printer's resolution."""

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from vesal_client.printing.pdf_pages import POINTS, PdfEngine

#: Finer than this nobody sees on paper, and a page stays below 35 MB.
FINEST_DPI = 300


class PrinterTrouble(Exception):
    """The printer took nothing, or stopped; a Persian sentence."""


def prepare(printer: QPrinter) -> None:
    """Set a printer to whole A4 sheets upright, so that millimetres on paper are those of the letter."""
    printer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)
        )
    )
    printer.setFullPage(True)


class PrintRun:
    """One job on one printer: letters are added one after another, and each says when it is through."""

    def __init__(self, engine: PdfEngine, printer: QPrinter) -> None:
        """Begin the job. Raises PrinterTrouble where the printer doesn't take it."""
        self._engine = engine
        self._printer = printer
        prepare(printer)
        self._painter = QPainter()
        if not self._painter.begin(printer):
            raise PrinterTrouble("چاپگر در دسترس نیست. روشن بودن و اتصال آن را بررسی کنید.")
        self._fresh = True

    def add(self, pdf: bytes) -> int:
        """Print all pages of a letter, on as many sheets as it has; return how many."""
        scale = min(self._printer.resolution(), FINEST_DPI) / POINTS
        pages = self._engine.open(pdf)
        for index in range(len(pages)):
            if not self._fresh and not self._printer.newPage():
                raise PrinterTrouble("چاپگر از کار افتاد. نامه‌های مانده چاپ نشدند.")
            self._fresh = False
            size = pages.size(index)
            self._draw(pages.draw(index, scale), size.width(), size.height())
        return len(pages)

    def _draw(self, image: QImage, width: float, height: float) -> None:
        """Draw a page's picture in its own size, from the corner of the sheet, not of what can be printed on."""
        resolution = self._printer.resolution()
        dots = resolution / POINTS
        corner = self._printer.pageLayout().paintRectPixels(resolution).topLeft()
        self._painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._painter.drawImage(QRectF(-corner.x(), -corner.y(), width * dots, height * dots), image)

    def end(self) -> None:
        """Hand the job to the printer."""
        if not self._painter.end():
            raise PrinterTrouble("کار چاپ به پایان نرسید.")

    def abort(self) -> None:
        """Throw the job away as far as it has not left yet."""
        self._printer.abort()
        self._painter.end()
