"""Writes the generated bank: its catalogues, and the feeds of its nights."""

import csv
import hashlib
import json
import random
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from vesal_server.demo_data import life, people, words
from vesal_shared import jalali

_CUSTOMERS = (
    "customer_no", "first_name", "last_name", "father_name", "national_id", "birth_certificate_no", "gender",
    "mobile", "home_phone", "work_phone", "email", "address",
)  # fmt: skip
_FACILITIES = (
    "loan_no", "customer_no", "branch_code", "loan_type_code", "deposit_type_code", "loan_date", "amount",
    "overdue_days", "overdue_installments", "overdue_amount", "outstanding_amount", "last_payment_date",
)  # fmt: skip
_GUARANTORS = ("loan_no", "customer_no")

Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A feed as it arrives: the day, where it lies, and whether no other follows on that day."""

    day: date
    path: Path
    last_of_day: bool = True


@dataclass(frozen=True, slots=True)
class Bank:
    """What was written; catalogues by the kinds of `catalog import`, in the order in which they go in."""

    catalogs: dict[str, Path]
    feeds: list[Arrival]
    #: A branch, and a province, that a demonstration may look at.
    branch_code: str
    province_code: str


def make(folder: Path, *, customers: int, as_of: date, days: int = 1, seed: int = 1) -> Bank:
    """Write a bank of `customers` people whose last feed is that of `as_of`, with `days` feeds in all.

    Folders: `catalogs/*.csv`, and `feed/` or, for several days, `feeds/YYYY-MM-DD/`. The same arguments write
    the same bytes. With more than 30 days one night's feed has a wrong sum and comes again, one is
    corrected later, and one is missing. What stood in the folders before is replaced.
    """
    for name in ("catalogs", "feed", "feeds"):
        if (folder / name).exists():
            shutil.rmtree(folder / name)
    catalogs = _write_catalogs(folder / "catalogs", seed)
    first_day = as_of - timedelta(days=days - 1)
    borrowers = max(1, customers * 11 // 20)
    loans = [
        life.loan(seed, number, borrowers, customers, first_day, days)
        for number in range(borrowers + borrowers // 10)
    ]
    crowd = [people.person(seed, number, *_home(number, borrowers)) for number in range(customers)]
    writer = _Writer(folder, crowd, loans, first_day, days, seed)
    return Bank(catalogs, writer.write(), life.branch_code_of("96", 0), "96")


def _home(number: int, borrowers: int) -> tuple[str, str]:
    province = words.PROVINCES[number % borrowers % len(words.PROVINCES)]
    return province[2], province[3]


def heads(*, seed: int) -> list[dict[str, str]]:
    """Who signs each branch's letters, and its telephone and postal code."""
    return [
        people.head(seed, life.branch_code_of(code, place), area)
        for code, _, _, area, titles in words.PROVINCES
        for place in range(len(titles))
    ]


def _write_catalogs(folder: Path, seed: int) -> dict[str, Path]:
    folder.mkdir(parents=True)
    dice = random.Random(f"{seed}:branches")
    branches = [
        {
            "code": life.branch_code_of(code, place),
            "title": title,
            "province_code": code,
            "address": people.address(dice, city),
            "ip": "",
        }
        for code, _, city, _, titles in words.PROVINCES
        for place, title in enumerate(titles)
    ]
    kinds: dict[str, tuple[Sequence[str], Rows]] = {
        "provinces": (("code", "title"), [{"code": row[0], "title": row[1]} for row in words.PROVINCES]),
        "branches": (("code", "title", "province_code", "address", "ip"), branches),
        "loan-types": (
            ("code", "title"),
            [{"code": code, "title": title} for code, title in words.LOAN_TYPES],
        ),
        "deposit-types": (
            ("code", "title"),
            [{"code": code, "title": title} for code, title in words.DEPOSIT_TYPES],
        ),
    }
    files = {}
    for kind, (columns, rows) in kinds.items():
        files[kind] = folder / f"{kind}.csv"
        _write_csv(files[kind], columns, rows)
    return files


class _Writer:
    """Writes one feed after the other."""

    def __init__(
        self,
        folder: Path,
        crowd: list[dict[str, str]],
        loans: list[life.Loan],
        first_day: date,
        days: int,
        seed: int,
    ) -> None:
        self._folder = folder
        self._crowd = crowd
        self._loans = loans
        self._first_day = first_day
        self._days = days
        self._seed = seed

    def write(self) -> list[Arrival]:
        if self._days == 1:
            return [Arrival(self._first_day, self._feed(0, self._folder / "feed"))]
        eventful = self._days > 30
        feeds: list[Arrival] = []
        for day in range(self._days):
            as_of = self._first_day + timedelta(days=day)
            path = self._folder / "feeds" / as_of.isoformat()
            if eventful and day == self._days - 22:
                continue
            if eventful and day == self._days - 28:
                broken = path.with_name(f"{path.name}-1")
                feeds.append(Arrival(as_of, self._feed(day, broken, spoil=True), last_of_day=False))
            if eventful and day == self._days - 15:
                early = path.with_name(f"{path.name}-1")
                feeds.append(Arrival(as_of, self._feed(day, early, leave_out=25), last_of_day=False))
            feeds.append(Arrival(as_of, self._feed(day, path)))
        return feeds

    def _feed(self, day: int, folder: Path, *, spoil: bool = False, leave_out: int = 0) -> Path:
        """One feed: `spoil` gives it a wrong sum, `leave_out` forgets so many facilities."""
        folder.mkdir(parents=True)
        as_of = self._first_day + timedelta(days=day)
        alive = [(loan, row) for loan in self._loans if (row := loan.row(day, as_of)) is not None][leave_out:]
        facilities = [row for _, row in alive] + _odd_rows(self._seed, day, self._crowd)
        guarantors = [
            {"loan_no": loan.loan_no, "customer_no": self._crowd[number]["customer_no"]}
            for loan, _ in alive
            for number in loan.guarantors
        ]
        needed = {loan.borrower for loan, _ in alive} | {
            number for loan, _ in alive for number in loan.guarantors
        }
        files = {
            "customers.csv": (_CUSTOMERS, [self._crowd[number] for number in sorted(needed)]),
            "facilities.csv": (_FACILITIES, facilities),
            "guarantors.csv": (_GUARANTORS, guarantors),
        }
        listed = {}
        for name, (columns, rows) in files.items():
            _write_csv(folder / name, columns, rows)
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
            listed[name] = {"rows": len(rows), "sha256": digest}
        total = sum(int(row["overdue_amount"]) for row in facilities if row["overdue_amount"].isdigit())
        manifest = {
            "format": 1,
            "as_of": jalali.numeric(as_of),
            "files": listed,
            "overdue_amount": total + 1_000 if spoil else total,
        }
        (folder / "manifest.json").write_text(
            json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8", newline="\n"
        )
        return folder


def _odd_rows(seed: int, day: int, crowd: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows that every night's feed has: a branch that nobody knows, an amount that nobody can read."""
    dice = random.Random(f"{seed}:odd:{day}")
    if len(crowd) < 200:
        # In a handful of rows a single bad one would be more than a feed may hold.
        return []
    made = []
    for place, (branch, amount) in enumerate((("9999", "12000000"), ("6140", "12,500,000"))):
        row = dict.fromkeys(_FACILITIES, "")
        row |= {
            "loan_no": f"{branch}-307-13990{place}{dice.randrange(1000):03d}-9",
            "customer_no": crowd[dice.randrange(len(crowd))]["customer_no"],
            "branch_code": branch,
            "loan_type_code": "307",
            "overdue_days": "45",
            "overdue_amount": amount,
        }
        made.append(row)
    return made


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
