"""The built-in gateway: each message becomes a line of `outbox.jsonl`, on the disk before it counts as accepted."""

import json
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from vesal_server.gateways.base import Answer, Features, Found, Knowledge, Message, Outcome, Report
from vesal_server.kit.clock import Clock, steady
from vesal_server.kit.lock import FileLock

FEATURES = Features(
    name="outbox",
    dedup=True,
    lookup=timedelta(days=36500),
    batch=500,
    # The file is written under a lock: what isn't in it once the lock is free was never accepted.
    quiet_s=0.0,
)


class Outbox:
    """Appends to one file, safe between processes by a lock file beside it.

    A torn last line (the machine stopped while writing) was never accepted; the next write ends it first.
    Source of the format: interfaces.md, «SMS, calls, mail».
    """

    features = FEATURES

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._lock_path = path.with_name(path.name + ".lock")
        self._clock = clock
        self._known: dict[int, dict[str, Any]] = {}
        self._read_to = 0

    def send(self, messages: Sequence[Message], by: float) -> list[Answer]:
        """Append what the file doesn't hold yet, flush it to the disk, and accept all."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._lock_path)
        with lock.hold():
            if steady() >= by:
                # It waited or slept too long: by now the messages may be another's.
                return [Answer(Outcome.TEMPORARY, code="late")] * len(messages)
            self._catch_up()
            fresh = {
                message.reference: message for message in messages if message.reference not in self._known
            }
            if fresh:
                self._append(list(fresh.values()))
            return [self._answer(message) for message in messages]

    def look_up(self, messages: Sequence[Message], sent_at: datetime, by: float) -> list[Found]:
        """Read the file back; it keeps everything for ever, so `sent_at` doesn't matter."""
        del sent_at, by
        if not self._path.exists():
            return [Found(Knowledge.NEVER_SEEN) for _ in messages]
        with FileLock(self._lock_path).hold():
            self._catch_up()
            return [self._found(message) for message in messages]

    def reports(self, gateway_ids: Sequence[str]) -> list[Report]:
        """Nothing: a file delivers to nobody."""
        del gateway_ids
        return []

    def credit(self) -> int | None:
        """Nothing to spend."""
        return None

    def close(self) -> None:
        """Nothing is held open."""

    def _answer(self, message: Message) -> Answer:
        if self._known[message.reference]["to"] != message.to:
            # The file holds something else under this reference: the question about it will say so.
            return Answer(Outcome.DOUBT, code="another")
        return Answer(Outcome.ACCEPTED, gateway_id=str(message.reference))

    def _found(self, message: Message) -> Found:
        held = self._known.get(message.reference)
        if held is None:
            return Found(Knowledge.NEVER_SEEN)
        if held["to"] != message.to:
            return Found(Knowledge.ANOTHER)
        return Found(Knowledge.HAS_IT, gateway_id=str(message.reference))

    def _append(self, messages: Sequence[Message]) -> None:
        time = self._clock.now().isoformat()
        lines = []
        for message in messages:
            entry: dict[str, Any] = {
                "client_reference": str(message.reference),
                "channel": message.channel,
                "to": message.to,
                "time": time,
            }
            if message.channel == "call":
                entry["audio"] = message.audio
            else:
                entry["text"] = message.text
            if message.subject:
                entry["subject"] = message.subject
            lines.append(json.dumps(entry, ensure_ascii=False) + "\n")
        data = "".join(lines).encode("utf-8")
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        handle = os.open(self._path, flags, 0o600)
        try:
            # Cut off a torn line: the process that wrote it died before it could accept anything of it.
            os.ftruncate(handle, self._read_to)
            os.lseek(handle, self._read_to, os.SEEK_SET)
            written = 0
            while written < len(data):
                written += os.write(handle, data[written:])
            os.fsync(handle)
        finally:
            os.close(handle)
        self._catch_up()

    def _catch_up(self) -> None:
        """Read whole lines that this or another process appended since the last look."""
        if not self._path.exists():
            self._known.clear()
            self._read_to = 0
            return
        with self._path.open("rb") as file:
            if file.seek(0, os.SEEK_END) < self._read_to:
                # Somebody emptied the file: begin anew.
                self._known.clear()
                self._read_to = 0
            file.seek(self._read_to)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._read_to += len(line)
                self._remember(line)

    def _remember(self, line: bytes) -> None:
        try:
            entry = json.loads(line)
            reference = int(entry["client_reference"])
            self._known[reference] = {"to": str(entry["to"])}
        except (ValueError, KeyError, TypeError):
            # A line that a person wrote into the file is none of our messages.
            return
