"""Passwords: what may be one, and how it is kept (OWASP ASVS 5: length and a leaked list, no composition)."""

import secrets
from collections.abc import Iterable
from functools import cache
from importlib import resources

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from vesal_shared import problems
from vesal_shared.problems import FieldError, Refusal
from vesal_shared.text import search_key

SHORTEST, LONGEST = 10, 128
#: Letters and digits that nobody mistakes for one another on paper.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class Hasher:
    """Argon2id with OWASP's parameters: 19 MiB, two passes, one lane (about 20 ms)."""

    def __init__(self, *, memory_kib: int = 19_456, passes: int = 2) -> None:
        self._argon2 = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        # Checked where there is no such user, so that the answer takes as long.
        self._nobody = self._argon2.hash(secrets.token_urlsafe(16))

    def hash(self, password: str) -> str:
        """A new salted hash."""
        return self._argon2.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password is the one behind `stored`; None (no such user) costs the same and is no."""
        try:
            self._argon2.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None


def check(password: str, *, names: Iterable[str] = (), field: str = "password") -> None:
    """Refuse a password that may not be one, with everything that is wrong with it.

    `names` are the username, the user's names and the bank's name: a password may not be one of them.
    """
    wrong: list[FieldError] = []
    if len(password) < SHORTEST:
        wrong.append(FieldError(field, problems.PASSWORD_TOO_SHORT, {"min": SHORTEST}))
    if len(password) > LONGEST:
        wrong.append(FieldError(field, problems.PASSWORD_TOO_LONG, {"max": LONGEST}))
    if password.strip().lower() in _common():
        wrong.append(FieldError(field, problems.PASSWORD_COMMON))
    own = {search_key(name).replace(" ", "") for name in names} - {""}
    if search_key(password).replace(" ", "") in own:
        wrong.append(FieldError(field, problems.PASSWORD_LIKE_NAME))
    if wrong:
        raise Refusal(wrong[0].problem, params=wrong[0].params, errors=wrong)


def make() -> str:
    """A new random password of four groups of four letters (79 bits), to be told once."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


@cache
def _common() -> frozenset[str]:
    listed = resources.files("vesal_resources").joinpath("passwords", "common.txt")
    return frozenset(listed.read_text(encoding="utf-8").split("\n")) - {""}
