"""What the dispatch faults and benchmarks start from: a day full of due messages, and a gateway to send them to."""

import json
import secrets
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, text

from tests.faults.gateway.kavenegar import KEY
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets

ROOT = Path(__file__).resolve().parents[2]


def make_partition(connection: Connection, day: date) -> None:
    """The day's partition, as planning makes it."""
    connection.execute(
        text(
            f"CREATE TABLE IF NOT EXISTS notification_{day:%Y%m%d} PARTITION OF notification "
            f"FOR VALUES FROM ('{day}') TO ('{day + timedelta(days=1)}')"
        )
    )


def fill(
    database: Database, count: int, *, day: date, due: datetime, channel: str = "sms", wave: int = 0
) -> None:
    """`count` planned messages of one day, due at once, each with its own mobile and a new reference.

    Another `wave` adds to what is there.
    """
    with database.transaction() as connection:
        make_partition(connection, day)
        connection.execute(
            text(
                "INSERT INTO notification (day, facility_id, episode_id, workflow_id, channel, role, person_id, "
                "customer_id, repeat, branch_code, due_at, status, reference, address, text) "
                "SELECT :day, n, n, 1, :channel, 'borrower', n, n, :wave, '6140', :due, 'planned', "
                "('x' || substr(md5(n::text || :salt), 1, 15))::bit(60)::bigint, "
                "'09' || lpad(n::text, 9, '0'), 'یادآوری ' || n FROM generate_series(1, :count) AS n"
            ),
            {
                "day": day,
                "due": due,
                "count": count,
                "wave": wave,
                "channel": channel,
                "salt": secrets.token_hex(8),
            },
        )
    with database.autocommit() as connection:
        connection.execute(text("ANALYZE notification"))


def statuses(database: Database) -> dict[str, int]:
    """How many messages stand at each status."""
    with database.transaction() as connection:
        rows = connection.execute(text("SELECT status, count(*) AS many FROM notification GROUP BY status"))
        return {row.status: row.many for row in rows}


class FakeGateway:
    """A running fake gateway."""

    def __init__(self, url: str, log: Path, process: "subprocess.Popen[str]") -> None:
        self.url = url
        self.log = log
        self.process = process

    def control(self, **switches: object) -> None:
        """Turn switches of its faults."""
        request = urllib.request.Request(
            f"{self.url}/_control", data=json.dumps(switches).encode("utf-8"), method="POST"
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            answer.read()

    def calls(self) -> int:
        """How many calls to send it saw, refused ones included."""
        with urllib.request.urlopen(f"{self.url}/_stats", timeout=5) as answer:
            return int(json.load(answer)["entries"][0]["calls"])


@contextmanager
def fake_gateway(folder: Path, *, seed: int = 1, **faults: object) -> Iterator[FakeGateway]:
    """Start the fake gateway in a process of its own and end it afterwards."""
    log = folder / "gateway.log"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.gateway", "--log", str(log), "--seed", str(seed), "--faults",
         json.dumps(faults)],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield FakeGateway(process.stdout.readline().strip(), log, process)
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def point_at(
    database: Database, url: str, *, lease_s: int = 2, timeout_s: int = 1, quiet_s: int = 1
) -> dict[str, object]:
    """Settings that point the sms channel at the fake gateway, with the short times that the faults use."""
    values: dict[str, object] = {
        "sms.driver": "kavenegar",
        "sms.base_url": url,
        "sms.number": "1000",
        "gateways.allow_private": True,
        "dispatch.lease_s": lease_s,
        "dispatch.timeout_s": timeout_s,
        "dispatch.quiet_s": quiet_s,
    }
    with database.transaction() as connection:
        for key, value in values.items():
            connection.execute(
                text(
                    "INSERT INTO setting (key, value, updated_at) VALUES (:key, CAST(:value AS jsonb), now()) "
                    "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
                ),
                {"key": key, "value": json.dumps(value)},
            )
    return values


def set_key(database: Database, keeper: Secrets, key: str = KEY) -> None:
    """Store the gateway's key as `settings set` does."""
    with database.transaction() as connection:
        connection.execute(
            text(
                "INSERT INTO setting (key, secret, updated_at) VALUES ('sms.password', :secret, now()) "
                "ON CONFLICT (key) DO UPDATE SET secret = excluded.secret"
            ),
            {"secret": keeper.encrypt(key, "sms.password")},
        )
