"""The tick box, painted: in rows and heads of tables, and by the check box of forms."""

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPen

from vesal_client.kit import paint
from vesal_client.look.theme import Theme

SIDE = 16
# From the line's beginning to the middle of the box.
_INSET = 20


def tick_rect(cell: QRect) -> QRect:
    """Where the box stands in a table's cell."""
    left = cell.right() - _INSET - SIDE // 2 + 1
    return QRect(left, cell.center().y() - SIDE // 2 + 1, SIDE, SIDE)


def paint_tick(painter: QPainter, theme: Theme, box: QRect, state: Qt.CheckState) -> None:
    """Paint the box: empty, ticked, or with a bar where only some are ticked."""
    painter.save()
    if state == Qt.CheckState.Unchecked:
        paint.box(painter, box, 4, ground=theme.colour("surface"), border=theme.colour("edge"))
    else:
        paint.box(painter, box, 4, ground=theme.colour("accent"))
        pen = QPen(theme.colour("on_accent"), 1.8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        x, y = float(box.x()), float(box.y())
        if state == Qt.CheckState.PartiallyChecked:
            painter.drawLine(QPointF(x + 4, y + 8), QPointF(x + 12, y + 8))
        else:
            painter.drawPolyline(
                [QPointF(x + 4, y + 8.4), QPointF(x + 7, y + 11.2), QPointF(x + 12, y + 5.2)]
            )
    painter.restore()
