"""A panel that hangs under a field and goes with the next press elsewhere."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vesal_client.kit import paint
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius

#: Room for the shadow around what is shown.
SHADOW: Final = 6
_BELOW: Final = 4


class Popup(QWidget):
    """A window of its own kind: no frame, round corners, a soft shadow; Esc and a press elsewhere close it."""

    def __init__(self, theme: Theme, parent: QWidget, *, keeps_focus: bool = False) -> None:
        """`keeps_focus`: typing stays with the field above (a list of suggestions)."""
        kind = Qt.WindowType.ToolTip if keeps_focus else Qt.WindowType.Popup
        super().__init__(
            parent, kind | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        )
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        if keeps_focus:
            self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(SHADOW, SHADOW, SHADOW, SHADOW)
        self.body.setSpacing(0)
        theme.changed.connect(self.update)

    def hang_under(self, field: QWidget, *, width: int | None = None) -> None:
        """Show under the field, its right edge under the field's; above where there is no room below."""
        if width is not None:
            self.setFixedWidth(width + 2 * SHADOW)
        self.adjustSize()
        corner = field.mapToGlobal(QPoint(field.width(), field.height()))
        left = corner.x() - self.width() + SHADOW
        top = corner.y() + _BELOW - SHADOW
        screen = field.screen().availableGeometry()
        if top + self.height() > screen.bottom():
            above = field.mapToGlobal(QPoint(0, 0)).y() - _BELOW - self.height() + SHADOW
            top = above if above > screen.top() else top
        left = min(max(left, screen.left() - SHADOW), screen.right() - self.width() + SHADOW)
        self.move(left, top)
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint shadow, ground and border."""
        painter = QPainter(self)
        inside = self.rect().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        shade(painter, inside)
        colour = self._theme.colour
        paint.box(painter, inside, Radius.CARD, ground=colour("surface"), border=colour("hair"))


def shade(painter: QPainter, inside: QRect) -> None:
    """A soft shadow around a rounded box."""
    for step in range(SHADOW, 0, -1):
        tint = QColor(16, 19, 23, 3 + (SHADOW - step) * 2)
        around = inside.adjusted(-step, -step + 2, step, step)
        paint.box(painter, around, Radius.CARD + step, ground=tint)
