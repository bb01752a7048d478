"""What stands in place of rows: the skeleton, nothing found, not read."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QElapsedTimer, QRect, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from vesal_client.kit.labels import Label, Paragraph
from vesal_client.kit.table.rows_view import ROW_HEIGHT, SHEEN_MS, RowsView
from vesal_client.kit.table.skeleton import paint_rows
from vesal_client.look.theme import Theme

_CIRCLE = 68
_ICON = 28
_FRAME_MS = 40


@dataclass(frozen=True, slots=True)
class Words:
    """What a state says: a title, and what to do about it, a line each."""

    title: str
    lines: tuple[str, ...] = ()
    icon: str = "folder"


class Skeleton(QWidget):
    """Bars over the whole table while the first page is on its way."""

    def __init__(self, view: RowsView, theme: Theme) -> None:
        super().__init__(view.viewport())
        self._view = view
        self._theme = theme
        self._clock = QElapsedTimer()
        self._frames = QTimer(self, interval=_FRAME_MS)
        self._frames.timeout.connect(self.update)
        self.setAccessibleName("در حال خواندن فهرست")
        self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Let the sheen run, unless the system asks for stillness."""
        super().showEvent(event)
        self._clock.start()
        if self._theme.motion:
            self._frames.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Cost nothing while hidden."""
        super().hideEvent(event)
        self._frames.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint bars where the columns stand."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("surface"))
        head = self._view.head
        places = (head.logicalIndex(place) for place in range(head.count()))
        columns = [
            (head.sectionViewportPosition(section), head.sectionSize(section))
            for section in places
            if section > 0 and not head.isSectionHidden(section)
        ]
        sheen = self._clock.elapsed() % SHEEN_MS / SHEEN_MS
        paint_rows(painter, self._theme, QRect(self.rect()), columns, ROW_HEIGHT, sheen)


class Notice(QWidget):
    """An icon in a circle, a title, a sentence and what to press, in the middle of the table."""

    def __init__(self, view: RowsView, theme: Theme) -> None:
        super().__init__(view.viewport())
        self._theme = theme
        self._tone = "neutral"
        self._icon = ""
        self._circle = QWidget(self)
        self._circle.setFixedSize(_CIRCLE, _CIRCLE)
        self._title = Label(theme, size=14, weight=700, parent=self)
        self._lines = Paragraph(theme, colour="text2", leading=22, centred=True, parent=self)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self._circle, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(16)
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        column.addWidget(self._lines)
        column.addSpacing(8)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(self._buttons)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self.hide()

    def say(self, words: Words, tone: str, buttons: Sequence[QPushButton]) -> None:
        """Show these words with these buttons, the first at the line's beginning."""
        self._tone = tone
        self._icon = words.icon
        self._title.setText(words.title)
        self.say_lines(words.lines)
        while (item := self._buttons.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget not in buttons:
                widget.hide()
        for button in buttons:
            self._buttons.addWidget(button)
            button.show()
        self.setAccessibleName(f"{words.title}. {' '.join(words.lines)}")
        self.update()

    def say_lines(self, lines: Sequence[str]) -> None:
        """Change the sentence alone, as a countdown does."""
        self._lines.set_text("\n".join(lines))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground and the circle with its icon."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("surface"))
        box = self._circle.geometry()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(f"{self._tone}_ground"))
        painter.drawEllipse(box)
        icon = QRect(0, 0, _ICON, _ICON)
        icon.moveCenter(box.center())
        self._theme.paint_icon(painter, self._icon, icon, self._tone)
