"""The commands that banks script, as they script them: one empty folder, from `init` to the outbox."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from tests.conftest import copied
from tests.worlds import Feed, customer, facility, guarantor
from vesal_server.kit.embedded import EmbeddedPostgres
from vesal_shared import jalali

TODAY = datetime.now(ZoneInfo("Asia/Tehran")).date()
PROVINCES = "code,title\n96,تهران(غرب)\n73,لرستان\n"
BRANCHES = (
    "code,title,province_code,address,ip\n"
    '6140,اکباتان,96,"تهران، شهرک اکباتان، پلاک ۱۴",\n'
    "7305,شهید مطهری,73,خرم‌آباد,\n"
)
LOAN_TYPES = "code,title\n307,مرابحه\n308,مضاربه\n"
DEPOSIT_TYPES = "code,title\n10,کوتاه‌مدت\n"
WORKFLOW = {
    "format": 1,
    "notification_workflows": [
        {
            "title": "یادآوری اول",
            "loan_types": ["307"],
            "days": [1, 30],
            "min_amount": 1_000_000,
            "branches": "all",
            "channels": ["sms", "warning"],
            "recipients": ["borrower", "guarantor"],
            "per_day": 2,
            "start": "09:00",
            "repeat_minutes": 120,
            "every_days": 1,
            "after_stage_days": None,
            "enabled": True,
            "templates": [
                {
                    "channel": "sms",
                    "recipient": "borrower",
                    "parts": [{"text": "مشتری گرامی "}, {"field": "borrower_last_name"}],
                }
            ],
        }
    ],
    "vesal_workflows": [
        {
            "title": "تماس کارشناس",
            "loan_types": ["307"],
            "days": [15, 45],
            "min_amount": 0,
            "branches": "all",
            "follow_up": "call",
            "within_days": 5,
            "sharing": "manual",
            "enabled": True,
        }
    ],
}
FEED = Feed(
    as_of=TODAY,
    customers=[customer(1001), customer(1002, gender="F"), customer(1003, mobile=""), customer(1004)],
    facilities=[
        facility("6140-307-1-1", 1001),
        facility("6140-307-2-1", 1002, overdue_days=29, overdue_amount=7_000_000),
        facility("7305-308-3-1", 1003, branch_code="7305", loan_type_code="308"),
    ],
    guarantors=[guarantor("6140-307-1-1", 1003), guarantor("6140-307-2-1", 1004)],
)

Call = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def vesal(tmp_path_factory: pytest.TempPathFactory, postgres: EmbeddedPostgres) -> Iterator[Call]:
    """Run `vesal-server` with a data folder and an empty database of the module's own."""
    folder = tmp_path_factory.mktemp("contract")
    with copied(postgres, "template0") as url:
        yield prepared(folder, url.set(drivername="postgresql").render_as_string(hide_password=False))


def prepared(folder: Path, url: str) -> Call:
    """The command on a database that `init` made and that has its catalogues."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("VESAL_")}
    environment |= {"VESAL_DATA_DIR": str(folder / "data"), "VESAL_DATABASE_URL": url}

    def call(*arguments: object, text: str | None = None) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [sys.executable, "-m", "vesal_server.cli", *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            input=text,
            env=environment,
            cwd=folder,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    made = call("init", "--json")
    assert made.returncode == 0
    assert json.loads(made.stdout)["admin"]["password"]
    for kind, content in (
        ("provinces", PROVINCES),
        ("branches", BRANCHES),
        ("loan-types", LOAN_TYPES),
        ("deposit-types", DEPOSIT_TYPES),
    ):
        (folder / f"{kind}.csv").write_text(content, encoding="utf-8")
        done = call("catalog", "import", kind, folder / f"{kind}.csv")
        assert done.returncode == 0, done.stderr
    return call


def answer(done: "subprocess.CompletedProcess[str]", status: int = 0) -> dict[str, object]:
    """The JSON on stdout of a command that ended as expected."""
    assert done.returncode == status, done.stderr
    loaded = json.loads(done.stdout)
    assert isinstance(loaded, dict)
    return loaded


def test_init_is_safe_to_repeat(vesal: Call) -> None:
    again = answer(vesal("init", "--json"))
    assert again["admin"] is None


def test_catalogues_come_out_as_they_went_in(vesal: Call) -> None:
    out = vesal("catalog", "export", "branches")
    assert out.returncode == 0
    rows = list(csv.DictReader(io.StringIO(out.stdout)))
    assert [(row["code"], row["province_code"]) for row in rows] == [("6140", "96"), ("7305", "73")]
    assert rows[0]["address"] == "تهران، شهرک اکباتان، پلاک ۱۴"


def test_a_bad_catalogue_changes_nothing(vesal: Call, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("code,title,province_code,address,ip\n9999,تازه,96,,\n9998,بد,55,,\n", encoding="utf-8")
    assert vesal("catalog", "import", "branches", bad).returncode == 3
    assert "9999" not in vesal("catalog", "export", "branches").stdout


def test_wrong_usage_ends_with_2(vesal: Call) -> None:
    assert vesal("nothing").returncode == 2
    assert vesal("plan", "--on", "the other day").returncode == 2
    assert vesal("catalog", "import", "planets", "x.csv").returncode == 2


def test_no_feed_plans_nothing(vesal: Call) -> None:
    done = answer(vesal("plan", "--json", "--on", TODAY.isoformat()))
    assert done["as_of"] is None
    assert done["new"] == 0


def test_a_night_and_a_morning(vesal: Call, tmp_path: Path) -> None:
    # Refused: nothing changes, exit 3, and the JSON says why.
    wrong = replace(FEED, manifest={"overdue_amount": 1}).folder(tmp_path / "wrong")
    refused = answer(vesal("intake", wrong, "--json"), 3)
    assert refused["status"] == "refused"
    assert refused["reason"]
    assert refused["facilities"] == {"new": 0, "changed": 0, "unchanged": 0, "rejected": 0}
    assert vesal("intake", tmp_path / "not-there", "--json").returncode in {2, 3}

    taken = answer(vesal("intake", FEED.zip(tmp_path / "feed.zip", inside="feed"), "--json"))
    assert (
        taken
        | {
            "status": "taken",
            "as_of": TODAY.isoformat(),
            "reason": None,
            "customers": {"new": 4, "changed": 0, "unchanged": 0, "rejected": 0},
            "facilities": {"new": 3, "changed": 0, "unchanged": 0, "rejected": 0},
            "guarantors": {"new": 2, "changed": 0, "unchanged": 0, "rejected": 0},
            "cured": 0,
            "rejected": [],
        }
        == taken
    )
    again = answer(vesal("intake", FEED.folder(tmp_path / "feed"), "--json"))
    assert again["status"] == "unchanged"
    assert again["facilities"] == {"new": 0, "changed": 0, "unchanged": 3, "rejected": 0}

    # Workflows go in as YAML or JSON and come out so that they can go in again.
    file = tmp_path / "workflows.yaml"
    file.write_text(yaml.safe_dump(WORKFLOW, allow_unicode=True), encoding="utf-8")
    assert vesal("workflow", "import", file).returncode == 0
    out = tmp_path / "out.json"
    assert vesal("workflow", "export", out).returncode == 0
    exported = json.loads(out.read_text(encoding="utf-8"))
    first = exported["notification_workflows"][0]
    assert {key: first[key] for key in ("title", "days", "start", "per_day", "channels")} == {
        "title": "یادآوری اول",
        "days": [1, 30],
        "start": "09:00",
        "per_day": 2,
        "channels": ["sms", "warning"],
    }
    assert vesal("workflow", "import", out).returncode == 0
    overlapping = json.loads(json.dumps(WORKFLOW))
    overlapping["notification_workflows"][0]["title"] = "یادآوری دیگر"
    file.write_text(json.dumps(overlapping), encoding="utf-8")
    refused_workflow = vesal("workflow", "import", file)
    assert refused_workflow.returncode == 3
    assert "یادآوری اول" in refused_workflow.stderr

    # What would be, then what is: two messages and a letter for each person of the two facilities.
    table = tmp_path / "plan.csv"
    dry = answer(vesal("plan", "--on", jalali.numeric(TODAY), "--dry-run", "--json", "--csv", table))
    would = rows_of(table)
    day_is_holiday = any(row["reason"] == "holiday" for row in would)
    planned = answer(vesal("plan", "--on", TODAY.isoformat(), "--json", "--csv", table))
    assert planned["new"] == dry["new"] == 12
    assert {frozenset(row.items()) for row in would} == {frozenset(row.items()) for row in rows_of(table)}
    assert planned["on"] == TODAY.isoformat()
    assert planned["as_of"] == TODAY.isoformat()
    assert planned["stale"] is False
    assert set(planned) >= {
        "on",
        "as_of",
        "stale",
        "new",
        "existing",
        "planned",
        "cancelled",
        "suppressed",
        "by_channel",
    }
    rows = rows_of(table)
    assert len(rows) == 12
    assert set(rows[0]) == {
        "workflow", "loan_no", "channel", "recipient", "person_customer_no", "repeat", "due_at", "status", "reason",
    }  # fmt: skip
    no_mobile = [row for row in rows if row["channel"] == "sms" and row["person_customer_no"] == "1003"]
    assert {(row["status"], row["reason"]) for row in no_mobile} == {("suppressed", "no_mobile")}
    assert {row["due_at"] for row in rows if row["channel"] == "sms"} == {
        f"{TODAY.isoformat()}T09:00:00+03:30",
        f"{TODAY.isoformat()}T11:00:00+03:30",
    }
    repeated = answer(vesal("plan", "--on", TODAY.isoformat(), "--json"))
    assert repeated["new"] == 0
    assert repeated["existing"] == 12
    assert vesal("plan", "--on", (TODAY - timedelta(days=1)).isoformat(), "--json").returncode == 3

    # Sent once, however often it is asked for.
    messages = sum(row["channel"] == "sms" and row["status"] == "planned" for row in rows)
    noon = f"{TODAY.isoformat()}T12:00:00+03:30"
    sent = answer(vesal("dispatch", "--once", "--at", noon, "--json"))
    assert sent == {"sent": messages, "failed": 0, "retry": 0, "unknown": 0, "expired": 0}
    assert answer(vesal("dispatch", "--once", "--at", noon, "--json"))["sent"] == 0
    if not day_is_holiday:
        letters = [row for row in rows if row["channel"] == "warning"]
        assert {row["status"] for row in letters} == {"planned"}
        assert len(letters) == 4

    # A feed that is too old by then plans nothing, and says so.
    stale = answer(vesal("plan", "--on", (TODAY + timedelta(days=5)).isoformat(), "--json"))
    assert (stale["stale"], stale["new"]) == (True, 0)

    # A corrected feed of the same day lacks one facility, which only its predecessor had opened: no cure, but a
    # mistake of the feed; what was planned for it and not begun is cancelled all the same.
    tomorrow = answer(vesal("plan", "--on", (TODAY + timedelta(days=1)).isoformat(), "--json"))
    assert tomorrow["stale"] is False
    corrected = replace(FEED, facilities=FEED.facilities[1:], guarantors=FEED.guarantors[1:])
    cured = answer(vesal("intake", corrected.folder(tmp_path / "cured"), "--json"))
    assert (cured["status"], cured["cured"]) == ("taken", 0)
    after = tmp_path / "after.csv"
    answer(vesal("plan", "--on", (TODAY + timedelta(days=1)).isoformat(), "--json", "--csv", after))
    gone = [
        row for row in rows_of(after) if row["loan_no"] == "6140-307-1-1" and row["reason"] != "no_mobile"
    ]
    assert {(row["status"], row["reason"]) for row in gone if row["channel"] == "sms"} == {
        ("cancelled", "cured")
    }


def test_settings_are_listed_and_set(vesal: Call) -> None:
    assert vesal("settings", "set", "feed.stale_days", "4").returncode == 0
    listed = vesal("settings", "list", "--json")
    assert listed.returncode == 0
    assert vesal("settings", "set", "window.end", "23:30").returncode == 3
    assert vesal("settings", "set", "no.such", "1").returncode == 3
    secret = vesal("settings", "set", "sms.password", text="رمزِ درگاه\n")
    assert secret.returncode == 0
    for command in (("settings", "list"), ("settings", "list", "--json")):
        assert "رمزِ درگاه" not in vesal(*command).stdout
    assert vesal("settings", "set", "feed.stale_days", "3").returncode == 0


def test_users_are_made_and_let_in_again(vesal: Call) -> None:
    made = vesal(
        "user", "create", "n.sabouri", "--group", "وصول مطالبات", "--branch", "6140", "--first-name", "نگار",
        "--last-name", "صبوری", "--password-stdin", text="یک گذرواژه بلند ۱۴۰۵\n",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert vesal("user", "create", "n.sabouri", "--group", "وصول مطالبات").returncode == 3
    assert vesal("user", "create", "other", "--group", "گروهی که نیست").returncode == 3
    reset = vesal("user", "password", "n.sabouri", "--json")
    assert reset.returncode == 0
    assert vesal("user", "password", "n.sabouri", "--password-stdin", text="short\n").returncode == 3


def test_the_doctor_says_how_it_stands(vesal: Call) -> None:
    done = vesal("doctor", "--json")
    assert done.returncode in {0, 1}
    assert json.loads(done.stdout)


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a plan's CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
