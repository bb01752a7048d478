"""A state as a small labelled chip: measured and painted alike in tables, panels and heads."""

from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from vesal_client.look.tokens import Height, Radius

if TYPE_CHECKING:
    from vesal_client.look.theme import Theme

_SIDE: Final = 7
_ICON: Final = 12
_ICON_SIDE: Final = 6
_ICON_GAP: Final = 5
TEXT_SIZE: Final = 11
TEXT_WEIGHT: Final = 500


class Badge(Protocol):
    """What a chip says: its word, one of the tones, and an icon's name where the word alone is weak."""

    @property
    def text(self) -> str:
        """The word."""
        ...

    @property
    def tone(self) -> str:
        """One of the tones of `tokens.TONES`."""
        ...

    @property
    def icon(self) -> str:
        """Name of an icon, or nothing."""
        ...


def chip_size(theme: "Theme", badge: Badge) -> QSize:
    """How much room a chip takes."""
    width = QFontMetrics(theme.font(TEXT_SIZE, TEXT_WEIGHT)).horizontalAdvance(badge.text)
    extra = _ICON_SIDE + _ICON + _ICON_GAP + _SIDE if badge.icon else 2 * _SIDE
    return QSize(width + extra, Height.CHIP)


def paint_chip(theme: "Theme", painter: QPainter, box: QRect, badge: Badge, ratio: float = 1.0) -> None:
    """Paint a chip over the whole of `box`; a word that is too long is cut with an ellipsis."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(f"{badge.tone}_ground"))
    painter.drawRoundedRect(QRectF(box), Radius.CHIP, Radius.CHIP)
    inside = box.adjusted(_SIDE, 0, -_SIDE, 0)
    if badge.icon:
        left = box.right() + 1 - _ICON_SIDE - _ICON
        top = box.top() + (box.height() - _ICON) / 2
        painter.drawPixmap(QPointF(left, top), theme.pixmap(badge.icon, _ICON, badge.tone, ratio))
        inside.setRight(left - _ICON_GAP - 1)
    font = theme.font(TEXT_SIZE, TEXT_WEIGHT)
    metrics = QFontMetrics(font)
    text = badge.text
    if metrics.horizontalAdvance(text) > inside.width() + 1:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
    painter.setFont(font)
    painter.setPen(theme.colour(badge.tone))
    flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(inside, flags | Qt.TextFlag.TextDontClip, text)
    painter.restore()
