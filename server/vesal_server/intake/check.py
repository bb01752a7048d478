"""What a row must fulfil by itself: reads each record of the three files into a row to copy, or sets it aside.

Nearly all rows of a real feed are already as they are to be stored. One regular expression tells such a row, and
it is copied nearly as it came; only the others are cleaned and judged field by field. Both ways give the same.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple

from vesal_server.intake.canonical import TEXTS, canonical
from vesal_server.intake.columns import COLUMNS, Header
from vesal_server.intake.read_folder import CUSTOMERS, FACILITIES, GUARANTORS
from vesal_shared import checks, jalali, money
from vesal_shared.digits import ascii_digits
from vesal_shared.text import clean

#: A row in PostgreSQL's text format for COPY, or None where it was set aside.
Take = Callable[[int, list[str]], str | None]

MAX_INTEGER: Final = 2**31 - 1
NULL: Final = "\\N"

_AMOUNTS: Final = ("amount", "overdue_amount", "outstanding_amount")

_ANY_NUMBER: Final = re.compile(r"([0-9]{1,100})(?:\.0+)?")
_NEGATIVE: Final = re.compile(r"-\s*[0-9]+(?:\.[0-9]+)?")
#: Values seen before are kept up to this many, then forgotten together.
_CACHE_SIZE: Final = 50_000
#: Customers' fields whose digits are stored in ASCII.
_CODES: Final = (
    "customer_no",
    "national_id",
    "birth_certificate_no",
    "mobile",
    "home_phone",
    "work_phone",
    "email",
)
_COPY_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class SetAside(NamedTuple):
    """A row that is not taken; `key` is its loan or customer number as far as it can be read."""

    line: int
    code: str
    value: str
    key: str
    pair_customer_no: str = ""


@dataclass(slots=True)
class Tally:
    """What reading one file gave beside the rows to copy."""

    #: At most so many rows set aside are kept; more than the bank allows refuse the feed anyway.
    keep: int
    rows: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    #: Rows set aside beyond `keep`.
    more: int = 0
    overdue_amount: int = 0
    #: Unknown deposit type codes and the rows that named them.
    unknown_deposit_types: dict[str, int] = field(default_factory=dict)

    def put_aside(self, row: SetAside) -> None:
        """Keep one row that is not taken."""
        if len(self.set_aside) < self.keep:
            self.set_aside.append(row)
        else:
            self.more += 1


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are judged by: the feed's date, branches with the code that work goes to, types of loan and deposit."""

    as_of: date
    branches: Mapping[str, str]
    loan_types: Collection[str]
    deposit_types: Collection[str]


class _Bad(Exception):
    def __init__(self, code: str, value: str = "") -> None:
        self.code = code
        self.value = value
        super().__init__(code)


def customers(header: Header, tally: Tally) -> Take:
    """Read rows of customers.csv; only the number can set one aside, all else is kept and flagged."""
    width, place = header.width, header.place
    is_canonical = canonical(CUSTOMERS, header)
    number, national, mobile, email = (place[n] for n in ("customer_no", "national_id", "mobile", "email"))
    order = [place[name] for name in COLUMNS[CUSTOMERS].needed]
    as_it_came = order == list(range(width))
    verified = place.get("mobile_owner_verified")

    def take(line: int, fields: list[str]) -> str | None:
        tally.rows += 1
        if len(fields) != width:
            held = coded(fields[number]) if number < len(fields) else ""
            tally.put_aside(SetAside(line, "field_count", str(len(fields)), held))
            return None
        row = "\t".join(fields)
        if is_canonical(row):
            if not as_it_came:
                row = "\t".join([fields[at] for at in order])
            mobile_ok = fields[mobile] != ""
        else:
            code = _clean_customer(fields, place)
            if code is not None:
                tally.put_aside(SetAside(line, code, fields[number], fields[number]))
                return None
            # Only a cleaned record can hold a backslash; the canonical ones have none.
            row = "\t".join([fields[at] for at in order]).replace("\\", "\\\\")
            mobile_ok = checks.is_mobile(fields[mobile])
        national_id, address = fields[national], fields[email]
        legal = len(national_id) == 11 and checks.is_legal_id(national_id)
        return (
            f"{line}\t{row}"
            f"\t{'t' if verified is not None and fields[verified] == '1' else 'f'}"
            f"\t{'t' if legal or checks.is_national_id(national_id) else 'f'}"
            f"\t{'t' if mobile_ok else 'f'}"
            f"\t{'t' if address and checks.is_email(address) else 'f'}\t{'t' if legal else 'f'}\n"
        )

    return take


def facilities(header: Header, tally: Tally, known: Known) -> Take:
    """Read rows of facilities.csv, and add their overdue amounts up."""
    width, place = header.width, header.place
    is_canonical = canonical(FACILITIES, header)
    loan, customer, branch, kind, deposit, dated, amount, days, installments, overdue = (
        place[name] for name in COLUMNS[FACILITIES].needed
    )
    optional = [place.get(name) for name in ("outstanding_amount", "last_payment_date", "first_unpaid_date")]
    outstanding, paid, unpaid = optional
    branches, loan_types, deposit_types = known.branches, known.loan_types, known.deposit_types
    dates = _Dates()
    since = _Since(known.as_of)

    def take(line: int, fields: list[str]) -> str | None:
        tally.rows += 1
        if len(fields) == width and is_canonical("\t".join(fields)):
            try:
                since_day, loan_date = since[fields[days]], dates[fields[dated]]
                paid_day = NULL if paid is None else dates[fields[paid]]
                unpaid_day = NULL if unpaid is None else dates[fields[unpaid]]
                branch_code = branches[fields[branch]]
            except (_Bad, KeyError):
                return slow(line, fields)
            deposit_code = fields[deposit]
            if fields[kind] not in loan_types or (deposit_code and deposit_code not in deposit_types):
                return slow(line, fields)
            owed = _whole(fields[overdue])
            tally.overdue_amount += int(owed)
            return (
                f"{line}\t{fields[loan]}\t{fields[customer]}\t{branch_code}\t{fields[kind]}\t{deposit_code or NULL}"
                f"\t{loan_date}\t{_whole(fields[amount])}\t{since_day}\t{_whole(fields[installments])}\t{owed}"
                f"\t{NULL if outstanding is None else _whole(fields[outstanding])}\t{paid_day}\t{unpaid_day}\n"
            )
        return slow(line, fields)

    def slow(line: int, fields: list[str]) -> str | None:
        if len(fields) != width:
            tally.put_aside(SetAside(line, "field_count", str(len(fields)), ""))
            return None
        values = {name: coded(fields[at]) for name, at in place.items()}
        tally.overdue_amount += _readable_amount(values["overdue_amount"])
        try:
            return _facility_row(line, values, known, tally, dates, since)
        except _Bad as bad:
            tally.put_aside(SetAside(line, bad.code, bad.value, values["loan_no"]))
            return None

    return take


def guarantors(header: Header, tally: Tally) -> Take:
    """Read rows of guarantors.csv: two numbers."""
    width = header.width
    is_canonical = canonical(GUARANTORS, header)
    loan, customer = header.place["loan_no"], header.place["customer_no"]

    def take(line: int, fields: list[str]) -> str | None:
        tally.rows += 1
        if len(fields) != width:
            tally.put_aside(SetAside(line, "field_count", str(len(fields)), ""))
            return None
        loan_no, customer_no = fields[loan], fields[customer]
        if not is_canonical("\t".join(fields)):
            loan_no, customer_no = coded(loan_no), coded(customer_no)
            empty = "loan_no" if not loan_no else "customer_no" if not customer_no else None
            if empty is not None:
                tally.put_aside(SetAside(line, f"{empty}_empty", "", loan_no, customer_no))
                return None
            loan_no, customer_no = loan_no.translate(_COPY_ESCAPES), customer_no.translate(_COPY_ESCAPES)
        return f"{line}\t{loan_no}\t{customer_no}\n"

    return take


def coded(value: str) -> str:
    """A coded field as it is stored: cleaned, digits in ASCII."""
    return ascii_digits(clean(value))


def _clean_customer(fields: list[str], place: Mapping[str, int]) -> str | None:
    """Clean a record in place; returns the code of what sets it aside, or None."""
    for name in TEXTS:
        fields[place[name]] = clean(fields[place[name]])
    for name in _CODES:
        fields[place[name]] = coded(fields[place[name]])
    fields[place["national_id"]] = checks.fold_national_id(fields[place["national_id"]])
    fields[place["mobile"]] = checks.fold_mobile(fields[place["mobile"]])
    fields[place["gender"]] = checks.fold_gender(fields[place["gender"]])
    verified = place.get("mobile_owner_verified")
    if verified is not None:
        fields[verified] = coded(fields[verified])
    try:
        _customer_number(fields[place["customer_no"]])
    except _Bad as bad:
        return bad.code
    return None


def _facility_row(
    line: int, values: Mapping[str, str], known: Known, tally: Tally, dates: "_Dates", since: "_Since"
) -> str:
    for name in ("loan_no", "customer_no", "branch_code", "loan_type_code", "overdue_days", "overdue_amount"):
        _filled(name, values[name])
    amount = _number("amount", values["amount"], money.HIGHEST)
    overdue_since = since.of(values["overdue_days"])
    installments = _number("overdue_installments", values["overdue_installments"], MAX_INTEGER)
    owed = _number("overdue_amount", values["overdue_amount"], money.HIGHEST)
    outstanding = _number("outstanding_amount", values.get("outstanding_amount", ""), money.HIGHEST)
    loan_date, paid, unpaid = (
        dates.of(name, values.get(name, ""))
        for name in ("loan_date", "last_payment_date", "first_unpaid_date")
    )
    if values["branch_code"] not in known.branches:
        raise _Bad("unknown_branch", values["branch_code"])
    if values["loan_type_code"] not in known.loan_types:
        raise _Bad("unknown_loan_type", values["loan_type_code"])
    deposit = values["deposit_type_code"]
    if deposit and deposit not in known.deposit_types:
        tally.unknown_deposit_types[deposit] = tally.unknown_deposit_types.get(deposit, 0) + 1
        deposit = ""
    texts = (
        values["loan_no"],
        values["customer_no"],
        known.branches[values["branch_code"]],
        values["loan_type_code"],
    )
    row = "\t".join(text.translate(_COPY_ESCAPES) for text in texts)
    return (
        f"{line}\t{row}\t{deposit.translate(_COPY_ESCAPES) or NULL}\t{loan_date}\t{amount}\t{overdue_since}"
        f"\t{installments}\t{owed}\t{outstanding}\t{paid}\t{unpaid}\n"
    )


def _filled(name: str, value: str) -> None:
    if not value:
        raise _Bad(f"{name}_empty")


def _is_digits(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _customer_number(value: str) -> None:
    _filled("customer_no", value)
    if not _is_digits(value):
        raise _Bad("customer_no_not_digits", value)


def _number(name: str, value: str, most: int) -> str:
    """A whole number as digits, `NULL` where the field is empty."""
    if not value:
        return NULL
    try:
        number = money.parse_feed(value)
    except money.BadNumber as error:
        negative = name in _AMOUNTS and _NEGATIVE.fullmatch(value)
        raise _Bad(f"{name}_{'negative' if negative else 'unreadable'}", value) from error
    if number > most:
        raise _Bad(f"{name}_unreadable", value)
    return str(number)


def _readable_amount(value: str) -> int:
    """What a row adds to the control sum: also a number too large to be taken counts as the bank counted it."""
    found = _ANY_NUMBER.fullmatch(value)
    return int(found[1]) if found else 0


def _whole(value: str) -> str:
    """A canonical number without its fraction of zeros, `NULL` where it is empty."""
    if "." in value:
        return value.partition(".")[0]
    return value or NULL


class _Dates(dict[str, str]):
    """Dates as they are written in feeds to ISO dates; an empty field is `NULL`. Raises _Bad for no date."""

    def __missing__(self, value: str) -> str:
        return self.of("loan_date", value)

    def of(self, name: str, value: str) -> str:
        """The date of a column, with that column's code in the refusal."""
        if not value:
            return NULL
        held = self.get(value)
        if held is not None:
            return held
        try:
            read = jalali.parse(value).isoformat()
        except jalali.BadDate as error:
            raise _Bad(f"{name}_unreadable", value) from error
        if len(self) >= _CACHE_SIZE:
            self.clear()
        self[value] = read
        return read


class _Since(dict[str, str]):
    """Numbers of overdue days to the day since when, `NULL` for none. Raises _Bad for what is no such number."""

    def __init__(self, as_of: date) -> None:
        super().__init__()
        self._as_of = as_of

    def __missing__(self, value: str) -> str:
        return self.of(value)

    def of(self, value: str) -> str:
        """The day since when a facility is overdue."""
        days = int(_number("overdue_days", value, MAX_INTEGER))
        try:
            since = NULL if days == 0 else (self._as_of - timedelta(days=days)).isoformat()
        except OverflowError as error:
            raise _Bad("overdue_days_unreadable", value) from error
        if len(self) >= _CACHE_SIZE:
            self.clear()
        self[value] = since
        return since
