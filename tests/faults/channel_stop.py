"""Credit runs out, then the key goes bad, amid a day's sending: the channel stops, nothing fails, others go on."""

import time

from sqlalchemy import text

from tests.faults import scene
from tests.faults.scene import statuses
from tests.faults.server import MORNING
from tests.faults.stand import DAY, Field, field
from tests.measure import Report

#: Workers of a server on the sms channel, each of which may have one batch under way.
WORKERS = 6
MUST = "<= 1 batch a worker after it, 0 failed, one alert, mends itself, others go on"


def run(*, messages: int, seed: int) -> Report:
    """`messages` due; twice the gateway stops taking any, and twice it is mended."""
    report = Report("channel stop")
    with field(seed=seed, delay=0.01) as place:
        place.fill(0)
        place.start()
        for number, (case, switch) in enumerate((("no credit", "no_credit"), ("bad key", "bad_key"))):
            # Half of the messages are under way when the gateway stops, half fall due after that.
            place.add(messages // 4, 2 * number)
            place.gateway.control(**{switch: True})
            scene.fill(place.database, messages // 4, day=DAY, due=MORNING, wave=2 * number + 1)
            _stopped(report, place, case, switch)
        place.wait_settled(120)
        place.stop_all()
        outcome = place.outcome()
        held = outcome["sent"] == messages and outcome["failed"] == outcome["twice"] == 0
        report.add("after all", held=held, must="all sent once, 0 failed", **outcome)
    return report


def _stopped(report: Report, place: Field, case: str, switch: str) -> None:
    # What was in the gateway's hands when the switch was turned has come to its end by now.
    _wait_for_alert(place)
    calls = place.gateway.calls()
    place.fill(50, channel="email")
    time.sleep(3.5)
    tried = place.gateway.calls() - calls
    with place.database.transaction() as connection:
        alerts = connection.execute(
            text("SELECT count(*) FROM alert WHERE kind = 'channel_stopped' AND resolved_at IS NULL")
        ).scalar_one()
        others = connection.execute(
            text(
                "SELECT count(*) FROM notification WHERE channel = 'email' AND day = :day AND status = 'sent'"
            ),
            {"day": DAY},
        ).scalar_one()
        failed = statuses(place.database).get("failed", 0)
        # Nobody waits a minute for the probe in a test; a person who mends the key doesn't either.
        connection.execute(text("UPDATE channel_stop SET probe_at = '-infinity'"))
    place.gateway.control(**{switch: False})
    deadline = time.monotonic() + 15
    stopped = 1
    while stopped and time.monotonic() < deadline:
        time.sleep(0.2)
        with place.database.transaction() as connection:
            connection.execute(text("UPDATE channel_stop SET probe_at = '-infinity'"))
            stopped = connection.execute(text("SELECT count(*) FROM channel_stop")).scalar_one()
    held = tried <= WORKERS and alerts == 1 and others == 50 and failed == 0 and stopped == 0
    report.add(case, held=held, must=MUST, tried=tried, alerts=alerts, others_sent=others, failed=failed)


def _wait_for_alert(place: Field) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with place.database.transaction() as connection:
            if connection.execute(text("SELECT count(*) FROM channel_stop")).scalar_one():
                return
        time.sleep(0.02)


def main(argv: list[str]) -> int:
    """The full size."""
    del argv
    return run(messages=50_000, seed=14).end()
