"""The log-in screen's ground: a pattern of eight-pointed stars, as in tiles, fading to one side."""

import math
from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from vesal_client.kit import paint
from vesal_client.look.theme import Theme

#: The ground of both themes: the brand doesn't change with the light.
_FROM: Final = QColor("#0B525E")
_TO: Final = QColor("#166978")
_STEP: Final = 92.0
_ROUND: Final = 12


class BrandSide(QWidget):
    """The pattern with mark, name, what the system is for, and the date at the foot."""

    def __init__(self, theme: Theme, purpose: str, date: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._purpose = purpose
        self._date = date
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(f"وصال، {purpose}")

    def sizeHint(self) -> QSize:
        """Takes what is left."""
        return QSize(760, 720)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground, the pattern, and the words at the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QLinearGradient(0, 0, self.width(), self.height())
        ground.setColorAt(0, _FROM)
        ground.setColorAt(1, _TO)
        painter.fillRect(self.rect(), ground)
        ink = QLinearGradient(0, 0, self.width(), 0)
        ink.setColorAt(0, QColor(255, 255, 255, 46))
        ink.setColorAt(0.75, QColor(255, 255, 255, 12))
        ink.setColorAt(1, QColor(255, 255, 255, 4))
        painter.setPen(QPen(ink, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._stars())
        self._paint_words(painter)

    def _stars(self) -> QPainterPath:
        """Eight-pointed stars on a square grid; where their arms meet, crosses are left between them."""
        path = QPainterPath()
        outer = _STEP / 2
        # Where the sides of a square and of the same square turned by 45° cross.
        inner = outer / math.sqrt(2) / math.cos(math.pi / 8)
        columns = int(self.width() // _STEP) + 2
        rows = int(self.height() // _STEP) + 2
        for row in range(rows):
            for column in range(columns):
                centre = QPointF(column * _STEP + 10.5, row * _STEP + 6.5)
                points = []
                for corner in range(16):
                    radius = outer if corner % 2 == 0 else inner
                    angle = corner * math.pi / 8
                    points.append(centre + QPointF(radius * math.cos(angle), radius * math.sin(angle)))
                path.moveTo(points[-1])
                for point in points:
                    path.lineTo(point)
        return path

    def _paint_words(self, painter: QPainter) -> None:
        right = self.width() - 57
        middle = self.height() // 2
        mark = QRect(right - 56, middle - 130, 56, 56)
        paint.box(painter, mark, _ROUND, ground=QColor(255, 255, 255, 34))
        white = QColor("#FFFFFF")
        pen = QPen(white, 2.6)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        centre = QPointF(mark.center()) + QPointF(0.5, 0.5)
        for side in (-5.5, 5.5):
            painter.drawEllipse(centre + QPointF(side, 0), 8.6, 8.6)
        area = QRect(57, 0, right - 57, 60)
        painter.setFont(self._theme.font(40, 700))
        painter.setPen(white)
        area.moveTop(middle - 63)
        painter.drawText(area, paint.LEADING, "وصال")
        painter.setFont(self._theme.font(16))
        painter.setPen(QColor(255, 255, 255, 205))
        area.moveTop(middle - 18)
        painter.drawText(area, paint.LEADING, self._purpose)
        painter.setFont(self._theme.font(12))
        painter.setPen(QColor(255, 255, 255, 190))
        area.moveTop(self.height() - 81)
        painter.drawText(area, paint.LEADING, self._date)
