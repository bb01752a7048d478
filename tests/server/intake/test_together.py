"""Intakes beside readers, officers, and one another."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.feeds import FeedRows, customer, facility
from tests.server.intake import world
from tests.server.intake.world import day
from vesal_server.intake import merge
from vesal_server.intake.read_folder import DATA_FILES
from vesal_server.intake.service import Offer, take
from vesal_server.kit.clock import FixedClock
from vesal_server.kit.db import Connection, Database
from vesal_shared.messages.data_reception import IntakeResult

CLOCK = FixedClock(datetime(2026, 11, 24, 6, 30, tzinfo=UTC))


def feed(folder: Path, number: int, amount: str = "5") -> Path:
    rows = FeedRows(day(number), [customer("101")], [facility("L1", "101", overdue_amount=amount)])
    return rows.write(folder / f"feed{number}-{amount}")


@pytest.fixture
def founded(fresh_database: Database) -> Database:
    with fresh_database.transaction() as connection:
        world.found(connection)
    return fresh_database


class Held:
    """Lets an intake stand still in the middle of its merge."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.inside, self.go_on = threading.Event(), threading.Event()
        plain = merge._tell

        def tell(*arguments: object) -> None:
            plain(*arguments)  # type: ignore[arg-type]
            self.inside.set()
            assert self.go_on.wait(30)

        monkeypatch.setattr(merge, "_tell", tell)


def amounts(database: Database) -> list[int]:
    with database.transaction() as connection:
        return list(connection.execute(text("SELECT overdue_amount FROM facility")).scalars())


def test_others_see_the_state_before_until_the_end_and_officers_write_on(
    founded: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(founded, CLOCK, Offer(feed(tmp_path, 0)))
    held = Held(monkeypatch)
    results: list[IntakeResult] = []
    thread = threading.Thread(
        target=lambda: results.append(take(founded, CLOCK, Offer(feed(tmp_path, 1, "7"))))
    )
    thread.start()
    assert held.inside.wait(30)
    assert amounts(founded) == [5]
    with founded.transaction() as connection:
        # A lock that an officer had to wait for would end here.
        connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
        connection.execute(
            text(
                "INSERT INTO hold (facility_id, kind, since, until, created_at)"
                " SELECT id, 'hold', '2026-11-24', '2026-11-25', now() FROM facility"
            )
        )
        connection.execute(
            text(
                "INSERT INTO customer_correction (customer_id, mobile, updated_at)"
                " SELECT id, '09350000000', now() FROM customer"
            )
        )
    held.go_on.set()
    thread.join()
    assert results[0].status == "taken"
    assert amounts(founded) == [7]


def test_a_second_intake_waits_and_sees_what_the_first_did(
    founded: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    path = feed(tmp_path, 0)
    results: list[IntakeResult] = []
    threads = [
        threading.Thread(target=lambda: results.append(take(founded, CLOCK, Offer(path)))) for _ in range(2)
    ]
    threads[0].start()
    assert held.inside.wait(30)
    threads[1].start()
    held.go_on.set()
    for thread in threads:
        thread.join()
    assert [result.status for result in results] == ["taken", "unchanged"]


def test_a_failure_in_the_middle_leaves_everything_as_it_was(
    founded: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(founded, CLOCK, Offer(feed(tmp_path, 0)))

    def fail(_connection: Connection, *_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(merge, "_tell", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        take(founded, CLOCK, Offer(feed(tmp_path, 1, "7")))
    assert amounts(founded) == [5]
    with founded.transaction() as connection:
        assert connection.execute(text("SELECT count(*) FROM feed_arrival")).scalar_one() == 1


def test_statistics_are_brought_up_to_date_after_much_was_written(founded: Database, tmp_path: Path) -> None:
    take(founded, CLOCK, Offer(feed(tmp_path, 0)))
    with founded.transaction() as connection:
        rows = connection.execute(
            text("SELECT count(*) FROM pg_stats WHERE tablename = 'facility' AND attname = 'loan_no'")
        ).scalar_one()
    assert rows == 1


def test_progress_is_told_by_bytes_to_the_end(founded: Database, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = feed(tmp_path, 0)
    take(
        founded,
        CLOCK,
        Offer(path),
        told=lambda progress: seen.append((progress.done, progress.total)),
        tidy=False,
    )
    size = sum((path / name).stat().st_size for name in DATA_FILES)
    assert seen[-1] == (size, size)
