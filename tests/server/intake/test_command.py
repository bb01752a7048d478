"""`vesal-server intake`, as banks script it; and small runs of the bench and the fault."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.bench import intake as bench
from tests.faults import feeds as fault
from tests.feeds import FeedRows, customer, facility, pair
from tests.server.cli.command import Command
from tests.server.intake import world
from vesal_server.cli.intake import Bar
from vesal_server.intake.stage import Progress
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database

DAY = date(2024, 11, 23)


@pytest.fixture
def command(fresh_database: Database, config: Config) -> Command:
    with fresh_database.transaction() as connection:
        world.found(connection)
        world.set_setting(connection, "feed.max_bad_percent", 40)
    return Command(fresh_database, config)


def rows(as_of: date = DAY) -> FeedRows:
    return FeedRows(
        as_of,
        [customer("101"), customer("102")],
        [facility("L1", "101"), facility("L2", "101", branch_code="77")],
        [pair("L1", "102")],
    )


def test_json_answer_and_exit_status(command: Command, tmp_path: Path) -> None:
    path = rows().write(tmp_path / "feed")
    ended = command("intake", path, "--json")
    assert ended.status == 0
    answer = ended.answer
    assert {key: answer[key] for key in ("status", "as_of", "reason", "cured")} == {
        "status": "taken", "as_of": "2024-11-23", "reason": None, "cured": 0,
    }  # fmt: skip
    assert answer["customers"] == {"new": 2, "changed": 0, "unchanged": 0, "rejected": 0}
    assert answer["facilities"] == {"new": 1, "changed": 0, "unchanged": 0, "rejected": 1}
    assert answer["guarantors"] == {"new": 1, "changed": 0, "unchanged": 0, "rejected": 0}
    (aside,) = answer["rejected"]
    assert (aside["file"], aside["line"], aside["code"]) == ("facilities.csv", 3, "unknown_branch")
    assert "«77»" in aside["reason"]
    again = command("intake", path, "--json")
    assert (again.status, again.answer["status"], again.answer["facilities"]["unchanged"]) == (
        0,
        "unchanged",
        1,
    )


def test_refused_ends_with_three_and_says_why(command: Command, tmp_path: Path) -> None:
    ended = command("intake", tmp_path / "nowhere", "--json")
    assert ended.status == 3
    assert ended.answer["status"] == "refused"
    assert ended.answer["as_of"] is None
    assert ended.answer["reason"] in ended.err
    assert ended.answer["rejected"] == []
    assert all(set(ended.answer[name].values()) == {0} for name in ("customers", "facilities", "guarantors"))


def test_force_is_for_the_half_size_rule(command: Command, tmp_path: Path) -> None:
    command("intake", rows().write(tmp_path / "a"))
    half = FeedRows(DAY + timedelta(days=1), [customer("101")], [])
    path = half.write(tmp_path / "b")
    refused = command("intake", path)
    assert refused.status == 3
    assert "--force" in refused.err
    taken = command("intake", path, "--force", "--json")
    assert (taken.status, taken.answer["cured"]) == (0, 1)


def test_words_for_a_person(command: Command, tmp_path: Path) -> None:
    ended = command("intake", rows().write(tmp_path / "feed"))
    assert "دریافت شد" in ended.out
    assert "۱۴۰۳/۰۹/۰۳" in ended.out
    assert "facilities.csv:3 unknown_branch" in ended.out
    assert ended.err == ""


def test_wrong_usage(command: Command) -> None:
    assert command("intake").status == 2


def test_arrivals_are_recorded_as_the_commands(
    command: Command, fresh_database: Database, tmp_path: Path
) -> None:
    command("intake", rows().zip_to(tmp_path / "feed.zip"))
    with fresh_database.transaction() as connection:
        row = connection.execute(text("SELECT source, form, via, status FROM feed_arrival")).one()
        audit = connection.execute(
            text("SELECT action, new->>'status' FROM audit_entry WHERE entity = 'feed_arrival'")
        ).one()
    assert tuple(row) == ("feed.zip", "zip", "command", "taken")
    assert tuple(audit) == ("import", "taken")


def test_bar_shows_part_count_and_rate() -> None:
    out = io.StringIO()
    bar = Bar(out)
    bar.show(Progress(total=200, done=200, rows=1_234))
    bar.end()
    drawn = out.getvalue()
    assert "۱۰۰٪" in drawn
    assert "۱٬۲۳۴ ردیف" in drawn
    assert "ردیف در ثانیه" in drawn


def test_bench_runs_small(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--customers", "400", "--runs", "1"]) in {0, 1}
    told = capsys.readouterr().out
    assert all(case in told for case in ("first", "next day", "same again", "memory"))


def test_fault_holds_small(capsys: pytest.CaptureFixture[str]) -> None:
    assert fault.main(["--steps", "40", "--mutations", "27"]) == 0, capsys.readouterr().out
