"""The ring around what has the keyboard's focus: two pixels, two pixels away, only after a key moved it."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from vesal_client.kit import paint
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius

AWAY: Final = 2
THICK: Final = 2
_BY_KEY: Final = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)
_MOVES: Final = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide, QEvent.Type.Show})
#: A widget says with this property how round its ring is; -1 says that it shows its focus by itself.
RING: Final = "ring"


class FocusRing(QWidget):
    """Lies over one window and follows the widget with the focus; lets every click through."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._around: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.changed.connect(self.update)
        self.hide()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch for focus that a key moved, and for the focused widget's own moves."""
        kind = event.type()
        if kind == QEvent.Type.FocusIn:
            if isinstance(watched, QWidget) and isinstance(event, QFocusEvent):
                self._focus_came(watched, event.reason())
        elif kind in {QEvent.Type.FocusOut, QEvent.Type.MouseButtonPress}:
            if self._around is not None:
                self._leave()
        elif kind in _MOVES and self._around is not None and watched is not self:
            self._follow()
        return False

    def _focus_came(self, widget: QWidget, reason: Qt.FocusReason) -> None:
        own = widget.property(RING)
        ringed = isinstance(widget, QAbstractButton) or (own is not None and own != -1)
        if ringed and own != -1 and reason in _BY_KEY and widget.window() is self.window():
            self.go_around(widget)

    def go_around(self, widget: QWidget) -> None:
        """Show the ring around this widget."""
        self._around = widget
        self._follow()
        self.show()
        self.raise_()

    def _leave(self) -> None:
        self._around = None
        self.hide()

    def _follow(self) -> None:
        around = self._around
        if around is None:
            return
        if not around.isVisible():
            self.hide()
            return
        out = AWAY + THICK
        place = around.mapTo(self.window(), QPoint(0, 0))
        wanted = QRect(place, around.size()).adjusted(-out, -out, out, out)
        if self.geometry() != wanted:
            self.setGeometry(wanted)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ring."""
        painter = QPainter(self)
        own = self._around.property(RING) if self._around is not None else None
        radius = (Radius.CONTROL if own is None else int(own)) + AWAY + THICK
        paint.box(painter, self.rect(), radius, border=self._theme.colour("accent"), width=THICK)
