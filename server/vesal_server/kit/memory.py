"""What a process remembers about lists: totals and page maps, each made once and thrown away when old."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class _Entry:
    lock: threading.Lock = field(default_factory=threading.Lock)
    made: bool = False
    value: Any = None
    size: int = 0
    until: float = 0.0


class Memory:
    """A bounded memory, safe to use from many threads; the least recently used goes first.

    Keys hold all that a value depends on (scope, filters, order, the data's version), so nothing is ever
    taken back; what depends on more than that is given a time to live.
    """

    def __init__(self, max_bytes: int = 128 * 2**20, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._max_bytes = max_bytes
        self._monotonic = monotonic
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._lock = threading.Lock()
        self._bytes = 0

    def get(
        self,
        key: Hashable,
        make: Callable[[], Any],
        *,
        ttl_s: float = 3600.0,
        size: Callable[[Any], int] = lambda _: 200,
    ) -> Any:
        """The value of `key`; made by one caller while the others who want it wait for that one.

        `size` says how many bytes a value costs.
        """
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                entry = self._entries[key] = _Entry()
            self._entries.move_to_end(key)
        with entry.lock:
            if entry.made and self._monotonic() < entry.until:
                return entry.value
            value = make()
            cost = size(value)
            with self._lock:
                # The entry may have been dropped meanwhile; then its value is used once and not kept.
                if self._entries.get(key) is entry:
                    self._bytes += cost - entry.size
                    entry.value, entry.size, entry.made = value, cost, True
                    entry.until = self._monotonic() + ttl_s
                    self._drop_oldest()
            return value

    def holds(self, key: Hashable) -> bool:
        """Whether a value of `key` is there and still good."""
        with self._lock:
            entry = self._entries.get(key)
            return entry is not None and entry.made and self._monotonic() < entry.until

    def _drop_oldest(self) -> None:
        while self._bytes > self._max_bytes and len(self._entries) > 1:
            _, dropped = self._entries.popitem(last=False)
            self._bytes -= dropped.size
