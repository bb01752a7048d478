"""One filter of the bar: unset it asks, set it says what holds and can be taken away."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from vesal_client.look.theme import Theme

HEIGHT = 28
_PADDING = 10
_GAP = 4
_ICON = 14
_BEFORE_ICON = 8
_AFTER_ICON = 6
_SIZE = 12
_RADIUS = 6


class FilterChip(QAbstractButton):
    """Painted in one piece; pressed it opens its editor, on ✕ it is cleared."""

    cleared = Signal()

    def __init__(self, theme: Theme, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._label = label
        self._value = ""
        self._open = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.say("")

    @property
    def value(self) -> str:
        """What is set, in words; empty while unset."""
        return self._value

    def say(self, value: str) -> None:
        """Show what is set."""
        self._value = value
        self.setAccessibleName(f"{self._label}: {value}" if value else self._label)
        self.setToolTip("")
        self.updateGeometry()
        self.update()

    def set_open(self, *, is_open: bool) -> None:
        """Show that the editor is open."""
        self._open = is_open
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        label = QFontMetrics(self._theme.font(_SIZE)).horizontalAdvance(self._shown_label())
        value = QFontMetrics(self._theme.font(_SIZE, 600)).horizontalAdvance(self._value)
        between = _GAP if self._value else 0
        return QSize(label + between + value + _BEFORE_ICON + _ICON + _AFTER_ICON + _PADDING, HEIGHT)

    minimumSizeHint = sizeHint

    def _shown_label(self) -> str:
        return f"{self._label}:" if self._value else self._label

    def _cross(self) -> QRect:
        return QRect(_AFTER_ICON, (self.height() - _ICON) // 2, _ICON, _ICON)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Clear on the cross, open elsewhere."""
        hit = self._cross().adjusted(-6, -7, 4, 7).contains(event.position().toPoint())
        if self._value and hit and event.button() == Qt.MouseButton.LeftButton:
            self.setDown(False)
            self.cleared.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear by Delete, open by Enter and Space."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._value:
            self.cleared.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light up."""
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, words and icon."""
        colour = self._theme.colour
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        marked = self._open
        if self._value:
            painter.setPen(QPen(colour("accent"), 1) if marked else Qt.PenStyle.NoPen)
            painter.setBrush(colour("soft"))
            painter.drawRoundedRect(frame if marked else QRectF(self.rect()), _RADIUS, _RADIUS)
        else:
            painter.setPen(QPen(colour("accent" if marked else "line"), 1))
            painter.setBrush(colour("hover" if self.underMouse() else "surface"))
            painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
        leading = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        words = self.rect().adjusted(0, 0, -_PADDING, 0)
        font = self._theme.font(_SIZE)
        painter.setFont(font)
        painter.setPen(colour("text2"))
        painter.drawText(words, leading, self._shown_label())
        if self._value:
            words.adjust(0, 0, -QFontMetrics(font).horizontalAdvance(self._shown_label()) - _GAP, 0)
            painter.setFont(self._theme.font(_SIZE, 600))
            painter.setPen(colour("accent"))
            painter.drawText(words, leading, self._value)
        icon, token = ("close", "accent") if self._value else ("chevron-down", "text2")
        self._theme.paint_icon(painter, icon, self._cross(), token)
