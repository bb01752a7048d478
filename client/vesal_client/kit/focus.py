"""The ring around what has the keyboard's focus: two pixels, two pixels away, not after a press of the mouse."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid

from vesal_client.kit import paint
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius

AWAY: Final = 2
THICK: Final = 2
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
        self._watched: list[QWidget] = []
        theme.changed.connect(self.update)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        # A press of the mouse moves the focus, too, but who pressed knows where.
        pressed = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if now is not None and not pressed and now.window() is self.window() and _ringed(now):
            self.go_around(now)
        else:
            self._leave()

    def go_around(self, widget: QWidget) -> None:
        """Show the ring around this widget."""
        self._leave()
        self._around = widget
        # Only what the widget's place depends on is watched, and only while the ring is there.
        above: QWidget | None = widget
        while above is not None:
            above.installEventFilter(self)
            self._watched.append(above)
            above = None if above.isWindow() else above.parentWidget()
        self._follow()
        self.show()
        self.raise_()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the widget."""
        if event.type() in _MOVES:
            self._follow()
        elif event.type() == QEvent.Type.MouseButtonPress:
            self._leave()
        return False

    def _leave(self) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []
        self._around = None
        self.hide()

    def _follow(self) -> None:
        around = self._around
        if around is None or not isValid(around):
            self._leave()
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
        around = self._around
        own = around.property(RING) if around is not None and isValid(around) else None
        radius = (Radius.CONTROL if own is None else int(own)) + AWAY + THICK
        paint.box(painter, self.rect(), radius, border=self._theme.colour("accent"), width=THICK)


def _ringed(widget: QWidget) -> bool:
    """Buttons have a ring, and what says so; fields show the focus by themselves."""
    own = widget.property(RING)
    return own != -1 and (own is not None or isinstance(widget, QAbstractButton))
