"""How long a text message is: characters, encoding and the parts it is paid by. Source: GSM 03.38, 03.40."""

from dataclasses import dataclass
from typing import Final

_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: These take two places: an escape and the character.
_GSM_EXTENSION: Final = frozenset("^{}\\[~]|€\f")


@dataclass(frozen=True, slots=True)
class SmsLength:
    """`characters` as a person counts them, `units` as the encoding does, and the parts."""

    characters: int
    units: int
    parts: int
    #: "GSM-7" or "UCS-2".
    encoding: str


def measure(text: str) -> SmsLength:
    """Length of a message: 160 units in one part and 153 in each of several in GSM-7; 70 and 67 in UCS-2."""
    if all(char in _GSM or char in _GSM_EXTENSION for char in text):
        sizes = [2 if char in _GSM_EXTENSION else 1 for char in text]
        return SmsLength(len(text), sum(sizes), _parts(sizes, 160, 153), "GSM-7")
    sizes = [2 if ord(char) > 0xFFFF else 1 for char in text]
    return SmsLength(len(text), sum(sizes), _parts(sizes, 70, 67), "UCS-2")


def _parts(sizes: list[int], single: int, each: int) -> int:
    """Parts of a text; a character of two units is never torn apart between two of them."""
    if sum(sizes) <= single:
        return 1 if sizes else 0
    parts, filled = 1, 0
    for size in sizes:
        if filled + size > each:
            parts, filled = parts + 1, 0
        filled += size
    return parts
