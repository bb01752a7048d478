"""The commands that banks script: catalog, user, settings."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.server.cli.command import Command
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.settings.registry import BY_KEY


@pytest.fixture
def vesal(fresh_database: Database, config: Config) -> Command:
    """`vesal-server` on a seeded database of the test's own."""
    return Command(fresh_database, config)


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8", newline="")
    return path


def test_catalogues_go_in_and_out(vesal: Command, tmp_path: Path) -> None:
    provinces = write(tmp_path, "p.csv", "code,title\n96,تهران(غرب)\n")
    branches = write(tmp_path, "b.csv", "code,title,province_code,address,ip\n6140,اکباتان,96,,10.0.0.0/8\n")
    done = vesal("catalog", "import", "provinces", provinces, "--json")
    assert (done.status, done.answer) == (0, {"kind": "provinces", "new": 1, "changed": 0, "unchanged": 0})
    assert vesal("catalog", "import", "branches", branches).status == 0
    out = vesal("catalog", "export", "branches").out
    assert out.splitlines() == ["code,title,province_code,address,ip", "6140,اکباتان,96,,10.0.0.0/8"]
    file = tmp_path / "out.csv"
    assert vesal("catalog", "export", "branches", file).status == 0
    assert file.read_bytes().decode() == out
    again = vesal("catalog", "import", "branches", file, "--json")
    assert again.answer["unchanged"] == 1


def test_a_bad_catalogue_ends_with_3_and_changes_nothing(vesal: Command, tmp_path: Path) -> None:
    bad = write(tmp_path, "p.csv", "code,title\n1,خوب\n2,\n")
    done = vesal("catalog", "import", "provinces", bad)
    assert done.status == 3
    assert "3" in done.err
    assert "Traceback" not in done.err
    assert vesal("catalog", "export", "provinces").out.splitlines() == ["code,title"]


@pytest.mark.parametrize(
    "words",
    [
        ("catalog", "import", "nothing", "x.csv"),
        ("catalog", "import", "provinces", "no-such-file.csv"),
        ("catalog",),
        ("user", "create", "somebody"),
        ("settings", "set"),
    ],
)
def test_wrong_usage_ends_with_2(vesal: Command, words: tuple[str, ...]) -> None:
    done = vesal(*words)
    assert done.status == 2
    assert done.out == ""


def test_a_given_password_need_not_be_changed_and_is_told_nowhere(
    vesal: Command, fresh_database: Database
) -> None:
    done = vesal(
        "user", "create", "sara", "--group", "مدیران شعب", "--group", "کاربر عادی", "--first-name", "سارا",
        "--password-stdin", "--json", stdin="رمز بسیار خوب\n",
    )  # fmt: skip
    assert done.status == 0
    assert done.answer["password"] is None
    assert "رمز بسیار خوب" not in done.out + done.err
    assert _must_change(fresh_database, "sara") is False


def test_a_made_password_is_printed_once_and_must_be_changed(
    vesal: Command, fresh_database: Database
) -> None:
    done = vesal("user", "create", "sara", "--group", "مدیران شعب", "--json")
    assert done.status == 0
    assert len(done.answer["password"]) >= 10
    assert _must_change(fresh_database, "sara") is True
    shown = vesal("user", "password", "sara")
    assert shown.status == 0
    assert shown.out.strip().split()[-1] != done.answer["password"]
    set_again = vesal("user", "password", "sara", "--password-stdin", stdin="یک رمز دیگر\n")
    assert (set_again.status, set_again.out) == (0, "")
    assert _must_change(fresh_database, "sara") is False


@pytest.mark.parametrize(
    ("words", "stdin", "says"),
    [
        (("create", "sara", "--group", "نیست"), "", "نیست"),
        (("create", "admin", "--group", "مدیران شعب"), "", "admin"),
        (("create", "sara", "--group", "مدیران شعب", "--branch", "0000"), "", "0000"),
        (("create", "sara", "--group", "مدیران شعب", "--password-stdin"), "کوتاه\n", "نویسه"),
        (("create", "sara", "--group", "مدیران شعب", "--password-stdin"), "", "نویسه"),
        (("password", "nobody"), "", "nobody"),
    ],
)
def test_a_bad_user_ends_with_3(vesal: Command, words: tuple[str, ...], stdin: str, says: str) -> None:
    done = vesal("user", *words, stdin=stdin)
    assert done.status == 3
    assert says in done.err
    assert done.out == ""


def test_settings_are_set_listed_and_kept_secret(vesal: Command) -> None:
    assert vesal("settings", "set", "feed.stale_days", "5").status == 0
    assert vesal("settings", "set", "sms.password", stdin="کلید-پنهان\n").status == 0
    listed = vesal("settings", "list", "--json")
    rows = {row["key"]: row for row in listed.answer}
    assert (rows["feed.stale_days"]["value"], rows["feed.stale_days"]["set"]) == ("5", True)
    assert (rows["sms.password"]["value"], rows["sms.password"]["set"]) == (None, True)
    plain = vesal("settings", "list")
    assert "feed.stale_days = 5" in plain.out
    assert "کلید-پنهان" not in listed.out + plain.out + plain.err


@pytest.mark.parametrize("key", [
    "sms.driver", "sms.base_url", "sms.number", "sms.username", "sms.password", "call.driver", "email.driver",
    "gateways.allow_private", "dispatch.lease_s", "dispatch.timeout_s", "dispatch.quiet_s", "feed.max_bad_percent",
    "feed.min_ratio_percent", "feed.stale_days", "window.start", "window.end",
])  # fmt: skip
def test_the_settings_of_the_contract_are_there(key: str) -> None:
    assert BY_KEY[key].label


@pytest.mark.parametrize(
    ("key", "value"), [("no.such", "1"), ("window.start", "6"), ("feed.stale_days", "many")]
)
def test_a_bad_setting_ends_with_3(vesal: Command, key: str, value: str) -> None:
    done = vesal("settings", "set", key, value)
    assert done.status == 3
    assert done.err


def _must_change(database: Database, username: str) -> bool:
    with database.transaction(read_only=True) as connection:
        query = text("SELECT must_change_password FROM app_user WHERE username = :name")
        return bool(connection.execute(query, {"name": username}).scalar_one())
