"""The drop folder takes what is complete, once, in the order of its dates."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.feeds import FeedRows, customer, facility
from tests.server.intake import world
from tests.server.intake.world import day
from vesal_server.intake.watch import PATIENCE, DropFolder
from vesal_server.kit.clock import FixedClock
from vesal_server.kit.db import Database


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 24, 6, 30, tzinfo=UTC))


@pytest.fixture
def drop(fresh_database: Database, tmp_path: Path, clock: FixedClock) -> DropFolder:
    with fresh_database.transaction() as connection:
        world.found(connection)
        connection.execute(
            text(
                "INSERT INTO setting (key, value, updated_at) VALUES ('feed.folder', to_jsonb(CAST(:f AS text)), now())"
            ),
            {"f": str(tmp_path)},
        )
    return DropFolder(fresh_database, clock)


def rows(number: int) -> FeedRows:
    return FeedRows(day(number), [customer("101")], [facility("L1", "101")])


def statuses(drop: DropFolder) -> list[tuple[str, object]]:
    return [(result.status, result.as_of) for result in drop.look()]


def test_what_stands_still_between_two_looks_is_taken_and_put_away(drop: DropFolder, tmp_path: Path) -> None:
    rows(1).write(tmp_path / "b")
    rows(0).zip_to(tmp_path / "z.zip")
    assert statuses(drop) == []
    assert statuses(drop) == [("taken", day(0)), ("taken", day(1))]
    assert statuses(drop) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken"]
    assert sorted(path.name.split("-", 2)[2] for path in (tmp_path / "taken").iterdir()) == ["b", "z.zip"]


def test_what_still_grows_is_left_alone(drop: DropFolder, tmp_path: Path) -> None:
    whole = rows(0).zip_to(tmp_path / "whole").read_bytes()
    (tmp_path / "whole").unlink()
    path = tmp_path / "feed.zip"
    for part in (100, 300):
        path.write_bytes(whole[:part])
        assert statuses(drop) == []
    assert statuses(drop) == []
    path.write_bytes(whole)
    assert statuses(drop) == []
    assert statuses(drop) == [("taken", day(0))]


def test_what_never_becomes_complete_is_refused_after_a_while(
    drop: DropFolder, tmp_path: Path, clock: FixedClock
) -> None:
    path = rows(0).write(tmp_path / "half")
    (path / "guarantors.csv").unlink()
    assert statuses(drop) == []
    assert statuses(drop) == []
    clock.move(PATIENCE + timedelta(seconds=1))
    assert statuses(drop) == [("refused", day(0))]
    assert len(list((tmp_path / "refused").iterdir())) == 1


def test_nothing_without_a_folder(fresh_database: Database, clock: FixedClock) -> None:
    assert DropFolder(fresh_database, clock).look() == []
