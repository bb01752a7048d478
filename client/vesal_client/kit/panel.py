"""The panel at the page's left: name, number and chips; an amount; facts; actions; tabs; what they show."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from vesal_client.kit import paint
from vesal_client.kit.buttons import IconButton
from vesal_client.kit.chips import Chip, State
from vesal_client.kit.labels import Label
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Width
from vesal_shared.digits import isolate

_SIDE: Final = 16


class SidePanel(QWidget):
    """A column of 344 pixels behind a hairline; arrows go to the next record, Esc closes."""

    closed = Signal()
    """The cross or Esc."""
    moved = Signal(int)
    """On to the next record (1) or back (-1)."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedWidth(Width.PANEL)
        self.name = Label(theme, size=15, weight=700, elide=True)
        self.up = IconButton(theme, "chevron-up", "مورد پیش", size=30)
        self.down = IconButton(theme, "chevron-down", "مورد بعد", size=30)
        self.cross = IconButton(theme, "close", "بستن", size=30)
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.cross.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.setContentsMargins(8, 8, _SIDE, 0)
        head.setSpacing(2)
        head.addWidget(self.name, 1)
        for button in (self.up, self.down, self.cross):
            head.addWidget(button)
        self.number = Label(theme, size=13, colour="text2", selectable=True)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(6)
        marks = QHBoxLayout()
        marks.setContentsMargins(_SIDE, 0, _SIDE, 0)
        marks.setSpacing(8)
        marks.addWidget(self.number)
        marks.addLayout(self._chips)
        marks.addStretch(1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(1, 0, 0, 0)
        self.column.setSpacing(8)
        self.column.addLayout(head)
        self.column.addLayout(marks)
        theme.changed.connect(self.update)

    def say_head(self, name: str, number: str, states: Sequence[State] = ()) -> None:
        """Show whom or what this is about; `number` is shown left to right."""
        self.name.setText(name)
        self.number.setText(isolate(number))
        while (item := self._chips.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for state in states:
            chip = Chip(self._theme, state.text, state.tone, state.icon)
            self._chips.addWidget(chip)
            chip.show()

    def add(self, widget: QWidget, stretch: int = 0, *, flush: bool = False) -> None:
        """Put something below; `flush` goes from edge to edge."""
        if flush:
            self.column.addWidget(widget, stretch)
            return
        line = QHBoxLayout()
        line.setContentsMargins(_SIDE, 0, _SIDE, 0)
        line.addWidget(widget)
        self.column.addLayout(line, stretch)

    def add_scrolled(self, widget: QWidget) -> QScrollArea:
        """Put something below that scrolls."""
        area = scrolled(widget)
        self.column.addWidget(area, 1)
        return area

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground, and the hairline towards the page."""
        painter = QPainter(self)
        colour = self._theme.colour
        painter.fillRect(self.rect(), colour("surface"))
        paint.upright(painter, colour("hair"), self.width() - 1, 0, self.height())


def scrolled(widget: QWidget) -> QScrollArea:
    """A scroll area without frame or ground around `widget`."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    widget.setObjectName("scrolled")
    area.setWidget(widget)
    area.viewport().setAutoFillBackground(False)
    widget.setAutoFillBackground(False)
    return area


class BigAmount(QWidget):
    """An amount in large figures under its label."""

    def __init__(self, theme: Theme, label: str, unit: str = "ریال", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = Label(theme, size=20, weight=700, selectable=True)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._value)
        line.addWidget(Label(theme, unit, size=12, colour="text3"))
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Label(theme, label, size=12, colour="text3"))
        column.addLayout(line)

    def say(self, amount: str) -> None:
        """Show the amount as it is written."""
        self._value.setText(amount)


class Facts(QWidget):
    """Labels with values in two columns; «—» where there is nothing."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._values: list[tuple[Label, Label]] = []

    def say(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these, two beside each other."""
        while len(self._values) < len(facts):
            self._add_pair()
        for number, (label, value) in enumerate(self._values):
            shown = number < len(facts)
            label.setVisible(shown)
            value.setVisible(shown)
            if shown:
                label.setText(facts[number][0])
                value.setText(facts[number][1] or "—")

    def _add_pair(self) -> None:
        place = len(self._values)
        label = Label(self._theme, size=12, colour="text3", elide=True)
        value = Label(self._theme, size=13, weight=500, elide=True)
        box = QVBoxLayout()
        box.setSpacing(1)
        box.addWidget(label)
        box.addWidget(value)
        self._grid.addLayout(box, place // 2, place % 2)
        self._values.append((label, value))
