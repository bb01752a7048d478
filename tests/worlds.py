"""Builders of small banks: branches, loan types, users, and feeds with right control figures."""

import csv
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, insert

from vesal_server.access.passwords import Hasher
from vesal_server.access.users import NewUser
from vesal_server.access.users import create as create_user
from vesal_server.audit.service import SYSTEM
from vesal_server.tables.catalogs import branch, deposit_type, loan_type, province
from vesal_shared import jalali

CUSTOMER_COLUMNS = (
    "customer_no", "first_name", "last_name", "father_name", "national_id", "birth_certificate_no", "gender",
    "mobile", "home_phone", "work_phone", "email", "address",
)  # fmt: skip
FACILITY_COLUMNS = (
    "loan_no", "customer_no", "branch_code", "loan_type_code", "deposit_type_code", "loan_date", "amount",
    "overdue_days", "overdue_installments", "overdue_amount",
)  # fmt: skip
GUARANTOR_COLUMNS = ("loan_no", "customer_no")
COLUMNS = {
    "customers.csv": CUSTOMER_COLUMNS,
    "facilities.csv": FACILITY_COLUMNS,
    "guarantors.csv": GUARANTOR_COLUMNS,
}

#: Argon2id at its cheapest: a test's user is not worth 20 ms.
CHEAP = Hasher(memory_kib=64, passes=1)
PASSWORD = "گذرواژه‌ی آزمون ۱۴۰۵"

Row = Mapping[str, object]


def national_id(number: int) -> str:
    """The valid کد ملی whose first nine digits are `number`."""
    nine = f"{number:09d}"
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
    return nine + str(rest if rest < 2 else 11 - rest)


def legal_id(number: int) -> str:
    """The valid شناسه ملی whose first ten digits are `number`."""
    ten = f"{number:010d}"
    tens = int(ten[9]) + 2
    weights = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)
    total = sum((tens + int(digit)) * weight for digit, weight in zip(ten, weights, strict=True))
    return ten + str(total % 11 % 10)


# The catalogues


def add_province(connection: Connection, code: str, title: str = "") -> str:
    """A province; returns its code."""
    connection.execute(insert(province).values(code=code, title=title or f"استان {code}"))
    return code


def add_branch(
    connection: Connection, code: str, province_code: str, title: str = "", **values: object
) -> str:
    """A branch; `values` are further columns (address, ip, head_name, active, successor_code …)."""
    row = {
        "address": f"خیابان آزادی، شماره {code}",
        "head_name": "مریم احمدی",
        "head_post": "رئیس شعبه",
        **values,
    }
    connection.execute(
        insert(branch).values(code=code, title=title or f"شعبه {code}", province_code=province_code, **row)
    )
    return code


def add_loan_type(connection: Connection, code: str, title: str = "") -> str:
    """A loan type; returns its code."""
    connection.execute(insert(loan_type).values(code=code, title=title or f"وام {code}"))
    return code


def add_deposit_type(connection: Connection, code: str, title: str = "") -> str:
    """A deposit type; returns its code."""
    connection.execute(insert(deposit_type).values(code=code, title=title or f"سپرده {code}"))
    return code


@dataclass(frozen=True, slots=True)
class Bank:
    """The codes of a small bank."""

    provinces: tuple[str, ...]
    branches: tuple[str, ...]
    loan_types: tuple[str, ...]
    deposit_types: tuple[str, ...]


def add_bank(connection: Connection) -> Bank:
    """Two provinces with two branches each, three loan types, one deposit type."""
    provinces = (add_province(connection, "96", "تهران(غرب)"), add_province(connection, "31", "اصفهان"))
    branches = (
        add_branch(connection, "6140", "96", "آزادی"),
        add_branch(connection, "6141", "96", "صادقیه"),
        add_branch(connection, "3101", "31", "چهارباغ"),
        add_branch(connection, "3102", "31", "نقش جهان"),
    )
    loan_types = (
        add_loan_type(connection, "307", "مرابحه"),
        add_loan_type(connection, "308", "فروش اقساطی"),
        add_loan_type(connection, "401", "قرض‌الحسنه"),
    )
    return Bank(provinces, branches, loan_types, (add_deposit_type(connection, "10", "کوتاه‌مدت"),))


def add_user(
    connection: Connection,
    username: str,
    *groups: str,
    at: datetime,
    branch_code: str | None = None,
    province_code: str | None = None,
    password: str = PASSWORD,
    first_name: str = "سارا",
    last_name: str = "محمدی",
) -> int:
    """A user who need not change their password; returns their id."""
    new = NewUser(
        username,
        password,
        groups,
        first_name=first_name,
        last_name=last_name,
        branch_code=branch_code,
        province_code=province_code,
        must_change_password=False,
    )
    return create_user(connection, SYSTEM, at, CHEAP, new)


# Feeds


def customer(customer_no: object, **values: object) -> dict[str, object]:
    """A customer's row, good unless `values` say otherwise; its data follow from the number."""
    number = int(str(customer_no))
    row: dict[str, object] = {
        "customer_no": customer_no,
        "first_name": "علی",
        "last_name": f"رضایی {number}",
        "father_name": "حسن",
        "national_id": national_id(number % 10**9),
        "birth_certificate_no": number % 10**6,
        "gender": "M",
        "mobile": f"0912{number % 10**7:07d}",
        "home_phone": "02166001122",
        "work_phone": "",
        "email": f"c{number}@example.ir",
        "address": f"تهران، خیابان ولیعصر، پلاک {number % 1000}",
    }
    return row | values


def facility(loan_no: str, customer_no: object, **values: object) -> dict[str, object]:
    """A facility's row, 20 days and 5,000,000 rial overdue unless `values` say otherwise."""
    row: dict[str, object] = {
        "loan_no": loan_no,
        "customer_no": customer_no,
        "branch_code": "6140",
        "loan_type_code": "307",
        "deposit_type_code": "",
        "loan_date": "1403/02/15",
        "amount": 500_000_000,
        "overdue_days": 20,
        "overdue_installments": 1,
        "overdue_amount": 5_000_000,
    }
    return row | values


def guarantor(loan_no: str, customer_no: object) -> dict[str, object]:
    """A guarantor pair."""
    return {"loan_no": loan_no, "customer_no": customer_no}


@dataclass
class Feed:
    """One feed, to be written as a folder or a zip; whatever a test wants wrong it says here."""

    as_of: date
    customers: Sequence[Row] = ()
    facilities: Sequence[Row] = ()
    guarantors: Sequence[Row] = ()
    #: Keys that replace those of the manifest, after it was made right.
    manifest: Mapping[str, object] = field(default_factory=dict)
    bom: bool = False

    def files(self) -> dict[str, bytes]:
        """The three files and their manifest, by name."""
        made = {
            "customers.csv": csv_bytes(CUSTOMER_COLUMNS, self.customers, bom=self.bom),
            "facilities.csv": csv_bytes(FACILITY_COLUMNS, self.facilities, bom=self.bom),
            "guarantors.csv": csv_bytes(GUARANTOR_COLUMNS, self.guarantors, bom=self.bom),
        }
        manifest = {
            "format": 1,
            "as_of": jalali.numeric(self.as_of),
            "files": {
                name: {"rows": rows, "sha256": hashlib.sha256(made[name]).hexdigest()}
                for name, rows in (
                    ("customers.csv", len(self.customers)),
                    ("facilities.csv", len(self.facilities)),
                    ("guarantors.csv", len(self.guarantors)),
                )
            },
            "overdue_amount": sum(_amount(row.get("overdue_amount")) for row in self.facilities),
        }
        made["manifest.json"] = json.dumps({**manifest, **self.manifest}, ensure_ascii=False).encode()
        return made

    def folder(self, path: Path) -> Path:
        """Write the feed as a folder, anew where there is one."""
        if path.exists():
            shutil.rmtree(path)
        path.mkdir(parents=True)
        for name, content in self.files().items():
            (path / name).write_bytes(content)
        return path

    def zip(self, path: Path, *, inside: str = "") -> Path:
        """Write the feed as a zip, its files at the root or in the folder `inside`."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.files().items():
                archive.writestr(f"{inside}/{name}" if inside else name, content)
        return path


def csv_bytes(columns: Sequence[str], rows: Iterable[Row], *, bom: bool = False) -> bytes:
    """Rows as CSV in UTF-8; columns that only the rows have come after the named ones."""
    listed = list(rows)
    extra = [name for name in dict.fromkeys(name for row in listed for name in row) if name not in columns]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [*columns, *extra], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _amount(value: object) -> int:
    """What an amount counts in the control sum: an unreadable one is 0."""
    text = str(value).partition(".")[0]
    return int(text) if text.isdigit() else 0
