"""The panel beside the queue: the current letter's number and state, its pages, its size, its preview."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vesal_client.kit import paint
from vesal_client.kit.banner import Banner
from vesal_client.kit.buttons import IconButton
from vesal_client.kit.chips import Chip
from vesal_client.kit.labels import Label
from vesal_client.kit.table.feed import Ask
from vesal_client.kit.trouble import explained
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Height
from vesal_client.printing.pdf_pages import PdfEngine
from vesal_client.printing.preview import Preview
from vesal_shared.digits import code
from vesal_shared.messages.letters import Letter

WIDTH: Final = 484
_HEAD: Final = 44
_REST_MS: Final = 60


class _Head(QWidget):
    """The panel's first line, a hairline below it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedHeight(_HEAD)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and hairline."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("surface"))
        paint.hairline(painter, self._theme.colour("hair"), 0, self.height() - 1, self.width())


class PreviewPanel(QWidget):
    """Follows the current row; its arrows go on to the next and the last letter."""

    stepped = Signal(int)
    """The next (1) or the previous (-1) letter is wanted."""
    closed = Signal()
    """✕ was pressed."""

    def __init__(self, theme: Theme, engine: PdfEngine, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: int | None = None
        self._make: Callable[[], bytes] | None = None
        # While an arrow key is held down nothing is fetched; the row where it rests is shown.
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._show)
        self.number = Label(theme, size=13, weight=700)
        self.state = Chip(theme)
        self._place = Label(theme, size=12, colour="text2")
        self._size = Label(theme, size=12, colour="text2")
        self.preview = Preview(theme, engine, ask, self)
        self._note = Banner(theme, closable=False, parent=self)
        self._note.hide()
        before = IconButton(theme, "chevron-start", "نامه پیش", size=Height.SMALL)
        after = IconButton(theme, "chevron-end", "نامه بعد", size=Height.SMALL)
        smaller = IconButton(theme, "minus", "کوچک‌تر", size=Height.SMALL)
        larger = IconButton(theme, "plus", "بزرگ‌تر", size=Height.SMALL)
        fit = IconButton(theme, "fit", "همه صفحه", size=Height.SMALL)
        close = IconButton(theme, "close", "بستن پیش‌نمایش", size=Height.SMALL)
        before.clicked.connect(lambda: self.stepped.emit(-1))
        after.clicked.connect(lambda: self.stepped.emit(1))
        smaller.clicked.connect(self.preview.zoom_out)
        larger.clicked.connect(self.preview.zoom_in)
        fit.clicked.connect(lambda: self.preview.set_zoom(None))
        close.clicked.connect(self.closed)
        head = _Head(theme, self)
        line = QHBoxLayout(head)
        line.setContentsMargins(10, 0, 16, 0)
        line.setSpacing(4)
        line.addWidget(self.number)
        line.addSpacing(6)
        line.addWidget(self.state)
        line.addStretch(1)
        tools: tuple[QWidget, ...] = (before, self._place, after)
        for tool in tools:
            line.addWidget(tool)
        line.addSpacing(6)
        tools = (larger, self._size, smaller, fit, close)
        for tool in tools:
            line.addWidget(tool)
        column = QVBoxLayout(self)
        # The hairline towards the list.
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._note)
        column.addWidget(self.preview, 1)
        self.preview.zoomed.connect(self._size.setText)
        self.preview.failed.connect(lambda problem: self._say(explained(problem), "bad"))
        self.setMinimumWidth(WIDTH)

    def show_letter(
        self, letter: Letter, chip: tuple[str, str], place: str, make: Callable[[], bytes]
    ) -> None:
        """Show a letter's head at once and its pages when they are drawn; the same letter is not drawn again."""
        self.number.setText(code(letter.number))
        self.state.say(*chip)
        self.state.show()
        self._place.setText(place)
        if letter.status == "void":
            self._say("این نامه باطل شده است. اگر چاپ شده است، ابلاغ نشود.", "bad")
        else:
            self._note.hide()
        if letter.id != self._shown:
            self._shown = letter.id
            self._make = make
            self._rest.start()

    def _show(self) -> None:
        if self._make is not None:
            self.preview.show_pdf(self._make)

    @property
    def resting(self) -> bool:
        """Whether what is current was asked for already."""
        return not self._rest.isActive()

    def show_nothing(self) -> None:
        """No row is current."""
        self._rest.stop()
        self._shown = None
        self.number.setText("")
        self.state.hide()
        self._place.setText("")
        self._note.hide()
        self.preview.clear()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the hairline towards the list."""
        paint.upright(QPainter(self), self._theme.colour("hair"), self.width() - 1, 0, self.height())

    def _say(self, text: str, tone: str) -> None:
        self._shown = self._shown if tone != "bad" or self.preview.page_count else None
        self._note.say(text, tone)
        self._note.show()
