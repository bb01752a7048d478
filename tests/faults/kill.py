"""Two servers send, and are killed at random and at named moments: nothing twice, nothing lost."""

import random
import subprocess
import time
from collections.abc import Sequence

from tests.faults.server import MOMENTS
from tests.faults.stand import field
from tests.measure import Report

MUST = "0 twice, 0 lost, unknown 0, back within 60 s"


def run(*, messages: int, kills: int, moments: Sequence[str], seed: int) -> Report:
    """`messages` due, two servers, `kills` SIGKILLs at random and one at each of `moments`."""
    report = Report("kill")
    dice = random.Random(seed)
    # A slow gateway and work in waves, so that every kill strikes work.
    with field(seed=seed, delay=0.6) as place:
        place.fill(0)
        servers = [place.start(), place.start()]
        amid = 0
        for wave in range(kills):
            place.add(messages // kills, wave)
            time.sleep(dice.uniform(0.0, 0.5))
            victim = dice.randrange(2)
            amid += place.open_rows() > 0
            place.kill(servers[victim])
            servers[victim] = place.start()
        back = place.wait_settled()
        place.stop_all()
        _judge(report, f"{kills} random, {amid} amid work", place.outcome(), messages, back)
        place.gateway.control(delay=0.02)
        for moment in moments:
            place.fill(messages // 10)
            doomed = place.start(moment, str(dice.randint(1, 5)))
            other = place.start()
            _wait(doomed, 1 if "doubts" in moment else 30)
            place.kill(doomed)
            back = place.wait_settled()
            place.kill(other)
            _judge(report, moment, place.outcome(), messages // 10, back)
    return report


def _wait(process: "subprocess.Popen[str]", seconds: float) -> None:
    """Let the process come to its moment; where it never does, it is killed as it stands."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def _judge(report: Report, case: str, outcome: dict[str, int], messages: int, back: float) -> None:
    held = (
        outcome["twice"] == outcome["lost"] == outcome["unknown"] == outcome["failed"] == 0
        and outcome["sent"] == messages
        and back < 60
    )
    report.add(case, held=held, must=MUST, back_s=back, **outcome)


def main(argv: list[str]) -> int:
    """The full size."""
    del argv
    return run(messages=20_000, kills=40, moments=MOMENTS, seed=11).end()
