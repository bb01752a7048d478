"""Fault «feeds»: thousands of nights against the oracle, and feeds that were broken on their way.

`python3 dev.py faults feeds [--steps N] [--mutations N] [--seed N]`
"""

import argparse
from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.feed_mutations import Mutations
from tests.measure import Report, seconds
from tests.server.intake.machine import Nights
from tests.stand import stand

#: Nights that one bank lives through before another begins.
NIGHTS = 20
MUST_NIGHTS = "0 unhandled errors, the oracle agrees after every step, unchanged twice = unchanged"
MUST_MUTATIONS = "0 unhandled errors, refused = the database is as before"


def live(number: int, banks: int = 20) -> str:
    """Let some banks, made from a seed, live through some nights each; returns what went wrong."""
    try:
        run_state_machine_as_test(
            seed(number)(Nights),
            settings=settings(
                max_examples=banks,
                stateful_step_count=NIGHTS,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is the finding
        return f"{type(error).__name__}: {error}"[:20_000]
    return ""


def main(arguments: Sequence[str] = ()) -> int:
    """Run both cases; 0 if they held."""
    parser = argparse.ArgumentParser(prog="faults feeds")
    parser.add_argument("--steps", type=int, default=2_000)
    parser.add_argument("--mutations", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(list(arguments))
    report = Report("feeds")
    with stand() as place:
        with place.database() as database:
            Nights.database = database
            Nights.steps = 0
            failure = ""

            def nights() -> None:
                nonlocal failure
                number = chosen.seed
                while Nights.steps < chosen.steps and not failure:
                    # A bank lives through six nights on an average.
                    failure = live(number, max(1, min(20, (chosen.steps - Nights.steps) // 6)))
                    number += 1

            took = seconds(nights)
            report.add(
                "nights",
                held=not failure,
                must=MUST_NIGHTS,
                steps=Nights.steps,
                seconds=took,
                failure=failure,
            )
        with place.database() as database:
            mutations = Mutations(database, chosen.seed)
            took = seconds(lambda: mutations.run(chosen.mutations))
            report.add(
                "mutations",
                held=not mutations.failures,
                must=MUST_MUTATIONS,
                feeds=chosen.mutations,
                refused=mutations.refused,
                taken=mutations.taken,
                unchanged=mutations.unchanged,
                seconds=took,
                failure="; ".join(mutations.failures[:3]),
            )
    return report.end()
