"""The Jalali calendar: Saturday first, Friday in red, quick days below."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vesal_client.kit import paint
from vesal_client.kit.buttons import Button, IconButton
from vesal_client.kit.focus import RING
from vesal_client.kit.labels import Label
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Radius
from vesal_shared import jalali
from vesal_shared.digits import persian_digits

CELL: Final = 30
_STEP: Final = 31
_ROW: Final = 32
_COLUMNS: Final = 7
_ROWS: Final = 6
_HEAD: Final = 26
_FRIDAY: Final = 6
_INITIALS: Final = ("ش", "ی", "د", "س", "چ", "پ", "ج")

Month = tuple[int, int]
"""A Jalali year and month."""


def step_month(month: Month, by: int) -> Month:
    """So many months on or back."""
    number = month[0] * 12 + month[1] - 1 + by
    return number // 12, number % 12 + 1


def step_months(day: dt.date, by: int) -> dt.date:
    """The same day so many months on, or the month's last where it is shorter."""
    year, month, number = jalali.parts(day)
    year, month = step_month((year, month), by)
    return jalali.from_parts(year, month, min(number, jalali.month_length(year, month)))


class MonthGrid(QWidget):
    """Six weeks of days; arrow keys go from day to day, Page Up and Page Down from month to month."""

    picked = Signal(object)
    """The date that was chosen."""
    turned = Signal()
    """Another month is shown."""

    def __init__(self, theme: Theme, today: dt.date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.today = today
        self._chosen: dt.date | None = None
        self._at = today
        self._month: Month = jalali.parts(today)[:2]
        self._hovered: dt.date | None = None
        self.earliest: dt.date | None = None
        self.latest: dt.date | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(RING, -1)
        self.setAccessibleName("تقویم")
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Seven days by six weeks under their names."""
        return QSize(_COLUMNS * _STEP - 1, _HEAD + _ROWS * _ROW)

    def minimumSizeHint(self) -> QSize:
        """The grid doesn't shrink."""
        return self.sizeHint()

    @property
    def month(self) -> Month:
        """The Jalali year and month that is shown."""
        return self._month

    def choose(self, day: dt.date | None) -> None:
        """Mark a day as chosen and show its month."""
        self._chosen = day
        self._go(day or self.today)

    def turn(self, by: int) -> None:
        """Show another month; the day that the keys are at goes along."""
        self._go(step_months(self._at, by))

    def allowed(self, day: dt.date) -> bool:
        """Whether a day can be chosen."""
        return not (self.earliest and day < self.earliest) and not (self.latest and day > self.latest)

    def _go(self, day: dt.date) -> None:
        self._at = day
        month = jalali.parts(day)[:2]
        if month != self._month:
            self._month = month
            self.turned.emit()
        self.setAccessibleDescription(jalali.show_long(day))
        self.update()

    def first_shown(self) -> dt.date:
        """The Saturday with which the grid begins."""
        first = jalali.from_parts(*self._month, 1)
        return first - dt.timedelta(days=jalali.weekday(first))

    def _place(self, number: int) -> QRect:
        row, column = divmod(number, _COLUMNS)
        left = self.width() - (column + 1) * _STEP + 1
        return QRect(left, _HEAD + row * _ROW, CELL, CELL)

    def _day_at(self, point: QPoint) -> dt.date | None:
        for number in range(_COLUMNS * _ROWS):
            if self._place(number).contains(point):
                return self.first_shown() + dt.timedelta(days=number)
        return None

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the names of the days and the days."""
        painter = QPainter(self)
        colour = self._theme.colour
        painter.setFont(self._theme.font(11, 500))
        for column, name in enumerate(_INITIALS):
            painter.setPen(colour("bad" if column == _FRIDAY else "text2"))
            area = QRect(self._place(column))
            area.moveTop(0)
            painter.drawText(area.adjusted(0, 0, 0, -6), paint.CENTRE, name)
        first = self.first_shown()
        for number in range(_COLUMNS * _ROWS):
            self._paint_day(painter, first + dt.timedelta(days=number), self._place(number))

    def _paint_day(self, painter: QPainter, day: dt.date, area: QRect) -> None:
        colour = self._theme.colour
        chosen = day == self._chosen
        inside = jalali.parts(day)[:2] == self._month
        ink = "text" if inside else "text3"
        if jalali.weekday(day) == _FRIDAY and inside:
            ink = "bad"
        if chosen:
            paint.box(painter, area, Radius.CONTROL, ground=colour("accent"))
            ink = "on_accent"
        elif self.hasFocus() and day == self._at:
            paint.box(painter, area, Radius.CONTROL, ground=colour("soft"))
        elif day == self._hovered and self.allowed(day):
            paint.box(painter, area, Radius.CONTROL, ground=colour("hover"))
        if day == self.today and not chosen:
            paint.box(painter, area, Radius.CONTROL, border=colour("accent"), width=1.6)
            ink = "accent"
        painter.setOpacity(1 if self.allowed(day) else 0.5)
        painter.setFont(self._theme.font(13, 600 if chosen or day == self.today else 400))
        painter.setPen(colour(ink))
        painter.drawText(area, paint.CENTRE, persian_digits(jalali.parts(day)[2]))
        painter.setOpacity(1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the day under the mouse."""
        day = self._day_at(event.position().toPoint())
        if day != self._hovered:
            self._hovered = day
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the day under the mouse."""
        self._pick(self._day_at(event.position().toPoint()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel turns months."""
        if event.angleDelta().y():
            self.turn(-1 if event.angleDelta().y() > 0 else 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from day to day; Enter chooses."""
        key = Qt.Key(event.key())
        days = {Qt.Key.Key_Left: 1, Qt.Key.Key_Right: -1, Qt.Key.Key_Down: 7, Qt.Key.Key_Up: -7}
        months = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
        if key in days:
            self._go(self._at + dt.timedelta(days=days[key]))
        elif key in months:
            self.turn(months[key])
        elif key == Qt.Key.Key_Home:
            self._go(self.today)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._pick(self._at)
        else:
            super().keyPressEvent(event)

    def _pick(self, day: dt.date | None) -> None:
        if day is not None and self.allowed(day):
            self.choose(day)
            self.picked.emit(day)


class Calendar(QWidget):
    """The grid under its month, with ways to other months, and the days that are chosen most."""

    picked = Signal(object)
    """The date that was chosen."""

    def __init__(
        self,
        theme: Theme,
        today: dt.date,
        *,
        quick: Sequence[tuple[str, Callable[[dt.date], dt.date]]] = (),
        parent: QWidget | None = None,
    ) -> None:
        """`quick` are words with the day that each means, counted from today."""
        super().__init__(parent)
        self._theme = theme
        self.grid = MonthGrid(theme, today, self)
        self._title = Label(theme, size=14, weight=700)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        back = IconButton(theme, "chevron-start", "ماه پیش", size=28)
        forward = IconButton(theme, "chevron-end", "ماه بعد", size=28)
        back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        forward.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        back.clicked.connect(lambda: self.grid.turn(-1))
        forward.clicked.connect(lambda: self.grid.turn(1))
        head = QHBoxLayout()
        head.setContentsMargins(8, 8, 8, 4)
        head.addWidget(back)
        head.addWidget(self._title, 1)
        head.addWidget(forward)
        middle = QHBoxLayout()
        middle.setContentsMargins(11, 0, 11, 8)
        middle.addWidget(self.grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(middle)
        self._rule = QWidget()
        self._quick: list[tuple[Button, dt.date]] = []
        if quick:
            column.addWidget(_Rule(theme))
            line = QHBoxLayout()
            line.setContentsMargins(11, 7, 11, 7)
            line.setSpacing(6)
            for word, means in quick:
                button = Button(theme, word, small=True)
                day = means(today)
                button.clicked.connect(lambda _=False, day=day: self.grid._pick(day))  # noqa: SLF001 - its own part
                line.addWidget(button)
                self._quick.append((button, day))
            line.addStretch(1)
            column.addLayout(line)
        self.grid.turned.connect(self._say_month)
        self.grid.picked.connect(self.picked)
        self._say_month()
        self.setFixedWidth(240)

    def allow(self, earliest: dt.date | None, latest: dt.date | None) -> None:
        """Let only these days be chosen."""
        self.grid.earliest, self.grid.latest = earliest, latest
        for button, day in self._quick:
            button.setEnabled(self.grid.allowed(day))
        self.grid.update()

    def _say_month(self) -> None:
        year, month = self.grid.month
        self._title.setText(f"{jalali.MONTHS[month - 1]} {persian_digits(year)}")


class _Rule(QWidget):
    """A hairline across."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line."""
        paint.hairline(QPainter(self), self._theme.colour("hair"), 0, 0, self.width())
