"""How far long work is, told from its thread at most so often; and the wish to stop it."""

import threading
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal

_EVERY_S: Final = 0.05


class Progress(QObject):
    """Belongs to one piece of work; `tell` and `stopped` are for its thread, the rest for the GUI."""

    moved = Signal(int, int)
    """So much is done, of so much (0: nobody knows)."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._acts: list[Callable[[], None]] = []
        self._told = 0.0

    def tell(self, done: int, total: int) -> None:
        """Say how far it is."""
        now = time.monotonic()
        if done >= total or now - self._told >= _EVERY_S:
            self._told = now
            self.moved.emit(done, total)

    def stopped(self) -> bool:
        """Whether the work shall end."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask the work to end."""
        with self._lock:
            self._stop.set()
            acts, self._acts = self._acts, []
        for act in acts:
            act()

    def on_stop(self, act: Callable[[], None]) -> None:
        """Call `act` when the work shall end, at once if that is so already."""
        with self._lock:
            if not self._stop.is_set():
                self._acts.append(act)
                return
        act()
