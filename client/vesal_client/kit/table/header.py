"""The head of the table: labels, the sorted column with its chevron, the tick for all, widths and choice."""

import json
from collections.abc import Iterable

from PySide6.QtCore import QEvent, QRect, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QHeaderView, QToolTip, QWidget

from vesal_client.kit.paint import LEADING
from vesal_client.kit.table.columns import Column, Row
from vesal_client.kit.table.model import TableModel
from vesal_client.kit.table.rows import PADDING
from vesal_client.kit.table.ticks import paint_tick, tick_rect
from vesal_client.kit.table.widths import Want, fitted
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import Height

HEIGHT = Height.TABLE_HEAD
TICK_WIDTH = 36
_CHEVRON = 20


class Header(QHeaderView):
    """Sorts by click, ticks all, and remembers widths, order and choice of columns under a key."""

    sort_asked = Signal(int)
    """The column (ticks are 0) that was clicked to sort by."""
    columns_changed = Signal()

    def __init__(self, model: TableModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._table = model
        self._theme = theme
        self.ticks = True
        self._settings: QSettings | None = None
        self._key = ""
        self._shown = {column.key: column.shown for column in model.columns}
        self._widths: dict[str, int] = {}
        # The longest text that came, by column, and how many pixels it takes.
        self._longest: dict[str, str] = {}
        self._seen: dict[str, int] = {}
        self._hovered = -1
        self._fitting = False
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setMouseTracking(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(24)
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sectionClicked.connect(self._clicked)
        self.sectionResized.connect(self._resized)
        self.sectionMoved.connect(self._moved)
        model.selection.changed.connect(self.viewport().update)

    # Which columns, how wide, in what order.

    def remember(self, settings: QSettings, key: str) -> None:
        """Take widths, order and choice from the settings, and keep them there from now on."""
        self._settings = settings
        self._key = f"tables/{key}"
        order = self._read(str(settings.value(self._key, "")))
        for place, column_key in enumerate(order, start=1):
            self.moveSection(self.visualIndex(self._section(column_key)), place)
        self.fit()

    def _read(self, text: str) -> list[str]:
        """Read what was kept; columns that are gone are passed over, new ones stand where they were declared."""
        try:
            kept = json.loads(text) if text else []
            entries = [(str(each["key"]), bool(each["shown"]), int(each["width"])) for each in kept]
        except (KeyError, TypeError, ValueError):
            return []
        known = [entry for entry in entries if entry[0] in self._shown]
        for key, shown, width in known:
            self._shown[key] = shown
            if width > 0:
                self._widths[key] = width
        return [key for key, _, _ in known]

    def _keep(self) -> None:
        if self._settings is not None:
            entries = [
                {"key": key, "shown": self._shown[key], "width": self._widths.get(key, 0)}
                for key in self.order()
            ]
            self._settings.setValue(self._key, json.dumps(entries))
        self.columns_changed.emit()

    def declared(self) -> tuple[Column, ...]:
        """All columns as they were declared."""
        return self._table.columns

    def order(self) -> list[str]:
        """Keys of all columns, in the order they stand."""
        places = (self.logicalIndex(place) for place in range(self.count()))
        return [self._table.columns[section - 1].key for section in places if section > 0]

    def shown(self) -> list[Column]:
        """The columns that show, in the order they stand."""
        by_key = {column.key: column for column in self._table.columns}
        return [by_key[key] for key in self.order() if self._shown[key]]

    def is_shown(self, key: str) -> bool:
        """Whether the column shows."""
        return self._shown[key]

    def show_column(self, key: str, *, shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        if not shown and len(self.shown()) == 1:
            return
        self._shown[key] = shown
        self._keep()
        self.fit()

    def restore_declared(self) -> None:
        """Go back to the columns as they were declared."""
        self._widths.clear()
        for place, column in enumerate(self._table.columns, start=1):
            self._shown[column.key] = column.shown
            self.moveSection(self.visualIndex(place), place)
        self._keep()
        self.fit()

    def fit(self) -> None:
        """Share out the width of the viewport among the columns that show."""
        if self.count() == 0:
            return
        self._fitting = True
        for section, column in enumerate(self._table.columns, start=1):
            self.setSectionHidden(section, not self._shown[column.key])
        self.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.resizeSection(0, TICK_WIDTH)
        self.setSectionHidden(0, not self.ticks)
        columns = self.shown()
        room = self._room() - (TICK_WIDTH if self.ticks else 0)
        widths = fitted([self._want(column) for column in columns], room)
        for column, width in zip(columns, widths, strict=True):
            self.resizeSection(self._section(column.key), width)
        self._fitting = False

    def learn(self, rows: Iterable[Row]) -> None:
        """Make room for the longest numbers and codes that came: they are never cut."""
        grew = False
        columns = [(at, each) for at, each in enumerate(self._table.columns) if not each.look.shrinks]
        for row in rows:
            for at, column in columns:
                if len(row.texts[at]) <= len(self._longest.get(column.key, "")):
                    continue
                badge = row.badges[at]
                self._longest[column.key] = row.texts[at]
                self._seen[column.key] = (
                    self._metrics(column).horizontalAdvance(row.texts[at])
                    if badge is None
                    else self._theme.badge_size(badge).width()
                )
                grew = True
        if grew:
            self.fit()

    def _metrics(self, column: Column) -> QFontMetrics:
        strong = column.look.strong or column.link
        return QFontMetrics(self._theme.font(13, 500 if strong else 400, tabular=column.look.tabular))

    def _room(self) -> int:
        view = self.parentWidget()
        return view.viewport().width() if isinstance(view, QAbstractScrollArea) else self.width()

    def _want(self, column: Column) -> Want:
        look = column.look
        # The sorted column's label is the boldest, and has its chevron beside it.
        label = QFontMetrics(self._theme.font(12, 600)).horizontalAdvance(column.label) + 2 * PADDING + 2
        head = label + (_CHEVRON if column.sortable else 0)
        sample = self._metrics(column).horizontalAdvance(column.sample or look.sample)
        content = max(sample, self._seen.get(column.key, 0)) + 2 * PADDING
        by = self._table.sorted_by()
        is_sorted = by is not None and self._table.columns[by[0] - 1].key == column.key
        # Where room is scarce, only the column that is sorted keeps room for a chevron.
        least = max(head if is_sorted else label, content * 3 // 4 if look.shrinks else content)
        return Want(max(head, content), least, look.shrinks, self._widths.get(column.key))

    def _section(self, key: str) -> int:
        return next(at for at, column in enumerate(self._table.columns, start=1) if column.key == key)

    def _resized(self, section: int, _old: int, new: int) -> None:
        if not self._fitting and section > 0:
            self._widths[self._table.columns[section - 1].key] = new
            self._keep()

    def _moved(self, _section: int, _old: int, _new: int) -> None:
        if self.visualIndex(0) != 0:
            # The ticks stay first.
            self.moveSection(self.visualIndex(0), 0)
        elif not self._fitting:
            self._keep()

    # Clicks.

    def _clicked(self, section: int) -> None:
        selection = self._table.selection
        if section > 0:
            if self._table.columns[section - 1].sortable:
                self.sort_asked.emit(section)
        elif selection.count(self._table.rowCount()):
            selection.clear()
        elif self._table.rowCount():
            selection.take_everything()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the head under the mouse."""
        super().mouseMoveEvent(event)
        self._hover(self.logicalIndexAt(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """No head is under the mouse."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, section: int) -> None:
        if section != self._hovered:
            self._hovered = section
            self.viewport().update()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground under the sections and beside them."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.colour("sunken"))
        bottom = self.viewport().height() - 1
        painter.fillRect(0, bottom, self.viewport().width(), 1, self._theme.colour("hair"))
        painter.end()
        super().paintEvent(event)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint one head."""
        colour = self._theme.colour
        painter.save()
        painter.fillRect(rect, colour("hover" if self._hovered == section and section else "sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colour("hair"))
        if section == 0:
            count = self._table.rowCount()
            ticked = self._table.selection.count(count)
            state = Qt.CheckState.PartiallyChecked if ticked else Qt.CheckState.Unchecked
            if 0 < count == ticked:
                state = Qt.CheckState.Checked
            paint_tick(painter, self._theme, tick_rect(rect), state)
        else:
            self._paint_label(painter, rect.adjusted(PADDING, 0, -PADDING, -1), section)
        painter.restore()

    def _paint_label(self, painter: QPainter, rect: QRect, section: int) -> None:
        column = self._table.columns[section - 1]
        by = self._table.sorted_by()
        is_sorted = by is not None and by[0] == section
        font = self._theme.font(12, 600 if is_sorted else 500)
        metrics = QFontMetrics(font)
        room = rect.width() - (_CHEVRON if is_sorted else 0)
        label = metrics.elidedText(column.label, Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(self._theme.colour("text" if is_sorted else "text2"))
        painter.drawText(rect, LEADING, label)
        if by is not None and is_sorted:
            name = "chevron-down" if by[1] == Qt.SortOrder.DescendingOrder else "chevron-up"
            left = rect.right() - metrics.horizontalAdvance(label) - _CHEVRON + 2
            self._theme.paint_icon(painter, name, QRect(left, rect.center().y() - 6, 14, 14), "accent")

    def sectionSizeFromContents(self, section: int) -> QSize:
        """Say how wide a head's content is, for a double click on its edge."""
        if section == 0:
            return QSize(TICK_WIDTH, HEIGHT)
        return QSize(self._want(self._table.columns[section - 1]).natural, HEIGHT)

    def event(self, event: QEvent) -> bool:
        """Say a cut label in full."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            section = self.logicalIndexAt(event.pos())
            label = self._table.columns[section - 1].label if section > 0 else ""
            cut = label and self.sectionSize(section) < self.sectionSizeFromContents(section).width()
            QToolTip.showText(event.globalPos(), label if cut else "", self)
            return True
        return super().event(event)
