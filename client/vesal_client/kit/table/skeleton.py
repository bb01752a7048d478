"""Bars that stand for rows on their way, with a sheen that passes over them."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter

from vesal_client.look.theme import Theme

_BAR_HEIGHT = 10
_FADE_AFTER = 6
_FADE_OVER = 9


def paint_bar(
    painter: QPainter, theme: Theme, cell: QRect, place: tuple[int, int], sheen: float, width: int
) -> None:
    """Paint the bar of one cell.

    `place` is row and column: the same cell always has a bar of the same length. `sheen` runs from 0 to 1 while
    the brighter band crosses `width`, the width of the whole table, from right to left.
    """
    part = 0.55 + 0.45 * (place[0] * 7_919 + place[1] * 104_729) % 97 / 96
    length = max(16.0, (cell.width() - 16) * part)
    bar = QRectF(cell.right() - 8 - length, cell.center().y() - _BAR_HEIGHT / 2 + 0.5, length, _BAR_HEIGHT)
    base = theme.colour("skeleton")
    bright = QColor(base)
    bright.setAlphaF(base.alphaF() * 0.35)
    band = width * 0.35
    middle = width + band - sheen * (width + 2 * band)
    gradient = QLinearGradient(middle - band, 0, middle + band, 0)
    gradient.setColorAt(0, base)
    gradient.setColorAt(0.5, bright)
    gradient.setColorAt(1, base)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(gradient)
    painter.drawRoundedRect(bar, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def paint_rows(
    painter: QPainter,
    theme: Theme,
    area: QRect,
    columns: Sequence[tuple[int, int]],
    height: int,
    sheen: float,
) -> None:
    """Paint a whole table of bars that fade towards the bottom; columns are left edges and widths."""
    for row in range(area.height() // height + 1):
        top = area.top() + row * height
        painter.setOpacity(max(0.0, min(1.0, 1 - (row - _FADE_AFTER) / _FADE_OVER)))
        for number, (left, width) in enumerate(columns):
            paint_bar(painter, theme, QRect(left, top, width, height - 1), (row, number), sheen, area.width())
        painter.setOpacity(1)
        painter.fillRect(area.left(), top + height - 1, area.width(), 1, theme.colour("hair"))
