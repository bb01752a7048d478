"""The theme: which colours hold now, fonts and icons in them, and what the whole application is told."""

from typing import Final, Literal

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from vesal_client.look import chips, fonts
from vesal_client.look.icons import Icons
from vesal_client.look.style_sheet import style_sheet
from vesal_client.look.tokens import DARK, LIGHT, Colours, Height

Mode = Literal["system", "light", "dark"]
MODES: Final[tuple[Mode, ...]] = ("system", "light", "dark")
#: Under which the choice is kept in the client's settings.
THEME_KEY: Final = "look/theme"
_RATIOS_DRAWN: Final = (1.0, 1.5, 2.0)


class Theme(QObject):
    """Colours, fonts and icons as they hold now; `changed` when the colours are others."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = "system", *, motion: bool | None = None) -> None:
        """Take over the application's look; `motion` None means: as the system asks."""
        super().__init__(app)
        self._app = app
        self._mode: Mode = mode
        self._icons = Icons()
        self._fonts: dict[tuple[int, int, bool], QFont] = {}
        self._colours: dict[str, QColor] = {}
        self.tokens: Colours = LIGHT
        fonts.load()
        app.setStyle("Fusion")
        app.setFont(self.font(13))
        self.motion: bool = QApplication.isEffectEnabled(Qt.UIEffect.UI_General) if motion is None else motion
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply()

    @property
    def mode(self) -> Mode:
        """What was chosen: light, dark, or as the system has it."""
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Choose light, dark, or as the system has it."""
        self._mode = mode
        self._apply()

    @property
    def dark(self) -> bool:
        """Whether the dark colours hold."""
        return self.tokens is DARK

    def colour(self, name: str) -> QColor:
        """The colour of a token."""
        return self._colours[name]

    def font(self, size: int = 13, weight: int = 400, *, tabular: bool = False) -> QFont:
        """Vazirmatn of so many logical pixels; `tabular` for columns of numbers."""
        key = (size, weight, tabular)
        found = self._fonts.get(key)
        if found is None:
            found = self._fonts[key] = fonts.make(size, weight, tabular=tabular)
        return found

    def pixmap(self, name: str, size: int, colour: str, ratio: float = 1.0) -> QPixmap:
        """An icon in the colour of a token, mirrored where it points."""
        return self._icons.pixmap(name, size, self._colours[colour].name(), ratio)

    def icon(self, name: str, colour: str = "text2", size: int = 18) -> QIcon:
        """An icon for Qt's own parts (menus), for the usual screens."""
        icon = QIcon()
        for ratio in _RATIOS_DRAWN:
            icon.addPixmap(self.pixmap(name, size, colour, ratio))
        return icon

    def paint_icon(self, painter: QPainter, name: str, box: QRect, colour: str) -> None:
        """Paint an icon in the middle of `box`, as large as fits."""
        size = min(box.width(), box.height())
        ratio = painter.device().devicePixelRatioF()
        place = QPoint(box.left() + (box.width() - size) // 2, box.top() + (box.height() - size) // 2)
        painter.drawPixmap(place, self.pixmap(name, size, colour, ratio))

    def paint_badge(self, painter: QPainter, box: QRect, badge: chips.Badge) -> None:
        """Paint a chip at the beginning of a cell, in the middle of its height."""
        wanted = chips.chip_size(self, badge)
        width = min(wanted.width(), box.width())
        top = box.top() + (box.height() - Height.CHIP) // 2
        place = QRect(box.right() + 1 - width, top, width, Height.CHIP)
        chips.paint_chip(self, painter, place, badge, painter.device().devicePixelRatioF())

    def badge_size(self, badge: chips.Badge) -> QSize:
        """How much room a chip takes."""
        return chips.chip_size(self, badge)

    def _system_changed(self) -> None:
        if self._mode == "system":
            self._apply()

    def _apply(self) -> None:
        dark = self._mode == "dark" or (
            self._mode == "system" and self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        )
        self.tokens = DARK if dark else LIGHT
        self._colours = {name: QColor(value) for name, value in self.tokens.items()}
        self._icons.forget()
        self._app.setPalette(palette(self.tokens))
        self._app.setStyleSheet(style_sheet(self.tokens))
        self.changed.emit()


def palette(tokens: Colours) -> QPalette:
    """Qt's own roles in the colours of the tokens."""
    roles = QPalette.ColorRole
    made = QPalette()
    for role, colour in {
        roles.Window: tokens.canvas,
        roles.WindowText: tokens.text,
        roles.Base: tokens.surface,
        roles.AlternateBase: tokens.sunken,
        roles.Text: tokens.text,
        roles.PlaceholderText: tokens.text3,
        roles.Button: tokens.surface,
        roles.ButtonText: tokens.text,
        roles.BrightText: tokens.on_accent,
        roles.Highlight: tokens.accent,
        roles.HighlightedText: tokens.on_accent,
        roles.Accent: tokens.accent,
        roles.Link: tokens.accent,
        roles.LinkVisited: tokens.accent,
        roles.ToolTipBase: tokens.text,
        roles.ToolTipText: tokens.inverted,
        roles.Light: tokens.surface,
        roles.Midlight: tokens.hover,
        roles.Mid: tokens.line,
        roles.Dark: tokens.edge,
        roles.Shadow: tokens.edge,
    }.items():
        made.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.text3))
    return made
