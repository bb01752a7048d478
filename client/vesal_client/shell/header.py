"""The header: brand over the menu, tabs, the search, the bell, and who is logged in."""

from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.kit.buttons import IconButton
from vesal_client.kit.focus import RING
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Height, Radius, Width
from vesal_client.shell.tab_strip import TabStrip
from vesal_shared import money

_MARK: Final = 28


class Brand(QWidget):
    """The mark and the name; the mark alone over a collapsed menu."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("وصال")
        self.setFixedHeight(Height.HEADER)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint mark and name."""
        painter = QPainter(self)
        colour = self._theme.colour
        narrow = self.width() < Width.MENU
        left = (self.width() - _MARK) // 2 if narrow else self.width() - _MARK - 14
        mark = QRect(left, (self.height() - _MARK) // 2, _MARK, _MARK)
        paint.box(painter, mark, Radius.CONTROL, ground=colour("accent"))
        self._theme.paint_icon(painter, "brand", mark.adjusted(5, 5, -5, -5), "on_accent")
        paint.hairline(painter, colour("hair"), 0, self.height() - 1, self.width())
        if not narrow:
            painter.setFont(self._theme.font(16, 700))
            painter.setPen(colour("text"))
            painter.drawText(self.rect().adjusted(0, 0, -_MARK - 24, -1), paint.LEADING, "وصال")


class SearchBox(QAbstractButton):
    """Looks like a field and opens the search over everything."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setText("جستجو")
        self.setAccessibleName("جستجو در همه‌جا")
        self.setToolTip("مشتری، تسهیلات، نامه و صفحه")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Always the same."""
        return QSize(Width.SEARCH, 28)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaint for the hover."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Repaint without the hover."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the field, the glass and the key."""
        painter = QPainter(self)
        colour = self._theme.colour
        border = colour("line" if self.underMouse() else "hair")
        paint.box(painter, self.rect(), Radius.CONTROL, ground=colour("surface"), border=border)
        spot = QRect(self.width() - 25, (self.height() - 16) // 2, 16, 16)
        self._theme.paint_icon(painter, "search", spot, "text3")
        painter.setFont(self._theme.font(12))
        painter.setPen(colour("text3"))
        painter.drawText(self.rect().adjusted(60, 0, -31, 0), paint.LEADING, self.text())
        cap = QRect(6, (self.height() - 18) // 2, 46, 18)
        paint.box(painter, cap, 4, ground=colour("sunken"), border=colour("hair"))
        painter.setFont(self._theme.font(10, 500))
        painter.setPen(colour("text2"))
        painter.drawText(cap, paint.CENTRE, "Ctrl K")


class Avatar(QAbstractButton):
    """The first letter of the user's name in a circle."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._letter = ""
        self.setProperty(RING, 14)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def say(self, name: str) -> None:
        """Show this user."""
        self._letter = name[:1]
        self.setAccessibleName(f"کاربر: {name}")
        self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        """A circle of 28."""
        return QSize(28, 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the circle and the letter."""
        painter = QPainter(self)
        colour = self._theme.colour
        ground = "pressed" if self.isDown() else "accent"
        paint.box(painter, self.rect(), 14, ground=colour(ground))
        painter.setFont(self._theme.font(12, 600))
        painter.setPen(colour("on_accent"))
        painter.drawText(self.rect(), paint.CENTRE, self._letter)


class Header(QWidget):
    """The line over everything."""

    search_asked = Signal()
    """The search box was pressed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.brand = Brand(theme, self)
        self.tabs = TabStrip(theme, self)
        self.search = SearchBox(theme, self)
        self.bell = IconButton(theme, "bell", "هشدارها", size=32, icon_size=20)
        self.avatar = Avatar(theme, self)
        self.search.clicked.connect(self.search_asked)
        ends = QHBoxLayout()
        ends.setContentsMargins(12, 0, 12, 0)
        ends.setSpacing(8)
        ends.addWidget(self.search)
        ends.addWidget(self.bell)
        ends.addWidget(self.avatar)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.brand)
        line.addWidget(self.tabs, 1)
        line.addLayout(ends)
        self.setFixedHeight(Height.HEADER)
        theme.changed.connect(self.update)

    def say_alerts(self, count: int) -> None:
        """Show that there is something to know."""
        self.bell.set_dot("bad" if count else "")
        self.bell.set_name(f"{money.show(count)} هشدار" if count else "هشداری نیست")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground and the hairline under it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("side"))
        paint.hairline(painter, self._theme.colour("hair"), 0, self.height() - 1, self.width())
