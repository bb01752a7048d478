"""Digits: ASCII in coded fields and on the wire, Persian on screen; and left-to-right runs in Persian text."""

import re
from typing import Final

_TO_ASCII: Final = {zero + digit: str(digit) for zero in (0x06F0, 0x0660) for digit in range(10)}
_TO_PERSIAN: Final = {zero + digit: chr(0x06F0 + digit) for zero in (0x30, 0x0660) for digit in range(10)}

LTR_ISOLATE: Final = "\u2066"
RTL_ISOLATE: Final = "\u2067"
END_ISOLATE: Final = "\u2069"
#: The mark that stands around numbers in messages, where old telephones show isolates as boxes.
LTR_MARK: Final = "\u200e"

_ISOLATES: Final = dict.fromkeys(range(0x2066, 0x206A))
#: What reads left to right as a whole: loan numbers, dates, telephone numbers, addresses of mail and web, amounts.
_RUN: Final = re.compile(
    r"[+*]?[0-9A-Za-z۰-۹٠-٩](?:[0-9A-Za-z۰-۹٠-٩@/\\.:_+\-*٫٬%#?=&~]*[0-9A-Za-z۰-۹٠-٩#])?"
)
_LATIN: Final = re.compile("[A-Za-z]")
#: Two numbers with a mark between them, which Persian text would turn round; a lone number it would not.
_JOINED: Final = re.compile(r"[^0-9A-Za-z۰-۹٠-٩٬]")


def ascii_digits(value: str) -> str:
    """Persian and Arabic digits as ASCII digits; all else stays."""
    return value if value.isascii() else value.translate(_TO_ASCII)


def persian_digits(value: object) -> str:
    """ASCII and Arabic digits as Persian digits; all else stays."""
    return str(value).translate(_TO_PERSIAN)


def isolate(value: str) -> str:
    """`value` as one left-to-right run inside Persian text on screen (loan numbers, telephone numbers, codes)."""
    return f"{LTR_ISOLATE}{value}{END_ISOLATE}" if value else value


def isolate_runs(value: str) -> str:
    """Free text for the screen: each run that Persian text would turn round is isolated; doing it twice is once."""
    return _RUN.sub(
        lambda found: isolate(found[0]) if _JOINED.search(found[0]) else found[0], strip_isolates(value)
    )


def code(value: str) -> str:
    """A code as it is shown: Persian digits, left to right."""
    return isolate(persian_digits(value))


def free_text(value: str, *, marks: bool) -> str:
    """Free text with its numbers in Persian digits, and with `marks` each number between left-to-right marks.

    A run with Latin letters (an address of mail or web) keeps its digits and gets no marks.
    """
    mark = LTR_MARK if marks else ""

    def number(found: re.Match[str]) -> str:
        run = found[0]
        return run if _LATIN.search(run) else f"{mark}{persian_digits(run)}{mark}"

    return _RUN.sub(number, value)


def strip_isolates(value: str) -> str:
    """`value` without isolates: for copy, search and export."""
    return value.translate(_ISOLATES)
