"""The columns of the three files of a feed, and how a file's own header maps onto them."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from vesal_server.intake.read_folder import CUSTOMERS, FACILITIES, GUARANTORS
from vesal_shared import problems
from vesal_shared.problems import Refusal


@dataclass(frozen=True, slots=True)
class Columns:
    """What a file must have, and what is taken when there."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()


COLUMNS: Final = {
    CUSTOMERS: Columns(
        (
            "customer_no",
            "first_name",
            "last_name",
            "father_name",
            "national_id",
            "birth_certificate_no",
            "gender",
            "mobile",
            "home_phone",
            "work_phone",
            "email",
            "address",
        ),
        ("mobile_owner_verified",),
    ),
    FACILITIES: Columns(
        (
            "loan_no",
            "customer_no",
            "branch_code",
            "loan_type_code",
            "deposit_type_code",
            "loan_date",
            "amount",
            "overdue_days",
            "overdue_installments",
            "overdue_amount",
        ),
        ("outstanding_amount", "last_payment_date", "first_unpaid_date"),
    ),
    GUARANTORS: Columns(("loan_no", "customer_no")),
}


@dataclass(frozen=True, slots=True)
class Header:
    """A file's own header: its width, the place of each known column, and the columns passed over."""

    width: int
    place: dict[str, int]
    unknown: tuple[str, ...]

    def order(self) -> list[str | None]:
        """The known name at each place of a record, None where a column is passed over."""
        names: list[str | None] = [None] * self.width
        for name, place in self.place.items():
            names[place] = name
        return names


def read_header(file: str, titles: list[str]) -> Header:
    """Map a header; refuses one that lacks a column or has a known one twice."""
    columns = COLUMNS[file]
    known = {*columns.needed, *columns.optional}
    cleaned = [title.strip().strip("\ufeff").casefold() for title in titles]
    missing = [name for name in columns.needed if name not in cleaned]
    if missing:
        raise Refusal(problems.FEED_COLUMN_MISSING, params={"file": file, "columns": "، ".join(missing)})
    repeated = [name for name, count in Counter(cleaned).items() if count > 1 and name in known]
    if repeated:
        raise Refusal(problems.FEED_COLUMN_REPEATED, params={"file": file, "columns": "، ".join(repeated)})
    return Header(
        len(cleaned),
        {name: place for place, name in enumerate(cleaned) if name in known},
        tuple(title.strip() for title, name in zip(titles, cleaned, strict=True) if name not in known),
    )
