"""Small versions of the dispatch faults, so that they cannot rot; those of whole nights are in tests/whole."""

import pytest

from tests.faults import channel_stop, freeze, kill, network
from tests.measure import Report


def held(report: Report) -> None:
    """Every case held, and there was one."""
    assert report.cases
    assert [case for case in report.cases if not case["held"]] == []


def test_kill() -> None:
    held(kill.run(messages=1200, kills=2, moments=("after send",), seed=1))


@pytest.mark.parametrize("kind", freeze.KINDS)
def test_freeze(kind: str) -> None:
    held(freeze.run(rounds=1, messages=600, seed=2, kinds=(kind,)))


def test_network() -> None:
    held(network.run(messages=1500, seed=3))


def test_channel_stop() -> None:
    held(channel_stop.run(messages=20_000, seed=4))
