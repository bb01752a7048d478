"""How the fake gateway misbehaves: chances drawn by seed, and switches that a test turns while it runs."""

import random
import threading
from dataclasses import dataclass, fields


@dataclass
class Faults:
    """Chances are between 0 and 1 and are drawn once a call; a call suffers at most one of them."""

    #: Seconds before each answer.
    delay: float = 0.0
    #: The connection is dropped before anything was accepted.
    drop_before: float = 0.0
    #: Everything is accepted, then the connection is dropped without an answer.
    drop_after: float = 0.0
    #: Everything is accepted, then 500 is answered.
    error_after: float = 0.0
    #: Nothing is accepted and nothing is answered for longer than any client waits.
    time_out: float = 0.0
    #: The client waits in vain; the call is accepted `late_s` after it arrived.
    accept_late: float = 0.0
    late_s: float = 1.3
    #: Everything is accepted, and the answer's body is cut in the middle.
    cut_body: float = 0.0
    #: A call is refused as «too many, later».
    rate_limit: float = 0.0
    no_credit: bool = False
    bad_key: bool = False
    #: Whether a repeated reference is refused (as the protocol says), and whether one may ask about it.
    dedup: bool = True
    lookup: bool = True


class Dice:
    """Draws one misfortune a call from a seed; the switches may change at any time."""

    def __init__(self, seed: int, faults: Faults) -> None:
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self.faults = faults

    def set(self, changes: dict[str, object]) -> None:
        """Turn switches; an unknown name is an error of the test."""
        known = {field.name for field in fields(Faults)}
        for name, value in changes.items():
            if name not in known:
                raise KeyError(name)
            setattr(self.faults, name, value)

    def draw(self) -> str:
        """The name of this call's misfortune, or the empty text."""
        with self._lock:
            roll = self._random.random()
        for name in (
            "drop_before",
            "drop_after",
            "error_after",
            "time_out",
            "accept_late",
            "cut_body",
            "rate_limit",
        ):
            chance = float(getattr(self.faults, name))
            if roll < chance:
                return name
            roll -= chance
        return ""
