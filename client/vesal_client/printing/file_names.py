"""Names of files that people save: the one function that makes them, fit for Windows, Linux and macOS."""

import re
import unicodedata

from vesal_shared.digits import ascii_digits

#: With its suffix no name is longer, so that a folder in a profile still fits Windows' paths.
LONGEST = 150

#: Names that Windows keeps for devices, with any suffix.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]+')


def file_name(text: str, suffix: str, *, fallback: str = "vesal") -> str:
    """Return a safe file name for a text: 1405/6140/000123 with .pdf becomes 1405-6140-000123.pdf.

    Digits become ASCII; separators become hyphens; control and direction characters, trailing dots and spaces go.
    """
    plain = unicodedata.normalize("NFC", ascii_digits(text))
    plain = _FORBIDDEN.sub("-", plain)
    # ZWNJ goes with the marks of direction: two names must not differ by what can't be seen.
    plain = "".join(c for c in plain if not unicodedata.category(c).startswith("C"))
    plain = " ".join(plain.split()).strip(" .-")
    plain = _cut(plain, LONGEST - len(suffix)).rstrip(" .-") or fallback
    if _RESERVED.fullmatch(plain):
        plain = f"{plain}_" if "." not in plain else f"_{plain}"
    return plain + suffix


def letter_file_name(number: str) -> str:
    """Return the name under which a letter is saved."""
    return file_name(number, ".pdf", fallback="letter")


def _cut(text: str, length: int) -> str:
    """Cut a text to so many characters and, for Linux' sake, 240 bytes."""
    text = text[:length]
    while len(text.encode("utf-8")) > 240:
        text = text[:-1]
    return text
