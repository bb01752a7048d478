"""Pick one of many: a picker searches while one types, a select shows a few."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.kit.fields import Box, TextField
from vesal_client.kit.labels import Label
from vesal_client.kit.options import Option, OptionList, matching
from vesal_client.kit.popup import SHADOW, Popup
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Height

_OPENS: Final = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_F4})


class Picker(TextField):
    """Type a part of a title or code, pick with arrows and Enter; `asked` lets a server do the search."""

    picked = Signal(object)
    """The option that was picked, or None when the field was emptied."""
    asked = Signal(str)
    """What was typed; who answers calls `offer`."""

    def __init__(
        self, theme: Theme, name: str, options: Sequence[Option] = (), *, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, name, placeholder="جستجو", parent=parent)
        self._all = tuple(options)
        self._option: Option | None = None
        self.add_icon("search", "نمایش همه", self.show_all)
        self._popup = Popup(theme, self, keeps_focus=True)
        self.list = OptionList(theme)
        self._none = Label(theme, "موردی پیدا نشد", size=12, colour="text3")
        self._none.setContentsMargins(10, 6, 10, 6)
        self._popup.body.setContentsMargins(SHADOW + 4, SHADOW + 4, SHADOW + 4, SHADOW + 4)
        self._popup.body.addWidget(self.list)
        self._popup.body.addWidget(self._none)
        self.list.picked.connect(self._pick)
        self.changed.connect(self._typed)
        self.left.connect(self._tidy)

    def option(self) -> Option | None:
        """What is picked, or None."""
        return self._option

    def set_options(self, options: Sequence[Option]) -> None:
        """What there is to pick from."""
        self._all = tuple(options)

    def set_code(self, code: str) -> None:
        """Pick by code, without telling."""
        self._option = next((option for option in self._all if option.code == code), None)
        self.set_text(self._option.title if self._option else "")

    def offer(self, options: Sequence[Option]) -> None:
        """Show these under the field."""
        self.list.offer(options, self._option.code if self._option else "")
        self.list.setVisible(bool(options))
        self._none.setVisible(not options)
        self._popup.hang_under(self, width=self.width())

    def show_all(self) -> None:
        """Show everything there is."""
        self.edit.setFocus()
        self.offer(self._all)

    @property
    def list_open(self) -> bool:
        """Whether options hang under the field."""
        return self._popup.isVisible()

    def _typed(self) -> None:
        typed = self.edit.text()
        if self._all:
            self.offer(matching(self._all, typed))
        self.asked.emit(typed)

    def _pick(self, option: Option) -> None:
        self._option = option
        self.edit.setText(option.title)
        self._popup.hide()
        self.picked.emit(option)

    def _tidy(self) -> None:
        self._popup.hide()
        if not self.edit.text().strip():
            if self._option is not None:
                self._option = None
                self.picked.emit(None)
        elif self._option is not None:
            self.edit.setText(self._option.title)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys go through the options, Enter picks, Esc closes."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # While options hang here Esc is theirs, not the page's.
            if watched is self.edit and self.list_open and event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
            return False
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key == Qt.Key.Key_Down and not self.list_open:
                self.offer(matching(self._all, "" if self._option else self.edit.text()))
                return True
            if self.list_open and key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
                self.list.move_by(1 if key == Qt.Key.Key_Down else -1)
                return True
            if self.list_open and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                current = self.list.current()
                if current is not None:
                    self._pick(current)
                return True
            if self.list_open and key == Qt.Key.Key_Escape:
                self._popup.hide()
                return True
        return super().eventFilter(watched, event)


class Select(Box):
    """One of a few options, shown when pressed."""

    picked = Signal(object)
    """The option that was picked."""
    left = Signal()
    """The focus went elsewhere."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        options: Sequence[Option] = (),
        *,
        placeholder: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._options = tuple(options)
        self._option: Option | None = None
        self._placeholder = placeholder
        self._popup: Popup | None = None
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(Height.CONTROL)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A column of a form; layouts widen it."""
        return QSize(180, Height.CONTROL)

    def option(self) -> Option | None:
        """What is picked, or None."""
        return self._option

    def set_options(self, options: Sequence[Option]) -> None:
        """What there is to pick from."""
        self._options = tuple(options)

    def set_code(self, code: str) -> None:
        """Pick by code, without telling."""
        self._option = next((option for option in self._options if option.code == code), None)
        self.setAccessibleDescription(self._option.title if self._option else "")
        self.update()

    def open(self) -> None:
        """Show the options under the field."""
        if not self.isEnabled():
            return
        popup = Popup(self._theme, self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = OptionList(self._theme)
        shown.offer(self._options, self._option.code if self._option else "")
        popup.body.setContentsMargins(SHADOW + 4, SHADOW + 4, SHADOW + 4, SHADOW + 4)
        popup.body.addWidget(shown)
        shown.picked.connect(self._pick)
        shown.activated.connect(lambda _index: self._pick_current(shown))
        popup.destroyed.connect(self._gone)
        self._popup = popup
        popup.hang_under(self, width=self.width())
        shown.setFocus()

    def _gone(self) -> None:
        self._popup = None

    def _pick_current(self, shown: OptionList) -> None:
        option = shown.current()
        if option is not None:
            self._pick(option)

    def _pick(self, option: Option) -> None:
        popup, self._popup = self._popup, None
        if popup is None:
            return
        popup.close()
        self._option = option
        self.setAccessibleDescription(option.title)
        self.update()
        self.picked.emit(option)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press opens."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and arrows open; a letter picks the next option that begins with it."""
        if Qt.Key(event.key()) in _OPENS:
            self.open()
        elif event.text().strip():
            found = matching(self._options, event.text())
            if found:
                self._option = found[0]
                self.update()
                self.picked.emit(found[0])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.show_focus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus, and say so."""
        super().focusOutEvent(event)
        self.show_focus(False)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is picked, and the chevron."""
        super().paintEvent(event)
        painter = QPainter(self)
        colour = self._theme.colour
        text = self._option.title if self._option else self._placeholder
        painter.setFont(self._theme.font(13))
        painter.setPen(colour("text" if self._option and self.isEnabled() else "text3"))
        painter.drawText(self.rect().adjusted(34, 0, -12, 0), paint.LEADING, text)
        spot = QRect(8, (self.height() - 16) // 2, 16, 16)
        self._theme.paint_icon(painter, "chevron-down", spot, "text2")
