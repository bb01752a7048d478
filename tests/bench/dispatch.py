"""Dispatch against the bare statements it can't do without, a slow gateway's ceiling, and a job queue."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import procrastinate
from procrastinate import SyncPsycopgConnector
from sqlalchemy import text

from tests.faults.gateway.kavenegar import KEY
from tests.faults.server import MORNING
from tests.faults.stand import DAY, Field, field
from tests.measure import Report
from vesal_server.dispatch import service
from vesal_server.gateways.base import GatewaySettings, Message
from vesal_server.gateways.kavenegar import Kavenegar
from vesal_server.kit.clock import ShiftedClock, steady

BATCH = 200
CONNECTIONS = 4


def run(*, messages: int, runs: int, peer_messages: int) -> Report:
    """Every case of the bench; each floor runs beside what it is held to."""
    report = Report("dispatch")
    with field(seed=21) as place:
        ours, bare = [], []
        for _ in range(runs):
            ours.append(_rate(place, messages, lambda: _send_all(place)))
            bare.append(_rate(place, messages, lambda: _bare(place)))
        mine, floor = statistics.median(ours), statistics.median(bare)
        # Each run is held to the one beside it, so that a noisy machine is noisy for both.
        ratio = statistics.median(rate / least for rate, least in zip(ours, bare, strict=True))
        report.add(
            "answers at once", held=ratio >= 0.3, must=">= 0.3 of the bare rate",
            ratio=ratio, per_s=round(mine), bare_per_s=round(floor),
        )  # fmt: skip
        theirs = _peer(place, peer_messages)
        report.add(
            "against procrastinate", held=mine >= 5 * theirs, must=">= 5 x the peer",
            ratio=mine / theirs, per_s=round(mine), peer_per_s=round(theirs),
        )  # fmt: skip
        place.gateway.control(delay=0.15)
        slow = statistics.median(
            _rate(place, messages, lambda: _send_all(place)) for _ in range(max(1, runs // 2))
        )
        ceiling = CONNECTIONS * BATCH / 0.15
        report.add(
            "answers after 150 ms", held=slow >= 0.8 * ceiling, must=">= 0.8 x connections x batch / latency",
            ratio=slow / ceiling, per_s=round(slow), ceiling_per_s=round(ceiling),
        )  # fmt: skip
        place.gateway.control(delay=0.0)
        one, four = [], []
        for _ in range(max(1, runs // 2)):
            one.append(_servers(place, messages, 1))
            four.append(_servers(place, messages, 4))
        alone, together = statistics.median(one), statistics.median(four)
        ratio = statistics.median(most / least for most, least in zip(four, one, strict=True))
        report.add(
            "4 servers against 1", held=ratio >= 0.9, must=">= 0.9 x 1",
            ratio=ratio, one_per_s=round(alone), four_per_s=round(together),
        )  # fmt: skip
    return report


def _rate(place: Field, messages: int, work: Callable[[], object]) -> float:
    place.fill(messages)
    begin = time.perf_counter()
    work()
    took = time.perf_counter() - begin
    assert place.open_rows() == 0
    return messages / took


def _send_all(place: Field) -> None:
    with service.opened(
        place.database, place.base.config, place.base.secrets, ShiftedClock(MORNING)
    ) as dispatch:
        dispatch.once()


def _bare(place: Field) -> None:
    """Claim and settle by the least statements that could do it, on one session, sending nothing."""
    with place.database.own_session() as session:
        while True:
            rows = session.execute(
                text(
                    "UPDATE notification n SET status = 'sending', owner = 'bare', fence = fence + 1, "
                    "lease_until = now() + interval '1 minute' FROM (SELECT day, id FROM notification "
                    "WHERE day = :day AND channel = 'sms' AND status = 'planned' AND due_at <= :now "
                    "ORDER BY due_at, id LIMIT :size FOR UPDATE SKIP LOCKED) d "
                    "WHERE n.day = d.day AND n.id = d.id RETURNING n.id, n.reference, n.address, n.text"
                ),
                {"day": DAY, "now": MORNING, "size": BATCH},
            ).all()
            if not rows:
                return
            session.execute(
                text(
                    "UPDATE notification SET status = 'sent', sent_at = now() "
                    "WHERE day = :day AND id = ANY(:ids) AND status = 'sending'"
                ),
                {"day": DAY, "ids": [row.id for row in rows]},
            )


def _servers(place: Field, messages: int, count: int) -> float:
    """Messages a second of `count` servers that already run when the messages fall due."""
    place.fill(0)
    for _ in range(count):
        place.start()
    try:
        place.fill(messages)
        begin = time.perf_counter()
        while place.is_open():
            time.sleep(0.05)
        return messages / (time.perf_counter() - begin)
    finally:
        place.stop_all()


@contextmanager
def _app(place: Field) -> Iterator[tuple[procrastinate.App, list[int]]]:
    conninfo = place.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo))
    sent: list[int] = []
    gateway = Kavenegar(
        GatewaySettings(
            base_url=place.gateway.url, number="1000", password=KEY, allow_private=True, timeout_s=5
        )
    )

    @app.task(name="send")
    def send(reference: int, to: str, body: str) -> None:
        gateway.send([Message(reference, "sms", to, body)], steady() + 5)
        sent.append(reference)

    yield app, sent
    gateway.close()


def _peer(place: Field, messages: int) -> float:
    """A procrastinate worker with as many jobs at once as we have connections, a message a job."""
    with _app(place) as (app, sent):
        conninfo = place.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with app.replace_connector(SyncPsycopgConnector(conninfo=conninfo)) as deferring, deferring.open():
            deferring.schema_manager.apply_schema()
            task = deferring.tasks["send"]
            jobs: list[Any] = [
                {"reference": number, "to": f"09{number:09d}", "body": f"یادآوری {number}"}
                for number in range(messages)
            ]
            task.batch_defer(*jobs)
        begin = time.perf_counter()
        with app.open():
            app.run_worker(wait=False, concurrency=CONNECTIONS, install_signal_handlers=False)
        took = time.perf_counter() - begin
        assert len(sent) == messages
        return messages / took


def main(argv: list[str]) -> int:
    """The full size."""
    del argv
    return run(messages=50_000, runs=5, peer_messages=3_000).end()
