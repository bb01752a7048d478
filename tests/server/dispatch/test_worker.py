"""What a worker does between claim and call: time goes by, signs are turned, gateways fall silent."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.faults import scene
from tests.faults.gateway.kavenegar import KEY
from tests.faults.gateway.ledger import read_log
from tests.server.dispatch.twin import DAY, NOW, Signs, Twin, claim, desk, let_pass
from vesal_server.audit.service import SYSTEM
from vesal_server.dispatch import queries, service
from vesal_server.dispatch.options import Options
from vesal_server.dispatch.sender import Sender
from vesal_server.dispatch.session import worker_session
from vesal_server.dispatch.worker import TELL_AFTER, Worker
from vesal_server.dispatch.workers import Dispatch, Sent
from vesal_server.gateways.base import Answer, Outcome
from vesal_server.kit.clock import FixedClock, steady
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets
from vesal_server.settings import service as settings


@pytest.fixture
def due(fresh_database: Database) -> Database:
    """Ten messages that are due."""
    scene.fill(fresh_database, 10, day=DAY, due=NOW)
    return fresh_database


def try_now(database: Database) -> None:
    """Let what waits for another try be tried now."""
    with database.transaction() as connection:
        connection.execute(text("UPDATE notification SET next_at = NULL"))


class TurningClock(FixedClock):
    """Stands at one instant for its first look, and at another from then on."""

    def __init__(self, first: datetime, then: datetime) -> None:
        super().__init__(first)
        self._then = then

    def now(self) -> datetime:
        before = super().now()
        self.move(self._then - before)
        return before


@pytest.mark.parametrize(
    "then",
    [NOW.replace(hour=16, minute=30), NOW + timedelta(days=1)],
    ids=["the window closed", "midnight passed"],
)
def test_a_batch_whose_time_went_by_is_given_back(due: Database, then: datetime) -> None:
    twin = Twin()
    with worker_session(due) as session:
        Worker(desk(session, twin, TurningClock(NOW, then))).send_due()
    assert twin.calls == 0
    with due.transaction() as connection:
        rows = connection.execute(text("SELECT DISTINCT status, attempts, error_code FROM notification"))
        assert [tuple(row) for row in rows] == [("planned", 0, None)]


def test_a_batch_that_was_claimed_before_the_channel_stopped_is_given_back(due: Database) -> None:
    twin = Twin()
    with worker_session(due) as session, worker_session(due) as other:
        real = queries.claim

        def stop_after_claim(*arguments: object, **named: object) -> object:
            held = real(*arguments, **named)  # type: ignore[arg-type]
            queries.stop_channel(other[0], "sms", "418", "", NOW, 60)
            return held

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(queries, "claim", stop_after_claim)
            Worker(desk(session, twin, FixedClock(NOW))).send_due()
    assert twin.calls == 0
    assert scene.statuses(due) == {"planned": 10}


def test_a_server_that_ends_gives_back_what_it_has_not_begun_to_send(due: Database) -> None:
    twin = Twin()
    with worker_session(due) as session:
        Worker(desk(session, twin, FixedClock(NOW), ending=lambda: True)).send_due()
    assert twin.calls == 0
    assert scene.statuses(due) == {"planned": 10}


def test_a_lease_that_grew_short_while_waiting_is_renewed_before_the_call(due: Database) -> None:
    twin = Twin()
    with worker_session(due) as session:
        worker = Worker(desk(session, twin, FixedClock(NOW)))
        held = claim(session)
        let_pass(0.7)
        worker._send(held, probing=False)
    assert scene.statuses(due) == {"sent": 10}
    assert set(twin.held.values()) == {1}


def test_a_silent_gateway_is_left_alone_ever_longer_and_a_person_is_told(due: Database) -> None:
    twin, signs = Twin(), Signs()
    twin.instead = lambda messages: [Answer(Outcome.TEMPORARY, code="connect")] * len(messages)
    with worker_session(due) as session:
        worker = Worker(desk(session, twin, FixedClock(NOW), signs))
        rests = []
        for _ in range(TELL_AFTER):
            try_now(due)
            worker._resting_until = 0.0
            assert worker.send_due() == 10
            rests.append(worker._resting_until > steady())
        try_now(due)
        assert worker.send_due() == 0
    assert rests == [False, False, True, True, True, True]
    assert ("trouble", "connect") in signs.told
    assert len(signs.told) == 1


def test_a_gateway_s_control_characters_reach_no_table(due: Database) -> None:
    twin = Twin()
    twin.instead = lambda messages: (
        [Answer(Outcome.FINAL, code="1\x00", text="بد\x00\ud800" + "x" * 900)] * len(messages)
    )
    with worker_session(due) as session:
        Worker(desk(session, twin, FixedClock(NOW))).send_due()
    with due.transaction() as connection:
        row = connection.execute(
            text("SELECT DISTINCT status, error_code, error_text FROM notification")
        ).one()
    assert (row.status, row.error_code, row.error_text[:3]) == ("failed", "1", "بدx")
    assert len(row.error_text) < 220


def test_two_servers_whose_clocks_differ_by_90_seconds_send_each_once(
    fresh_database: Database,
) -> None:
    scene.fill(fresh_database, 3000, day=DAY, due=NOW)
    twin = Twin(connections=3)
    done: list[Sent] = []

    def serve(off: int) -> None:
        clock = FixedClock(NOW + timedelta(seconds=off))
        dispatch = Dispatch(fresh_database, {"sms": twin}, Options(), clock)
        done.append(dispatch.once())

    threads = [threading.Thread(target=serve, args=(off,)) for off in (0, 90)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.sent for one in done) == 3000
    assert set(twin.held.values()) == {1}


def test_a_channel_that_can_t_be_set_up_stops_alone(
    fresh_database: Database, config: Config, secrets: Secrets
) -> None:
    scene.point_at(fresh_database, "http://[::1")
    scene.fill(fresh_database, 5, day=DAY, due=NOW)
    scene.fill(fresh_database, 5, day=DAY, due=NOW, channel="email")
    done = service.send_once(fresh_database, config, secrets, FixedClock(NOW))
    assert (done.sent, done.failed, done.unknown) == (5, 0, 0)
    with fresh_database.transaction() as connection:
        alerts = connection.execute(text("SELECT kind, key FROM alert WHERE resolved_at IS NULL")).all()
    assert [tuple(row) for row in alerts] == [("channel_stopped", "sms")]


def test_a_running_sender_takes_up_a_mended_key_and_ends_in_mid_batch(
    fresh_database: Database,
    config: Config,
    secrets: Secrets,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("vesal_server.dispatch.sender._LOOK_S", 0.1)
    monkeypatch.setattr("vesal_server.dispatch.workers.IDLE_S", 0.1)
    with scene.fake_gateway(tmp_path, delay=0.1) as gateway:
        scene.point_at(fresh_database, gateway.url, lease_s=30, timeout_s=10)
        scene.set_key(fresh_database, secrets, "wrong")
        scene.fill(fresh_database, 5000, day=DAY, due=NOW)
        sender = Sender(fresh_database, config, secrets, FixedClock(NOW))
        sender.start()
        assert _until(lambda: _count(fresh_database, "SELECT count(*) FROM channel_stop") == 1)
        with fresh_database.transaction() as connection:
            settings.change(connection, SYSTEM, NOW, secrets, "sms.password", KEY)
        sent = "SELECT count(*) FROM notification WHERE status = 'sent'"
        assert _until(lambda: _count(fresh_database, sent) > 0)
        sender.stop()
        done = scene.statuses(fresh_database)
        # Ended in the middle: what was under way is settled, the rest waits, and nothing is in doubt.
        assert set(done) == {"sent", "planned"}
        assert sum(read_log(gateway.log).values()) == done["sent"]
    assert _count(fresh_database, "SELECT count(*) FROM channel_stop") == 0
    assert _count(fresh_database, "SELECT count(*) FROM alert WHERE resolved_at IS NULL") == 0


def _count(database: Database, query: str) -> int:
    with database.transaction() as connection:
        return int(connection.execute(text(query)).scalar_one())


def _until(true: object, seconds: float = 60.0) -> bool:
    """Whether it came true; the time is only there so that a broken build ends."""
    assert callable(true)
    rest = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if true():
            return True
        rest.wait(0.05)
    return False
