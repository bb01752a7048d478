"""The order in which mixed Persian and Latin text is read: UAX #9 for a right-to-left line, numbers kept whole.

Loan numbers, dates, phone numbers and amounts are one left-to-right token each, as if isolated: «۸۳۲۹-۳۰۷-۱» never
turns around. Explicit direction characters do not occur: text is stripped of them where it enters.
"""

import re
import unicodedata
from functools import lru_cache

#: A number with its separators: 1405/6140/000123, 8329-307-1, ۱۸۴٬۵۰۰٬۰۰۰, +98…, 12.5, 10:30.
NUMBER = re.compile(r"\+?\d+(?:[-/.,:٬٫\u2010-\u2012]\d+)*%?")

_BRACKETS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›"}
_CLOSING = {closing: opening for opening, closing in _BRACKETS.items()}

#: Bidi classes folded to what matters in a right-to-left line: strong L or R, N for everything neutral.
_STRONG = {"L": "L", "R": "R", "AL": "R"}

RTL, LTR = 1, 2


@lru_cache(maxsize=8192)
def _strength(c: str) -> str:
    return _STRONG.get(unicodedata.bidirectional(c), "N")


def levels(text: str) -> list[int]:
    """Return each character's embedding level in a right-to-left line: 1 (RTL) or 2 (LTR).

    Numbers are neutral outside and left to right inside, as U+2068…U+2069 would make them.
    """
    kinds = (
        ["N"] * len(text)
        if text.isascii() and not re.search("[A-Za-z]", text)
        else [_strength(c) for c in text]
    )
    inside = [False] * len(text)
    for match in NUMBER.finditer(text):
        for i in range(match.start(), match.end()):
            kinds[i] = "N"
            inside[i] = True
    _join_marks(text, kinds)
    if "L" in kinds:
        _resolve_brackets(text, kinds)
        _resolve_neutrals(kinds)
    found = [LTR if kind == "L" else RTL for kind in kinds]
    for i, number in enumerate(inside):
        if number:
            found[i] = LTR
    return found


def _join_marks(text: str, kinds: list[str]) -> None:
    """Give combining marks (W1) the direction of what they stand on."""
    for i in range(1, len(text)):
        if unicodedata.category(text[i]) in ("Mn", "Me", "Cf"):
            kinds[i] = kinds[i - 1]


def _resolve_brackets(text: str, kinds: list[str]) -> None:
    """Give both brackets of a pair one direction (N0)."""
    open_at: list[tuple[str, int]] = []
    pairs = []
    for i, c in enumerate(text):
        if kinds[i] != "N":
            continue
        if c in _BRACKETS:
            open_at.append((c, i))
        elif c in _CLOSING:
            for depth in range(len(open_at) - 1, -1, -1):
                if open_at[depth][0] == _CLOSING[c]:
                    pairs.append((open_at[depth][1], i))
                    del open_at[depth:]
                    break
    for start, end in sorted(pairs):
        strong = {kind for kind in kinds[start + 1 : end] if kind != "N"}
        if "R" in strong:
            kinds[start] = kinds[end] = "R"
        elif "L" in strong:
            before = next((kind for kind in reversed(kinds[:start]) if kind != "N"), "R")
            kinds[start] = kinds[end] = before


def _resolve_neutrals(kinds: list[str]) -> None:
    """Give runs of neutrals the direction of both their neighbours where these agree, else R (N1, N2)."""
    before, i = "R", 0
    while i < len(kinds):
        if kinds[i] != "N":
            before = kinds[i]
            i += 1
            continue
        end = i
        while end < len(kinds) and kinds[end] == "N":
            end += 1
        after = kinds[end] if end < len(kinds) else "R"
        kinds[i:end] = [before if before == after else "R"] * (end - i)
        i = end
