"""The frame of every page that is a list: head, filter bar, table, and a panel at its side."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEasingCurve, QPropertyAnimation, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vesal_client.kit.filters.bar import FilterBar
from vesal_client.kit.filters.column_chooser import ColumnChooser
from vesal_client.kit.filters.declared import Filter
from vesal_client.kit.page_head import PageHead
from vesal_client.kit.table.feed import Ask, Fetch, Question
from vesal_client.kit.table.footer import shown_total
from vesal_client.kit.table.table import Table, TableSpec
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import MOTION_MS, Space

_TOP = 10
_GAP = 10


@dataclass(frozen=True, slots=True)
class ListSpec:
    """A list page, declared: its title, table and filters."""

    title: str
    table: TableSpec
    filters: tuple[Filter, ...] = ()


class Drawer(QWidget):
    """Holds what belongs to the current row, at the line's end; slides in and out."""

    toggled = Signal()
    """It opens or closes."""

    def __init__(self, theme: Theme, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._content = content
        self._width = content.sizeHint().width() if content.minimumWidth() == 0 else content.minimumWidth()
        self._open = False
        content.setParent(self)
        self._slide = QPropertyAnimation(self, b"maximumWidth", self)
        self._slide.setDuration(MOTION_MS)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.finished.connect(self._slid)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether it is open, or opening."""
        return self._open

    def sizeHint(self) -> QSize:
        """As wide as its content, while it slides, too."""
        return QSize(self._width, 0)

    def set_open(self, *, is_open: bool) -> None:
        """Slide in or out."""
        if is_open == self._open:
            return
        self._open = is_open
        self.toggled.emit()
        self._slide.stop()
        if is_open:
            self.show()
        if not (self._theme.motion and self.window().isVisible()):
            self._slid()
            return
        self.setMinimumWidth(0)
        self._slide.setStartValue(0 if is_open else self.width())
        self._slide.setEndValue(self._width if is_open else 0)
        self._slide.start()

    def _slid(self) -> None:
        self.setFixedWidth(self._width if self._open else 0)
        self.setVisible(self._open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the content at the side of the list; it is never squeezed while the drawer slides."""
        super().resizeEvent(event)
        self._content.setGeometry(self.width() - self._width, 0, self._width, self.height())


class ListPage(QWidget):
    """A list with everything around it; what is particular to a page is declared, or added here."""

    opened = Signal(object)
    """A record is to be opened."""

    def __init__(
        self,
        theme: Theme,
        spec: ListSpec,
        fetch: Fetch,
        ask: Ask,
        *,
        today: Callable[[], dt.date],
        settings: QSettings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.spec = spec
        self.head = PageHead(theme, spec.title, parent=self)
        self.bar = FilterBar(theme, spec.filters, today, name=spec.table.name, settings=settings, parent=self)
        self.table = Table(spec.table, fetch, ask, theme, settings, parent=self)
        self.column = QVBoxLayout()
        self.column.setContentsMargins(Space.LARGE, _TOP, Space.PAGE_SIDE, Space.PAGE_TOP)
        self.column.setSpacing(_GAP)
        self.column.addWidget(self.head)
        self.column.addWidget(self.bar)
        self.column.addWidget(self.table, 1)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(0)
        self._line.addLayout(self.column, 1)
        self.drawer: Drawer | None = None
        self._connect()
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.bar.changed.connect(self.ask)
        self.bar.gone_down.connect(self._go_to_rows)
        self.bar.columns_asked.connect(self._choose_columns)
        self.table.counted.connect(self._say_count)
        self.table.filters_cleared.connect(self.bar.clear)
        self.table.opened.connect(self.opened)
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._go_to_search)
        again = QShortcut(QKeySequence.StandardKey.Refresh, self)
        again.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        again.activated.connect(self.table.refresh)

    # Building.

    def add_actions(self, *widgets: QWidget) -> None:
        """Stand these at the end of the head; the one primary goes last, icon buttons after it."""
        for widget in widgets:
            self.head.add(widget)

    def set_drawer(self, content: QWidget) -> Drawer:
        """Give the page something that slides in at its side, closed at first."""
        self.drawer = Drawer(self._theme, content, self)
        self._line.addWidget(self.drawer)
        return self.drawer

    # Using.

    def ask(self) -> None:
        """Read the list as search and filters are set now, in the order that holds."""
        sort = self.table.feed.question.sort or self.spec.table.sort
        self.table.ask(Question(self.bar.search.words(), sort, self.bar.parameters()))

    def question(self) -> Question:
        """What the list shows now."""
        return self.table.feed.question

    def _say_count(self) -> None:
        feed = self.table.feed
        self.head.count.say("" if feed.problem is not None else shown_total(feed))

    def _go_to_rows(self) -> None:
        self.table.view.setFocus(Qt.FocusReason.TabFocusReason)

    def _go_to_search(self) -> None:
        self.bar.search.edit.selectAll()
        self.bar.search.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _choose_columns(self) -> None:
        chooser = ColumnChooser(self._theme, self.table.view.head, self)
        chooser.hang_under(self.bar.columns)
