"""What the demo counts and draws, read straight from the tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from vesal_shared.labels import NOTIFICATION_STATUSES


@dataclass(frozen=True, slots=True)
class Totals:
    """The demo bank in figures; `notifications` has a Persian label and a count for each status."""

    open_cases: int
    overdue_amount: int
    cured: int
    letters: int
    notifications: list[tuple[str, int]]


def introduce(connection: Connection, heads: Sequence[Mapping[str, str]]) -> None:
    """Say of each branch who signs its letters, as its form will, and not the catalogue's file."""
    connection.execute(
        text(
            "UPDATE branch SET head_name = :head_name, head_national_id = :head_national_id, phone = :phone, "
            "postal_code = :postal_code WHERE code = :code"
        ),
        list(heads),
    )


def totals(connection: Connection, today: date) -> Totals:
    """Count the bank."""
    one = connection.execute(
        text(
            "SELECT (SELECT count(*) FROM facility WHERE episode_id IS NOT NULL) AS open_cases, "
            "(SELECT coalesce(sum(overdue_amount), 0) FROM facility WHERE episode_id IS NOT NULL) AS amount, "
            "(SELECT count(*) FROM episode WHERE close_reason = 'cured') AS cured, "
            "(SELECT count(*) FROM letter WHERE number IS NOT NULL) AS letters"
        )
    ).one()
    rows = connection.execute(
        text(
            "SELECT status, count(*) AS many FROM notification WHERE day <= :today GROUP BY status ORDER BY 2 DESC"
        ),
        {"today": today},
    )
    return Totals(
        one.open_cases,
        int(one.amount),
        one.cured,
        one.letters,
        [(NOTIFICATION_STATUSES[row.status], row.many) for row in rows],
    )


def letters_of(connection: Connection, most: int) -> list[tuple[str, Any]]:
    """Numbers and frozen contents of the last letters, both kinds among them."""
    rows = connection.execute(
        text(
            "SELECT number, CASE WHEN image IS NULL THEN content "
            "ELSE jsonb_set(content, '{bank,logo}', to_jsonb(image)) END AS content "
            "FROM (SELECT number, content, day, row_number() OVER "
            "(PARTITION BY channel, role ORDER BY day DESC, number) AS place FROM letter "
            "WHERE number IS NOT NULL) ranked "
            "LEFT JOIN letter_logo ON sha256 = split_part(content -> 'bank' ->> 'logo', ':', 2) "
            "ORDER BY place, number LIMIT :most"
        ),
        {"most": most},
    )
    return [(row.number, row.content) for row in rows]
