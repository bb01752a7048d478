"""Words on a page: one line that may be cut, a paragraph that breaks its own lines, a key cap."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.look.theme import Theme
from vesal_shared.digits import strip_isolates


class Label(QLabel):
    """One line of text in a size, weight and colour of the theme; `elide` cuts what doesn't fit."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        size: int = 13,
        weight: int = 400,
        colour: str = "text",
        elide: bool = False,
        tabular: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._size = size
        self._weight = weight
        self._colour = colour
        self._elide = elide
        self._tabular = tabular
        self.setTextFormat(Qt.TextFormat.PlainText)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._dress)
        self._dress()

    def restyle(
        self, *, size: int | None = None, weight: int | None = None, colour: str | None = None
    ) -> None:
        """Change size, weight or colour."""
        self._size = size or self._size
        self._weight = weight or self._weight
        self._colour = colour or self._colour
        self._dress()

    def _dress(self) -> None:
        self.setFont(self._theme.font(self._size, self._weight, tabular=self._tabular))
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.colour(self._colour))
        self.setPalette(palette)

    def minimumSizeHint(self) -> QSize:
        """A text that may be cut asks for no width."""
        hint = super().minimumSizeHint()
        return QSize(0, hint.height()) if self._elide else hint

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cut at the end where the text is too long."""
        if not self._elide:
            super().paintEvent(event)
            return
        text = self.text()
        metrics = QFontMetrics(self.font())
        cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width())
        tip = strip_isolates(text) if cut != text else ""
        if self.toolTip() != tip:
            self.setToolTip(tip)
        painter = QPainter(self)
        painter.setPen(self._theme.colour(self._colour))
        painter.drawText(self.rect(), paint.LEADING, cut)


def broken(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """`text` in lines of at most `width`; a line never ends in a space, which would be drawn shifted."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and metrics.horizontalAdvance(longer) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


class Paragraph(QWidget):
    """Text over several lines, broken between words, right-aligned."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        size: int = 13,
        weight: int = 400,
        colour: str = "text2",
        leading: int = 22,
        centred: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = text
        self._font = theme.font(size, weight)
        self._colour = colour
        self._leading = leading
        self._flags = paint.CENTRE if centred else paint.LEADING
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(text)
        theme.changed.connect(self.update)

    def text(self) -> str:
        """What it says."""
        return self._text

    def set_text(self, text: str) -> None:
        """Say something else."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines."""
        return len(broken(self._text, QFontMetrics(self._font), max(40, width))) * self._leading

    def sizeHint(self) -> QSize:
        """As it stands at its present width, or in lines of some 60 letters."""
        width = self.width() if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else 360
        return QSize(
            min(360, QFontMetrics(self._font).horizontalAdvance(self._text)), self.heightForWidth(width)
        )

    def minimumSizeHint(self) -> QSize:
        """One word at least."""
        return QSize(80, self._leading)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks lines elsewhere."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint line under line."""
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(self._theme.colour(self._colour))
        for number, line in enumerate(broken(self._text, QFontMetrics(self._font), self.width())):
            place = QRect(0, number * self._leading, self.width(), self._leading)
            painter.drawText(place, self._flags | Qt.TextFlag.TextDontClip, line)


class KeyCap(QWidget):
    """A key or two as they stand on the keyboard («Ctrl K»)."""

    def __init__(self, theme: Theme, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._keys = keys
        self._font = theme.font(11, 500)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """A little wider than the word."""
        return QSize(max(24, QFontMetrics(self._font).horizontalAdvance(self._keys) + 20), 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the cap."""
        painter = QPainter(self)
        colour = self._theme.colour
        paint.box(painter, self.rect(), 4, ground=colour("sunken"), border=colour("hair"))
        painter.setFont(self._font)
        painter.setPen(colour("text2"))
        painter.drawText(self.rect(), paint.CENTRE, self._keys)
