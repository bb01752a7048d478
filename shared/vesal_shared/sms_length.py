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
    """`characters` as a person counts them, `units` as the encoding does, and the parts that they need."""

    characters: int
    units: int
    parts: int
    #: "GSM-7" or "UCS-2".
    encoding: str
    #: Units that still go into the last part.
    left: int


def measure(text: str) -> SmsLength:
    """Length of a message: 160 units in one part and 153 in each of several in GSM-7; 70 and 67 in UCS-2.

    One character outside GSM-7 makes the whole message UCS-2, where a character beyond 16 bits takes two units.
    A character of two units is never torn apart between two parts. No text at all needs no part.
    """
    if all(char in _GSM or char in _GSM_EXTENSION for char in text):
        encoding, single, each = "GSM-7", 160, 153
        sizes = [2 if char in _GSM_EXTENSION else 1 for char in text]
    else:
        encoding, single, each = "UCS-2", 70, 67
        sizes = [2 if ord(char) > 0xFFFF else 1 for char in text]
    units = sum(sizes)
    if units <= single:
        return SmsLength(len(text), units, 1 if text else 0, encoding, single - units)
    parts, filled = 1, 0
    for size in sizes:
        if filled + size > each:
            parts, filled = parts + 1, 0
        filled += size
    return SmsLength(len(text), units, parts, encoding, each - filled)
