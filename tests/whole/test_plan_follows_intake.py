"""From feed to plan and back by the commands alone: cure, correction, part payment, another borrower, new branch."""

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.server.planning.bank import notification
from tests.worlds import Feed, add_bank, customer, facility, guarantor
from vesal_server.cli.main import main
from vesal_server.kit.clock import SystemClock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.workflows import files

TODAY = SystemClock().today()
#: Planned for tomorrow, so that no window ends while the test runs.
DAY = TODAY + timedelta(days=1)

#: Loan, channel, role and customer number, with the workflow where it isn't the first; to status and reason.
Lines = dict[tuple[str, ...], tuple[str, str]]


class Night:
    """One bank, its feeds and its plans, by commands."""

    def __init__(
        self, database: Database, config: Config, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._folder = folder
        self._capsys = capsys
        self._options = [
            "--json", "--database-url", database.url.render_as_string(hide_password=False), "--data-dir",
            str(config.data_dir),
        ]  # fmt: skip
        with database.transaction() as connection:
            add_bank(connection)
            connection.execute(text("DELETE FROM holiday"))
            connection.execute(
                text(
                    "INSERT INTO setting (key, value, updated_at) VALUES ('planning.rest_days', '[]', now())"
                )
            )
        files.write(
            [
                notification(
                    "یک", channels=("sms", "warning"), recipients=("borrower", "guarantor"), days_to=60
                ),
                notification("دو", days_from=61, days_to=90, loan_types=("307",)),
            ],
            folder / "w.yaml",
        )
        self("workflow", "import", folder / "w.yaml")

    def __call__(self, *words: object) -> Any:
        status = main([*map(str, words), *self._options])
        out, err = self._capsys.readouterr()
        assert status == 0, err
        return json.loads(out)

    def take(self, facilities: list[dict[str, object]], pairs: list[tuple[str, int]]) -> Any:
        people = [customer(number) for number in range(1, 7)]
        feed = Feed(TODAY, people, facilities, [guarantor(*pair) for pair in pairs])
        return self("intake", feed.folder(self._folder / "feed"), "--force")

    def plan(self) -> Lines:
        listing = self._folder / "plan.csv"
        self("plan", "--on", DAY.isoformat(), "--csv", listing)
        with listing.open(encoding="utf-8", newline="") as file:
            return {self._key(row): (row["status"], row["reason"]) for row in csv.DictReader(file)}

    @staticmethod
    def _key(row: dict[str, str]) -> tuple[str, ...]:
        key = (row["loan_no"], row["channel"], row["recipient"], row["person_customer_no"])
        return key if row["workflow"] == "یک" else (*key, row["workflow"])


PLANNED = ("planned", "")
CURED = ("cancelled", "cured")
GONE = ("cancelled", "no_longer_applies")


@pytest.fixture
def night(
    fresh_database: Database, config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Night:
    return Night(fresh_database, config, tmp_path, capsys)


def test_a_facility_that_leaves_and_comes_back_by_corrections(night: Night) -> None:
    both = [facility("1-1", 1), facility("1-2", 2)]
    night.take(both, [("1-1", 3)])
    first = night.plan()
    assert first == {
        (loan, channel, role, person): PLANNED
        for loan, role, person in (
            ("1-1", "borrower", "1"),
            ("1-1", "guarantor", "3"),
            ("1-2", "borrower", "2"),
        )
        for channel in ("sms", "warning")
    }
    # The first feed was wrong to have it: «اشتباه فید», counted as no cure, but its rows carry `cured`.
    assert night.take(both[1:], [])["cured"] == 0
    cured = night.plan()
    assert {key for key, end in cured.items() if end == CURED} == {key for key in first if key[0] == "1-1"}
    assert cured.keys() == first.keys()
    # Corrected once more: the same episode goes on, its letters are no longer void.
    night.take(both, [("1-1", 3)])
    assert night.plan() == first


def test_what_the_new_figures_no_longer_justify(night: Night) -> None:
    night.take([facility("1-1", 1), facility("1-2", 2), facility("1-3", 4)], [("1-3", 5)])
    night.plan()
    night.take(
        [
            # One rung up; another borrower; the guarantor is none any more.
            facility("1-1", 1, overdue_days=70),
            facility("1-2", 6),
            facility("1-3", 4),
        ],
        [],
    )
    planned = night.plan()
    assert {key: end for key, end in planned.items() if key[1] == "sms"} == {
        ("1-1", "sms", "borrower", "1"): GONE,
        ("1-1", "sms", "borrower", "1", "دو"): PLANNED,
        ("1-2", "sms", "borrower", "2"): GONE,
        ("1-2", "sms", "borrower", "6"): PLANNED,
        ("1-3", "sms", "borrower", "4"): PLANNED,
        ("1-3", "sms", "guarantor", "5"): GONE,
    }
    # Issued letters stay, and the new borrower gets their own.
    assert {key[3] for key, end in planned.items() if key[1] == "warning" and end == PLANNED} == {
        "1", "2", "4", "5", "6",
    }  # fmt: skip


def test_the_same_feed_again_plans_nothing_new(night: Night) -> None:
    feed = [facility("1-1", 1)]
    night.take(feed, [])
    first = night.plan()
    assert night.take(feed, [])["status"] == "unchanged"
    again = night("plan", "--on", DAY.isoformat())
    assert (again["new"], again["existing"]) == (0, len(first))
