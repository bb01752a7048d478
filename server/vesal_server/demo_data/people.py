"""The people of the generated bank, each drawn from their own number, so that one more changes none."""

import random
from functools import lru_cache

from vesal_server.demo_data import words

#: Numbers of this prefix are nobody's: they are believable on a screen and reach no telephone.
_MOBILE_PREFIX = "09000"
_ARABIC = str.maketrans({"ی": "ي", "ک": "ك"})


def person(seed: int, number: int, city: str, area: str) -> dict[str, str]:
    """A row of customers.csv; about one in twenty has something odd about it, as in a real bank."""
    dice = random.Random(f"{seed}:person:{number}")
    row = _company(dice, number) if dice.random() < 0.05 else _natural(dice)
    oddity = dice.random()
    mobile = f"{_MOBILE_PREFIX}{number % 10**6:06d}"
    row |= {
        "customer_no": str(10_000_000 + number * 7),
        "mobile": "" if oddity < 0.015 else mobile[:-2] if oddity < 0.025 else mobile,
        "home_phone": f"{area}{dice.randrange(30_000_000, 89_999_999)}",
        "work_phone": f"{area}{dice.randrange(30_000_000, 89_999_999)}" if dice.random() < 0.4 else "",
        "email": f"customer{number}@example.com" if dice.random() < 0.3 else "",
        "address": "" if 0.03 < oddity < 0.035 else address(dice, city),
    }
    if dice.random() < 0.1:
        # Rows that came through an Arabic keyboard, as the core system has them.
        row |= {key: row[key].translate(_ARABIC) for key in ("first_name", "last_name", "address")}
    return row


def address(dice: random.Random, city: str) -> str:
    """A postal address in a city."""
    made = f"{city}، خیابان {dice.choice(words.STREETS)}، کوچه {dice.choice(words.ALLEYS)}، پلاک {dice.randrange(1, 240)}"
    return f"{made}، واحد {dice.randrange(1, 24)}" if dice.random() < 0.5 else made


def head(seed: int, branch_code: str, area: str) -> dict[str, str]:
    """Who signs a branch's letters, and what else its letterhead says."""
    dice = random.Random(f"{seed}:head:{branch_code}")
    person = _natural(dice)
    return {
        "code": branch_code,
        "head_name": f"{person['first_name']} {person['last_name']}",
        "head_national_id": person["national_id"],
        "phone": f"{area}-0000{dice.randrange(10_000):04d}",
        "postal_code": f"00000{dice.randrange(10**5):05d}",
    }


@lru_cache(maxsize=1)
def _families() -> tuple[str, ...]:
    return tuple(f"{name}{ending}" for name in words.FAMILIES for ending in words.ENDINGS)


def _natural(dice: random.Random) -> dict[str, str]:
    woman = dice.random() < 0.42
    body = f"{dice.randrange(10**9):09d}"
    national_id = body + _check_digit(body)
    spoilt = dice.random()
    if spoilt < 0.01:
        national_id = body + str((int(national_id[-1]) + 1) % 10)
    elif spoilt < 0.02:
        # A spreadsheet on the way dropped the zero at its head.
        national_id = national_id.lstrip("0")
    return {
        "first_name": dice.choice(words.WOMEN if woman else words.MEN),
        "last_name": dice.choice(_families()),
        "father_name": dice.choice(words.MEN),
        "national_id": national_id,
        "birth_certificate_no": str(dice.randrange(1, 9999)),
        "gender": "" if dice.random() < 0.04 else "F" if woman else "M",
    }


def _company(dice: random.Random, number: int) -> dict[str, str]:
    body = f"{10_000_000_00 + number * 13 % 899_999_999:010d}"[:10]
    name = f"{dice.choice(words.COMPANY_KINDS)} {dice.choice(words.COMPANIES)}"
    return {
        "first_name": "",
        "last_name": name,
        "father_name": "",
        "national_id": body + _legal_digit(body),
        "birth_certificate_no": "",
        "gender": "",
    }


def _check_digit(body: str) -> str:
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(body)) % 11
    return str(rest if rest < 2 else 11 - rest)


def _legal_digit(body: str) -> str:
    tens = int(body[9]) + 2
    weights = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)
    total = sum((tens + int(digit)) * weight for digit, weight in zip(body, weights, strict=True))
    return str(total % 11 % 10)
