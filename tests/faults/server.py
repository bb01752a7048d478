"""One server of the dispatch faults: runs the dispatch loop until it is ended, whichever way.

`python -m tests.faults.server URL KEY_FILE DATA_DIR [forgetful] [MOMENT N]`: the N-th time that it comes to the
named MOMENT the process kills itself, or with `sleep MOMENT` stops itself until somebody wakes it.
"""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from vesal_server.dispatch import queries, service
from vesal_server.gateways import kavenegar, outbox, registry
from vesal_server.gateways.base import Answer, Message
from vesal_server.kit.clock import ShiftedClock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets

#: A Tuesday at ten in the morning in Tehran: inside the sending window whenever the fault is run.
MORNING = datetime.fromisoformat("2026-11-24T10:00:00+03:30")

#: The named moments: before or after a step of a worker.
MOMENTS = (
    "before claim", "after claim", "before check", "after check", "before send", "after send",
    "before settle", "after settle", "before doubts", "after doubts",
)  # fmt: skip


def die_at(moment: str, after: int, driver: str = "kavenegar") -> None:
    """Let this process kill itself the `after`-th time that it comes to `moment`."""
    when, _, step = moment.partition(" ")
    deed = signal.SIGSTOP if when == "sleep" else signal.SIGKILL
    if when == "sleep":
        when, _, step = step.partition(" ")
    holder: Any = (
        {"kavenegar": kavenegar.Kavenegar, "outbox": outbox.Outbox}[driver] if step == "send" else queries
    )
    name = {"check": "still_ours", "doubts": "take_doubts"}.get(step, step)
    plain = getattr(holder, name)
    left = [after]

    def deadly(*arguments: Any, **named: Any) -> Any:
        left[0] -= 1
        now = left[0] == 0
        if now and when == "before":
            os.kill(os.getpid(), deed)
        result = plain(*arguments, **named)
        if now and when == "after":
            os.kill(os.getpid(), deed)
        return result

    setattr(holder, name, deadly)


class Forgetful(kavenegar.Kavenegar):
    """A gateway that can be asked, but sends again what it is given again."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.features = replace(self.features, dedup=False, lookup=timedelta(hours=12))

    def send(self, messages: Sequence[Message], by: float) -> list[Answer]:
        """As the real one."""
        return super().send(messages, by)


def main() -> None:
    url, key_file, data_dir, *rest = sys.argv[1:]
    if rest and rest[0] == "forgetful":
        forget: Any = registry
        forget.Kavenegar = Forgetful
        del rest[0]
    if rest:
        die_at(rest[0], int(rest[1]))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    secrets = Secrets.load(Path(key_file))
    with (
        Database(url, pool_size=4) as database,
        service.opened(database, Config(data_dir=Path(data_dir)), secrets, ShiftedClock(MORNING)) as dispatch,
    ):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        dispatch.run(stop)


if __name__ == "__main__":
    main()
