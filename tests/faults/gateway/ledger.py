"""What the fake gateway accepted: an fsynced log, so that even a killed gateway can be held to it."""

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path


class Ledger:
    """Accepted messages by reference; every acceptance is on the disk before it is answered."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._lock = threading.Lock()
        self.by_reference: dict[int, dict[str, object]] = {}
        self.by_id: dict[str, dict[str, object]] = {}
        self._next = 100_000
        self.calls = 0

    def accept(self, messages: Iterable[tuple[int, str, str]], *, dedup: bool) -> list[dict[str, object]]:
        """Take (reference, to, text) messages; with `dedup` a known reference gives back its first record."""
        records, lines = [], []
        with self._lock:
            for reference, to, text in messages:
                known = self.by_reference.get(reference)
                if known is not None and dedup:
                    records.append(known)
                    continue
                self._next += 1
                record: dict[str, object] = {
                    "id": str(self._next),
                    "reference": reference,
                    "to": to,
                    "text": text,
                    "time": time.time(),
                }
                self.by_reference[reference] = record
                self.by_id[str(self._next)] = record
                lines.append(json.dumps(record, ensure_ascii=False) + "\n")
                records.append(record)
            if lines:
                os.write(self._handle, "".join(lines).encode("utf-8"))
                os.fsync(self._handle)
        return records


def read_log(path: Path) -> Counter[int]:
    """How often each reference was accepted, from the log of a gateway, dead or alive."""
    counts: Counter[int] = Counter()
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            counts[int(json.loads(line)["reference"])] += 1
    return counts
