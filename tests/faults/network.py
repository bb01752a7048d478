"""A network that lies: accepted and dropped, 500 after accepting, silence, acceptance after the time-out."""

from tests.faults.stand import field
from tests.measure import Report


def run(*, messages: int, seed: int) -> Report:
    """15 % accepted then dropped, 10 % 500 after accept, 5 % time-out, 5 % accepted late; two servers."""
    report = Report("network")
    with field(
        seed=seed, drop_after=0.15, error_after=0.10, time_out=0.05, accept_late=0.05, late_s=1.3
    ) as place:
        place.fill(messages)
        place.start()
        place.start()
        took = place.wait_settled(240)
        place.stop_all()
        outcome = place.outcome()
    held = (
        outcome["twice"] == outcome["lost"] == outcome["false_failed"] == 0
        and outcome["unknown"] <= messages / 1000
        and outcome["sent"] + outcome["unknown"] == messages
    )
    report.add(
        "lying network", held=held, must="0 twice, 0 false failed, unknown <= 0.1 %", took_s=took, **outcome
    )
    return report


def main(argv: list[str]) -> int:
    """The full size."""
    del argv
    return run(messages=20_000, seed=13).end()
