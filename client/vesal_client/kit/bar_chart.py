"""A bar chart that reads from the right, with Persian digits; its table is one press away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from vesal_client.kit import paint
from vesal_client.look.theme import Theme
from vesal_shared import money

BAR: Final = 44
_AXIS: Final = 34
_TOP: Final = 30
_BELOW: Final = 44
_ROW: Final = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """A bucket: its name, what it spans, how much; `hover` says more."""

    label: str
    span: str
    value: int
    hover: str = ""


def steps(highest: int) -> tuple[int, int]:
    """The distance of the hairlines and how many there are: three or four, at round numbers.

    The last one lies above the highest bar's value.
    """
    highest = max(highest, 1)
    size = 1
    while True:
        for factor in (1, 2, 3, 5, 6, 8):
            step = factor * size
            count = -(-highest // step)
            if count <= 3 or (count == 4 and factor in {1, 5}):
                return step, max(count, 1)
        size *= 10


class BarChart(QWidget):
    """Bars in the four colours of the buckets; `show_table` turns it into rows."""

    def __init__(self, theme: Theme, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._unit = unit
        self._bars: tuple[Bar, ...] = ()
        self._as_table = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(150)
        theme.changed.connect(self.update)

    def say(self, bars: Sequence[Bar]) -> None:
        """Show these bars."""
        self._bars = tuple(bars)
        rows = "؛ ".join(f"{bar.label} {bar.span}: {money.show(bar.value)}" for bar in bars)
        self.setAccessibleName(f"{self._unit}. {rows}")
        self.update()

    def show_table(self, shown: bool) -> None:  # noqa: FBT001 - a state, set by name
        """Rows in place of bars."""
        self._as_table = shown
        self.update()

    def sizeHint(self) -> QSize:
        """Layouts widen it."""
        return QSize(360, 190)

    def _plot(self) -> QRect:
        return QRect(0, _TOP, self.width() - _AXIS, max(1, self.height() - _TOP - _BELOW))

    def _bar_area(self, number: int, plot: QRect, top_value: int) -> QRectF:
        slot = plot.width() / len(self._bars)
        middle = plot.right() + 1 - (number + 0.5) * slot
        high = self._bars[number].value / top_value * plot.height()
        width = min(BAR, slot * 0.7)
        return QRectF(middle - width / 2, plot.bottom() + 1 - high, width, high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint axis and bars, or rows."""
        if not self._bars:
            return
        painter = QPainter(self)
        if self._as_table:
            self._paint_table(painter)
        else:
            self._paint_bars(painter)

    def _paint_bars(self, painter: QPainter) -> None:
        theme, colour = self._theme, self._theme.colour
        step, count = steps(max(bar.value for bar in self._bars))
        plot = self._plot()
        painter.setFont(theme.font(11))
        for number in range(count + 1):
            height = plot.bottom() + 1 - round(number / count * plot.height())
            paint.hairline(painter, colour("line" if number == 0 else "hair"), 0, height, plot.width())
            painter.setPen(colour("text3"))
            place = QRect(plot.right() + 1, height - 10, _AXIS, 20)
            painter.drawText(place, paint.LEADING, short(number * step))
        slot = plot.width() / len(self._bars)
        for number, bar in enumerate(self._bars):
            area = self._bar_area(number, plot, step * count)
            painter.setRenderHint(painter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(f"bar{min(number, 3) + 1}"))
            if area.height() >= 1:
                painter.drawPath(paint.top_rounded(area, 4))
            middle = area.center().x()
            cell = QRect(round(middle - slot / 2), 0, round(slot), 20)
            painter.setFont(theme.font(13, 600))
            painter.setPen(colour("text"))
            cell.moveTop(round(area.top()) - 24)
            painter.drawText(cell, paint.CENTRE | Qt.TextFlag.TextDontClip, money.show(bar.value))
            label = theme.font(12, 500)
            painter.setFont(label)
            cell.moveTop(plot.bottom() + 4)
            name = QFontMetrics(label).elidedText(bar.label, Qt.TextElideMode.ElideRight, cell.width())
            painter.drawText(cell, paint.CENTRE, name)
            painter.setFont(theme.font(11))
            painter.setPen(colour("text3"))
            cell.moveTop(plot.bottom() + 21)
            painter.drawText(cell, paint.CENTRE | Qt.TextFlag.TextDontClip, bar.span)

    def _paint_table(self, painter: QPainter) -> None:
        theme, colour = self._theme, self._theme.colour
        total = sum(bar.value for bar in self._bars)
        top = 8
        for bar in self._bars:
            area = QRect(0, top, self.width(), _ROW)
            painter.setFont(theme.font(13, 500))
            painter.setPen(colour("text"))
            painter.drawText(area, paint.LEADING, bar.label)
            painter.setFont(theme.font(12))
            painter.setPen(colour("text3"))
            painter.drawText(area.adjusted(0, 0, -self.width() * 2 // 5, 0), paint.LEADING, bar.span)
            painter.setFont(theme.font(13, 500, tabular=True))
            painter.setPen(colour("text"))
            painter.drawText(area, paint.TRAILING, money.show(bar.value))
            paint.hairline(painter, colour("hair"), 0, top + _ROW - 1, self.width())
            top += _ROW
        area = QRect(0, top, self.width(), _ROW)
        painter.setFont(theme.font(13, 600))
        painter.drawText(area, paint.LEADING, "جمع")
        painter.setFont(theme.font(13, 600, tabular=True))
        painter.drawText(area, paint.TRAILING, money.show(total))

    def event(self, event: QEvent) -> bool:
        """Say more about the bar under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._bars:
            QToolTip.showText(event.globalPos(), self._hover(event.pos()), self)
            return True
        return super().event(event)

    def _hover(self, place: QPoint) -> str:
        if self._as_table:
            return ""
        plot = self._plot()
        slot = plot.width() / len(self._bars)
        number = int((plot.right() + 1 - place.x()) // slot)
        return self._bars[number].hover if 0 <= number < len(self._bars) else ""


def short(value: int) -> str:
    """A number for an axis: thousands and millions in words where it is long («۱۲ هزار»)."""
    for size, word in ((10**9, "میلیارد"), (10**6, "میلیون"), (10**4, "هزار")):
        unit = 1_000 if word == "هزار" else size
        if value >= size and value % unit == 0:
            return f"{money.show(value // unit)} {word}"
    return money.show(value)
