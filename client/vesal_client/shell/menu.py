"""The menu at the right: groups with icons, entries as text, counts at their left; collapses to icons."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from vesal_client.kit import paint
from vesal_client.kit.menus import Entry, Menu
from vesal_client.kit.panel import scrolled
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Height, Radius, Width
from vesal_client.shell.catalogue import HOME, MenuPart
from vesal_shared import money
from vesal_shared.pages import PAGE

_SIDE: Final = 8
_ICON_RIGHT: Final = 18
_TEXT_RIGHT: Final = 44
_HEAD: Final = 34
_COLLAPSED: Final = "menu/collapsed"
_FOLDED: Final = "menu/folded"


class _Line(QAbstractButton):
    """A line of the menu: home, a group's head, an entry, or the collapse at the foot."""

    def __init__(self, theme: Theme, text: str, icon: str, *, height: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.icon_name = icon
        self.count = ""
        self.current = False
        self.narrow = False
        self.strong = False
        self.chevron = ""
        self.quiet = False
        self.setText(text)
        self.setFixedHeight(height)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_current(self, current: bool) -> None:  # noqa: FBT001 - a state
        """Show that this is the page in front."""
        self.current = current
        self.update()

    def say_count(self, count: int) -> None:
        """Show how many open things wait there."""
        self.count = money.show(count) if count else ""
        self.setAccessibleName(f"{self.text()} ({self.count})" if self.count else self.text())
        self.update()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a state
        """Show the icon alone."""
        self.narrow = narrow
        self.setToolTip(self.text() if narrow else "")
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaint for the hover."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Repaint without the hover."""
        super().leaveEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go through the menu, Enter opens."""
        if event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, bar, icon, words and count."""
        painter = QPainter(self)
        theme, colour = self._theme, self._theme.colour
        ground = self.rect().adjusted(_SIDE, 0, -_SIDE, -1)
        if self.current:
            paint.box(painter, ground, Radius.CONTROL, ground=colour("soft"))
            bar = QRect(self.width() - 12, self.height() // 2 - 8, 3, 15)
            paint.box(painter, bar, 1.5, ground=colour("accent"))
        elif self.underMouse():
            paint.box(painter, ground, Radius.CONTROL, ground=colour("hover"))
        ink = "accent" if self.current else "text3" if self.quiet else "text2"
        if self.icon_name:
            size = 18
            left = (self.width() - 20) // 2 if self.narrow else self.width() - _ICON_RIGHT - size
            size = 20 if self.narrow else 18
            theme.paint_icon(
                painter, self.icon_name, QRect(left, (self.height() - size) // 2, size, size), ink
            )
        if self.narrow:
            return
        weight = 600 if self.current or self.strong else 400
        painter.setFont(
            theme.font(13 if self.strong or self.icon_name else 12, weight if not self.quiet else 400)
        )
        painter.setPen(colour("accent" if self.current else "text" if self.strong else ink))
        painter.drawText(self.rect().adjusted(34, 0, -_TEXT_RIGHT, -1), paint.LEADING, self.text())
        if self.count:
            painter.setFont(theme.font(11, 500))
            painter.setPen(colour("accent" if self.current else "text2"))
            painter.drawText(self.rect().adjusted(16, 0, -self.width() + 46, -1), paint.LEADING, self.count)
        if self.chevron:
            theme.paint_icon(painter, self.chevron, QRect(13, (self.height() - 14) // 2, 14, 14), "text2")


class SideMenu(QWidget):
    """All that this user may open."""

    chosen = Signal(str)
    """The code of a page."""
    width_changed = Signal(int)
    """Collapsed or opened."""

    def __init__(self, theme: Theme, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._settings = settings
        self._parts: list[MenuPart] = []
        self._entries: dict[str, _Line] = {}
        self._heads: dict[str, _Line] = {}
        self._boxes: dict[str, QWidget] = {}
        self._current = ""
        self._collapsed = settings.value(_COLLAPSED, "false") in {True, "true"}
        self._squeezed = False
        folded = settings.value(_FOLDED, "")
        self._folded = set(str(folded).split(",")) - {""}
        self.setAccessibleName("فهرست")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 6)
        column.setSpacing(0)
        self._inside = QWidget()
        self._lines = QVBoxLayout(self._inside)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        self._area = scrolled(self._inside)
        column.addWidget(self._area, 1)
        self._foot = _Line(theme, "جمع کردن فهرست", "panel", height=30, parent=self)
        self._foot.quiet = True
        self._foot.clicked.connect(self.toggle)
        column.addSpacing(6)
        column.addWidget(self._foot)
        theme.changed.connect(self.update)
        self._apply_width()

    def fill(self, parts: Sequence[MenuPart]) -> None:
        """Show these groups under the home page."""
        self._parts = list(parts)
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._entries, self._heads, self._boxes = {}, {}, {}
        home = self._entry(HOME, "home", strong=True, height=31)
        self._lines.addWidget(home)
        for part in parts:
            self._lines.addSpacing(7)
            self._add_part(part)
        self._lines.addStretch(1)
        self._apply_width()
        self.show_current(self._current)

    def _entry(self, code: str, icon: str, *, strong: bool, height: int) -> _Line:
        line = _Line(self._theme, PAGE[code].label, icon, height=height, parent=self._inside)
        line.strong = strong
        line.clicked.connect(lambda: self.chosen.emit(code))
        self._entries[code] = line
        return line

    def _add_part(self, part: MenuPart) -> None:
        head = _Line(self._theme, part.label, part.icon, height=_HEAD, parent=self._inside)
        head.strong = True
        head.clicked.connect(lambda: self._head_pressed(part))
        box = QWidget(self._inside)
        lines = QVBoxLayout(box)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(1)
        for page in part.pages:
            lines.addWidget(self._entry(page.code, "", strong=False, height=Height.MENU_ENTRY))
        self._heads[part.code] = head
        self._boxes[part.code] = box
        self._lines.addWidget(head)
        self._lines.addWidget(box)

    def show_current(self, code: str) -> None:
        """Mark the page in front; collapsed, its group."""
        self._current = code
        for other, line in self._entries.items():
            line.set_current(other == code)
        for part in self._parts:
            within = any(page.code == code for page in part.pages)
            self._heads[part.code].set_current(self.narrow and within)

    def say_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many open things wait on each page."""
        for code, line in self._entries.items():
            line.say_count(counts.get(code, 0))

    def toggle(self) -> None:
        """Collapse to icons, or open; the choice is remembered."""
        self._collapsed = not self.narrow
        self._squeezed = False
        self._settings.setValue(_COLLAPSED, "true" if self._collapsed else "false")
        self._width_is_other()

    def squeeze(self, squeezed: bool) -> None:  # noqa: FBT001 - a state, set by name
        """Make room for a page that needs it, for as long as it does."""
        if squeezed != self._squeezed:
            self._squeezed = squeezed
            self._width_is_other()

    def _width_is_other(self) -> None:
        self._apply_width()
        self.show_current(self._current)
        self.width_changed.emit(self.width_wanted)

    @property
    def narrow(self) -> bool:
        """Whether it shows icons alone."""
        return self._collapsed or self._squeezed

    @property
    def width_wanted(self) -> int:
        """How wide it is now."""
        return Width.MENU_ICONS if self.narrow else Width.MENU

    def _apply_width(self) -> None:
        self.setFixedWidth(self.width_wanted)
        for line in (*self._entries.values(), *self._heads.values(), self._foot):
            line.set_narrow(self.narrow)
        for code, box in self._boxes.items():
            folded = code in self._folded
            box.setVisible(not self.narrow and not folded)
            self._heads[code].chevron = "" if self.narrow else "chevron-end" if folded else "chevron-down"
            self._heads[code].setFixedHeight(33 if self.narrow else _HEAD)
        for single in (self._entries.get(HOME), self._foot):
            if single is not None:
                single.setFixedHeight(36 if self.narrow else 31)
        self.updateGeometry()

    def _head_pressed(self, part: MenuPart) -> None:
        if self.narrow:
            entries = [Entry(page.label, act=partial(self.chosen.emit, page.code)) for page in part.pages]
            Menu(self._theme, entries, self).at(
                self._heads[part.code].mapToGlobal(self._heads[part.code].rect().topLeft())
            )
            return
        self._folded ^= {part.code}
        self._settings.setValue(_FOLDED, ",".join(sorted(self._folded)))
        self._apply_width()

    def sizeHint(self) -> QSize:
        """As wide as it is shown."""
        return QSize(self.width_wanted, 400)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground, the hairline towards the page, and the one over the foot."""
        painter = QPainter(self)
        colour = self._theme.colour
        painter.fillRect(self.rect(), colour("side"))
        paint.upright(painter, colour("hair"), 0, 0, self.height())
        top = self._foot.geometry().top() - 4
        paint.hairline(painter, colour("hair"), 12, top, self.width() - 24)
