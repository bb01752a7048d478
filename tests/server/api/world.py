"""A served bank for tests of the API: a feed taken in, a day planned, a user of each seeded group."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient

from tests.worlds import CHEAP, PASSWORD, Feed, add_bank, add_user, customer, facility, guarantor
from vesal_server.app import build
from vesal_server.audit.service import SYSTEM
from vesal_server.intake import service as intake
from vesal_server.kit.clock import FixedClock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets
from vesal_server.planning import service as planning
from vesal_server.workflows import service as workflows
from vesal_server.workflows.files import WorkflowFile
from vesal_server.workflows.model import NotificationWorkflow
from vesal_shared.pages import (
    BRANCH_MANAGERS,
    COLLECTORS,
    LEGAL_ADMINS,
    ORDINARY_USERS,
    PROVINCE_ADMINS,
)

TODAY = date(2026, 11, 24)
BRANCHES = ("6140", "6141", "3101", "3102")
#: Facilities of each branch in the feed.
EACH = 12

#: Username → group, branch, province.
USERS: dict[str, tuple[str, str | None, str | None]] = {
    "bank": (LEGAL_ADMINS, None, None),
    "province": (PROVINCE_ADMINS, None, "96"),
    "manager": (BRANCH_MANAGERS, "6140", None),
    "expert": (COLLECTORS, "6140", None),
    "clerk": (ORDINARY_USERS, "6140", None),
    "elsewhere": (BRANCH_MANAGERS, "3101", None),
}

_NAMES = ("آرش", "بهرام", "پروین", "تارا", "جواد", "چیستا", "زهرا", "ژاله", "کامران", "گلناز", "مریم", "یلدا")


@dataclass
class World:
    """A client of the service, and what stands behind it."""

    client: TestClient[Litestar]
    database: Database
    clock: FixedClock
    tokens: dict[str, str] = field(default_factory=dict)

    def log_in(self, username: str, password: str = PASSWORD) -> Any:
        """The answer to a log-in."""
        return self.client.post(
            "/api/v1/session", json={"username": username, "password": password, "machine": "test"}
        )

    def token(self, username: str) -> str:
        """A token of the user, the same each time."""
        if username not in self.tokens:
            answer = self.log_in(username)
            assert answer.status_code == 201, answer.text
            self.tokens[username] = answer.json()["token"]
        return self.tokens[username]

    def headers(self, username: str) -> dict[str, str]:
        """The headers of a signed-in user."""
        return {"Authorization": f"Bearer {self.token(username)}"}

    def get(self, username: str, path: str, **params: Any) -> Any:
        """Ask as a user."""
        return self.client.get(f"/api/v1{path}", params=params, headers=self.headers(username))

    def post(self, username: str, path: str, body: Any) -> Any:
        """Send JSON as a user."""
        return self.client.post(f"/api/v1{path}", json=body, headers=self.headers(username))

    def items(self, username: str, path: str, **params: Any) -> list[dict[str, Any]]:
        """The items of a list, all of them on one page."""
        answer = self.get(username, path, **{"size": 500, **params})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def upload(self, username: str, content: bytes, **params: Any) -> Any:
        """Upload a feed as a user."""
        return self.client.post(
            "/api/v1/data-reception",
            params=params,
            files={"file": ("feed.zip", io.BytesIO(content), "application/zip")},
            headers=self.headers(username),
        )


def feed(as_of: date = TODAY, each: int = EACH) -> Feed:
    """`each` facilities a branch: days, amounts, instalments and names that differ and repeat; some guarantors."""
    customers, facilities, guarantors = [], [], []
    number = 1000
    for place, branch in enumerate(BRANCHES):
        for index in range(each):
            number += 1
            loan = f"{branch}-307-{number}-1"
            customers.append(
                customer(number, first_name=_NAMES[index % len(_NAMES)], last_name=f"نمونه {number % 7}")
            )
            facilities.append(
                facility(
                    loan,
                    number,
                    branch_code=branch,
                    loan_type_code=("307", "308")[index % 2],
                    overdue_days=(3 + index * 11) % 70 + place,
                    overdue_installments=index % 4 + 1,
                    overdue_amount=5_000_000 * (index % 5 + 1),
                    loan_date="" if index == 3 else "1403/02/15",
                    amount="" if index == 4 else 100_000_000 + index % 3,
                )
            )
            if index % 4 == 0:
                guarantors.append(guarantor(loan, number + 1 if index + 1 < each else number - 1))
    return Feed(as_of, customers, facilities, guarantors)


def workflow() -> NotificationWorkflow:
    """Everybody gets an SMS and a warning, guarantors too."""
    return NotificationWorkflow(
        title="اخطار نخست",
        loan_types=("307", "308"),
        days_from=1,
        days_to=100,
        min_amount=0,
        branches=None,
        enabled=True,
        channels=("sms", "warning"),
        recipients=("borrower", "guarantor"),
        per_day=1,
        start=time(9),
        templates=(),
    )


def fill(database: Database, clock: FixedClock, secrets: Secrets, folder: Path) -> None:
    """Catalogues, users, one feed, one planned day with its letters."""
    with database.transaction() as connection:
        add_bank(connection)
        for name, (group, branch, province) in USERS.items():
            add_user(
                connection, name, group, at=clock.now(), branch_code=branch, province_code=province,
                first_name="نگار", last_name=f"صبوری {name}",
            )  # fmt: skip
    taken = intake.take(database, clock, intake.Offer(feed().folder(folder / "feed")), tidy=False)
    assert taken.status == "taken", taken.reason
    with database.transaction() as connection:
        planning.begin_change(connection)
        saved = workflows.import_file(connection, WorkflowFile((workflow(),)), SYSTEM, now=clock.now())
        planning.workflows_changed(connection, saved.changed_ids, now=clock.now(), secrets=secrets)
        planning.plan(connection, TODAY, now=clock.now(), secrets=secrets)


@contextmanager
def served(config: Config, database: Database, clock: FixedClock, secrets: Secrets) -> Iterator[World]:
    """The application over a database, with a client to it."""
    app = build(config, database, secrets, clock, hasher=CHEAP)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield World(client, database, clock)
