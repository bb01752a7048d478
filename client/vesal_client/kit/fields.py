"""Boxes to type into: text, Latin, password, number, money; and text over several lines."""

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from vesal_client.kit import paint
from vesal_client.kit.buttons import IconButton
from vesal_client.kit.focus import RING
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Height, Radius
from vesal_shared import money
from vesal_shared.digits import ascii_digits, persian_digits

Entry = Literal["text", "latin", "password", "number", "money"]

_SIDE: Final = 12
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter


class Box(QWidget):
    """The frame of a field: its border tells focus and error, its ground whether it may be changed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bad = False
        self._read_only = False
        self._focused = False
        self.setProperty(RING, -1)
        theme.changed.connect(self.update)

    def set_bad(self, bad: bool) -> None:  # noqa: FBT001 - a state, set by name
        """Show that what stands here isn't right."""
        if bad != self._bad:
            self._bad = bad
            self.update()

    def show_focus(self, focused: bool) -> None:  # noqa: FBT001 - a state, set by name
        """Show that typing goes here."""
        if focused != self._focused:
            self._focused = focused
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and border."""
        painter = QPainter(self)
        colour = self._theme.colour
        locked = self._read_only or not self.isEnabled()
        ground = colour("sunken" if locked else "surface")
        border = "bad" if self._bad else "accent" if self._focused else "hair" if locked else "edge"
        width = 2 if self._focused else 1
        paint.box(painter, self.rect(), Radius.CONTROL, ground=ground, border=colour(border), width=width)


class TextField(Box):
    """One line to type into. Numbers stand right, Latin left; `left` when the focus goes elsewhere."""

    changed = Signal()
    """Somebody typed."""
    left = Signal()
    """The focus went elsewhere."""
    entered = Signal()
    """Enter was pressed."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        entry: Entry = "text",
        placeholder: str = "",
        height: int = Height.CONTROL,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._entry: Entry = entry
        self.edit = QLineEdit(self)
        self.edit.setAccessibleName(name)
        self.edit.setFrame(False)
        self.edit.setFont(theme.font(13))
        self.edit.setPlaceholderText(placeholder)
        self.edit.installEventFilter(self)
        self.edit.textEdited.connect(self._edited)
        self.edit.returnPressed.connect(self.entered)
        self.setFocusProxy(self.edit)
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(_SIDE - 1, 2, _SIDE, 2)
        self.line.setSpacing(6)
        self.line.addWidget(self.edit, 1)
        self._eye: IconButton | None = None
        if entry in {"latin", "password"}:
            self.edit.setAlignment(_LEFT)
            self.edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        elif entry in {"number", "money"}:
            self.edit.setAlignment(_RIGHT)
        if entry == "password":
            self._add_eye()

    def sizeHint(self) -> QSize:
        """A column of a form; layouts widen it."""
        return QSize(180, self.height())

    def _add_eye(self) -> None:
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhNoPredictiveText
        )
        eye = IconButton(self._theme, "eye", "نمایش کلمه عبور", size=24, icon_size=16, parent=self)
        eye.setCheckable(True)
        eye.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        eye.toggled.connect(self._show_password)
        self.line.setContentsMargins(_SIDE - 1, 2, 4, 2)
        self.line.insertWidget(0, eye)
        self._eye = eye

    def _show_password(self, shown: bool) -> None:  # noqa: FBT001 - a signal's argument
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        if self._eye is not None:
            self._eye.set_icon("eye-off" if shown else "eye")
            self._eye.set_name("پنهان کردن کلمه عبور" if shown else "نمایش کلمه عبور")

    def add_icon(self, icon: str, name: str, press: Callable[[], None]) -> IconButton:
        """A small button at the field's end (calendar, clear, search)."""
        button = IconButton(self._theme, icon, name, size=24, icon_size=16, parent=self)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(press)
        self.line.addWidget(button)
        # Layout margins aren't mirrored: the end of a right-to-left line is at the left.
        self.line.setContentsMargins(4, 2, _SIDE, 2)
        return button

    # What stands in it.

    def text(self) -> str:
        """What was typed, with ASCII digits where it is a number or Latin."""
        text = self.edit.text()
        return text if self._entry == "text" else ascii_digits(text)

    def set_text(self, text: str) -> None:
        """Put a text here without telling."""
        self.edit.setText(self._shown(text))

    def amount(self) -> int | None:
        """The whole number that was typed, or None. Raises money.BadNumber for what is none."""
        text = self.edit.text().strip()
        return money.parse_typed(text) if text else None

    def set_amount(self, amount: int | None) -> None:
        """Put a number here."""
        self.edit.setText("" if amount is None else self._shown(str(amount)))

    def set_read_only(self, read_only: bool) -> None:  # noqa: FBT001 - a state, set by name
        """Show without letting change."""
        self._read_only = read_only
        self.edit.setReadOnly(read_only)
        self.update()

    def _shown(self, text: str) -> str:
        if self._entry == "money":
            digits = "".join(char for char in ascii_digits(text) if char.isdigit())
            return money.show(int(digits)) if digits else ""
        return persian_digits(text) if self._entry in {"number", "text"} else text

    def _edited(self, text: str) -> None:
        shown = self._shown(text)
        if shown != text:
            # The cursor stays behind the same digit, however many separators now stand before it.
            behind = self.edit.cursorPosition()
            kept = sum(char != money.SEPARATOR for char in text[:behind])
            self.edit.setText(shown)
            self.edit.setCursorPosition(_position_after(shown, kept))
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focus of the line inside."""
        if watched is self.edit and isinstance(event, QFocusEvent):
            self.show_focus(event.type() == QEvent.Type.FocusIn)
            if event.type() == QEvent.Type.FocusOut and event.reason() != Qt.FocusReason.PopupFocusReason:
                self.left.emit()
        return False


def _position_after(shown: str, kept: int) -> int:
    """The place in a grouped number behind so many characters that are no separators."""
    for place, char in enumerate(shown):
        if kept == 0:
            return place
        kept -= char != money.SEPARATOR
    return len(shown)


class TextArea(Box):
    """Text over several lines; Tab and Ctrl+Enter go on."""

    changed = Signal()
    """Somebody typed."""
    left = Signal()
    """The focus went elsewhere."""

    def __init__(
        self, theme: Theme, name: str, *, placeholder: str = "", lines: int = 3, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self.edit = QPlainTextEdit(self)
        self.edit.setAccessibleName(name)
        self.edit.setFont(theme.font(13))
        self.edit.setPlaceholderText(placeholder)
        self.edit.setTabChangesFocus(True)
        self.edit.setFrameStyle(0)
        self.edit.viewport().setAutoFillBackground(False)
        option = QTextOption(_RIGHT)
        option.setTextDirection(Qt.LayoutDirection.RightToLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.edit.document().setDefaultTextOption(option)
        self.edit.document().setDocumentMargin(0)
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self.changed)
        self.setFocusProxy(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE - 2, 7, _SIDE - 2, 5)
        column.addWidget(self.edit)
        self.setFixedHeight(lines * 22 + 14)

    def text(self) -> str:
        """What was typed."""
        return self.edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Put a text here."""
        self.edit.setPlainText(text)

    def set_read_only(self, read_only: bool) -> None:  # noqa: FBT001 - a state, set by name
        """Show without letting change."""
        self._read_only = read_only
        self.edit.setReadOnly(read_only)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focus of the text inside; Ctrl+Enter goes on."""
        if watched is self.edit:
            if isinstance(event, QFocusEvent):
                self.show_focus(event.type() == QEvent.Type.FocusIn)
                if event.type() == QEvent.Type.FocusOut:
                    self.left.emit()
            elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
                if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    self.focusNextChild()
                    return True
        return False
