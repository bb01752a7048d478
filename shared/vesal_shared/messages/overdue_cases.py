"""پرونده‌های معوق: the list of all open episodes."""

import datetime as dt
from typing import Literal

import msgspec

from vesal_shared.messages.lists import Choice

#: By what the list may be sorted (`sort=-overdue_amount` falls).
SortKey = Literal[
    "loan_no",
    "customer_no",
    "customer_name",
    "branch_code",
    "loan_type",
    "overdue_days",
    "overdue_installments",
    "overdue_amount",
    "amount",
    "loan_date",
    "last_contact",
    "promise",
    "expert",
]
PromiseStatus = Literal["open", "kept", "broken", "replaced"]


class OverdueCase(msgspec.Struct, frozen=True, kw_only=True):
    """One overdue facility as of the last feed; amounts in rial, days as the core system shows them.

    `bucket` is the code of the age class (`home.AgeBucket.code`), `bucket_title` its label. `promise_*` are
    of the newest promise about the facility. `hold_until` is the last day on which nothing goes out about it.
    """

    loan_no: str
    customer_no: str
    customer_name: str
    legal_person: bool
    branch_code: str
    branch_title: str
    loan_type_code: str
    loan_type_title: str
    loan_date: dt.date | None
    amount: int | None
    overdue_days: int
    bucket: str
    bucket_title: str
    overdue_installments: int | None
    overdue_amount: int
    last_contact: dt.datetime | None
    promise_date: dt.date | None
    promise_status: PromiseStatus | None
    expert_id: int | None
    expert: str | None
    hold_until: dt.date | None


class OverdueFilters(msgspec.Struct, frozen=True, kw_only=True):
    """What the filters of the list may be set to, within the caller's scope."""

    branches: list[Choice]
    provinces: list[Choice]
    loan_types: list[Choice]
    buckets: list[Choice]
    experts: list[Choice]
