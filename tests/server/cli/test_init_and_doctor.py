"""`init` makes a system that works and repeats without harm; `doctor` says what is wrong and how to mend it."""

import os
import stat
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from tests.conftest import copied, plain
from tests.server.cli.command import Command
from vesal_server.cli.checks import Finding
from vesal_server.cli.doctor import line
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.embedded import EmbeddedPostgres
from vesal_server.kit.secrets import Secrets
from vesal_shared.pages import SEEDED_GROUPS


def statuses(command: Command) -> dict[str, str]:
    ended = command("doctor", "--json")
    return {finding["name"]: finding["status"] for finding in ended.answer["checks"]}


def test_init_makes_a_system_and_repeats_without_harm(empty_database: Database, tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path / "new")
    command = Command(empty_database, config)
    first = command("init", "--json")
    assert first.status == 0
    assert first.answer["created"]
    assert first.answer["admin"]["username"] == "admin"
    assert len(first.answer["admin"]["password"]) >= 10
    again = command("init", "--json")
    assert again.answer == {
        "created": False,
        "migrated": False,
        "revision": first.answer["revision"],
        "admin": None,
    }
    with empty_database.transaction() as connection:
        groups = set(connection.execute(text("SELECT title FROM access_group")).scalars())
        results = connection.execute(text("SELECT count(*) FROM contact_result")).scalar_one()
        keys = connection.execute(text("SELECT count(*) FROM letter_key")).scalar_one()
    assert groups == {group.title for group in SEEDED_GROUPS}
    assert (results > 5, keys) == (True, 1)
    if os.name == "posix":
        assert stat.S_IMODE(config.secrets_key_file.stat().st_mode) == 0o600


def test_init_shows_the_password_once_to_a_person(empty_database: Database, config: Config) -> None:
    command = Command(empty_database, config)
    shown = command("init").out.splitlines()
    assert shown[0] == "نام کاربری: admin"
    assert shown[1].startswith("کلمه عبور: ")
    assert command("init").out == ""


def test_a_database_without_persian_search_is_refused_with_its_cure(
    postgres: EmbeddedPostgres, config: Config
) -> None:
    name = f"dead_{os.getpid()}"
    with psycopg.connect(plain(postgres.url("postgres")), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 LC_CTYPE 'C'").format(sql.Identifier(name))
        )
    try:
        with Database(postgres.url(name)) as database:
            command = Command(database, config)
            for words in (("init",), ("doctor",)):
                ended = command(*words)
                assert ended.status == 3
                assert f'CREATE DATABASE "{name}" TEMPLATE template0' in ended.err + ended.out
            with database.transaction() as inside:
                assert inside.execute(text("SELECT count(*) FROM pg_extension")).scalar_one() == 1
    finally:
        with psycopg.connect(plain(postgres.url("postgres")), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_the_cure_works(postgres: EmbeddedPostgres, config: Config) -> None:
    with copied(postgres, "template0") as url, Database(url) as database:
        assert Command(database, config)("init").status == 0


def test_a_ready_system_is_healthy(fresh_database: Database, config: Config) -> None:
    command = Command(fresh_database, config)
    ended = command("doctor")
    assert ended.status == 0
    assert "✓ پایگاه داده: PostgreSQL ۱۸" in ended.out
    found = statuses(command)
    assert found["secrets"] == found["schema"] == found["gateway.sms"] == found["clock"] == "ok"
    assert (found["intake"], found["scheduler"]) == ("warning", "warning")


def test_what_is_broken_is_in_error_with_its_cure(fresh_database: Database, config: Config) -> None:
    command = Command(fresh_database, config)
    with fresh_database.transaction() as connection:
        connection.execute(
            text(
                "INSERT INTO channel_stop (channel, code, reason, since, probe_at)"
                " VALUES ('sms', 'credit', 'اعتبار تمام شد', now(), now())"
            )
        )
    assert statuses(command)["gateway.sms"] == "error"
    config.secrets_key_file.unlink()
    Secrets.load_or_create(config.secrets_key_file)
    assert statuses(command)["secrets"] == "error"
    with fresh_database.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'other'"))
    ended = command("doctor")
    assert ended.status == 1
    assert "vesal-server init" in ended.out


def test_an_unreachable_database_is_found(fresh_database: Database, config: Config) -> None:
    away = {"VESAL_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    ended = Command(fresh_database, config)("doctor", "--json", environment=away)
    assert ended.status == 1
    assert ended.answer["checks"][-1]["status"] == "error"


@pytest.mark.parametrize(
    ("detail", "shown"),
    [("۵ از 7", "۵ از ۷"), ("در «/srv/vesal2» 3 گیگ", "در «/srv/vesal2» ۳ گیگ")],
)
def test_numbers_are_persian_and_paths_are_not(detail: str, shown: str) -> None:
    assert line(Finding("x", "چیز", "warning", detail, "کاری")) == f"! چیز: {shown} ← کاری"
