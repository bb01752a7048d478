"""Colours, sizes and times, in one place. Source: the table of tokens that every page is drawn from."""

from dataclasses import dataclass, fields
from typing import Final, Literal

Tone = Literal["ok", "warn", "bad", "info", "neutral"]
#: The states a chip, banner or icon may have, each a text colour and a ground (`ok` and `ok_ground`).
TONES: Final[tuple[Tone, ...]] = ("ok", "warn", "bad", "info", "neutral")


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme's colours as #RRGGBB; every text colour has a contrast of at least 4.5 on its grounds."""

    canvas: str
    side: str
    surface: str
    sunken: str
    hover: str
    sel: str
    soft: str
    hair: str
    line: str
    edge: str
    text: str
    text2: str
    text3: str
    accent: str
    pressed: str
    on_accent: str
    ok: str
    ok_ground: str
    warn: str
    warn_ground: str
    bad: str
    bad_ground: str
    info: str
    info_ground: str
    neutral: str
    neutral_ground: str
    admin: str
    admin_ground: str
    bar1: str
    bar2: str
    bar3: str
    bar4: str
    #: Tooltips and toasts stand on the text colour; this is what is written there, and the link in it.
    inverted: str
    inverted_link: str
    skeleton: str
    #: What is laid over a page under a dialog.
    veil: str

    def items(self) -> list[tuple[str, str]]:
        """Every token with its colour."""
        return [(field.name, getattr(self, field.name)) for field in fields(self)]


LIGHT: Final = Colours(
    canvas="#F4F5F7", side="#ECEEF1", surface="#FFFFFF", sunken="#F8F9FA",
    hover="#F1F3F5", sel="#EAF4F6", soft="#E0F0F2",
    hair="#E3E6EA", line="#C5CBD4", edge="#8D96A4",
    text="#18202B", text2="#465063", text3="#5F6A7C",
    accent="#0F6574", pressed="#0B525E", on_accent="#FFFFFF",
    ok="#1B6B3F", ok_ground="#E3F3EA", warn="#7D4F08", warn_ground="#FCF0D8",
    bad="#AE241B", bad_ground="#FCE9E7", info="#2456B0", info_ground="#E6EEFB",
    neutral="#465063", neutral_ground="#E9ECF0", admin="#573A96", admin_ground="#EEE9F8",
    bar1="#5F9FAA", bar2="#3F8693", bar3="#216F7D", bar4="#0A4C57",
    inverted="#FFFFFF", inverted_link="#7AD0DB", skeleton="#E9ECF0", veil="#66101317",
)  # fmt: skip

DARK: Final = Colours(
    canvas="#14171C", side="#101317", surface="#1C2027", sunken="#181C22",
    hover="#232831", sel="#183036", soft="#15393F",
    hair="#2C323C", line="#465061", edge="#6E7989",
    text="#E8EBF0", text2="#B7BFCC", text3="#95A0B0",
    accent="#5CC2CF", pressed="#7AD0DB", on_accent="#06262B",
    ok="#74D19B", ok_ground="#17331F", warn="#E8B75E", warn_ground="#362A12",
    bad="#FF958B", bad_ground="#401F1C", info="#92B7FF", info_ground="#1C2B49",
    neutral="#B7BFCC", neutral_ground="#2B313B", admin="#BDA8F4", admin_ground="#2C2347",
    bar1="#3A7680", bar2="#47919C", bar3="#52AAB6", bar4="#7BD6E1",
    inverted="#18202B", inverted_link="#0B525E", skeleton="#2B313B", veil="#99000000",
)  # fmt: skip


class Space:
    """Distances between things, in logical pixels."""

    TINY: Final = 4
    SMALL: Final = 8
    MEDIUM: Final = 12
    LARGE: Final = 16
    HUGE: Final = 24
    PAGE_SIDE: Final = 20
    PAGE_TOP: Final = 12


class Radius:
    """Roundness of corners, in logical pixels."""

    CONTROL: Final = 6
    CARD: Final = 8
    CHIP: Final = 5


class Height:
    """Heights of the parts, in logical pixels."""

    HEADER: Final = 46
    STATUS: Final = 26
    CONTROL: Final = 32
    SMALL: Final = 26
    LOGIN: Final = 38
    ROW: Final = 34
    ROW_WITH_AVATAR: Final = 36
    TABLE_HEAD: Final = 32
    MENU_ENTRY: Final = 28
    TAB: Final = 36
    CHIP: Final = 20
    FILTER: Final = 28
    BANNER: Final = 38
    TOAST: Final = 40


class Width:
    """Widths of what doesn't follow its content, in logical pixels."""

    MENU: Final = 248
    MENU_ICONS: Final = 56
    SEARCH: Final = 236
    PANEL: Final = 344
    DIALOG: Final = 420


#: Hover, popups and the panel take so long, easing out; nothing moves where the system asks for stillness.
MOTION_MS: Final = 120
#: Nothing that waits shows before so long.
WAIT_MS: Final = 150
TOAST_MS: Final = 5_000
