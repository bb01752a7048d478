"""Feeds night after night against an oracle of its own."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.server.intake.machine import Nights
from vesal_server.kit.db import Database


def test_nights(worker_database: Database) -> None:
    Nights.database = worker_database
    run_state_machine_as_test(
        Nights,
        settings=settings(
            max_examples=12,
            stateful_step_count=8,
            deadline=None,
            derandomize=True,
            # Shrinking against a database takes minutes; the failing feeds are small as they are.
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
