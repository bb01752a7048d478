"""A bank's logo: set as a file, kept once, named by each letter, and whole in what travels to the branch."""

import base64
import io
import json
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Connection, text

from tests.server.cli.command import Command
from tests.server.planning.bank import NOW, PlanBank
from vesal_server import settings
from vesal_server.audit.service import SYSTEM
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets
from vesal_server.letters.queue import queries
from vesal_server.scope import Reach
from vesal_server.settings.registry import BY_KEY
from vesal_server.settings.values import parse, show
from vesal_shared.letter_content import LOGO_REFERENCE, decode_many, logo_bytes
from vesal_shared.problems import Refusal

EVERYTHING = Reach("bank", 1, None, None)


@pytest.fixture
def bank(connection: Connection, secrets: Secrets) -> PlanBank:
    return PlanBank(connection, secrets)


@pytest.fixture
def command(module_database: Database, config: Config) -> Command:
    return Command(module_database, config)


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "#0B4F5C").save(out, "PNG")
    return out.getvalue()


def test_letters_name_the_logo_and_travel_with_it(
    bank: PlanBank, connection: Connection, secrets: Secrets
) -> None:
    image = base64.b64encode(png()).decode()
    settings.change(connection, SYSTEM, NOW, secrets, "bank.logo", image)
    bank.workflow(channels=("warning",))
    for number in "123":
        bank.facility(number, bank.customer(number))
    bank.plan()
    letters = bank.letters()
    assert all(row.content["bank"]["logo"].startswith(LOGO_REFERENCE) for row in letters)
    assert connection.execute(text("SELECT count(*) FROM letter_logo")).scalar_one() == 1
    # A later logo changes no letter that was issued.
    settings.change(connection, SYSTEM, NOW, secrets, "bank.logo", "")
    found = queries.contents(connection, EVERYTHING, [row.id for row in letters])
    assert {row.content["bank"]["logo"] for row in found} == {image}
    (content, *_) = decode_many(json.dumps([row.content for row in found]).encode())
    assert logo_bytes(content.bank) == png()


def test_without_a_logo_letters_have_none(bank: PlanBank, connection: Connection) -> None:
    bank.workflow(channels=("warning",))
    bank.facility("1", bank.customer("1"))
    bank.plan()
    (row,) = bank.letters()
    (found,) = queries.contents(connection, EVERYTHING, [row.id])
    assert found.content["bank"].get("logo", "") == ""


@pytest.mark.parametrize(
    "typed", ["*", base64.b64encode(b"GIF89a").decode(), base64.b64encode(b"").decode() + "AA"]
)
def test_what_is_no_picture_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse(BY_KEY["bank.logo"], typed)
    assert caught.value.code == "bad_setting"


def test_it_is_shown_by_kind_and_size() -> None:
    setting = BY_KEY["bank.logo"]
    value = parse(setting, base64.b64encode(png()).decode())
    assert show(setting, value) == f"PNG {len(png())} bytes"
    assert show(setting, parse(setting, "")) == ""


def test_the_command_takes_a_file(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(png())
    assert command("settings", "set", "bank.logo", str(path)).status == 0
    listed = {row["key"]: row["value"] for row in command("settings", "list", "--json").answer}
    assert listed["bank.logo"] == f"PNG {len(png())} bytes"
