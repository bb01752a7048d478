"""A server is frozen past its lease, the other takes over, the first one wakes up: nothing twice."""

import os
import random
import signal
import time

from tests.faults.stand import field
from tests.measure import Report


def run(*, rounds: int, messages: int, seed: int) -> Report:
    """`rounds` freezes against a gateway that refuses repeats, and against one that doesn't."""
    report = Report("freeze")
    for name, extra, faults in (
        ("repeats refused", (), {}),
        ("repeats sent again", ("forgetful",), {"dedup": False}),
    ):
        dice = random.Random(seed)
        with field(seed=seed, delay=0.05, **faults) as place:
            totals = {"twice": 0, "lost": 0, "unknown": 0, "sent": 0, "failed": 0}
            for _ in range(rounds):
                place.fill(messages)
                sleeper = place.start(*extra)
                time.sleep(dice.uniform(0.0, 0.15))
                os.kill(sleeper.pid, signal.SIGSTOP)
                other = place.start(*extra)
                time.sleep(2.5)
                os.kill(sleeper.pid, signal.SIGCONT)
                place.wait_settled(30)
                place.kill(sleeper)
                place.kill(other)
                outcome = place.outcome()
                for key in totals:
                    totals[key] += outcome[key]
            held = totals["twice"] == totals["lost"] == totals["failed"] == 0
            if not extra:
                held = held and totals["unknown"] == 0
            report.add(
                name,
                held=held,
                must="0 twice, unknown only where repeats aren't refused",
                rounds=rounds,
                **totals,
            )
    return report


def main(argv: list[str]) -> int:
    """The full size."""
    del argv
    return run(rounds=20, messages=1000, seed=12).end()
