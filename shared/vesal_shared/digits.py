"""Digits: ASCII in coded fields and on the wire, Persian on screen; and left-to-right runs in Persian text."""

from typing import Final

_TO_ASCII: Final = {0x06F0 + digit: str(digit) for digit in range(10)} | {
    0x0660 + digit: str(digit) for digit in range(10)
}
_TO_PERSIAN: Final = {ord(str(digit)): chr(0x06F0 + digit) for digit in range(10)} | {
    0x0660 + digit: chr(0x06F0 + digit) for digit in range(10)
}

LTR_ISOLATE: Final = "\u2066"
RTL_ISOLATE: Final = "\u2067"
END_ISOLATE: Final = "\u2069"
#: The mark that stands around numbers in messages, where old telephones show isolates as boxes.
LTR_MARK: Final = "\u200e"

_ISOLATES: Final = dict.fromkeys((8294, 8295, 8296, 8297))


def ascii_digits(value: str) -> str:
    """Persian and Arabic digits as ASCII digits; all else stays."""
    return value if value.isascii() else value.translate(_TO_ASCII)


def persian_digits(value: object) -> str:
    """ASCII and Arabic digits as Persian digits; all else stays."""
    return str(value).translate(_TO_PERSIAN)


def isolate(value: str) -> str:
    """`value` as one left-to-right run inside Persian text on screen (loan numbers, telephone numbers, codes)."""
    return f"{LTR_ISOLATE}{value}{END_ISOLATE}" if value else value


def code(value: str) -> str:
    """A code as it is shown: Persian digits, left to right."""
    return isolate(persian_digits(value))


def strip_isolates(value: str) -> str:
    """`value` without isolates: for copy, search and export."""
    return value.translate(_ISOLATES)
