"""The frame of the commands: exit statuses, Persian sentences, settings from their three sources."""

from pathlib import Path

import pytest
from psycopg import OperationalError

from tests.server.cli.command import Command
from vesal_server.cli import main as entry
from vesal_server.cli import settings as settings_command
from vesal_server.cli.frame import CommandFailed
from vesal_server.kit.config import Config, ConfigError, load
from vesal_server.kit.db import Database
from vesal_shared import problems
from vesal_shared.problems import Refusal


@pytest.fixture
def command(module_database: Database, config: Config) -> Command:
    return Command(module_database, config)


def test_every_command_of_the_list_explains_itself(command: Command) -> None:
    for name, _, _ in entry.COMMANDS:
        ended = command(name, "--help")
        assert (ended.status, ended.err) == (0, "")
        assert f"vesal-server {name}" in ended.out


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nothing",),
        ("settings",),
        ("settings", "set"),
        ("serve", "--unknown"),
        ("catalog", "import", "x", "y"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_persian_sentence(command: Command, words: tuple[str, ...]) -> None:
    ended = command(*words)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.splitlines()[-1].startswith("کاربرد نادرست: ")
    assert "required" not in ended.err


def test_refused_input_ends_with_3_and_its_sentence(command: Command) -> None:
    ended = command("settings", "set", "no.such", "1")
    assert (ended.status, ended.out) == (3, "")
    assert "no.such" in ended.err
    assert "Traceback" not in ended.err


def test_json_stands_alone_on_stdout(command: Command) -> None:
    ended = command("--json", "settings", "list")
    assert ended.status == 0
    assert any(row["key"] == "sms.driver" for row in ended.answer)
    assert command("settings", "list", "--json").answer == ended.answer


def test_actions_take_the_common_options_wherever_they_stand(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "workflows.yaml"
    behind = command("workflow", "export", file, "--json", "--data-dir", tmp_path)
    before = command("--json", "workflow", "export", file)
    assert (behind.status, before.status, behind.out) == (0, 0, before.out)


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (Refusal(problems.NOT_FOUND), 3, problems.NOT_FOUND.title),
        (Refusal(problems.UNAVAILABLE), 1, problems.UNAVAILABLE.title),
        (CommandFailed("نشد."), 1, "نشد."),
        (KeyboardInterrupt(), 1, "متوقف شد."),
        (ConfigError("تنظیم نادرست."), 2, "تنظیم نادرست."),
    ],
)
def test_what_is_foreseeable_has_no_trace(
    command: Command, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, sentence: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(settings_command, "run_list", fail)
    ended = command("settings", "list")
    assert (ended.status, ended.err.strip()) == (status, sentence)


def test_a_bug_is_told_with_its_trace(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(settings_command, "run_list", fail)
    ended = command("settings", "list")
    assert ended.status == 1
    assert "ZeroDivisionError" in ended.err
    assert "Traceback" in ended.err


def test_an_unreachable_database_is_a_sentence(command: Command) -> None:
    away = {"VESAL_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    ended = command("settings", "list", environment=away)
    assert (ended.status, ended.err.strip()) == (1, problems.UNAVAILABLE.title)
    assert OperationalError.__name__ not in ended.err


def test_an_unready_database_is_refused(empty_database: Database, config: Config) -> None:
    ended = Command(empty_database, config)("settings", "list")
    assert ended.status == 3
    assert "vesal-server init" in ended.err


def test_the_command_line_wins_over_the_environment_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "vesal.toml"
    file.write_text('port = 1000\nworkers = 2\ndata_dir = "/from/file"\n', encoding="utf-8")
    environment = {"VESAL_PORT": "2000", "VESAL_DATA_DIR": "/from/environment"}
    config = load({"port": "3000", "host": None}, environment, file)
    assert (config.port, config.data_dir, config.workers) == (3000, Path("/from/environment"), 2)
    assert load({}, {}, file).data_dir == Path("/from/file")


@pytest.mark.parametrize(
    "content", ["port = 99999", "port = 'x'", "no_such = 1", "port = [", b"\xff".decode("latin-1")]
)
def test_a_wrong_file_is_wrong_usage(command: Command, tmp_path: Path, content: str) -> None:
    file = tmp_path / "vesal.toml"
    file.write_text(content, encoding="utf-8")
    ended = command("settings", "list", "--config", file)
    assert (ended.status, ended.out) == (2, "")
    assert "Traceback" not in ended.err
