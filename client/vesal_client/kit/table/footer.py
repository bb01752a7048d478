"""The foot of the table: how many there are, their sum, and which rows are in sight."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from vesal_client.kit.labels import Label
from vesal_client.kit.table.feed import PageFeed
from vesal_client.look.theme import Theme
from vesal_shared import money

HEIGHT = 36


def shown_total(feed: PageFeed) -> str:
    """Say how many: «۲۸۴», «بیش از ۱۰٬۰۰۰»."""
    return money.show(feed.counted_total) if feed.exact else f"بیش از {money.show(feed.counted_total)}"


def counted(feed: PageFeed, noun: str) -> str:
    """Say how many of what: «۲۸۴ پرونده از ۳۱۲», «بیش از ۱۰٬۰۰۰ پرونده»."""
    text = f"{shown_total(feed)} {noun}"
    whole = feed.scope_total
    if feed.exact and feed.question.narrowed() and whole is not None and whole > feed.counted_total:
        text += f" از {money.show(whole)}"
    return text


class Footer(QWidget):
    """Count and sum at the line's beginning, the range at its end."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedHeight(HEIGHT)
        self.count = Label(theme, size=12, weight=500, colour="text2", parent=self)
        self.sums = Label(theme, size=12, colour="text3", parent=self)
        self.range = Label(theme, size=12, colour="text3", parent=self)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 1, 12, 0)
        line.setSpacing(16)
        line.addWidget(self.count)
        line.addWidget(self.sums)
        line.addStretch(1)
        line.addWidget(self.range)

    def say(self, count: str, sums: str, seen: str, *, bad: bool = False) -> None:
        """Show these three; an empty one takes no room."""
        self.count.restyle(colour="bad" if bad else "text2")
        for label, text in ((self.count, count), (self.sums, sums), (self.range, seen)):
            label.setText(text)
            label.setVisible(bool(text))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the hairline above."""
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, self._theme.colour("hair"))
