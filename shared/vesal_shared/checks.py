"""Checks of people's data: national ids, mobiles, e-mail addresses, gender. A bad value is flagged, never lost."""

import re
from typing import Final

from vesal_shared.digits import ascii_digits
from vesal_shared.text import search_key

#: A country code before the number, and the zero that some leave behind it.
_MOBILE: Final = re.compile(r"(?:(?:\+|00)?98)?0?(9\d{9})", re.ASCII)
_NOISE: Final = re.compile(r"[\s\-().]+")
_EMAIL: Final = re.compile(
    r"[^\s@<>\"',;]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_LEGAL_WEIGHTS: Final = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)
_GENDERS: Final = {"m": "M", "f": "F", search_key("مرد"): "M", search_key("زن"): "F"}


def fold_national_id(value: str) -> str:
    """ASCII digits without the hyphens of the card; 8 and 9 digits filled up with zeros, as sheets drop them.

    What is no number stays as it was typed.
    """
    plain = ascii_digits(value.strip())
    number = plain if plain.isdigit() else _NOISE.sub("", plain)
    if not (number.isascii() and number.isdigit()):
        return plain
    return number.zfill(10) if len(number) in {8, 9} else number


def is_national_id(value: str) -> bool:
    """Whether ten digits are the کد ملی of a natural person (checksum; not ten times the same digit)."""
    if len(value) != 10 or not (value.isascii() and value.isdigit()) or value == value[0] * 10:
        return False
    # Written out, because every row of a feed comes through here: the codes of ASCII digits, less 48 each.
    a, b, c, d, e, f, g, h, i, last = value.encode()
    rest = (a * 10 + b * 9 + c * 8 + d * 7 + e * 6 + f * 5 + g * 4 + h * 3 + i * 2 - 48 * 54) % 11
    return last - 48 == (rest if rest < 2 else 11 - rest)


def is_legal_id(value: str) -> bool:
    """Whether eleven digits are the شناسه ملی of a legal person (checksum)."""
    if len(value) != 11 or not (value.isascii() and value.isdigit()) or value == value[0] * 11:
        return False
    tens = int(value[9]) + 2
    total = sum(
        (tens + int(digit)) * weight for digit, weight in zip(value[:10], _LEGAL_WEIGHTS, strict=True)
    )
    return int(value[10]) == total % 11 % 10


def fold_mobile(value: str) -> str:
    """A mobile as 09 and nine more digits, +98 and 0098 folded; what is none stays as it was typed."""
    if is_mobile(value):
        return value
    plain = ascii_digits(value.strip())
    found = _MOBILE.fullmatch(_NOISE.sub("", plain))
    return f"0{found[1]}" if found else plain


def is_mobile(value: str) -> bool:
    """Whether a folded value is a mobile: 09 and eleven digits in all."""
    return len(value) == 11 and value.startswith("09") and value.isascii() and value.isdigit()


def is_email(value: str) -> bool:
    """Whether a value has the shape of an e-mail address."""
    return len(value) <= 254 and _EMAIL.fullmatch(value) is not None


def fold_gender(value: str) -> str:
    """M, F, or empty where nothing (or nothing known) is said."""
    return _GENDERS.get(search_key(value), "")
