"""How long log-in rests after failures."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from vesal_server.access.pauses import Failures, seconds_left

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def left(by_user: int = 0, by_address: int = 0, *, ago_s: float = 0, known: bool = False) -> int:
    last = NOW - timedelta(seconds=ago_s)
    return seconds_left(Failures(by_user, last, by_address, last, known), NOW)


def test_a_few_failures_cost_nothing() -> None:
    assert left(by_user=4, by_address=49) == 0
    assert seconds_left(Failures(0, None, 0, None, known_here=False), NOW) == 0


def test_pauses_double_up_to_a_quarter_of_an_hour() -> None:
    assert [left(by_user=n) for n in (5, 6, 7, 8)] == [5, 10, 20, 40]
    assert left(by_user=500) == 900
    assert left(by_user=5, ago_s=5) == 0
    assert left(by_user=5, ago_s=4.5) == 1


def test_an_address_pauses_only_who_never_logged_in_from_it() -> None:
    assert left(by_address=50) == 5
    assert left(by_address=80) == 320
    assert left(by_address=80, known=True) == 0


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_failures_never_pause_less(one: int, more: int) -> None:
    assert left(by_user=one + more) >= left(by_user=one)
    assert left(by_address=one + more) >= left(by_address=one)
