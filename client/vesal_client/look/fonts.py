"""Vazirmatn, bundled: loaded once, handed out by size and weight."""

from importlib.resources import files
from typing import Final

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase

FAMILY: Final = "Vazirmatn"
#: Vazirmatn's tabular figures are wide; this brings them back to the width of text. In em.
_TABULAR_SPACING: Final = -0.075
_FILES: Final = ("Vazirmatn-Regular", "Vazirmatn-Medium", "Vazirmatn-SemiBold", "Vazirmatn-Bold")


def load() -> None:
    """Make the bundled font known to Qt; needs a QGuiApplication."""
    folder = files("vesal_resources") / "fonts"
    for name in _FILES:
        QFontDatabase.addApplicationFontFromData(QByteArray((folder / f"{name}.ttf").read_bytes()))


def make(size: int, weight: int = 400, *, tabular: bool = False) -> QFont:
    """A font of so many logical pixels; `tabular` for columns of numbers."""
    font = QFont(FAMILY)
    font.setPixelSize(size)
    font.setWeight(QFont.Weight(weight))
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, _TABULAR_SPACING * size)
    return font
