"""Search anywhere: one box over the page; customers, facilities, letters and pages while typing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from vesal_client.kit import paint
from vesal_client.kit.cards import Rule
from vesal_client.kit.dialogs import Veil
from vesal_client.kit.labels import KeyCap, Label
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius
from vesal_client.wire.search import SearchWire
from vesal_client.work.pool import Work
from vesal_client.work.query import Query
from vesal_shared import digits, money
from vesal_shared.messages.search import Hit, Hits
from vesal_shared.pages import Page
from vesal_shared.text import search_key

_WIDTH: Final = 640
_ROW: Final = 42
_HEADING: Final = 24
_TYPING_MS: Final = 120
_KINDS: Final = {
    "customer": ("مشتریان", "user"),
    "facility": ("تسهیلات", "coins"),
    "letter": ("نامه‌ها", "file"),
}
_PAGES: Final = "صفحه‌ها"


@dataclass(frozen=True, slots=True)
class Found:
    """One line: what it is, where Enter goes."""

    section: str
    icon: str
    title: str
    subtitle: str
    page: str
    arguments: Mapping[str, str] = field(default_factory=dict)


def from_hit(hit: Hit) -> Found:
    """A hit of the server as a line."""
    section, icon = _KINDS[hit.kind]
    given = {"loan_no": hit.loan_no, "customer_no": hit.customer_no, "letter_id": hit.letter_id}
    arguments = {name: str(value) for name, value in given.items() if value is not None}
    return Found(section, icon, hit.title, hit.subtitle, hit.page, arguments)


class Results(QWidget):
    """The lines under their headings; the one that Enter opens is lit."""

    opened = Signal(object)
    """The line that was pressed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._found: tuple[Found, ...] = ()
        self._current = 0
        self._typed = ""
        self.setMouseTracking(True)
        self.setFixedWidth(_WIDTH - 2)

    @property
    def found(self) -> tuple[Found, ...]:
        """What is shown."""
        return self._found

    def say(self, found: Sequence[Found], typed: str) -> None:
        """Show these lines; the first is lit."""
        self._found = tuple(found)
        self._typed = digits.persian_digits(typed)
        self._current = 0
        places = self._places()
        self.setFixedHeight(places[-1][1].bottom() + 8 if places else 0)
        self._tell()
        self.update()

    def step(self, by: int) -> None:
        """Light the next line or the one before."""
        if self._found:
            self._current = (self._current + by) % len(self._found)
            self._tell()
            self.update()

    def current(self) -> Found | None:
        """The line that Enter opens."""
        return self._found[self._current] if self._found else None

    def _tell(self) -> None:
        current = self.current()
        self.setAccessibleName(f"{current.section}: {current.title} {current.subtitle}" if current else "")

    def _places(self) -> list[tuple[int, QRect]]:
        """Each line's number and place; a heading stands over the first of its section."""
        places = []
        top = 6
        section = ""
        for number, line in enumerate(self._found):
            if line.section != section:
                section = line.section
                top += _HEADING
            places.append((number, QRect(7, top, self.width() - 14, _ROW - 2)))
            top += _ROW
        return places

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint headings and lines."""
        painter = QPainter(self)
        theme, colour = self._theme, self._theme.colour
        section = ""
        for number, area in self._places():
            line = self._found[number]
            if line.section != section:
                section = line.section
                painter.setFont(theme.font(11, 500))
                painter.setPen(colour("text2"))
                painter.drawText(
                    QRect(10, area.top() - _HEADING, self.width() - 26, _HEADING), paint.LEADING, section
                )
            lit = number == self._current
            if lit:
                paint.box(painter, area, Radius.CONTROL, ground=colour("soft"))
            icon = QRect(area.right() - 38, area.top() + 6, 28, 28)
            paint.box(painter, icon, Radius.CONTROL, ground=colour("surface" if lit else "neutral_ground"))
            theme.paint_icon(painter, line.icon, icon.adjusted(6, 6, -6, -6), "accent" if lit else "text2")
            self._paint_words(painter, line, area, lit=lit)

    def _paint_words(self, painter: QPainter, line: Found, area: QRect, *, lit: bool) -> None:
        theme, colour = self._theme, self._theme.colour
        bold = theme.font(13, 600)
        words = area.adjusted(110, 0, -50, 0)
        metrics = QFontMetrics(bold)
        title = metrics.elidedText(
            digits.persian_digits(line.title), Qt.TextElideMode.ElideRight, words.width() * 2 // 3
        )
        self._paint_mark(painter, words, title, metrics)
        painter.setFont(bold)
        painter.setPen(colour("text"))
        painter.drawText(words, paint.LEADING, title)
        words.setRight(words.right() - metrics.horizontalAdvance(title) - 12)
        plain = QFontMetrics(theme.font(12))
        subtitle = plain.elidedText(
            digits.persian_digits(line.subtitle), Qt.TextElideMode.ElideRight, words.width()
        )
        self._paint_mark(painter, words, subtitle, plain)
        painter.setFont(theme.font(12))
        painter.setPen(colour("text2"))
        painter.drawText(words, paint.LEADING, subtitle)
        if lit:
            painter.setFont(theme.font(12, 500))
            painter.setPen(colour("accent"))
            painter.drawText(area.adjusted(42, 0, 0, 0), paint.TRAILING, "باز کردن")
            cap = QRect(area.left() + 10, area.center().y() - 9, 26, 19)
            paint.box(painter, cap, 4, ground=colour("surface"), border=colour("hair"))
            theme.paint_icon(painter, "enter", cap.adjusted(6, 3, -6, -3), "accent")

    def _paint_mark(self, painter: QPainter, area: QRect, text: str, metrics: QFontMetrics) -> None:
        """Tint the typed digits or letters where they stand in a text that reads from the right."""
        start = text.find(self._typed) if len(self._typed) > 1 else -1
        if start < 0 or digits.LTR_ISOLATE in text or any(char.isdigit() for char in self._typed):
            return
        right = area.right() + 1 - metrics.horizontalAdvance(text[:start])
        wide = metrics.horizontalAdvance(self._typed)
        mark = QRect(right - wide - 1, area.center().y() - 9, wide + 2, 19)
        paint.box(painter, mark, 3, ground=self._theme.colour("warn_ground"))

    def _at(self, event: QMouseEvent) -> int:
        point = event.position().toPoint()
        return next((number for number, area in self._places() if area.contains(point)), -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the line under the mouse."""
        at = self._at(event)
        if at >= 0 and at != self._current:
            self._current = at
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the line under the mouse."""
        at = self._at(event)
        if at >= 0:
            self.opened.emit(self._found[at])


class _Sheet(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground."""
        colour = self._theme.colour
        paint.box(QPainter(self), self.rect(), 10, ground=colour("surface"), border=colour("hair"))


class _Glass(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(18, 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon."""
        self._theme.paint_icon(QPainter(self), "search", self.rect(), "accent")


class SearchAnywhere(QObject):
    """Opened by Ctrl+K; Esc, a choice or the veil closes it."""

    chosen = Signal(str, dict)
    """Page and arguments of what was chosen."""

    def __init__(
        self, theme: Theme, wire: SearchWire, work: Work, pages: Sequence[Page], over: QWidget
    ) -> None:
        super().__init__(over)
        self._wire = wire
        self._pages = tuple(pages)
        self._query = Query(work, self)
        self._hits: list[Found] = []
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._pause.timeout.connect(self._ask)
        sheet = _Sheet(theme)
        self.edit = QLineEdit()
        self.edit.setFont(theme.font(16))
        self.edit.setPlaceholderText("شماره مشتری، شماره تسهیلات، نام، کد ملی، همراه، شماره نامه یا صفحه")
        self.edit.setAccessibleName("جستجو در همه‌جا")
        self.edit.setAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        )
        self.results = Results(theme)
        self._word = Label(theme, size=12, colour="text3")
        self._word.setContentsMargins(18, 10, 18, 10)
        self._count = Label(theme, size=11, colour="text3")
        self._build(theme, sheet)
        self._veil = Veil(theme, over, sheet, width=_WIDTH)
        self._veil.dismissed.connect(self.close)
        self.edit.textEdited.connect(self._typed)
        self.edit.installEventFilter(self)
        self.results.opened.connect(self._choose)
        self._query.answered.connect(self._answered)
        self._query.failed.connect(lambda _error: self._show([]))
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show([])

    def _build(self, theme: Theme, sheet: QWidget) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 18, 0)
        head.setSpacing(12)
        head.addWidget(_Glass(theme))
        head.addWidget(self.edit, 1)
        head.addWidget(KeyCap(theme, "Esc"))
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 8)
        foot.setSpacing(8)
        for keys, words in (("↑ ↓", "جابه‌جایی"), ("Enter", "باز کردن")):
            foot.addWidget(KeyCap(theme, keys))
            foot.addWidget(Label(theme, words, size=11, colour="text3"))
            foot.addSpacing(12)
        foot.addStretch(1)
        foot.addWidget(self._count)
        column = QVBoxLayout(sheet)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        top = QWidget()
        top.setFixedHeight(54)
        top.setLayout(head)
        column.addWidget(top)
        column.addWidget(Rule(theme))
        column.addWidget(self.results)
        column.addWidget(self._word)
        column.addWidget(Rule(theme))
        column.addLayout(foot)

    def close(self) -> None:
        """Go away."""
        self._veil.lift()
        self.deleteLater()

    def _typed(self) -> None:
        self._pause.start()
        self._hits = []
        self._show(self._pages_found())

    def _ask(self) -> None:
        typed = self.edit.text().strip()
        if len(search_key(typed)) >= 2:
            self._query.run(lambda: self._wire.hits(typed))

    def _answered(self, hits: Hits) -> None:
        found = [from_hit(hit) for hit in hits.items]
        order = [section for section, _ in _KINDS.values()]
        self._hits = sorted(found, key=lambda line: order.index(line.section))
        self._show(self._hits + self._pages_found())

    def _pages_found(self) -> list[Found]:
        key = search_key(self.edit.text())
        if not key:
            return []
        return [
            Found(_PAGES, "panel", page.label, "", page.code)
            for page in self._pages
            if key in search_key(page.label)
        ]

    def _show(self, found: Sequence[Found]) -> None:
        typed = self.edit.text().strip()
        self.results.say(found, typed)
        self.results.setVisible(bool(found))
        waits = self._query.running or self._pause.isActive()
        words = "دست‌کم دو نویسه بنویسید." if len(search_key(typed)) < 2 else "در حال جستجو …"
        if not found and not waits and len(search_key(typed)) >= 2:
            words = "چیزی پیدا نشد. با بخشی از شماره یا نام بجویید."
        self._word.setText(words)
        self._word.setVisible(not found)
        self._count.setText(f"{money.show(len(found))} نتیجه" if found else "")

    def _choose(self, line: Found) -> None:
        self.close()
        self.chosen.emit(line.page, dict(line.arguments))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Arrows go through the lines, Enter opens one."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
                self.results.step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                line = self.results.current()
                if line is not None:
                    self._choose(line)
                return True
        return False
