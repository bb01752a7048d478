"""What the overdue list may be narrowed by."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class OverdueFilter:
    """Filters of the list; None or an empty tuple leaves everything in. Days and amounts are inclusive.

    `promise` is a promise's state or `none`; `expert` a user's number, 0 for facilities that nobody has;
    `loan_no` picks single facilities (what somebody ticked); `contacted_before` keeps those without a contact
    since that day.
    """

    branch: tuple[str, ...] = ()
    province: str | None = None
    loan_type: tuple[str, ...] = ()
    bucket: tuple[str, ...] = ()
    days_from: int | None = None
    days_to: int | None = None
    installments_from: int | None = None
    installments_to: int | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    loan_no: tuple[str, ...] = ()
    customer_no: str | None = None
    expert: int | None = None
    promise: str | None = None
    contacted_before: date | None = None
    on_hold: bool | None = None

    @property
    def asked(self) -> dict[str, Any]:
        """The filters that are set, by name."""
        return {
            field.name: value
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None and value != ()
        }

    @property
    def by_totals(self) -> bool:
        """Whether the kept totals (per branch and loan type) answer it."""
        return self.asked.keys() <= {"branch", "province", "loan_type"}

    @property
    def by_officers(self) -> bool:
        """Whether it depends on what officers write between two feeds."""
        return bool(self.asked.keys() & {"expert", "promise", "contacted_before", "on_hold"})
