"""The one icon set: SVG on a grid of 20, coloured by the theme, mirrored where it points, drawn once a size."""

from importlib.resources import files
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform
from PySide6.QtSvg import QSvgRenderer

#: Drawn for left-to-right, these point the other way on a right-to-left screen.
MIRRORED: Final = frozenset(
    {
        "audio", "chevron-end", "chevron-start", "clip", "edit", "external", "file", "filter", "key", "list", "logout",
        "megaphone", "message", "panel", "phone", "play", "search", "send", "undo", "user-add", "users",
    }
)  # fmt: skip


class Icons:
    """Pixmaps of the icons; `pixmap` costs a look-up once an icon has been drawn in a size and colour."""

    def __init__(self) -> None:
        self._folder = files("vesal_resources") / "icons"
        self._sources: dict[str, str] = {}
        self._drawn: dict[tuple[str, int, str, float, bool], QPixmap] = {}

    def pixmap(self, name: str, size: int, colour: str, ratio: float, *, rtl: bool = True) -> QPixmap:
        """The icon in logical pixels, drawn for a screen of this device pixel ratio.

        `colour` is #RRGGBB. An unknown name is a mistake in the code and raises FileNotFoundError.
        """
        key = (name, size, colour, ratio, rtl)
        found = self._drawn.get(key)
        if found is None:
            found = self._drawn[key] = self._draw(
                name, size, colour, ratio, mirrored=rtl and name in MIRRORED
            )
        return found

    def forget(self) -> None:
        """Drop what was drawn, when colours change."""
        self._drawn.clear()

    def _draw(self, name: str, size: int, colour: str, ratio: float, *, mirrored: bool) -> QPixmap:
        source = self._sources.get(name)
        if source is None:
            source = self._sources[name] = (self._folder / f"{name}.svg").read_text(encoding="utf-8")
        renderer = QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
        pixels = max(1, round(size * ratio))
        pixmap = QPixmap(QSize(pixels, pixels))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if mirrored:
            painter.setTransform(QTransform(-1, 0, 0, 1, pixels, 0))
        renderer.render(painter, QRectF(0, 0, pixels, pixels))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap
