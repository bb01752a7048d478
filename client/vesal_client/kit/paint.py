"""Strokes that the parts share: crisp hairlines, rounded boxes, text at the beginning of a line."""

from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

#: Where Persian text begins, whatever the layout direction is.
LEADING: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
TRAILING: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
CENTRE: Final = Qt.AlignmentFlag.AlignCenter


def box(
    painter: QPainter,
    area: QRect,
    radius: float,
    *,
    ground: QColor | None = None,
    border: QColor | None = None,
    width: float = 1,
) -> None:
    """A rounded box whose border lies inside `area`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    half = width / 2 if border is not None else 0
    inside = QRectF(area).adjusted(half, half, -half, -half)
    painter.setPen(Qt.PenStyle.NoPen if border is None else QPen(border, width))
    painter.setBrush(Qt.BrushStyle.NoBrush if ground is None else ground)
    painter.drawRoundedRect(inside, radius - half, radius - half)


def hairline(painter: QPainter, colour: QColor, left: int, top: int, length: int) -> None:
    """A horizontal line of one pixel; antialiasing would smear it over two."""
    painter.fillRect(QRect(left, top, length, 1), colour)


def upright(painter: QPainter, colour: QColor, left: int, top: int, length: int) -> None:
    """A vertical line of one pixel."""
    painter.fillRect(QRect(left, top, 1, length), colour)


def top_rounded(area: QRectF, radius: float) -> QPainterPath:
    """A box with round upper corners and square lower ones."""
    radius = min(radius, area.height(), area.width() / 2)
    path = QPainterPath()
    path.moveTo(area.bottomLeft())
    path.lineTo(area.left(), area.top() + radius)
    path.quadTo(area.topLeft(), area.topLeft() + (area.topRight() - area.topLeft()) * (radius / area.width()))
    path.lineTo(area.right() - radius, area.top())
    path.quadTo(area.right(), area.top(), area.right(), area.top() + radius)
    path.lineTo(area.bottomRight())
    path.closeSubpath()
    return path
