"""The fields of one entry of a workflow file: texts that become numbers, truths, times and lists, or are wrong."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from typing import Any, Final

from vesal_shared.digits import ascii_digits

#: No number of a workflow is larger; amounts are whole rials.
MAX_NUMBER: Final = 10**18 - 1
#: Days, minutes and the like stand in 32-bit columns.
MAX_COUNT: Final = 1_000_000

_TRUE: Final = {"true", "yes", "on"}
_FALSE: Final = {"false", "no", "off"}
#: What stands for nothing.
NULL: Final = {"", "null", "~"}


class Wrong(Exception):
    """A value that can't be taken; the sentence says which and why."""


class Fields:
    """The fields of one entry, each taken once; what nobody took is unknown."""

    def __init__(self, entry: Mapping[str, Any]) -> None:
        self._left = dict(entry)

    def nothing_left(self) -> None:
        """Refuse fields that nobody took."""
        if self._left:
            raise Wrong(f"فیلد ناشناخته: {listed(self._left)}")

    def text(self, name: str, default: str | None = None) -> str:
        """A text; without a default it has to be there."""
        value = self._left.pop(name, default)
        if value is None:
            raise Wrong(f"{name} لازم است.")
        if not isinstance(value, str):
            raise Wrong(f"{name} باید متن باشد.")
        return value

    def number(self, name: str, default: int | None, lowest: int, highest: int = MAX_COUNT) -> int:
        """A whole number within bounds; without a default it has to be there."""
        value = self.maybe_number(name, lowest, highest)
        if value is not None:
            return value
        if default is None:
            raise Wrong(f"{name} لازم است.")
        return default

    def maybe_number(self, name: str, lowest: int, highest: int = MAX_COUNT) -> int | None:
        """A whole number within bounds, or None where nothing stands."""
        value = self._left.pop(name, None)
        if value is None or (isinstance(value, str) and value in NULL):
            return None
        return whole_number(name, value, lowest, highest)

    def flag(self, name: str, *, default: bool) -> bool:
        """A yes or no."""
        value = self._left.pop(name, None)
        if value is None:
            return default
        word = str(value).strip().lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        raise Wrong(f"{name} باید true یا false باشد.")

    def clock(self, name: str) -> time:
        """A time of day; YAML must not have read it as a number."""
        given = ascii_digits(self.text(name)).strip()
        hour, _, minute = given.partition(":")
        if not (_digits(hour, 2) and len(minute) == 2 and _digits(minute, 2)):
            raise Wrong(f"{name} باید ساعتی مانند 09:00 باشد.")
        try:
            return time(int(hour), int(minute))
        except ValueError as error:
            raise Wrong(f"{name} باید ساعتی مانند 09:00 باشد.") from error

    def words(self, name: str, choices: Sequence[str]) -> tuple[str, ...]:
        """A list of words, each one of `choices`."""
        value = self._left.pop(name, [])
        if value in NULL if isinstance(value, str) else False:
            value = []
        if not isinstance(value, list):
            raise Wrong(f"{name} باید فهرست باشد.")
        for word in value:
            one_of(name, word, choices)
        return tuple(dict.fromkeys(value))

    def word(self, name: str, choices: Sequence[str]) -> str:
        """One of `choices`."""
        return one_of(name, self.text(name), choices)

    def codes(self, name: str, *, default: str | None = None) -> tuple[str, ...] | None:
        """The listed codes; None for «all»."""
        value = self._left.pop(name, default)
        if value == "all":
            return None
        if not isinstance(value, list) or not value or not all(isinstance(code, str) for code in value):
            raise Wrong(f"{name} باید all یا فهرستی از کدها باشد.")
        return tuple(dict.fromkeys(ascii_digits(code).strip() for code in value))

    def span(self, name: str) -> tuple[int, int]:
        """A range of two whole numbers."""
        value = self._left.pop(name, None)
        if not isinstance(value, list) or len(value) != 2:
            raise Wrong(f"{name} باید دو عدد باشد: [از، تا].")
        return whole_number(name, value[0], 0, MAX_COUNT), whole_number(name, value[1], 0, MAX_COUNT)

    def entries(self, name: str) -> list[Any]:
        """A list of whatever stands there."""
        value = self._left.pop(name, None)
        if value is None or (isinstance(value, str) and value in NULL):
            return []
        if not isinstance(value, list):
            raise Wrong(f"{name} باید فهرست باشد.")
        return value


def one_of(name: str, word: Any, choices: Sequence[str]) -> str:
    """`word`, if it is one of `choices`."""
    if word not in choices:
        raise Wrong(f"{name}: «{word}» شناخته نیست؛ یکی از {'، '.join(choices)}.")
    return str(word)


def _digits(given: str, longest: int) -> bool:
    return given.isascii() and given.isdigit() and len(given) <= longest


def whole_number(name: str, value: Any, lowest: int, highest: int) -> int:
    """A whole number within bounds, in any digits."""
    given = ascii_digits(value).strip() if isinstance(value, str) else ""
    if not _digits(given.removeprefix("-"), 19) or not lowest <= int(given) <= highest:
        raise Wrong(f"{name} باید عددی صحیح بین {lowest} و {highest} باشد.")
    return int(given)


def listed(names: Iterable[str]) -> str:
    """Names as a sentence lists them."""
    return "، ".join(sorted(str(name) for name in names))
