"""Bench «intake»: a first feed, the nights after it, and the same again, beside the least that they can cost.

`python3 dev.py bench intake [--customers N] [--runs N]`
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import text

from tests.bench import intake_floor
from tests.feeds import BigBank
from tests.measure import Report, seconds
from tests.stand import Stand, stand
from vesal_server.intake.queries import tidying
from vesal_server.intake.service import Offer, take
from vesal_server.kit.clock import SystemClock
from vesal_server.kit.db import Database

FIRST_DAY = date(2026, 9, 1)
MEMORY_MB = 400


def main(arguments: Sequence[str] = ()) -> int:
    """Run all cases; 0 if every ratio is reached."""
    parser = argparse.ArgumentParser(prog="bench intake")
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args(list(arguments))
    report = Report("intake")
    bank = BigBank(chosen.customers, chosen.customers, chosen.customers * 3 // 4)
    with tempfile.TemporaryDirectory(prefix="vesal-bench-") as name, stand() as place:
        folder = Path(name)
        folder.chmod(0o755)
        feeds = [bank.write(folder / f"day{day}", as_of(day), day) for day in range(chosen.runs + 1)]
        measured(report, place, feeds, chosen.runs)
        memory(report, place, folder, chosen.customers)
    return report.end()


def as_of(day: int) -> date:
    """The date of the bench's feed of a day."""
    return FIRST_DAY + timedelta(days=day)


def measured(report: Report, place: Stand, feeds: list[Path], runs: int) -> None:
    """First feeds into empty databases, then night after night in the last one, each beside its floor."""
    firsts: list[tuple[float, float]] = []
    for _ in range(runs - 1):
        with place.database() as database:
            firsts.append(first(database, feeds[0]))
    with place.database() as database:
        firsts.append(first(database, feeds[0]))
        nights, again, tidied = [], [], []
        for day, feed in enumerate(feeds[1:], 1):
            nights.append(
                (
                    seconds(partial(taken, database, feed, "taken")),
                    seconds(partial(intake_floor.run, database, feed, str(as_of(day)))),
                )
            )
            again.append(seconds(partial(taken, database, feed, "unchanged")))
            tidied.append(seconds(lambda: tidied_up(database)))
    ours, floor = (statistics.median(one) for one in zip(*firsts, strict=True))
    report.add(
        "first", held=ours <= 2 * floor, must="≤ 2.0 × floor", ratio=ours / floor, seconds=ours, floor=floor
    )
    night, night_floor = (statistics.median(one) for one in zip(*nights, strict=True))
    report.add(
        "next day", held=night <= 2 * night_floor, must="≤ 2.0 × floor", ratio=night / night_floor,
        seconds=night, floor=night_floor, vacuum_after=statistics.median(tidied),
    )  # fmt: skip
    same = statistics.median(again)
    report.add("same again", held=same <= 0.3 * ours, must="≤ 0.3 × first", ratio=same / ours, seconds=same)


def first(database: Database, feed: Path) -> tuple[float, float]:
    """Seconds of a first feed, ours and the floor's."""
    found(database)
    intake_floor.prepare(database)
    return (
        seconds(lambda: taken(database, feed, "taken")),
        seconds(lambda: intake_floor.run(database, feed, str(as_of(0)))),
    )


def taken(database: Database, feed: Path, status: str) -> None:
    """Take a feed in as the command does, but for the VACUUM after it, which the floor has not either."""
    result = take(database, SystemClock(), Offer(feed), tidy=False)
    assert result.status == status, result.reason


def tidied_up(database: Database) -> None:
    """The VACUUM of an ordinary night."""
    with database.autocommit() as connection:
        tidying.tidy(connection, analyze=False)


def found(database: Database) -> None:
    """The catalogues of the big bank."""
    with database.transaction() as connection:
        connection.execute(
            text("INSERT INTO province (code, title) VALUES ('96', 'تهران') ON CONFLICT DO NOTHING")
        )
        for code in BigBank.BRANCHES:
            connection.execute(
                text(
                    "INSERT INTO branch (code, title, province_code) VALUES (:code, :code, '96') ON CONFLICT DO NOTHING"
                ),
                {"code": code},
            )
        for code in BigBank.LOAN_TYPES:
            connection.execute(
                text("INSERT INTO loan_type (code, title) VALUES (:code, :code) ON CONFLICT DO NOTHING"),
                {"code": code},
            )


def memory(report: Report, place: Stand, folder: Path, customers: int) -> None:
    """Peak memory of the command for a feed, and for one of four times its rows."""
    peaks = []
    for count in (customers // 4, customers):
        bank = BigBank(count, count, count * 3 // 4)
        feed = bank.write(folder / f"memory{count}", FIRST_DAY)
        with place.database() as database:
            found(database)
            peaks.append(peak_mb(database, feed))
    small, large = peaks
    report.add(
        "memory",
        held=large <= MEMORY_MB and large <= small * 1.1 + 5,
        must=f"≤ {MEMORY_MB} MB and not growing with the feed",
        mb=large,
        mb_quarter=small,
    )


#: Takes a feed in and prints its own peak memory in kB; a process of its own, so that nothing else is in it.
_MEASURED = """
import resource, sys
from vesal_server.cli.main import main
status = main(["intake", sys.argv[1], "--json"])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
sys.exit(status)
"""


def peak_mb(database: Database, feed: Path) -> float:
    """The most memory that `vesal-server intake` took for a feed, in MB."""
    url = database.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(feed)],
        env={**os.environ, "VESAL_DATABASE_URL": url},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return int(done.stderr.split()[-1]) / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
