"""What is chosen by a press: check boxes, radio buttons, switches, and one of a few side by side."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    Property,
    QEasingCurve,
    QEvent,
    QPointF,
    QPropertyAnimation,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.kit.focus import RING
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import MOTION_MS, Height, Radius

_MARK: Final = 16
_GAP: Final = 8


class _Toggle(QAbstractButton):
    """A mark at the beginning of the line and a word beside it."""

    def __init__(self, theme: Theme, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setText(text)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty(RING, 5)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Mark, gap and word."""
        words = QFontMetrics(self._theme.font(13)).horizontalAdvance(self.text())
        return QSize(_MARK + (_GAP + words if self.text() else 0) + 2, 22)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter belongs to the form; Space presses."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint mark and word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mark = QRect(self.width() - _MARK - 1, (self.height() - _MARK) // 2, _MARK, _MARK)
        self._paint_mark(painter, mark)
        painter.setFont(self._theme.font(13))
        painter.setPen(self._theme.colour("text" if self.isEnabled() else "text3"))
        painter.drawText(self.rect().adjusted(0, 0, -_MARK - _GAP - 1, 0), paint.LEADING, self.text())

    def _paint_mark(self, painter: QPainter, mark: QRect) -> None:
        raise NotImplementedError


class CheckBox(_Toggle):
    """Yes or no."""

    def _paint_mark(self, painter: QPainter, mark: QRect) -> None:
        state = Qt.CheckState.Checked if self.isChecked() else Qt.CheckState.Unchecked
        paint_check(painter, self._theme, mark, state, enabled=self.isEnabled())


def paint_check(
    painter: QPainter, theme: Theme, mark: QRect, state: Qt.CheckState, *, enabled: bool = True
) -> None:
    """A check box of 16 pixels, checked, empty or in between."""
    painter.save()
    colour = theme.colour
    if state == Qt.CheckState.Unchecked:
        paint.box(painter, mark, 4, ground=colour("surface" if enabled else "sunken"), border=colour("edge"))
    else:
        paint.box(painter, mark, 4, ground=colour("accent" if enabled else "edge"))
        pen = QPen(colour("on_accent"), 1.8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        left, top = mark.left(), mark.top()
        if state == Qt.CheckState.PartiallyChecked:
            painter.drawLine(QPointF(left + 4, top + 8), QPointF(left + 12, top + 8))
        else:
            painter.drawPolyline(
                [QPointF(left + 4, top + 8.4), QPointF(left + 7, top + 11.2), QPointF(left + 12, top + 5.2)]
            )
    painter.restore()


class Radio(_Toggle):
    """One of several."""

    def __init__(self, theme: Theme, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(theme, text, parent)
        self.setAutoExclusive(True)
        self.setProperty(RING, 9)

    def _paint_mark(self, painter: QPainter, mark: QRect) -> None:
        colour = self._theme.colour
        on = self.isChecked()
        painter.setPen(QPen(colour("accent" if on else "edge"), 1.6 if on else 1))
        painter.setBrush(colour("surface"))
        half = 0.8 if on else 0.5
        painter.drawEllipse(QRectF(mark).adjusted(half, half, -half, -half))
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent"))
            painter.drawEllipse(QRectF(mark).center(), 4, 4)


class Switch(QAbstractButton):
    """On or off, at once: the knob stands at the line's end when on."""

    WIDTH: Final = 32
    HEIGHT: Final = 18

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._place = 0.0
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty(RING, 9)
        self._slide = QPropertyAnimation(self, b"place", self)
        self._slide.setDuration(MOTION_MS)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.toggled.connect(self._toggled)
        theme.changed.connect(self.update)

    def _get_place(self) -> float:
        return self._place

    def _set_place(self, place: float) -> None:
        self._place = place
        self.update()

    place = Property(float, _get_place, _set_place)
    """Where the knob is: 0 off, 1 on."""

    def _toggled(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        wanted = 1.0 if on else 0.0
        if self._theme.motion and self.isVisible():
            self._slide.stop()
            self._slide.setStartValue(self._place)
            self._slide.setEndValue(wanted)
            self._slide.start()
        else:
            self._set_place(wanted)

    def sizeHint(self) -> QSize:
        """Always the same."""
        return QSize(self.WIDTH, self.HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint track and knob."""
        painter = QPainter(self)
        colour = self._theme.colour
        top = (self.height() - self.HEIGHT) // 2
        track = QRect(0, top, self.WIDTH, self.HEIGHT)
        ground = "accent" if self.isChecked() else "edge"
        paint.box(painter, track, self.HEIGHT / 2, ground=colour(ground if self.isEnabled() else "line"))
        span = self.WIDTH - self.HEIGHT
        centre = QPointF(self.HEIGHT / 2 + (1 - self._place) * span, top + self.HEIGHT / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("surface"))
        painter.drawEllipse(centre, 6, 6)


class Segments(QWidget):
    """One of a few words side by side («تماس تلفنی | پیامک | سایر»)."""

    chosen = Signal(str)
    """The code of the word that was chosen."""

    def __init__(
        self, theme: Theme, name: str, options: Sequence[tuple[str, str, str]], parent: QWidget | None = None
    ) -> None:
        """`options` are code, word and icon (or nothing)."""
        super().__init__(parent)
        self._theme = theme
        self._group = QButtonGroup(self)
        self._codes: list[str] = []
        self.setAccessibleName(name)
        self.setFixedHeight(Height.CONTROL)
        line = QHBoxLayout(self)
        line.setContentsMargins(1, 1, 1, 1)
        line.setSpacing(0)
        for number, (code, word, icon) in enumerate(options):
            part = _Segment(theme, word, icon, self)
            self._group.addButton(part, number)
            self._codes.append(code)
            line.addWidget(part)
        self._group.idClicked.connect(lambda number: self.chosen.emit(self._codes[number]))
        theme.changed.connect(self.update)

    def value(self) -> str:
        """The code of what is chosen, or nothing."""
        number = self._group.checkedId()
        return self._codes[number] if number >= 0 else ""

    def set_value(self, code: str) -> None:
        """Choose without telling."""
        if code in self._codes:
            self._group.button(self._codes.index(code)).setChecked(True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame around all."""
        painter = QPainter(self)
        colour = self._theme.colour
        paint.box(painter, self.rect(), Radius.CONTROL, ground=colour("sunken"), border=colour("line"))


class _Segment(QAbstractButton):
    """One word of `Segments`."""

    def __init__(self, theme: Theme, word: str, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self.setText(word)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """The word with room at both sides."""
        words = QFontMetrics(self._theme.font(12, 600)).horizontalAdvance(self.text())
        return QSize(words + 28 + (22 if self._icon else 0), Height.CONTROL - 2)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaint for the hover."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Repaint without the hover."""
        super().leaveEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press moves the focus here, too."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the word, framed where it is chosen."""
        painter = QPainter(self)
        colour = self._theme.colour
        on = self.isChecked()
        if on:
            paint.box(
                painter,
                self.rect(),
                Radius.CHIP,
                ground=colour("surface"),
                border=colour("accent"),
                width=1.6,
            )
        elif self.underMouse():
            paint.box(painter, self.rect().adjusted(2, 2, -2, -2), Radius.CHIP, ground=colour("hover"))
        font = self._theme.font(12, 600 if on else 500)
        words = QFontMetrics(font).horizontalAdvance(self.text())
        icon = 16 if self._icon and on else 0
        right = self.width() - (self.width() - words - (icon + 6 if icon else 0)) // 2
        if icon:
            spot = QRect(right - icon, (self.height() - icon) // 2, icon, icon)
            self._theme.paint_icon(painter, self._icon, spot, "accent")
            right -= icon + 6
        painter.setFont(font)
        painter.setPen(colour("accent" if on else "text2"))
        painter.drawText(QRect(right - words - 2, 0, words + 4, self.height()), paint.CENTRE, self.text())
