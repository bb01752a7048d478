"""The preview: the PDF's own pages, one under the other, at any size; paper stays light in the dark."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from vesal_client.kit.table.feed import Ask
from vesal_client.look.theme import Theme
from vesal_client.printing.pdf_pages import PdfEngine, PdfPages
from vesal_shared import money

#: At 100 percent a point on paper is so many logical pixels, as screens have it.
_PIXELS_A_POINT: Final = 96 / 72
_SMALLEST, _LARGEST, _STEP = 0.25, 4.0, 1.1
_MARGIN, _GAP = 14, 12
_REST_MS = 60


class Preview(QAbstractScrollArea):
    """Shows one PDF; a whole page fits until somebody chooses a size."""

    zoomed = Signal(str)
    """The size as a text: «۸۵ درصد»."""
    ready = Signal()
    """The first page is shown."""
    failed = Signal(object)
    """The PDF could not be had: the exception."""

    def __init__(self, theme: Theme, engine: PdfEngine, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._engine = engine
        self._ask = ask
        self._pages: PdfPages | None = None
        self._images: dict[tuple[int, int], QImage] = {}
        self._wanted: set[tuple[int, int]] = set()
        self._zoom: float | None = None
        self._turn = 0
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._draw_missing)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.verticalScrollBar().setSingleStep(40)
        self.verticalScrollBar().valueChanged.connect(self._rest.start)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("پیش‌نمایش نامه")
        theme.changed.connect(self.viewport().update)

    # What is shown.

    def show_pdf(self, make: Callable[[], bytes]) -> None:
        """Show what `make` returns; it runs in the background, and only the last one asked for is shown."""
        self._turn += 1
        turn = self._turn
        self._ask(
            lambda: self._engine.open(make()),
            lambda pages: self._take(turn, pages),
            lambda problem: self._fail(turn, problem),
        )

    def clear(self) -> None:
        """Show nothing."""
        self._turn += 1
        self._replace(None)

    @property
    def page_count(self) -> int:
        """How many pages the letter has."""
        return 0 if self._pages is None else len(self._pages)

    def _take(self, turn: int, pages: PdfPages) -> None:
        if turn == self._turn:
            self._replace(pages)

    def _fail(self, turn: int, problem: Exception) -> None:
        if turn == self._turn:
            self._replace(None)
            self.failed.emit(problem)

    def _replace(self, pages: PdfPages | None) -> None:
        self._pages = pages
        self._images.clear()
        self._wanted.clear()
        self.verticalScrollBar().setValue(0)
        self._lay_out()
        self._draw_missing()

    # Size.

    @property
    def zoom(self) -> float:
        """The size that holds; 1 is as on paper."""
        if self._zoom is not None:
            return self._zoom
        if self._pages is None or not len(self._pages):
            return 1.0
        size = self._pages.size(0)
        wide = (self.viewport().width() - 2 * _MARGIN) / (size.width() * _PIXELS_A_POINT)
        high = (self.viewport().height() - 2 * _MARGIN) / (size.height() * _PIXELS_A_POINT)
        return max(_SMALLEST, min(wide, high))

    def set_zoom(self, zoom: float | None) -> None:
        """Choose a size; None fits a whole page again."""
        self._zoom = None if zoom is None else min(_LARGEST, max(_SMALLEST, zoom))
        self._lay_out()
        self._rest.start()

    def zoom_in(self) -> None:
        """One step larger."""
        self.set_zoom(self.zoom * _STEP)

    def zoom_out(self) -> None:
        """One step smaller."""
        self.set_zoom(self.zoom / _STEP)

    def _page_rect(self, page: int) -> QRect:
        """Where a page stands, from the top of all pages."""
        assert self._pages is not None
        y = _MARGIN
        scale = self.zoom * _PIXELS_A_POINT
        for before in range(page):
            y += round(self._pages.size(before).height() * scale) + _GAP
        size = QSize(
            round(self._pages.size(page).width() * scale), round(self._pages.size(page).height() * scale)
        )
        left = max(_MARGIN, (self.viewport().width() - size.width()) // 2)
        return QRect(QPoint(left, y), size)

    def _lay_out(self) -> None:
        count = self.page_count
        if count:
            last = self._page_rect(count - 1)
            high, wide = last.bottom() + 1 + _MARGIN, last.width() + 2 * _MARGIN
        else:
            high = wide = 0
        view = self.viewport().size()
        self.verticalScrollBar().setRange(0, max(0, high - view.height()))
        self.verticalScrollBar().setPageStep(view.height())
        self.horizontalScrollBar().setRange(0, max(0, wide - view.width()))
        self.horizontalScrollBar().setPageStep(view.width())
        self.zoomed.emit(f"{money.show(round(self.zoom * 100))} درصد" if count else "")
        self.viewport().update()

    # Drawing.

    def _visible(self) -> list[int]:
        top = self.verticalScrollBar().value()
        shown = QRect(0, top, self.viewport().width(), self.viewport().height())
        return [
            page
            for page in range(self.page_count)
            if self._page_rect(page).adjusted(-9999, 0, 9999, 0).intersects(shown)
        ]

    def _draw_missing(self) -> None:
        """Ask for the pictures of the pages in sight, in the size that holds now."""
        pages = self._pages
        if pages is None:
            return
        ratio = self.devicePixelRatioF()
        for page in self._visible():
            width = round(self._page_rect(page).width() * ratio)
            key = (page, width)
            if key in self._images or key in self._wanted:
                continue
            self._wanted.add(key)
            self._ask(
                partial(pages.draw, page, width / pages.size(page).width()),
                partial(self._drawn, pages, key),
                partial(self._not_drawn, key),
            )

    def _not_drawn(self, key: tuple[int, int], _problem: Exception) -> None:
        self._wanted.discard(key)

    def _drawn(self, pages: PdfPages, key: tuple[int, int], image: QImage) -> None:
        if pages is not self._pages:
            return
        self._wanted.discard(key)
        first = not self._images
        for other in [other for other in self._images if other[0] == key[0]]:
            del self._images[other]
        self._images[key] = image
        self.viewport().update()
        if first:
            self.ready.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the pages in sight; one whose picture is under way shows an older one, or plain paper."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.colour("neutral_ground"))
        shift = QPoint(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for page in self._visible():
            place = self._page_rect(page).translated(shift)
            for spread, strength in ((3, 10), (2, 14), (1, 22)):
                painter.fillRect(
                    place.adjusted(-spread, -spread + 1, spread, spread + 1), QColor(0, 0, 0, strength)
                )
            painter.fillRect(place, QColor("white"))
            for (number, _), image in self._images.items():
                if number == page:
                    painter.drawImage(place, image)

    # Qt's own.

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page again."""
        super().resizeEvent(event)
        self._lay_out()
        self._rest.start()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Repaint at the new place."""
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel choose the size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            (self.zoom_in if event.angleDelta().y() > 0 else self.zoom_out)()
            event.accept()
        else:
            super().wheelEvent(event)
