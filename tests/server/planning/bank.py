"""A small bank written straight into the tables: what planning reads, without an intake."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, insert, text, update

from tests.worlds import add_branch, add_loan_type, add_province
from vesal_server.audit.service import SYSTEM
from vesal_server.kit.clock import tehran_instant
from vesal_server.kit.secrets import Secrets
from vesal_server.planning import service
from vesal_server.planning.service import Planned, Replanned
from vesal_server.tables.catalogs import holiday
from vesal_server.tables.followups import hold, person_flag, promise
from vesal_server.tables.loans import customer, episode, facility, guarantor
from vesal_server.workflows import service as workflows
from vesal_server.workflows.files import WorkflowFile
from vesal_server.workflows.model import NotificationWorkflow, Template

#: A Tuesday; the next Friday is 2026-11-27.
TODAY = date(2026, 11, 24)
NOW = tehran_instant(TODAY, time(6))


class PlanBank:
    """One connection's bank and the few verbs that tests need."""

    def __init__(self, connection: Connection, secrets: Secrets, *, as_of: date = TODAY) -> None:
        self.connection = connection
        self.secrets = secrets
        self.now = NOW
        for code in ("96", "31"):
            add_province(connection, code)
        add_branch(
            connection, "6140", "96", "میدان نمونه", address="تهران، میدان نمونه، پلاک ۱۴", phone="021-1405"
        )
        add_branch(connection, "3101", "31", "چهارباغ")
        for code in ("307", "308"):
            add_loan_type(connection, code)
        # The seeded holidays would rest where a test does not expect it.
        connection.execute(text("DELETE FROM holiday"))
        self.feed(as_of)

    def feed(self, as_of: date) -> None:
        """Say that the picture that holds is of this day."""
        self.connection.execute(
            text(
                "INSERT INTO feed_state (id, as_of) VALUES (1, :as_of) "
                "ON CONFLICT (id) DO UPDATE SET as_of = excluded.as_of"
            ),
            {"as_of": as_of},
        )

    def customer(self, number: str, *, person: int | None = None, **values: Any) -> int:
        row: dict[str, Any] = {
            "customer_no": number,
            "person_id": 0,
            "first_name": "رضا",
            "last_name": f"نمونه{'' if number == '1' else 'پور'}",
            "gender": "M",
            "mobile": f"0912{int(number):07}",
            "mobile_ok": True,
            "email": f"c{number}@example.ir",
            "email_ok": True,
            "address": "تهران، خیابان سوم، پلاک ۲۷",
        } | values
        made = int(
            self.connection.execute(insert(customer).values(**row).returning(customer.c.id)).scalar_one()
        )
        self.connection.execute(
            update(customer).where(customer.c.id == made).values(person_id=made if person is None else person)
        )
        return made

    def facility(
        self,
        loan_no: str,
        customer_id: int,
        *,
        days: int = 20,
        amount: int = 5_000_000,
        branch: str = "6140",
        loan_type: str = "307",
        as_of: date = TODAY,
        installments: int | None = 2,
        is_open: bool = True,
    ) -> int:
        row = {
            "loan_no": loan_no,
            "customer_id": customer_id,
            "branch_code": branch,
            "loan_type_code": loan_type,
            "overdue_since": as_of - timedelta(days=days) if days else None,
            "overdue_installments": installments,
            "overdue_amount": amount,
            "customer_no": "",
        }
        made = int(
            self.connection.execute(insert(facility).values(**row).returning(facility.c.id)).scalar_one()
        )
        if is_open:
            self.open_episode(made, as_of)
        return made

    def open_episode(self, facility_id: int, on: date = TODAY) -> int:
        made = int(
            self.connection.execute(
                insert(episode).values(facility_id=facility_id, opened_on=on).returning(episode.c.id)
            ).scalar_one()
        )
        self.connection.execute(update(facility).where(facility.c.id == facility_id).values(episode_id=made))
        return made

    def close_episode(self, facility_id: int, on: date = TODAY) -> int:
        made = int(
            self.connection.execute(
                text("SELECT episode_id FROM facility WHERE id = :id"), {"id": facility_id}
            ).scalar_one()
        )
        self.connection.execute(
            update(episode).where(episode.c.id == made).values(closed_on=on, close_reason="cured")
        )
        self.connection.execute(update(facility).where(facility.c.id == facility_id).values(episode_id=None))
        return made

    def reopen_episode(self, facility_id: int, episode_id: int) -> None:
        self.connection.execute(
            update(episode).where(episode.c.id == episode_id).values(closed_on=None, close_reason=None)
        )
        self.connection.execute(
            update(facility).where(facility.c.id == facility_id).values(episode_id=episode_id)
        )

    def change(self, facility_id: int, **values: Any) -> None:
        self.connection.execute(update(facility).where(facility.c.id == facility_id).values(**values))

    def guarantor(self, facility_id: int, customer_id: int, *, ended_on: date | None = None) -> None:
        self.connection.execute(
            insert(guarantor).values(
                facility_id=facility_id, customer_id=customer_id, since=TODAY, ended_on=ended_on
            )
        )

    def hold(self, facility_id: int, since: date, until: date, *, lifted: bool = False) -> None:
        self.connection.execute(
            insert(hold).values(
                facility_id=facility_id,
                kind="dispute",
                since=since,
                until=until,
                created_at=self.now,
                lifted_at=self.now if lifted else None,
            )
        )

    def flag(self, person_id: int, **values: Any) -> None:
        self.connection.execute(
            insert(person_flag).values(person_id=person_id, updated_at=self.now, **values)
        )

    def promise(self, facility_id: int, person_id: int, *, status: str = "open") -> None:
        found = self.connection.execute(
            text("SELECT episode_id, branch_code FROM facility WHERE id = :id"), {"id": facility_id}
        ).one()
        self.connection.execute(
            insert(promise).values(
                facility_id=facility_id,
                episode_id=found.episode_id,
                person_id=person_id,
                branch_code=found.branch_code,
                date=TODAY,
                given_at=self.now,
                given_on=TODAY,
                given_overdue_days=1,
                given_overdue_amount=1,
                status=status,
            )
        )

    def holiday(self, day: date, province: str | None = None, *, no_messages: bool = False) -> None:
        self.connection.execute(
            insert(holiday).values(date=day, title="تعطیل", province_code=province, no_messages=no_messages)
        )

    def setting(self, key: str, value: Any) -> None:
        self.connection.execute(
            text(
                "INSERT INTO setting (key, value, updated_at) VALUES (:key, CAST(:value AS jsonb), :at) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
            ),
            {"key": key, "value": value, "at": self.now},
        )

    def workflow(self, title: str = "گردش کار", **values: Any) -> Replanned:
        """Import a workflow (in place of the one of that title), as the command does."""
        return self.workflows(notification(title, **values))

    def workflows(self, *made: NotificationWorkflow) -> Replanned:
        service.begin_change(self.connection)
        saved = workflows.import_file(self.connection, WorkflowFile(made), SYSTEM, now=self.now)
        return service.workflows_changed(
            self.connection, saved.changed_ids, now=self.now, secrets=self.secrets
        )

    def plan(self, day: date = TODAY, *, now: datetime | None = None) -> Planned:
        return service.plan(self.connection, day, now=now or self.now, secrets=self.secrets)

    def messages(self, day: date = TODAY) -> list[Any]:
        """A day's messages in a stable order."""
        return list(
            self.connection.execute(
                text(
                    "SELECT n.*, f.loan_no, c.customer_no FROM notification AS n JOIN facility AS f ON f.id = "
                    "n.facility_id JOIN customer AS c ON c.id = n.customer_id WHERE n.day = :day "
                    "ORDER BY f.loan_no, n.channel, n.role, c.customer_no, n.repeat"
                ),
                {"day": day},
            )
        )

    def letters(self) -> list[Any]:
        """All letters in a stable order."""
        return list(
            self.connection.execute(
                text(
                    "SELECT l.*, f.loan_no, c.customer_no FROM letter AS l JOIN facility AS f ON f.id = "
                    "l.facility_id JOIN customer AS c ON c.id = l.customer_id "
                    "ORDER BY f.loan_no, l.channel, l.role, c.customer_no"
                )
            )
        )

    def statuses(self, day: date = TODAY) -> list[tuple[str, str | None]]:
        return [(row.status, row.reason) for row in self.messages(day)]


def notification(title: str = "گردش کار", **values: Any) -> NotificationWorkflow:
    """A workflow for loan type 307, days 1 to 60, an SMS to the borrower at 9, unless `values` say otherwise."""
    fields: dict[str, Any] = {
        "title": title,
        "loan_types": ("307",),
        "days_from": 1,
        "days_to": 60,
        "min_amount": 0,
        "branches": None,
        "enabled": True,
        "channels": ("sms",),
        "recipients": ("borrower",),
        "per_day": 1,
        "start": time(9),
        "templates": (),
    }
    return NotificationWorkflow(**(fields | values))


def sms(*parts: Any, recipient: str = "borrower") -> Sequence[Template]:
    """A template for text messages."""
    return (Template("sms", recipient, tuple(parts)),)
