"""A server is frozen past its lease, the other takes over, the first one wakes up: nothing twice."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults.stand import field
from tests.measure import Report

MUST = "0 twice, 0 lost, unknown only where repeats aren't refused"
KINDS = ("repeats refused", "repeats sent again", "asleep, session cut off")
#: Past the lease, the time-out and the quiet time of the faults (2, 1 and 1 s), and a worker's rest.
TAKEN_OVER_S = 6.5


def run(*, rounds: int, messages: int, seed: int, kinds: Sequence[str] = KINDS) -> Report:
    """`rounds` freezes of each kind.

    At a random moment, with a gateway that refuses repeats and with one that sends again what it is given
    again; then the hard one: right before the first byte, with the sleeper's session cut off, so that it
    looks dead for certain, and a gateway that refuses nothing.
    """
    report = Report("freeze")
    for kind in kinds:
        _case(report, kind, rounds, messages, seed, forgetful=kind != KINDS[0], cut=kind == KINDS[2])
    return report


def _case(
    report: Report, name: str, rounds: int, messages: int, seed: int, *, forgetful: bool, cut: bool
) -> None:
    dice = random.Random(seed)
    totals = dict.fromkeys(("twice", "lost", "unknown", "sent", "failed"), 0)
    asleep = 0
    extra = ("forgetful",) if forgetful else ()
    with field(seed=seed, delay=0.05, dedup=not forgetful) as place:
        for _ in range(rounds):
            place.fill(messages)
            if cut:
                sleeper = place.start(*extra, "sleep before send", str(dice.randint(1, 3)))
                asleep += _wait_until_stopped(sleeper)
                place.cut_sessions()
            else:
                sleeper = place.start(*extra)
                time.sleep(dice.uniform(0.0, 0.15))
                os.kill(sleeper.pid, signal.SIGSTOP)
                asleep += place.open_rows() > 0
            other = place.start(*extra)
            time.sleep(TAKEN_OVER_S if cut else 2.5)
            os.kill(sleeper.pid, signal.SIGCONT)
            place.wait_settled(30)
            place.kill(sleeper)
            place.kill(other)
            outcome = place.outcome()
            for key in totals:
                totals[key] += outcome[key]
    held = totals["twice"] == totals["lost"] == totals["failed"] == 0 and asleep > 0
    if not forgetful or cut:
        # A session whose lock is gone is dead for certain: its messages are asked about, none is given up.
        held = held and totals["unknown"] == 0
    report.add(name, held=held, must=MUST, rounds=rounds, amid_work=asleep, **totals)


def _wait_until_stopped(process: "subprocess.Popen[str]", seconds: float = 15.0) -> bool:
    """Whether the process came to stop itself (state T) within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        told = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii", errors="replace")
        if told.rpartition(")")[2].split()[0] == "T":
            return True
        time.sleep(0.02)
    return False


def main(argv: list[str]) -> int:
    """The full size."""
    del argv
    return run(rounds=20, messages=1000, seed=12).end()
