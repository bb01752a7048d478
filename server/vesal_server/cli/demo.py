"""`python3 dev.py demo`: the whole main job on a generated bank, from an empty folder to officers' pictures.

Uses the very services that the commands use, on days of the past by a clock that stands there. The client is
started as the program that it is: the server knows nothing of it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from datetime import time as clock_time
from importlib.resources import files
from pathlib import Path

from vesal_server.access import passwords, users
from vesal_server.access.users import NewUser
from vesal_server.audit.service import SYSTEM
from vesal_server.catalogs import service as catalogs
from vesal_server.cli.demo_queries import introduce, letters_of, totals
from vesal_server.cli.frame import Context
from vesal_server.cli.init import initialise
from vesal_server.demo_data import service as demo_data
from vesal_server.dispatch import service as dispatch
from vesal_server.host import Host
from vesal_server.intake.service import Offer, take
from vesal_server.kit.clock import FixedClock, SystemClock, tehran_instant
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets
from vesal_server.planning import service as planning
from vesal_server.settings import service as settings
from vesal_server.workflows import service as workflows
from vesal_shared.digits import persian_digits
from vesal_shared.jalali import show
from vesal_shared.money import show as grouped

CUSTOMERS = 20_000
#: Days of feeds that the bank has behind it, and how many of them were planned and sent.
DAYS, PLANNED_DAYS = 40, 8
#: So many letters are drawn; a branch prints its own.
LETTERS = 60
BRANCH_USER = "n.sabouri"

SETTINGS = {
    "bank.name": "بانک نمونه",
    "letters.cc": "دایره وصول مطالبات شعبه، جهت پیگیری\nبایگانی پرونده تسهیلات",
}

#: Picture, page, user, and how the client is started for it.
PICTURES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("home", "home", BRANCH_USER, ()),
    ("home-dark", "home", BRANCH_USER, ("--theme", "dark")),
    ("overdue-cases", "overdue_cases", BRANCH_USER, ()),
    ("overdue-cases-dark", "overdue_cases", BRANCH_USER, ("--theme", "dark")),
    ("overdue-cases-150", "overdue_cases", BRANCH_USER, ("--scale", "1.5")),
    ("print-queue", "print_queue", BRANCH_USER, ()),
    ("print-queue-dark", "print_queue", BRANCH_USER, ("--theme", "dark")),
    ("data-reception", "data_reception", "admin", ()),
    ("data-reception-dark", "data_reception", "admin", ("--theme", "dark")),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the demo lies."""

    output: Path

    @property
    def data(self) -> Path:
        """The service's data folder, the embedded database in it."""
        return self.output / "data"

    @property
    def bank(self) -> Path:
        """The generated catalogues and feeds."""
        return self.output / "bank"

    @property
    def built_file(self) -> Path:
        """The day up to which the bank was made; written last of all."""
        return self.output / "built.txt"

    @property
    def password_file(self) -> Path:
        """The demo's one password, for all its users."""
        return self.output / "password.txt"


def main(arguments: list[str] | None = None) -> int:
    """Run the demo; returns the exit status."""
    parser = argparse.ArgumentParser(prog="dev.py demo")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--headless", action="store_true")
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    given = parser.parse_args(arguments)
    place = Place(given.output.resolve())
    place.output.mkdir(parents=True, exist_ok=True)
    # An embedded PostgreSQL may run as another system user, who has to get to its folder.
    place.output.chmod(0o755)
    today = SystemClock().today()
    if not _is_built(place, today):
        # What an interrupted run, or another day's, left behind is no bank of today.
        place.built_file.unlink(missing_ok=True)
        shutil.rmtree(place.data, ignore_errors=True)
    config = replace(Config(data_dir=place.data), port=0)
    with Context(config) as context:
        config.data_dir.mkdir(exist_ok=True, mode=0o755)
        secrets = Secrets.load_or_create(config.secrets_key_file)
        database = context.database(pool_size=16, checked=False)
        built = _build(database, config, secrets, place, today, given.customers)
        _say_totals(database, built, today)
        headless = given.headless or not _has_display()
        with _serving(context, config, secrets, background=not headless) as url:
            if headless:
                _render_letters(database, place)
                _take_pictures(url, place)
                shutil.copyfile(config.outbox_file, place.output / config.outbox_file.name)
                _say(f"همه در «{place.output}» است.")
            else:
                _open_client(url, place)
    return 0


def _build(
    database: Database, config: Config, secrets: Secrets, place: Place, today: date, customers: int
) -> bool:
    """Make the bank and live its days up to today; False where that was done before."""
    if _is_built(place, today):
        return False
    password = _password(place)
    first_day = today - timedelta(days=DAYS - 1)
    _say(f"ساخت بانک نمونه با {persian_digits(customers)} مشتری …")
    bank = demo_data.make(place.bank, customers=customers, as_of=today, days=DAYS, seed=1)
    morning = FixedClock(tehran_instant(first_day, clock_time(6)))
    initialise(database, secrets, morning, admin_password=password)
    with database.transaction() as connection:
        for kind, file in bank.catalogs.items():
            catalogs.take_in(connection, SYSTEM, morning.now(), kind, file.read_bytes())
        introduce(connection, demo_data.heads(seed=1))
        logo = files("vesal_resources").joinpath("demo", "logo.png").read_bytes()
        for key, value in {**SETTINGS, "bank.logo": b64encode(logo).decode("ascii")}.items():
            settings.change(connection, SYSTEM, morning.now(), secrets, key, value)
    _add_users(database, password, morning, bank.branch_code, bank.province_code)
    _live(database, config, secrets, bank.feeds, today)
    place.built_file.write_text(today.isoformat(), encoding="utf-8")
    return True


def _is_built(place: Place, today: date) -> bool:
    """Whether the bank was made whole, and its last day is today."""
    return place.built_file.exists() and place.built_file.read_text(encoding="utf-8") == today.isoformat()


def _live(
    database: Database, config: Config, secrets: Secrets, feeds: list[demo_data.Arrival], today: date
) -> None:
    """Each night's feeds, and of the last days the plan and the sending too."""
    _say(f"دریافت {persian_digits(len(feeds))} فهرست شبانه، برنامه‌ریزی و ارسال …")
    began = False
    statuses: Counter[str] = Counter()
    for arrival in feeds:
        night = FixedClock(tehran_instant(arrival.day, clock_time(5)))
        result = take(database, night, Offer(arrival.path, via="watch"))
        statuses[result.status] += 1
        if arrival.last_of_day and (today - arrival.day).days < PLANNED_DAYS:
            if not began:
                _enable_workflows(database, secrets, night)
                began = True
            night.set(tehran_instant(arrival.day, clock_time(7)))
            with database.transaction(statement_timeout_s=0) as connection:
                planned = planning.plan(connection, arrival.day, now=night.now(), secrets=secrets)
            night.set(tehran_instant(arrival.day, clock_time(19, 30)))
            sent = dispatch.send_once(database, config, secrets, night)
            _say(
                f"{show(arrival.day)}: {persian_digits(planned.new)} اطلاع‌رسانی تازه، "
                f"{persian_digits(sent.sent)} پیام فرستاده شد."
            )
    _say(
        f"فهرست‌ها: {persian_digits(statuses['taken'])} دریافت شد، "
        f"{persian_digits(statuses['refused'])} رد شد، {persian_digits(statuses['unchanged'])} بدون تغییر."
    )


def _enable_workflows(database: Database, secrets: Secrets, clock: FixedClock) -> None:
    """The three ready workflows for every loan type of the bank, switched on."""
    ready = workflows.ready_made()
    enabled = replace(ready, workflows=tuple(replace(one, enabled=True) for one in ready.workflows))
    with database.transaction() as connection:
        planning.begin_change(connection)
        saved = workflows.import_file(connection, enabled, SYSTEM, now=clock.now())
        planning.workflows_changed(connection, saved.changed_ids, now=clock.now(), secrets=secrets)


def _add_users(database: Database, password: str, clock: FixedClock, branch: str, province: str) -> None:
    """A person for each seeded group, all with the demo's password."""
    hasher = passwords.Hasher()
    people = (
        (BRANCH_USER, "نگار", "صبوری", ("مدیران شعب", "وصول مطالبات"), branch, None),
        ("m.eshraghi", "میلاد", "اشراقی", ("وصول مطالبات",), branch, None),
        ("r.kianfar", "رؤیا", "کیان‌فر", ("ادمین استان ها",), None, province),
        ("h.parvin", "هومن", "پروین", ("ادمین معاونت حقوقی و وصول مطالبات",), None, None),
    )
    with database.transaction() as connection:
        for username, first, last, groups, branch_code, province_code in people:
            users.create(
                connection,
                SYSTEM,
                clock.now(),
                hasher,
                NewUser(
                    username,
                    password,
                    groups,
                    first_name=first,
                    last_name=last,
                    branch_code=branch_code,
                    province_code=province_code,
                    must_change_password=False,
                ),
            )


def _say_totals(database: Database, built: bool, today: date) -> None:  # noqa: FBT001 - one private caller
    with database.transaction(read_only=True) as connection:
        found = totals(connection, today)
    _say("" if built else "بانک نمونه از پیش ساخته شده است.")
    print(f"تسهیلات معوق: {grouped(found.open_cases)}   مبلغ معوقه: {grouped(found.overdue_amount)} ریال")
    print(f"خروج از معوقات: {grouped(found.cured)}   نامه صادرشده: {grouped(found.letters)}")
    print("اطلاع‌رسانی: " + "، ".join(f"{label} {grouped(count)}" for label, count in found.notifications))
    sys.stdout.flush()


def _render_letters(database: Database, place: Place) -> None:
    """Draw letters as the branch does: one by one, and all as one file."""
    folder = place.output / "letters"
    folder.mkdir(exist_ok=True)
    with database.transaction(read_only=True) as connection:
        found = letters_of(connection, LETTERS)
    if not found:
        return
    for number, content in found[:5]:
        name = number.replace("/", "-")
        source = folder / f"{name}.json"
        source.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        _client("letter", "render", str(source), "-o", str(folder / f"{name}.pdf"))
    together = folder / "all.json"
    together.write_text(json.dumps([content for _, content in found], ensure_ascii=False), encoding="utf-8")
    _client("letter", "render", str(together), "-o", str(folder / "all.pdf"))
    _say(f"{persian_digits(len(found))} نامه در «{folder}»")


def _take_pictures(url: str, place: Place) -> None:
    folder = place.output / "pictures"
    folder.mkdir(exist_ok=True)
    for name, page, user, extra in PICTURES:
        _client(
            "grab", "--server", url, "--username", user, "--password-stdin", "--page", page, *extra,
            "-o", str(folder / f"{name}.png"), stdin=_password(place),
        )  # fmt: skip
    _say(f"{persian_digits(len(PICTURES))} تصویر در «{folder}»")


def _open_client(url: str, place: Place) -> None:
    _say(f"نام کاربری: {BRANCH_USER}   کلمه عبور: {_password(place)}")
    _client("--server", url, "--username", BRANCH_USER, check=False)


def _client(*arguments: str, stdin: str = "", check: bool = True) -> None:
    environment = {**os.environ, "PYTHONUTF8": "1"}
    if not _has_display():
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    done = subprocess.run(
        [sys.executable, "-m", "vesal_client.main", *arguments],
        input=stdin,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    if check and done.returncode != 0:
        raise SystemExit(f"the client ended with {done.returncode}: {' '.join(arguments[:2])}")


@contextmanager
def _serving(context: Context, config: Config, secrets: Secrets, *, background: bool) -> Iterator[str]:
    """The service on a free port; `background` lets it send and plan by itself, as a bank's does."""
    host = Host(config, context.database_url(), secrets, SystemClock(), background=background)
    host.start()
    try:
        yield host.url
    finally:
        host.stop()


def _password(place: Place) -> str:
    if not place.password_file.exists():
        place.password_file.write_text(passwords.make(), encoding="utf-8")
    return place.password_file.read_text(encoding="utf-8").strip()


def _has_display() -> bool:
    return sys.platform in {"win32", "darwin"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def _say(sentence: str) -> None:
    if sentence:
        print(f"[{time.strftime('%H:%M:%S')}] {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main())
