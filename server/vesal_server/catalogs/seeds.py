"""What an empty system starts with: the country's holidays and the follow-up catalogues."""

from datetime import date
from typing import Final

import holidays

from vesal_server.catalogs import queries
from vesal_server.kit.db import Connection
from vesal_shared.text import clean

#: Years of the Gregorian calendar after this one that are filled; lunar dates of later years are estimates.
_YEARS_AHEAD: Final = 3
#: What the package writes behind a lunar date that it computed.
_ESTIMATED: Final = "(تخمینی)"

STATUSES: Final = (
    ("answered", "پاسخ داد"),
    ("no_answer", "پاسخ نداد"),
    ("busy", "اشغال بود"),
    ("switched_off", "خاموش"),
    ("unreachable", "در دسترس نبود"),
    ("rejected", "رد تماس کرد"),
    ("wrong_number", "شماره اشتباه"),
)
RESULTS: Final = (
    ("promise", "تعهد پرداخت"),
    ("payment_announced", "اعلام پرداخت"),
    ("reschedule", "درخواست امهال"),
    ("visit_promised", "قول مراجعه به شعبه"),
    ("refusal", "استنکاف از پرداخت"),
    ("dispute", "اعتراض به بدهی"),
    ("deceased", "فوت"),
    ("other", "سایر"),
)


def seed(connection: Connection, today: date) -> int:
    """Fill what is empty; says how many rows were added. What an admin has changed stays."""
    added = queries.seed_contacts(connection, STATUSES, RESULTS)
    if not queries.any_holiday(connection):
        rows = [
            {"date": day, "title": title, "estimated": estimated}
            for day, title, estimated in national_holidays(today.year - 1, today.year + _YEARS_AHEAD)
        ]
        queries.add_holidays(connection, rows)
        added += len(rows)
    return added


def national_holidays(first_year: int, last_year: int) -> list[tuple[date, str, bool]]:
    """Iran's holidays of some Gregorian years: date, Persian title, whether it is an estimate."""
    listed = holidays.country_holidays("IR", years=range(first_year, last_year + 1), language="fa_IR")
    return [
        (day, clean(name.replace(_ESTIMATED, "").replace(" ;", ";").replace("; ", "، ")), _ESTIMATED in name)
        for day, name in sorted(listed.items())
    ]
