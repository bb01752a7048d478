"""Buttons: primary, plain, quiet, danger and link, with or without an icon; and buttons that are an icon."""

from typing import Final, Literal

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import WAIT_MS, Height, Radius

Look = Literal["primary", "plain", "quiet", "danger", "link"]

_SIDE: Final = 16
_SMALL_SIDE: Final = 10
_GAP: Final = 7
_TURN_MS: Final = 60
_TURN_DEGREES: Final = 30


class Button(QPushButton):
    """A button with a word on it; while `busy` it takes no press and shows so once that lasts."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        look: Look = "plain",
        icon: str = "",
        small: bool = False,
        height: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._look: Look = look
        self._icon = icon
        self._small = small
        self._height = height or (Height.SMALL if small else Height.CONTROL)
        self._busy = False
        self._turn = 0
        self._late = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._late.timeout.connect(self._show_wheel)
        self._turning = QTimer(self, interval=_TURN_MS)
        self._turning.timeout.connect(self._turn_wheel)
        self._wheel = False
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if look == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    # What it is.

    @property
    def look(self) -> Look:
        """Which of the looks it has."""
        return self._look

    def set_look(self, look: Look) -> None:
        """Change the look."""
        self._look = look
        self.update()

    def set_icon(self, icon: str) -> None:
        """Change the icon; nothing takes it away."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    @property
    def busy(self) -> bool:
        """Whether what it started is still under way."""
        return self._busy

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001 - a state, set by name
        """Take no press, and turn a wheel once this has lasted a moment."""
        self._busy = busy
        if busy:
            self._late.start()
        else:
            self._late.stop()
            self._turning.stop()
            self._wheel = False
        self.update()

    def _show_wheel(self) -> None:
        self._wheel = True
        if self._theme.motion:
            self._turning.start()
        self.update()

    def _turn_wheel(self) -> None:
        self._turn = (self._turn + _TURN_DEGREES) % 360
        self.update()

    def hitButton(self, place: QPoint) -> bool:
        """Nothing can be pressed twice while the first press is under way."""
        return not self._busy and super().hitButton(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A busy button isn't pressed by key either; Enter presses like Space."""
        if self._busy:
            event.ignore()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    # How large it is.

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._font())

    def _font(self) -> QFont:
        size = 12 if self._small else 13
        weight = 500 if self._look in {"primary", "link"} else 400
        return self._theme.font(size, weight)

    @property
    def _icon_size(self) -> int:
        return 16 if self._small else 18

    @property
    def _side(self) -> int:
        if self._look == "link":
            return 2
        return _SMALL_SIDE if self._small else _SIDE

    def sizeHint(self) -> QSize:
        """As wide as icon and word need."""
        width = 2 * self._side + self._metrics().horizontalAdvance(self.text())
        if self._icon:
            width += self._icon_size + (_GAP if self.text() else 0)
        return QSize(width, self._height)

    def minimumSizeHint(self) -> QSize:
        """A word is never cut."""
        return self.sizeHint()

    # How it is painted.

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaint for the hover."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Repaint without the hover."""
        super().leaveEvent(event)
        self.update()

    @property
    def _lit(self) -> bool:
        return (
            self.isEnabled() and not self._busy and (self.underMouse() or self.isDown() or self.isChecked())
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, icon and word."""
        painter = QPainter(self)
        ground, border, ink = self._colours()
        colour = self._theme.colour
        if ground or border:
            paint.box(
                painter,
                self.rect(),
                Radius.CONTROL,
                ground=colour(ground) if ground else None,
                border=colour(border) if border else None,
            )
        self._paint_content(painter, ink)

    def _colours(self) -> tuple[str, str, str]:
        """Ground, border and ink as tokens; empty for none."""
        enabled = self.isEnabled()
        lit = self._lit
        if self._look == "primary":
            if not enabled:
                return "neutral_ground", "", "text3"
            return ("pressed" if lit else "accent"), "", "on_accent"
        if self._look == "plain":
            return (
                ("hover" if lit else "surface"),
                ("line" if enabled else "hair"),
                ("text" if enabled else "text3"),
            )
        if self._look == "danger":
            if not enabled:
                return "surface", "hair", "text3"
            return ("bad_ground" if lit else "surface"), "bad", "bad"
        if self._look == "link":
            return "", "", ("pressed" if lit else "accent") if enabled else "text3"
        return ("hover" if lit else ""), "", ("text2" if enabled else "text3")

    def _paint_content(self, painter: QPainter, ink: str) -> None:
        metrics = self._metrics()
        text = self.text()
        icon = self._icon_size if self._icon or self._wheel else 0
        words = metrics.horizontalAdvance(text)
        total = words + icon + (_GAP if icon and text else 0)
        right = self.width() - (self.width() - total) // 2
        if icon:
            spot = QRect(right - icon, (self.height() - icon) // 2, icon, icon)
            if self._wheel:
                self._paint_wheel(painter, spot, ink)
            else:
                self._theme.paint_icon(painter, self._icon, spot, ink)
            right -= icon + _GAP
        painter.setFont(self._font())
        painter.setPen(self._theme.colour(ink))
        painter.drawText(
            QRect(right - words - 2, 0, words + 4, self.height()),
            paint.CENTRE | Qt.TextFlag.TextDontClip,
            text,
        )
        if self._look == "link" and self.underMouse() and self.isEnabled():
            paint.hairline(painter, self._theme.colour(ink), right - words, self.height() // 2 + 9, words)

    def _paint_wheel(self, painter: QPainter, spot: QRect, ink: str) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._theme.colour(ink), 1.8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        circle = QRectF(spot).adjusted(3, 3, -3, -3)
        painter.drawArc(circle, -self._turn * 16, 270 * 16)


class IconButton(Button):
    """A button that is an icon alone; its name is its tooltip, and what a screen reader says."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        name: str,
        *,
        look: Look = "quiet",
        size: int = Height.CONTROL,
        icon_size: int = 18,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, "", look=look, icon=icon, height=size, parent=parent)
        self._drawn_size = icon_size
        self._dot = ""
        self.set_name(name)

    @property
    def _icon_size(self) -> int:
        return self._drawn_size

    def set_name(self, name: str) -> None:
        """Say otherwise what it does."""
        self.setToolTip(name)
        self.setAccessibleName(name)

    def set_dot(self, token: str) -> None:
        """Show a dot in the colour of a token over the icon, or none."""
        self._dot = token
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(self._height, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dot over the rest."""
        super().paintEvent(event)
        if self._dot:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour(self._dot))
            half = self._drawn_size / 2
            centre = QPointF(self.width() / 2 + half - 4, self.height() / 2 - half + 1)
            painter.drawEllipse(centre, 3.2, 3.2)

    def _colours(self) -> tuple[str, str, str]:
        ground, border, ink = super()._colours()
        return ground, border, "text2" if ink == "text" else ink
