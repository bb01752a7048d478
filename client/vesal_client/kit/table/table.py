"""The table as pages use it: declared columns over a server's list, with everything that a list needs."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QRectF, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vesal_client.kit.buttons import Button
from vesal_client.kit.menus import Entry, Menu
from vesal_client.kit.table.actions import BulkAction, RowAction
from vesal_client.kit.table.columns import Column, Row, copied_cell, shaper
from vesal_client.kit.table.feed import Ask, Fetch, PageFeed, Question
from vesal_client.kit.table.footer import Footer, counted
from vesal_client.kit.table.model import TableModel
from vesal_client.kit.table.selection import Selection
from vesal_client.kit.table.selection_bar import SelectionBar
from vesal_client.kit.table.states import Notice, Skeleton, Words
from vesal_client.kit.table.view import TableView
from vesal_client.kit.trouble import explained
from vesal_client.look.theme import Theme
from vesal_client.look.tokens import WAIT_MS, Radius
from vesal_shared import jalali, money

# What fits into a clipboard without a wait; more is what Excel is for.
COPY_AT_MOST = 5_000
NOTHING = Words("چیزی برای نمایش نیست")
NOT_FOUND = Words("موردی با این فیلترها نیست", ("فیلترها را کم کنید یا عبارت دیگری بجویید.",))


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table, declared.

    `name` is the key under which widths are remembered; `key` takes from a record what it is known by; `noun`
    counts («۲۸۴ پرونده»); `sort` is the order at first; `sum_of` and `sum_label` name the sum in the foot.
    `nothing` is said when there is nothing at all, `not_found` when filters leave nothing.
    """

    name: str
    columns: tuple[Column, ...]
    key: Callable[[Any], object]
    noun: str
    sort: str = ""
    sum_of: str = ""
    sum_label: str = ""
    row_actions: tuple[RowAction, ...] = ()
    bulk_actions: tuple[BulkAction, ...] = ()
    nothing: Words = NOTHING
    not_found: Words = NOT_FOUND
    ticks: bool = True


class _Corner(QWidget):
    """An upper corner of the card, over whatever stands there: head or selection bar."""

    def __init__(self, theme: Theme, card: QWidget, *, at_left: bool) -> None:
        super().__init__(card)
        self._theme = theme
        self._at_left = at_left
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(Radius.CARD, Radius.CARD)

    def place(self) -> None:
        """Stand in the corner, above the rest."""
        card = self.parentWidget()
        if card is not None:
            self.move(0 if self._at_left else card.width() - self.width(), 0)
            self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Cut the corner round and draw its border."""
        side = float(self.width())
        card = QRectF(0 if self._at_left else -side, 0, 2 * side, 2 * side)
        outside = QPainterPath()
        outside.addRect(QRectF(self.rect()))
        inside = QPainterPath()
        inside.addRoundedRect(card, side, side)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(outside.subtracted(inside), self._theme.colour("canvas"))
        painter.setPen(self._theme.colour("hair"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), side - 0.5, side - 0.5)


class Table(QWidget):
    """A card with selection bar, head, rows, foot, and whatever stands in place of rows."""

    opened = Signal(object)
    """A record is to be opened."""
    current_changed = Signal(object)
    """The record that is current now, or None; also when a newer state of it came."""
    filters_cleared = Signal()
    """«پاک کردن فیلترها» was pressed."""
    said = Signal(str)
    """Something for the status line."""
    counted = Signal()
    """Count, sums or state changed."""

    def __init__(
        self,
        spec: TableSpec,
        fetch: Fetch,
        ask: Ask,
        theme: Theme,
        settings: QSettings | None = None,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.spec = spec
        self._theme = theme
        self._now = now
        self.selection = Selection(self)
        self.feed = PageFeed(fetch, ask, shaper(spec.columns, spec.key), parent=self)
        self.model = TableModel(spec.columns, self.feed, self.selection, self)
        quick = [action for action in spec.row_actions if action.quick]
        self.view = TableView(self.model, theme, quick, self)
        self.view.head.ticks = spec.ticks
        self.bar = SelectionBar(theme, spec.noun, self._bulk_actions(), self._run, self)
        self.footer = Footer(theme, self)
        self.skeleton = Skeleton(self.view, theme)
        self.notice = Notice(self.view, theme)
        self._clear_filters = Button(theme, "پاک کردن فیلترها", parent=self.notice)
        self._again = Button(theme, "دوباره", icon="refresh", look="primary", parent=self.notice)
        self._clear_filters.clicked.connect(self.filters_cleared)
        self._again.clicked.connect(self.feed.retry)
        self._clear_filters.hide()
        self._again.hide()
        self._late = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._late.timeout.connect(self._show_skeleton)
        self._countdown = QTimer(self, interval=1_000)
        self._countdown.timeout.connect(self._count_down)
        self._failed_at: dt.datetime | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.view, 1)
        column.addWidget(self.footer)
        self._corners = [_Corner(theme, self, at_left=at_left) for at_left in (True, False)]
        if settings is not None:
            self.view.head.remember(settings, spec.name)
        self._connect()
        self.view.setAccessibleName(f"فهرست {spec.noun}")
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        self.feed.waiting_changed.connect(self._state_changed)
        self.feed.counted.connect(self._state_changed)
        self.feed.arrived.connect(self._page_arrived)
        self.feed.page_failed.connect(self._page_failed)
        self.selection.changed.connect(self._say_ticked)
        self.bar.take_all.clicked.connect(self.selection.take_everything)
        self.bar.clear.clicked.connect(self.selection.clear)
        self.view.opened.connect(lambda row: self.opened.emit(row.record))
        self.view.moved.connect(self._tell_current)
        self.view.copy_asked.connect(self._copy_asked)
        self.view.menu_asked.connect(self._show_menu)
        self.view.action_clicked.connect(self._act)
        self.view.scrolled.connect(self._say_foot)
        self.view.head.sort_asked.connect(self._sort)
        for action in self.spec.row_actions:
            if action.shortcut:
                key = QShortcut(QKeySequence(action.shortcut), self.view)
                key.setContext(Qt.ShortcutContext.WidgetShortcut)
                key.activated.connect(lambda action=action: self._act_on_current(action))

    # What pages do with it.

    def ask(self, question: Question) -> None:
        """Show what the question finds; ticks end where search or filters differ."""
        old = self.feed.question
        if (question.q, question.filters) != (old.q, old.filters):
            self.selection.clear()
        self.feed.ask(question)

    def refresh(self) -> None:
        """Read again what is shown; rows, ticks and the current row stay."""
        self.feed.refresh()

    def current(self) -> Any | None:
        """The current record, or None."""
        row = self.view.current_row()
        return None if row is None else row.record

    def _tell_current(self) -> None:
        self.current_changed.emit(self.current())

    def _sort(self, section: int) -> None:
        by = self.model.sorted_by()
        falls = self.spec.columns[section - 1].look.falls
        order = Qt.SortOrder.DescendingOrder if falls else Qt.SortOrder.AscendingOrder
        if by is not None and by[0] == section:
            rising = by[1] == Qt.SortOrder.AscendingOrder
            order = Qt.SortOrder.DescendingOrder if rising else Qt.SortOrder.AscendingOrder
        self.model.sort(section, order)
        self.view.head.fit()
        self.view.head.viewport().update()

    # Actions and copying.

    def _bulk_actions(self) -> Sequence[BulkAction]:
        copy = BulkAction("نسخه‌برداری", "copy", lambda _chosen: self.copy())
        first = [action for action in self.spec.bulk_actions if not action.last]
        last = [action for action in self.spec.bulk_actions if action.last]
        return [*first, copy, *last]

    def _run(self, action: BulkAction) -> None:
        action.act(self.selection.chosen(self.feed.question, self.feed.total))

    def _act(self, number: int, place: int) -> None:
        row = self.model.row(number)
        if row is not None:
            self.view.row_actions[place].act(row.record)

    def _act_on_current(self, action: RowAction) -> None:
        row = self.view.current_row()
        if row is not None:
            action.act(row.record)

    def _show_menu(self, number: int, column: int, place: QPoint) -> None:
        row = self.model.row(number)
        if row is None:
            return
        record = row.record
        entries: list[Entry | None] = [
            Entry(
                action.label,
                action.icon,
                partial(action.act, record),
                keys=action.shortcut.replace("+", " "),
                danger=action.danger,
            )
            for action in self.spec.row_actions
        ]
        if entries:
            entries.append(None)
        entries.append(Entry("نسخه‌برداری", "copy", self.copy, keys="Ctrl C"))
        if column > 0:
            label = f"نسخه‌برداری از «{self.spec.columns[column - 1].label}»"
            entries.append(Entry(label, "", lambda: self.copy_cell(number, column - 1)))
        Menu(self._theme, entries, self).at(place)

    def _copy_asked(self, cell: bool) -> None:  # noqa: FBT001 - a signal's argument  # noqa: FBT001 (a signal's argument)
        index = self.view.currentIndex()
        if cell and index.isValid():
            self.copy_cell(index.row(), max(0, index.column() - 1))
        else:
            self.copy()

    def copy_cell(self, number: int, place: int) -> None:
        """Put one cell on the clipboard."""
        row = self.model.row(number)
        if row is not None:
            QGuiApplication.clipboard().setText(copied_cell(self.spec.columns[place], row))

    def copy(self) -> None:
        """Put the ticked rows on the clipboard, or else the current one: shown columns, a tab between them."""
        if not self.selection.everything:
            current = self.view.current_row()
            self._copy_rows(self.selection.rows() or ([] if current is None else [current]))
        elif self.feed.total > COPY_AT_MOST or not self.feed.exact:
            self.said.emit(f"بیش از {money.show(COPY_AT_MOST)} ردیف را با «اکسل» بگیرید.")
        else:
            self.feed.collect(
                lambda rows: self._copy_rows([row for row in rows if self.selection.holds(row.key)])
            )

    def _copy_rows(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        columns = self.view.head.shown()
        lines = ["\t".join(copied_cell(column, row) for column in columns) for row in rows]
        if len(rows) > 1:
            lines.insert(0, "\t".join(column.label for column in columns))
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.said.emit(f"{money.show(len(rows))} ردیف نسخه‌برداری شد")

    # What is said around the rows.

    def _say_ticked(self) -> None:
        self.bar.say(self.selection.count(self.feed.total), self.feed.total, exact=self.feed.exact)

    def _state_changed(self) -> None:
        """Show rows, or what stands in their place."""
        self._countdown.stop()
        if self.feed.waiting:
            # Old rows stay in sight for a moment; only what takes longer is worth a change of picture.
            self._late.start()
        else:
            self._late.stop()
            self.skeleton.hide()
            if self.feed.problem is not None:
                self._say_problem()
            elif self.feed.total == 0:
                self._failed_at = None
                self._say_nothing()
            else:
                self._failed_at = None
                self.notice.hide()
        self._say_ticked()
        self._say_foot()
        self.counted.emit()

    def _show_skeleton(self) -> None:
        self.notice.hide()
        self._failed_at = None
        self._cover(self.skeleton)
        self._say_foot()

    def _say_nothing(self) -> None:
        narrowed = self.feed.question.narrowed()
        words = self.spec.not_found if narrowed else self.spec.nothing
        whole = self.feed.scope_total
        if narrowed and whole:
            there_are = f"بدون فیلتر {money.show(whole)} {self.spec.noun} هست؛"
            words = Words(words.title, (there_are, *words.lines), words.icon)
        self.notice.say(words, "neutral", [self._clear_filters] if narrowed else [])
        self._cover(self.notice)

    def _say_problem(self) -> None:
        problem = self.feed.problem
        if problem is None:
            return
        self._failed_at = self._now()
        words = Words("فهرست خوانده نشد", self._problem_lines(problem), "wifi-off")
        self.notice.say(words, "bad", [self._again])
        self._cover(self.notice)
        self._countdown.start()

    def _count_down(self) -> None:
        if self.feed.problem is not None:
            self.notice.say_lines(self._problem_lines(self.feed.problem))

    def _problem_lines(self, problem: Exception) -> tuple[str, ...]:
        left = self.feed.retry_ms
        if left < 0:
            return (explained(problem),)
        seconds = money.show(max(1, round(left / 1_000)))
        return (explained(problem), f"تلاش بعدی {seconds} ثانیه دیگر.")

    def _cover(self, widget: QWidget) -> None:
        widget.setGeometry(self.view.viewport().rect())
        widget.show()
        widget.raise_()
        # Scroll bars come and go with the rows, only after this.
        QTimer.singleShot(0, self, self._fit_covers)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what covers the rows as large as they are."""
        super().resizeEvent(event)
        for corner in self._corners:
            corner.place()
        QTimer.singleShot(0, self, self._fit_covers)

    def _fit_covers(self) -> None:
        for widget in (self.skeleton, self.notice):
            widget.setGeometry(self.view.viewport().rect())

    def _page_arrived(self, _first: int, _last: int) -> None:
        self._failed_at = None
        self._say_foot()

    def _page_failed(self, _problem: Exception) -> None:
        self._failed_at = self._now()
        self._say_foot()

    def _say_foot(self) -> None:
        if self._failed_at is not None:
            self.footer.say(f"ناموفق در ساعت {jalali.show_time(self._failed_at)}", "", "", bad=True)
        elif self.feed.waiting and self._late_enough():
            self.footer.say("در حال خواندن فهرست …", "", "")
        elif not self.feed.waiting:
            self.footer.say(counted(self.feed, self.spec.noun), self._sum(), self._range())

    def _late_enough(self) -> bool:
        return not self._late.isActive()

    def _sum(self) -> str:
        amount = self.feed.sums.get(self.spec.sum_of) if self.spec.sum_of else None
        return (
            ""
            if amount is None or not self.feed.total
            else f"{self.spec.sum_label}: {money.show(amount)} ریال"
        )

    def _range(self) -> str:
        first, last = self.view.in_sight()
        return "" if last < first else f"ردیف {money.show(first + 1)} تا {money.show(last + 1)}"

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.colour("hair"))
        painter.setBrush(self._theme.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), Radius.CARD, Radius.CARD)
