"""Paints one cell of the table: its row's ground, its text or chip, and the line under it."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from vesal_client.kit.paint import LEADING
from vesal_client.kit.table.columns import EMPTY, Row
from vesal_client.kit.table.header import PADDING
from vesal_client.kit.table.model import TableModel
from vesal_client.kit.table.skeleton import paint_bar
from vesal_client.kit.table.ticks import paint_tick, tick_rect
from vesal_client.kit.table.view import ROW_HEIGHT, TableView
from vesal_client.look.theme import Theme

_CURRENT_BAR = 3


class CellDelegate(QStyledItemDelegate):
    """Reads rows as they were formatted; a row that is not here shows bars once it is late."""

    def __init__(
        self, view: TableView, model: TableModel, theme: Theme, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._model = model
        self._theme = theme
        self._fonts: dict[int, tuple[QFont, QFontMetrics]] = {}
        self.restyle()

    def restyle(self) -> None:
        """Take fonts anew, after a change of theme or scale."""
        self._fonts = {}
        for place, column in enumerate(self._model.columns):
            look = column.look
            font = self._theme.font(13, 500 if look.strong or column.link else 400, tabular=look.tabular)
            self._fonts[place] = (font, QFontMetrics(font))

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All rows are of one height; widths come from the head."""
        return QSize(0, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the cell; asks the model for one row and nothing else."""
        cell = option.rect
        number, column = index.row(), index.column()
        colour = self._theme.colour
        row = self._model.row(number)
        current = number == self._view.currentIndex().row()
        ticked = row is not None and self._model.selection.holds(row.key)
        ground = "sel" if current or ticked else "hover" if number == self._view.hovered else "surface"
        painter.fillRect(cell, colour(ground))
        # A filled line stays whole and sharp where the screen is scaled by 1.5, a drawn one does not.
        painter.fillRect(cell.left(), cell.bottom(), cell.width(), 1, colour("hair"))
        inside = cell.adjusted(PADDING, 0, -PADDING, -1)
        if row is None:
            if self._view.bars_shown and column:
                place = (number, column)
                paint_bar(painter, self._theme, cell, place, self._view.sheen, self._view.viewport().width())
        elif column == 0:
            state = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
            paint_tick(painter, self._theme, tick_rect(cell.adjusted(0, 0, 0, -1)), state)
        else:
            self._paint_value(painter, inside, row, column - 1)
        if current and cell.right() >= self._view.viewport().width() - 1:
            bar = QRect(cell.right() - _CURRENT_BAR + 1, cell.top(), _CURRENT_BAR, cell.height() - 1)
            painter.fillRect(bar, colour("accent"))
        if current and self._view.cell_shown and index == self._view.currentIndex() and self._view.hasFocus():
            painter.setPen(colour("accent"))
            painter.drawRect(cell.adjusted(1, 1, -2, -3))
        if self._view.row_actions and (current or number == self._view.hovered):
            self._paint_actions(painter, cell, number, ground)

    def _paint_value(self, painter: QPainter, inside: QRect, row: Row, place: int) -> None:
        column = self._model.columns[place]
        badge = row.badges[place]
        if badge is not None:
            self._theme.paint_badge(painter, inside, badge)
            return
        font, metrics = self._fonts[place]
        text = row.texts[place]
        painter.setFont(font)
        if text == EMPTY:
            painter.setPen(self._theme.colour("text3"))
        else:
            painter.setPen(self._theme.colour("accent" if column.link else column.look.colour))
            if column.look.shrinks:
                text = self._elided(row, place, text, inside.width(), metrics)
        painter.drawText(inside, LEADING, text)

    def _elided(self, row: Row, place: int, text: str, width: int, metrics: QFontMetrics) -> str:
        """Cut a text that is too long once for each width; shaping it anew for each frame would cost."""
        drawn = row.drawn.get(place)
        if drawn is None or drawn[0] != width:
            drawn = row.drawn[place] = (width, metrics.elidedText(text, Qt.TextElideMode.ElideRight, width))
        return drawn[1]

    def _paint_actions(self, painter: QPainter, cell: QRect, number: int, ground: str) -> None:
        area = self._view.actions_rect(number)
        if not area.intersects(cell):
            return
        painter.save()
        painter.setClipRect(cell.adjusted(0, 0, 0, -1))
        painter.fillRect(area, self._theme.colour(ground))
        for place, action in enumerate(self._view.row_actions):
            box = self._view.action_rect(number, place)
            lit = (number, place) == self._view.hovered_action
            if lit:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._theme.colour("soft"))
                painter.drawRoundedRect(box, 5, 5)
            self._theme.paint_icon(
                painter, action.icon, box.adjusted(5, 5, -5, -5), "accent" if lit else "text2"
            )
        painter.restore()

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        _option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Say a cut text in full, or what an action does."""
        row = self._model.row(index.row())
        text = ""
        if row is not None and index.column() > 0 and event.type() == QEvent.Type.ToolTip:
            action = self._view.action_at(index.row(), event.pos())
            place = index.column() - 1
            drawn = row.drawn.get(place)
            if action >= 0:
                text = self._view.row_actions[action].label
            elif drawn is not None and drawn[1] != row.texts[place]:
                text = row.texts[place]
        QToolTip.showText(event.globalPos(), text, view)
        return True
