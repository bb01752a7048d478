"""Money: whole rial, an int; grouped by ٬ in Persian digits on screen, and in words in letters."""

import re
from typing import Final

from vesal_shared.digits import ascii_digits, persian_digits
from vesal_shared.text import clean

SEPARATOR: Final = "٬"

#: A number of a feed: digits, perhaps a fraction of zeros. No sign, separator or exponent.
_FEED: Final = re.compile(r"0*(\d{1,19})(?:\.0+)?", re.ASCII)
#: An amount of a form: grouped by threes or not at all, a fraction, a size, a currency.
_TYPED: Final = re.compile(
    r"(\d{1,3}(?:[٬,،' ]\d{3})+|\d{1,19})(?:[.٫/](\d{1,9}))? ?(هزار|میلیون|میلیارد)? ?(ریال|تومان)?", re.ASCII
)
_SIZES: Final = {None: 1, "هزار": 10**3, "میلیون": 10**6, "میلیارد": 10**9}
#: What a 64-bit column holds.
HIGHEST: Final = 2**63 - 1

_ONES: Final = (
    "", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده", "یازده", "دوازده", "سیزده", "چهارده",
    "پانزده", "شانزده", "هفده", "هجده", "نوزده",
)  # fmt: skip
_TENS: Final = ("", "", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود")
_HUNDREDS: Final = (
    "", "یکصد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد",
)  # fmt: skip
_AND: Final = " و "


class BadNumber(ValueError):
    """A text that is no whole, non-negative number."""


def parse_feed(value: str) -> int:
    """A number of a feed: ASCII, Persian or Arabic digits, a fraction of zeros passed over.

    Raises BadNumber for separators, other fractions, exponents, signs, and what 64 bits don't hold.
    """
    found = _FEED.fullmatch(ascii_digits(value))
    if found is None or int(found[1]) > HIGHEST:
        raise BadNumber(value)
    return int(found[1])


def parse_typed(value: str) -> int:
    """An amount in rial as people type it, with any digits.

    1234567 · ۱٬۲۳۴٬۵۶۷ · 1,234,567 ریال · ۵ میلیون · «۲٫۵ میلیون تومان» (a toman is ten rial). Raises BadNumber
    for signs, separators elsewhere than by threes, what isn't a whole number of rial, and what 64 bits don't hold.
    """
    found = _TYPED.fullmatch(ascii_digits(clean(value)))
    if found is None:
        raise BadNumber(value)
    whole, fraction = re.sub(r"\D", "", found[1]), found[2] or ""
    scale: int = _SIZES[found[3]] * (10 if found[4] == "تومان" else 1)
    amount, rest = divmod(int(whole + fraction) * scale, int("1" + "0" * len(fraction)))
    if rest or amount > HIGHEST:
        raise BadNumber(value)
    return amount


def group(amount: int) -> str:
    """`412٬750٬000`: grouped by threes, ASCII digits."""
    return f"{amount:,}".replace(",", SEPARATOR)


def show(amount: int) -> str:
    """`۴۱۲٬۷۵۰٬۰۰۰`."""
    return persian_digits(group(amount))


def in_words(amount: int) -> str:
    """A number in words: groups joined by « و », یکصد for one hundred. Source: letters.md, «Words»."""
    if amount < 0:
        raise BadNumber(str(amount))
    if amount == 0:
        return "صفر"
    words = []
    for size, name in ((10**9, "میلیارد"), (10**6, "میلیون"), (10**3, "هزار")):
        count, amount = divmod(amount, size)
        if count:
            # Beyond thousands of milliards the count is itself a number in words: یک هزار میلیارد.
            words.append(f"{in_words(count)} {name}")
    if amount:
        words.append(_below_thousand(amount))
    return _AND.join(words)


def rial_in_words(amount: int) -> str:
    """`چهارصد و دوازده میلیون ریال`."""
    return f"{in_words(amount)} ریال"


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = [_HUNDREDS[hundreds], *([_ONES[rest]] if rest < 20 else [_TENS[tens], _ONES[ones]])]
    return _AND.join(word for word in words if word)
