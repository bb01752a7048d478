"""The search field of a list: first in the bar, icon at its beginning, asks when typing pauses."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from vesal_client.kit.fields import TextField
from vesal_client.look.theme import Theme

_PAUSE_MS = 250
_WIDTH = 184
_ICON = 16
_LEADING = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter


class SearchField(TextField):
    """Says what is searched for once typing pauses, at once on Enter; Esc empties it."""

    searched = Signal(str)
    gone_down = Signal()
    """Arrow down: on to the rows."""

    def __init__(self, theme: Theme, placeholder: str = "عبارت جستجو", parent: QWidget | None = None) -> None:
        super().__init__(theme, placeholder, placeholder=placeholder, parent=parent)
        self._asked = ""
        margins = self.line.contentsMargins()
        self.line.setContentsMargins(margins.left(), 2, _ICON + 20, 2)
        self.setFixedWidth(_WIDTH)
        self.edit.setAlignment(_LEADING)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.ask_now)
        self.changed.connect(self._pause.start)
        self.entered.connect(self.ask_now)

    def sizeHint(self) -> QSize:
        """Always as wide."""
        return QSize(_WIDTH, self.height())

    def words(self) -> str:
        """What is searched for."""
        return self.text().strip()

    def put(self, words: str) -> None:
        """Put words here without asking."""
        self._pause.stop()
        self._asked = words
        self.set_text(words)

    def ask_now(self) -> None:
        """Ask without waiting for a pause."""
        self._pause.stop()
        if self.words() != self._asked:
            self._asked = self.words()
            self.searched.emit(self._asked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc empties, arrow down leaves for the rows."""
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape and self.text():
                self.set_text("")
                self.ask_now()
                return True
            if event.key() == Qt.Key.Key_Down:
                self.ask_now()
                self.gone_down.emit()
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the glass."""
        super().paintEvent(event)
        spot = QRect(self.width() - _ICON - 9, (self.height() - _ICON) // 2, _ICON, _ICON)
        self._theme.paint_icon(QPainter(self), "search", spot, "text3")
