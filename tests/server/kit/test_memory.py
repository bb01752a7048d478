"""What a process remembers: made once, bounded, forgotten when old."""

import threading
from concurrent.futures import ThreadPoolExecutor

from vesal_server.kit.memory import Memory


class Counter:
    """Counts how often it was called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> int:
        self.calls += 1
        return self.calls


def test_a_value_is_made_once_and_again_when_it_is_old() -> None:
    now = [0.0]
    memory, make = Memory(monotonic=lambda: now[0]), Counter()
    assert [memory.get("a", make, ttl_s=10) for _ in range(3)] == [1, 1, 1]
    now[0] = 10.0
    assert not memory.holds("a")
    assert memory.get("a", make, ttl_s=10) == 2


def test_many_who_want_the_same_wait_for_one() -> None:
    memory, begin = Memory(), threading.Barrier(8)
    make = Counter()

    def want() -> int:
        begin.wait()
        found: int = memory.get("a", make)
        return found

    with ThreadPoolExecutor(8) as pool:
        assert {future.result() for future in [pool.submit(want) for _ in range(8)]} == {1}


def test_the_least_recently_used_goes_when_it_is_full() -> None:
    memory = Memory(max_bytes=20)
    for key in "abc":
        memory.get(key, lambda: 1, size=lambda _: 8)
        memory.get("a", lambda: 1, size=lambda _: 8)
    assert [memory.holds(key) for key in "abc"] == [True, False, True]


def test_a_failure_is_not_remembered() -> None:
    memory = Memory()

    def fail() -> int:
        raise ValueError

    for _ in range(2):
        try:
            memory.get("a", fail)
        except ValueError:
            continue
        raise AssertionError
    assert memory.get("a", lambda: 7) == 7
