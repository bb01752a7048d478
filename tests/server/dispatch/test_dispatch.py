"""Dispatch against the outbox and a fake Kavenegar: once each, whatever happens on the way."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.faults import scene
from tests.faults.gateway.ledger import read_log
from vesal_server.dispatch import service
from vesal_server.dispatch.workers import Sent
from vesal_server.kit.clock import FixedClock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets
from vesal_shared import problems
from vesal_shared.problems import Refusal

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
DAY = NOW.date()


@pytest.fixture
def gateway(fresh_database: Database, secrets: Secrets, tmp_path: Path) -> Iterator[scene.FakeGateway]:
    with scene.fake_gateway(tmp_path) as running:
        scene.point_at(fresh_database, running.url)
        scene.set_key(fresh_database, secrets)
        yield running


def send(database: Database, config: Config, secrets: Secrets, at: datetime = NOW) -> Sent:
    return service.send_once(database, config, secrets, FixedClock(at))


def test_the_outbox_gets_each_message_once(
    fresh_database: Database, config: Config, secrets: Secrets
) -> None:
    scene.fill(fresh_database, 1200, day=DAY, due=NOW)
    scene.fill(fresh_database, 3, day=DAY, due=NOW, channel="call")
    assert send(fresh_database, config, secrets) == Sent(1203, 0, 0, 0, 0)
    assert send(fresh_database, config, secrets) == Sent(0, 0, 0, 0, 0)
    lines = [json.loads(line) for line in config.outbox_file.read_text(encoding="utf-8").splitlines()]
    assert len({line["client_reference"] for line in lines}) == len(lines) == 1203
    assert {line["channel"] for line in lines} == {"sms", "call"}
    assert all(("audio" in line) == (line["channel"] == "call") for line in lines)
    assert all(line["to"] and line["time"] for line in lines)


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        (datetime(2026, 11, 24, 4, 29, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 24, 4, 30, tzinfo=UTC), 5),
        (datetime(2026, 11, 24, 16, 29, 59, tzinfo=UTC), 5),
        (datetime(2026, 11, 24, 16, 30, tzinfo=UTC), 0),
    ],
)
def test_nothing_leaves_outside_the_window(
    at: datetime, sent: int, fresh_database: Database, config: Config, secrets: Secrets
) -> None:
    scene.fill(fresh_database, 5, day=DAY, due=NOW - timedelta(hours=6))
    assert send(fresh_database, config, secrets, at).sent == sent


def test_what_is_not_due_waits(fresh_database: Database, config: Config, secrets: Secrets) -> None:
    scene.fill(fresh_database, 4, day=DAY, due=NOW + timedelta(minutes=1))
    assert send(fresh_database, config, secrets).sent == 0
    assert send(fresh_database, config, secrets, NOW + timedelta(minutes=1)).sent == 4


def test_what_was_not_sent_by_the_end_of_its_day_expires(
    fresh_database: Database, config: Config, secrets: Secrets
) -> None:
    scene.fill(fresh_database, 7, day=DAY, due=NOW)
    assert send(fresh_database, config, secrets, NOW + timedelta(days=1)) == Sent(0, 0, 0, 0, 7)
    assert scene.statuses(fresh_database) == {"expired": 7}


def test_a_gateway_accepts_and_reports(
    fresh_database: Database, config: Config, secrets: Secrets, gateway: scene.FakeGateway
) -> None:
    scene.fill(fresh_database, 450, day=DAY, due=NOW)
    assert send(fresh_database, config, secrets) == Sent(450, 0, 0, 0, 0)
    assert set(read_log(gateway.log).values()) == {1}
    later = FixedClock(NOW + timedelta(minutes=2))
    with service.opened(fresh_database, config, secrets, later) as dispatch:
        assert dispatch.collect_reports() == 450
        assert dispatch.collect_reports() == 0
    # The fake gateway loses what goes to numbers that end in 7.
    assert scene.statuses(fresh_database) == {"delivered": 405, "undelivered": 45}


def test_one_bad_number_fails_alone(
    fresh_database: Database, config: Config, secrets: Secrets, gateway: scene.FakeGateway
) -> None:
    scene.fill(fresh_database, 300, day=DAY, due=NOW)
    with fresh_database.transaction() as connection:
        connection.execute(text("UPDATE notification SET address = '021' WHERE facility_id IN (17, 250)"))
    assert send(fresh_database, config, secrets) == Sent(298, 2, 0, 0, 0)
    with fresh_database.transaction() as connection:
        codes = connection.execute(
            text("SELECT error_code, error_text FROM notification WHERE status = 'failed'")
        ).all()
    assert {code for code, _ in codes} == {"411"}


def test_a_lying_network_loses_and_repeats_nothing(
    fresh_database: Database, config: Config, secrets: Secrets, gateway: scene.FakeGateway
) -> None:
    gateway.control(
        drop_after=0.2, error_after=0.15, accept_late=0.1, cut_body=0.1, drop_before=0.1, late_s=1.2
    )
    scene.fill(fresh_database, 2000, day=DAY, due=NOW)
    done = send(fresh_database, config, secrets)
    at = NOW
    while done.retry:
        at += timedelta(minutes=10)
        done = send(fresh_database, config, secrets, at)
    assert scene.statuses(fresh_database) == {"sent": 2000}
    counts = read_log(gateway.log)
    assert len(counts) == 2000
    assert set(counts.values()) == {1}


def test_no_credit_stops_the_channel_and_nothing_fails(
    fresh_database: Database, config: Config, secrets: Secrets, gateway: scene.FakeGateway
) -> None:
    gateway.control(no_credit=True)
    scene.fill(fresh_database, 3000, day=DAY, due=NOW)
    scene.fill(fresh_database, 10, day=DAY, due=NOW, channel="email")
    first = send(fresh_database, config, secrets)
    assert (first.sent, first.failed, first.unknown) == (10, 0, 0)
    # At most one batch a worker was tried after the stop.
    assert gateway.calls() <= 5
    assert scene.statuses(fresh_database) == {"planned": 3000, "sent": 10}
    with fresh_database.transaction() as connection:
        alerts = connection.execute(
            text("SELECT kind, key, title FROM alert WHERE resolved_at IS NULL")
        ).all()
    assert [(row.kind, row.key) for row in alerts] == [("channel_stopped", "sms")]
    assert "پیامک" in alerts[0].title
    gateway.control(no_credit=False)
    assert send(fresh_database, config, secrets).sent == 3000
    with fresh_database.transaction() as connection:
        assert connection.execute(text("SELECT count(*) FROM alert WHERE resolved_at IS NULL")).scalar() == 0


def test_a_bad_key_is_mended_by_a_good_one(
    fresh_database: Database, config: Config, secrets: Secrets, gateway: scene.FakeGateway
) -> None:
    scene.set_key(fresh_database, secrets, "wrong")
    scene.fill(fresh_database, 20, day=DAY, due=NOW)
    first = send(fresh_database, config, secrets)
    assert (first.sent, first.failed) == (0, 0)
    assert first.retry > 0
    scene.set_key(fresh_database, secrets)
    assert send(fresh_database, config, secrets).sent == 20


def test_a_busy_gateway_is_tried_again_with_growing_pauses(
    fresh_database: Database, config: Config, secrets: Secrets, gateway: scene.FakeGateway
) -> None:
    gateway.control(rate_limit=1.0)
    scene.fill(fresh_database, 5, day=DAY, due=NOW)
    pauses, at = [], NOW
    for _ in range(4):
        assert send(fresh_database, config, secrets, at).retry == 5
        with fresh_database.transaction() as connection:
            next_at = connection.execute(text("SELECT min(next_at) FROM notification")).scalar_one()
        pauses.append((next_at - at).total_seconds())
        at = next_at
    assert pauses == [30, 60, 120, 240]
    gateway.control(rate_limit=0.0)
    assert send(fresh_database, config, secrets, at).sent == 5


def test_a_message_too_long_for_the_gateway_fails_alone(
    fresh_database: Database, config: Config, secrets: Secrets, gateway: scene.FakeGateway
) -> None:
    scene.fill(fresh_database, 3, day=DAY, due=NOW)
    with fresh_database.transaction() as connection:
        connection.execute(text("UPDATE notification SET text = repeat('آ', 901) WHERE facility_id = 2"))
    assert send(fresh_database, config, secrets) == Sent(2, 1, 0, 0, 0)


def test_a_time_out_longer_than_the_lease_is_refused(
    fresh_database: Database, config: Config, secrets: Secrets, gateway: scene.FakeGateway
) -> None:
    scene.point_at(fresh_database, gateway.url, lease_s=2, timeout_s=2)
    with pytest.raises(Refusal) as refused:
        send(fresh_database, config, secrets)
    assert refused.value.problem is problems.LEASE_TOO_SHORT
