"""Small versions of the dispatch faults, so that they can't rot; times are the faults' own to judge."""

import pytest

from tests.faults import channel_stop, freeze, kill, network
from tests.measure import Report


def figures(report: Report, *names: str) -> set[object]:
    """The named figures of every case that has them."""
    return {row[name] for row in report.cases for name in names if name in row}


def test_killed_servers_send_each_message_once() -> None:
    report = kill.run(messages=1200, kills=2, moments=("after send",), seed=1)
    assert figures(report, "twice", "lost", "failed", "unknown") == {0}
    assert figures(report, "sent") == {1200, 120}


@pytest.mark.parametrize("kind", freeze.KINDS)
def test_a_frozen_server_sends_nothing_again(kind: str) -> None:
    report = freeze.run(rounds=1, messages=600, seed=2, kinds=(kind,))
    assert figures(report, "twice", "lost", "failed") == {0}


def test_a_lying_network_loses_and_repeats_nothing() -> None:
    report = network.run(messages=1500, seed=3)
    assert figures(report, "twice", "lost", "false_failed") == {0}


def test_a_stopped_channel_fails_nothing_and_goes_on() -> None:
    report = channel_stop.run(messages=4_000, seed=4)
    assert figures(report, "twice", "failed") == {0}
    assert figures(report, "alerts") == {1}
    assert figures(report, "others_sent") == {50}
    assert figures(report, "sent") == {4_000}
