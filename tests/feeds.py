"""Writes feeds for tests, benches and faults: three CSV files and a manifest with the right control figures."""

import csv
import hashlib
import io
import json
import random
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

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

Row = Mapping[str, str]


@dataclass
class FeedRows:
    """The rows of a feed, as texts by column; `write` and `zip_to` make it a feed of a date."""

    as_of: date
    customers: list[Row] = field(default_factory=list)
    facilities: list[Row] = field(default_factory=list)
    guarantors: list[Row] = field(default_factory=list)

    def files(self) -> dict[str, bytes]:
        """The three files as bytes."""
        return {
            "customers.csv": as_csv(CUSTOMER_COLUMNS, self.customers),
            "facilities.csv": as_csv(FACILITY_COLUMNS, self.facilities),
            "guarantors.csv": as_csv(GUARANTOR_COLUMNS, self.guarantors),
        }

    def write(self, folder: Path) -> Path:
        """Write the feed into a folder."""
        return write_feed(folder, self.as_of, self.files())

    def zip_to(self, path: Path, inside: str = "") -> Path:
        """Write the feed as a .zip, its files in the folder `inside` if one is named."""
        files = self.files()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in {**files, "manifest.json": manifest(self.as_of, files)}.items():
                archive.writestr(f"{inside}/{name}" if inside else name, content)
        return path


def customer(number: str, **values: str) -> dict[str, str]:
    """A customer's row; what isn't given is believable or empty."""
    row = dict.fromkeys(CUSTOMER_COLUMNS, "") | {
        "customer_no": number, "first_name": "مریم", "last_name": "نمونه", "mobile": "09120000000",
        "address": "تهران، خیابان نمونه",
    }  # fmt: skip
    return row | values


def facility(loan: str, customer_no: str, **values: str) -> dict[str, str]:
    """A facility's row; what isn't given is believable."""
    row = {
        "loan_no": loan, "customer_no": customer_no, "branch_code": "6140", "loan_type_code": "307",
        "deposit_type_code": "", "loan_date": "1403/02/01", "amount": "500000000", "overdue_days": "30",
        "overdue_installments": "1", "overdue_amount": "12000000",
    }  # fmt: skip
    return row | values


def pair(loan: str, customer_no: str) -> dict[str, str]:
    """A guarantor's row."""
    return {"loan_no": loan, "customer_no": customer_no}


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Rows as a CSV file with a header."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return out.getvalue().encode()


def manifest(as_of: date, files: Mapping[str, bytes], changes: Mapping[str, object] | None = None) -> bytes:
    """The manifest of these files, its figures worked out by a plain reading; `changes` replace its fields."""
    return json.dumps(control(as_of, files) | dict(changes or {})).encode()


def control(as_of: date, files: Mapping[str, bytes]) -> dict[str, object]:
    """The right control figures of some files."""
    return {
        "format": 1,
        "as_of": as_of.isoformat(),
        "files": {
            name: {"rows": max(count_rows(content), 0), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
        },
        "overdue_amount": owed(files.get("facilities.csv", b"")),
    }


def count_rows(content: bytes) -> int:
    """Data records without the header and empty lines."""
    return sum(1 for record in _records(content) if record) - 1


def owed(content: bytes) -> int:
    """The sum of overdue amounts over all rows, unreadable ones as 0."""
    records = (record for record in _records(content) if record)
    header = [title.strip() for title in next(records, [])]
    if "overdue_amount" not in header:
        return 0
    place = header.index("overdue_amount")
    return sum(_amount(record[place]) for record in records if len(record) == len(header))


def _records(content: bytes) -> Iterator[list[str]]:
    text = io.StringIO(content.decode("utf-8-sig", errors="replace"), newline="")
    try:
        yield from csv.reader(text)
    except csv.Error:
        # What can't be read has no right figures; a broken feed gets those of the part before.
        return


_DIGITS = {0x06F0 + one: str(one) for one in range(10)} | {0x0660 + one: str(one) for one in range(10)}


def _amount(value: str) -> int:
    whole, _, fraction = value.strip().translate(_DIGITS).partition(".")
    plain = whole.isascii() and whole.isdigit() and not fraction.strip("0")
    return int(whole) if plain and not value.strip().endswith(".") else 0


def write_feed(
    folder: Path, as_of: date, files: Mapping[str, bytes], changes: Mapping[str, object] | None = None
) -> Path:
    """Write files and their manifest into a folder; `changes` replace the manifest's fields."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "manifest.json").write_bytes(manifest(as_of, files, changes))
    return folder


class BigBank:
    """A large made-up bank for benches: the same for the same seed, written straight to files, a row at a time.

    `day` 0 is the first feed; each later one differs from the one before by days + 1, 5 % of customers and
    facilities changed otherwise, and 2 % of facilities cured (up to day 15).
    """

    BRANCHES = tuple(str(6000 + number) for number in range(40))
    LOAN_TYPES = ("307", "308", "309", "310")
    FIRST = ("علی", "رضا", "مریم", "زهرا", "حسین", "فاطمه", "امیر", "سارا", "محمد", "نرگس")
    LAST = ("احمدی", "رضایی", "کریمی", "حسینی", "موسوی", "جعفری", "صادقی", "رحیمی", "قاسمی", "نوری")
    STREETS = ("آزادی", "ولیعصر", "شریعتی", "انقلاب", "بهشتی", "مطهری", "کارگر", "فردوسی")

    def __init__(self, customers: int, facilities: int, guarantors: int, seed: int = 1) -> None:
        self.customers = customers
        self.facilities = facilities
        self.guarantors = guarantors
        self.seed = seed

    def write(self, folder: Path, as_of: date, day: int = 0) -> Path:
        """Write the feed of a day into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        figures: dict[str, object] = {}
        total = 0
        for name, columns, rows in (
            ("customers.csv", CUSTOMER_COLUMNS, self._customers(day)),
            ("facilities.csv", FACILITY_COLUMNS, self._facilities(day)),
            ("guarantors.csv", GUARANTOR_COLUMNS, self._guarantors(day)),
        ):
            digest, count = hashlib.sha256(), 0
            with (folder / name).open("wb") as stream:
                for line in self._lines(columns, rows):
                    digest.update(line)
                    stream.write(line)
                    count += 1
            figures[name] = {"rows": count - 1, "sha256": digest.hexdigest()}
        for row in self._facilities(day):
            total += int(row[-1])
        (folder / "manifest.json").write_text(
            json.dumps({"format": 1, "as_of": as_of.isoformat(), "files": figures, "overdue_amount": total}),
            encoding="utf-8",
        )
        return folder

    @staticmethod
    def _lines(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
        yield (",".join(columns) + "\n").encode()
        for row in rows:
            yield (",".join(row) + "\n").encode()

    def _customers(self, day: int) -> Iterator[Sequence[str]]:
        pick = random.Random(self.seed)
        for number in range(self.customers):
            street = pick.choice(self.STREETS)
            changed = [step for step in range(1, day + 1) if number % 20 == step % 20]
            if changed:
                street = f"{street} {changed[-1]}"
            yield (
                str(1_000_000 + number), pick.choice(self.FIRST), pick.choice(self.LAST), pick.choice(self.FIRST),
                national_id(100_000_000 + number), str(pick.randrange(1, 99_999)), pick.choice("MF"),
                f"09{100_000_000 + pick.randrange(800_000_000)}", f"021{pick.randrange(10**7, 10**8)}", "", "",
                f"تهران خیابان {street} کوچه {number % 90} پلاک {number % 300}",
            )  # fmt: skip

    def _facilities(self, day: int) -> Iterator[Sequence[str]]:
        pick = random.Random(self.seed + 1)
        opened = date(2020, 3, 20)
        for number in range(self.facilities):
            branch, kind = pick.choice(self.BRANCHES), pick.choice(self.LOAN_TYPES)
            amount, days = pick.randrange(50, 5_000) * 1_000_000, pick.randrange(1, 400)
            dated = opened + timedelta(days=pick.randrange(1_500))
            owes = amount // pick.randrange(5, 60)
            if self._cured(number, day):
                continue
            owes += 1_000_000 * sum(1 for step in range(1, day + 1) if number % 20 == (step + 4) % 20)
            yield (
                self._loan(number), str(1_000_000 + number % self.customers), branch, kind, "",
                dated.isoformat(), str(amount), str(days + day), str(days // 30 + 1), str(owes),
            )  # fmt: skip

    def _guarantors(self, day: int) -> Iterator[Sequence[str]]:
        pick = random.Random(self.seed + 2)
        for number in range(self.guarantors):
            loan = number % self.facilities
            other = (loan + 1 + pick.randrange(self.customers - 1)) % self.customers
            if not self._cured(loan, day):
                yield self._loan(loan), str(1_000_000 + other)

    @staticmethod
    def _cured(number: int, day: int) -> bool:
        return any(number % 50 == 11 + step for step in range(1, day + 1))

    @staticmethod
    def _loan(number: int) -> str:
        return f"{8000 + number % 2000}-307-{1_400_000 + number}-1"


def national_id(number: int) -> str:
    """Ten digits with the right check digit, made of a number of nine digits."""
    nine = f"{number:09}"
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
    return nine + str(rest if rest < 2 else 11 - rest)
