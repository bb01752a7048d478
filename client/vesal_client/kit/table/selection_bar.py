"""The bar above the head while rows are ticked: how many, all of them, and what to do with them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEasingCurve, QPropertyAnimation, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from vesal_client.kit import paint
from vesal_client.kit.buttons import Button
from vesal_client.kit.labels import Label
from vesal_client.kit.table.actions import BulkAction
from vesal_client.look.theme import Theme
from vesal_shared import money

HEIGHT = 40
_SLIDE_MS = 120


class _Rule(QWidget):
    """A short upright line between counts and actions."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedSize(9, HEIGHT - 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line."""
        paint.upright(QPainter(self), self._theme.colour("line"), 4, 0, self.height())


class SelectionBar(QWidget):
    """Slides in above the head; it covers nothing."""

    def __init__(
        self,
        theme: Theme,
        noun: str,
        actions: Sequence[BulkAction],
        run: Callable[[BulkAction], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._noun = noun
        self._open = False
        self._slide = QPropertyAnimation(self, b"maximumHeight", self)
        self._slide.setDuration(_SLIDE_MS)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.finished.connect(self._slid)
        self._count = Label(theme, size=12, weight=600, colour="accent", parent=self)
        self.take_all = Button(theme, look="link", small=True, parent=self)
        self.clear = Button(theme, "لغو انتخاب", icon="close", look="quiet", small=True, parent=self)
        line = QHBoxLayout(self)
        line.setContentsMargins(4, 0, 8, 0)
        line.setSpacing(4)
        line.addWidget(self._count)
        line.addWidget(self.take_all)
        if actions:
            line.addWidget(_Rule(theme, self))
        self.buttons: list[Button] = []
        for action in actions:
            button = Button(theme, action.label, icon=action.icon, look="quiet", small=True, parent=self)
            button.clicked.connect(lambda *_, action=action: run(action))
            line.addWidget(button)
            self.buttons.append(button)
        line.addStretch(1)
        line.addWidget(self.clear)
        self.setMaximumHeight(0)
        self.hide()

    def say(self, ticked: int, total: int, *, exact: bool) -> None:
        """Show how many are ticked, and offer the rest; with none, slide away."""
        if ticked:
            self._count.setText(f"{money.show(ticked)} {self._noun} انتخاب شد")
            all_of_them = f"همه {money.show(total)} {self._noun}" if exact else "همه"
            self.take_all.setText(f"انتخاب {all_of_them}")
            self.take_all.setVisible(ticked < total)
        self._set_open(is_open=ticked > 0)

    def sizeHint(self) -> QSize:
        """As high as it is when open, while it slides, too."""
        return QSize(super().sizeHint().width(), HEIGHT)

    def _set_open(self, *, is_open: bool) -> None:
        if is_open == self._open:
            return
        self._open = is_open
        self._slide.stop()
        if is_open:
            self.show()
        if not self._theme.motion:
            self.setMaximumHeight(HEIGHT if is_open else 0)
            self._slid()
            return
        self._slide.setStartValue(self.maximumHeight())
        self._slide.setEndValue(HEIGHT if is_open else 0)
        self._slide.start()

    def _slid(self) -> None:
        if not self._open:
            self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground and the hairline below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("soft"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.colour("hair"))
