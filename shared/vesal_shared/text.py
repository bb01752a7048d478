"""Persian text: normalised once at the edge, folded for search, ordered by the Persian alphabet.

All three are character maps, so that the database's twins (`sql_search_key`, `sql_sort_key`) are made from the
very same maps and can't drift away from Python.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

ZWNJ: Final = "\u200c"

#: The Persian alphabet in its order; hamza stands first.
ALPHABET: Final = "ءآابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"

_SPACES: Final = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + ("\u2028\u2029\u202f\u205f\u3000")
)
#: Letters of other spellings to the Persian one.
_LETTERS: Final = {
    "ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ێ": "ی", "ے": "ی",
    "ك": "ک", "ڪ": "ک", "ڬ": "ک",
    "ة": "ه", "ۃ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۂ": "ۀ",
    "\u200b": ZWNJ,
}  # fmt: skip
_TATWEEL: Final = "ـ"
_DIACRITICS: Final = "".join(map(chr, [*range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06DD)]))


def _clean_map() -> dict[int, str]:
    table: dict[int, str] = {}
    for point in range(0x10000):
        char = chr(point)
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and char != ZWNJ:
            table[point] = ""
    for block in (range(0xFB50, 0xFE00), range(0xFE70, 0xFF00)):
        for point in block:
            plain = unicodedata.normalize("NFKC", chr(point))
            if plain != chr(point):
                # A mark that stands alone decomposes into a space and the mark.
                table[point] = "".join(_LETTERS.get(one, one) for one in plain.replace(_TATWEEL, "")).strip()
    table |= {ord(char): " " for char in _SPACES}
    table |= {ord(wrong): right for wrong, right in _LETTERS.items()}
    table[ord(_TATWEEL)] = ""
    return table


_CLEAN: Final = _clean_map()
#: Anything that `clean` could change: an odd character, a run of spaces, an end, a ZWNJ (seldom).
_ODD: Final = re.compile(
    "^ | $|  |"
    + ZWNJ
    + "|["
    + "".join(re.escape(chr(point)) for point in sorted(_CLEAN) if point != 0x20)
    + "]"
)
_RUNS: Final = re.compile(f"[ {ZWNJ}]*  *[ {ZWNJ}]*")
_JOINTS: Final = re.compile(f"{ZWNJ}{{2,}}")

#: What the search key folds beyond `clean`; the empty text drops the character.
_SEARCH_FOLDS: Final = (
    {"آ": "ا", "أ": "ا", "إ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ی", "ۀ": "ه", "ء": "", " ": "", ZWNJ: ""}
    | dict.fromkeys(_DIACRITICS, "")
    | {chr(0x06F0 + digit): str(digit) for digit in range(10)}
    | {chr(0x0660 + digit): str(digit) for digit in range(10)}
    | {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
)
#: Rising code points after Latin, one a letter: the order of "C" is then the order of the alphabet.
_FIRST_RANK: Final = 0x100
_SORT_FOLDS: Final = (
    {letter: chr(_FIRST_RANK + rank) for rank, letter in enumerate(ALPHABET)}
    | {
        variant: chr(_FIRST_RANK + ALPHABET.index(letter))
        for variant, letter in {"أ": "ا", "إ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ی", "ۀ": "ه"}.items()
    }
    | {chr(0x06F0 + digit): str(digit) for digit in range(10)}
    | {chr(0x0660 + digit): str(digit) for digit in range(10)}
    | {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
    | dict.fromkeys(_DIACRITICS, "")
    | {ZWNJ: ""}
)


def _fold_map(folds: dict[str, str]) -> dict[int, str]:
    """`clean`'s map with its results folded, and the folds themselves: one pass does both."""
    table = {point: "".join(folds.get(char, char) for char in plain) for point, plain in _CLEAN.items()}
    table |= {ord(char): folded for char, folded in folds.items()}
    return table


_SEARCH: Final = _fold_map(_SEARCH_FOLDS)
_SORT: Final = _fold_map(_SORT_FOLDS)


def clean(value: str) -> str:
    """Normalise text that enters (feed, form, Excel): Persian letters, single spaces, no invisible characters.

    Arabic letters and presentation forms become Persian letters; tatweel, control and direction characters go;
    runs of white space (newlines too) become one space, and the ends are trimmed; a ZWNJ stays where it joins
    two letters. Source: domain.md, «Text in, text out». Cleaning twice changes nothing.
    """
    if _ODD.search(value) is None:
        return value
    value = _RUNS.sub(" ", value.translate(_CLEAN))
    return _JOINTS.sub(ZWNJ, value).strip(" " + ZWNJ)


def search_key(value: str) -> str:
    """What is compared when somebody searches: `clean`, without spaces and ZWNJ, digits and case folded."""
    return value.translate(_SEARCH)


def sort_key(value: str) -> str:
    """A text whose order by code point ("C") is the Persian alphabet's order of `value`."""
    return clean(value).translate(_SORT)


def sql_search_key(column: str, literal: Callable[[str], str]) -> str:
    """The SQL expression that equals `search_key` of cleaned text; `literal` quotes a text."""
    return _sql_translate(column, _SEARCH_FOLDS, literal)


def sql_sort_key(column: str, literal: Callable[[str], str]) -> str:
    """The SQL expression that equals `sort_key` of cleaned text; `literal` quotes a text."""
    return _sql_translate(column, _SORT_FOLDS, literal)


def _sql_translate(column: str, folds: dict[str, str], literal: Callable[[str], str]) -> str:
    """translate() drops the characters of its second argument that have no partner in its third."""
    kept = {char: folded for char, folded in folds.items() if folded}
    dropped = "".join(char for char, folded in folds.items() if not folded)
    return f"translate({column}, {literal(''.join(kept) + dropped)}, {literal(''.join(kept.values()))})"
