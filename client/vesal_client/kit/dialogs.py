"""A question over the page: the question as title, what happens as text, the verb on the button."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from vesal_client.kit import paint
from vesal_client.kit.buttons import Button, Look
from vesal_client.kit.labels import Label, Paragraph
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius, Width

_SIDE: Final = 16


class Sheet(QWidget):
    """The dialog's own ground: icon and title, text, then what the caller adds, then the buttons."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        text: str = "",
        *,
        icon: str = "",
        tone: str = "bad",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.title = title
        self._icon = icon
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, 15, _SIDE, _SIDE)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 28 if icon else 0, 0)
        head.addWidget(Label(theme, title, size=15, weight=700))
        head.addStretch(1)
        column.addLayout(head)
        self.text = Paragraph(theme, text, size=13, colour="text2", leading=21)
        self.text.setVisible(bool(text))
        column.addWidget(self.text)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column.addLayout(self.body)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addStretch(1)
        column.addSpacing(4)
        column.addLayout(self.buttons)
        self.setAccessibleName(title)
        theme.changed.connect(self.update)

    def add_button(self, text: str, look: Look = "plain") -> Button:
        """The next button, from the right."""
        button = Button(self._theme, text, look=look)
        self.buttons.insertWidget(self.buttons.count() - 1, button)
        # On a sheet that is shown already a layout would show it only later, and it could take no focus.
        button.show()
        return button

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, border and icon."""
        painter = QPainter(self)
        colour = self._theme.colour
        paint.box(painter, self.rect(), Radius.CARD, ground=colour("surface"), border=colour("hair"))
        if self._icon:
            spot = QRect(self.width() - _SIDE - 18, 19, 18, 18)
            self._theme.paint_icon(painter, self._icon, spot, self._tone)


class Veil(QWidget):
    """Lies over a window and holds one sheet in its middle; keys stay inside, Esc asks to go."""

    dismissed = Signal()
    """Esc was pressed, or the veil itself."""

    def __init__(self, theme: Theme, over: QWidget, sheet: QWidget, *, width: int = Width.DIALOG) -> None:
        super().__init__(over)
        self._theme = theme
        self._over = over
        self._sheet = sheet
        sheet.setParent(self)
        sheet.setFixedWidth(width)
        self._before: QWidget | None = over.focusWidget()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        over.installEventFilter(self)
        self._fit()
        self.show()
        self.raise_()
        sheet.show()
        self._fit()

    def _fit(self) -> None:
        self.setGeometry(self._over.rect())
        layout = self._sheet.layout()
        if layout is not None:
            height = max(layout.heightForWidth(self._sheet.width()), layout.minimumSize().height())
            self._sheet.resize(self._sheet.width(), height)
        left = (self.width() - self._sheet.width()) // 2
        self._sheet.move(left, max(24, (self.height() - self._sheet.height()) * 2 // 5))

    def lift(self) -> None:
        """Go away; the focus returns to where it was."""
        self._over.removeEventFilter(self)
        self.hide()
        before = self._before
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.deleteLater()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Cover the window however large it gets."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def event(self, event: QEvent) -> bool:
        """Fit again when what is on the sheet asks for more room."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's signature
        """Tab goes round inside the sheet."""
        within = [
            part
            for part in self._sheet.findChildren(QWidget)
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible() and part.isEnabled()
        ]
        if not within:
            return True
        now = self.window().focusWidget()
        place = within.index(now) if now in within else -1
        step = 1 if forward else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        within[(place + step) % len(within)].setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc asks to go; no key reaches the page below."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the veil does nothing to the page below."""
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Darken the page."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("veil"))


class Question(QObject):
    """Ask over a window; `answered` tells which button was pressed, «» for none."""

    answered = Signal(str)
    """The code of the button."""

    def __init__(
        self,
        theme: Theme,
        over: QWidget,
        title: str,
        text: str,
        verb: str,
        *,
        danger: bool = False,
        also: str = "",
        cancel: str = "لغو",
        icon: str = "",
    ) -> None:
        """`verb` answers «yes», `also` is another way («غیرفعال کردن») that answers «also»."""
        super().__init__(over)
        icon = icon or ("warning" if danger else "question")
        self.sheet = Sheet(theme, title, text, icon=icon, tone="bad" if danger else "accent")
        self._veil = Veil(theme, over, self.sheet)
        self._veil.dismissed.connect(lambda: self._answer(""))
        first = self.sheet.add_button(verb, "danger" if danger else "primary")
        first.clicked.connect(lambda: self._answer("yes"))
        if also:
            self.sheet.add_button(also).clicked.connect(lambda: self._answer("also"))
        last = self.sheet.add_button(cancel)
        last.clicked.connect(lambda: self._answer(""))
        (last if danger else first).setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self, code: str) -> None:
        self._veil.lift()
        self.answered.emit(code)
        self.deleteLater()
