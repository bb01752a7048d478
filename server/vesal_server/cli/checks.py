"""The checks of `doctor`, in the order in which what fails explains what fails after it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from cryptography import x509
from sqlalchemy import text

from vesal_server import migrations, settings
from vesal_server.cli import fitness
from vesal_server.cli.frame import Context
from vesal_server.gateways import registry
from vesal_server.kit import lease
from vesal_server.kit.clock import TEHRAN
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets, SecretsError
from vesal_server.letters import service as letters
from vesal_server.serving import ServingError, load_tls
from vesal_server.settings import service as stored_settings
from vesal_shared import jalali
from vesal_shared.problems import Refusal

Status = Literal["ok", "warning", "error"]

_LEAST_FREE = 2 * 2**30
_CLOCK_APART = timedelta(seconds=2)
_CERTIFICATE_DAYS = 30
_CHANNELS = {"sms": "درگاه پیامک", "call": "درگاه تماس", "email": "درگاه ایمیل"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: `detail` is a Persian sentence, `mend` what to do where something is to be done."""

    name: str
    title: str
    status: Status
    detail: str
    mend: str = ""

    def as_json(self) -> dict[str, str]:
        """For `--json`."""
        return {"name": self.name, "status": self.status, "detail": self.detail, "mend": self.mend}


class Checks:
    """One run of all checks."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._found: list[Finding] = []
        self.unfit = False

    @property
    def healthy(self) -> bool:
        """Whether nothing is in error."""
        return all(finding.status != "error" for finding in self._found)

    def run(self) -> list[Finding]:
        """Make every check that the ones before it leave possible."""
        self._try("disk", "دیسک", self._disk)
        self._try("certificate", "گواهی TLS", self._certificate)
        try:
            database = self._context.database(checked=False)
            wrong = fitness.unfit(database)
        except Refusal as refusal:
            self._add("database", "پایگاه داده", "error", refusal.title, "PostgreSQL را روشن کنید.")
            return self._found
        if wrong is not None:
            self.unfit = True
            self._add("database", "پایگاه داده", "error", wrong.why, wrong.mend)
            return self._found
        self._try("database", "پایگاه داده", lambda: self._database(database))
        self._try("clock", "ساعت", lambda: self._clock(database))
        if not self._schema(database):
            return self._found
        self._try("secrets", "کلید اسرار", lambda: self._secrets(database))
        for channel, title in _CHANNELS.items():
            self._try(f"gateway.{channel}", title, lambda channel=channel: self._gateway(database, channel))  # type: ignore[misc]
        self._try("intake", "دریافت اطلاعات", lambda: self._intake(database))
        self._try("scheduler", "زمان‌بند", lambda: self._scheduler(database))
        self._try("alerts", "هشدارها", lambda: self._alerts(database))
        return self._found

    def _add(self, name: str, title: str, status: Status, detail: str, mend: str = "") -> None:
        self._found.append(Finding(name, title, status, detail, mend))

    def _try(self, name: str, title: str, check: Callable[[], tuple[Status, str, str]]) -> None:
        """A check that is refused what it asks for has found an error too."""
        try:
            status, detail, mend = check()
        except Refusal as refusal:
            status, detail, mend = "error", refusal.sentence, ""
        self._add(name, title, status, detail, mend)

    def _disk(self) -> tuple[Status, str, str]:
        folder = self._context.config.data_dir
        there = next(path for path in (folder, *folder.parents) if path.exists())
        free = shutil.disk_usage(there).free
        detail = f"{free / 2**30:.1f} گیگابایت در «{folder}» آزاد است."
        if free < _LEAST_FREE:
            return "error", detail, "جا باز کنید یا پوشه داده را به دیسکی بزرگ‌تر ببرید."
        return "ok", detail, ""

    def _certificate(self) -> tuple[Status, str, str]:
        config = self._context.config
        if config.tls_cert is None and config.tls_key is None:
            mend = "برای کار بیرون از این رایانه tls_cert و tls_key را تنظیم کنید."
            return "warning", "سرویس بدون TLS اجرا می‌شود.", mend
        try:
            tls = load_tls(config.tls_cert, config.tls_key, config.data_dir)
        except ServingError as error:
            return "error", str(error), "گواهی و کلید درست را در tls_cert و tls_key بدهید."
        return _certificate_age(tls.certificate) if tls else ("ok", "", "")

    def _database(self, database: Database) -> tuple[Status, str, str]:
        with database.transaction(read_only=True) as connection:
            version = connection.execute(text("SHOW server_version")).scalar_one()
            size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        where = "همراه" if self._context.config.database_url is None else "بیرونی"
        return "ok", f"PostgreSQL {str(version).split()[0]} ({where})، {size / 2**20:.0f} مگابایت.", ""

    def _clock(self, database: Database) -> tuple[Status, str, str]:
        with database.transaction(read_only=True) as connection:
            theirs = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        apart = abs(theirs - datetime.now(UTC))
        detail = f"ساعت تهران {datetime.now(TEHRAN):%H:%M}، فاصله از ساعت پایگاه داده {apart.total_seconds():.1f} ثانیه."
        if apart > _CLOCK_APART:
            return "error", detail, "ساعت هر دو رایانه را با NTP هماهنگ کنید."
        return "ok", detail, ""

    def _schema(self, database: Database) -> bool:
        with database.transaction(read_only=True) as connection:
            found = migrations.current(connection)
        if found == migrations.head():
            self._add("schema", "ساختار", "ok", f"نسخه {found}.")
            return True
        detail = f"نسخه {found} است، نه {migrations.head()}." if found else "هنوز ساخته نشده است."
        self._add("schema", "ساختار", "error", detail, "vesal-server init را اجرا کنید.")
        return False

    def _secrets(self, database: Database) -> tuple[Status, str, str]:
        path = self._context.config.secrets_key_file
        mend = "پرونده کلید را از پشتیبان بازگردانید؛ بدون آن رمز درگاه‌ها و کلید امضا خوانده نمی‌شود."
        try:
            secrets = Secrets.load(path)
            with database.transaction() as connection:
                letters.signing_key(connection, now=self._context.clock.now(), secrets=secrets)
                for channel in _CHANNELS:
                    stored_settings.read_secret(connection, secrets, f"{channel}.password")
        except SecretsError as error:
            return "error", str(error), mend
        if hasattr(path.stat(), "st_uid") and path.stat().st_mode & 0o077:
            return "warning", "دیگران هم می‌توانند پرونده کلید را بخوانند.", f"chmod 600 {path}"
        return "ok", "خوانا و با پایگاه داده جور است.", ""

    def _gateway(self, database: Database, channel: str) -> tuple[Status, str, str]:
        with database.transaction(read_only=True) as connection:
            stored = settings.read(connection)
            stopped = connection.execute(
                text("SELECT reason FROM channel_stop WHERE channel = :channel"), {"channel": channel}
            ).scalar_one_or_none()
            try:
                password = stored_settings.read_secret(
                    connection, self._context.secrets(), f"{channel}.password"
                )
            except SecretsError as error:
                return "error", str(error), ""
        driver = stored.text(f"{channel}.driver")
        if stopped is not None:
            mend = "علت را برطرف کنید؛ ارسال خودبه‌خود از سر گرفته می‌شود."
            return "error", f"«{driver}» متوقف است: {stopped}", mend
        try:
            gateway = registry.make(
                driver,
                registry.settings_of(stored, channel, password),
                outbox=self._context.config.outbox_file,
                clock=self._context.clock,
            )
        except (LookupError, ValueError):
            return "error", f"«{driver}» راه‌اندازی نشد.", f"تنظیم {channel}.base_url را بررسی کنید."
        try:
            if driver == "outbox":
                return "ok", f"در «{self._context.config.outbox_file}» نوشته می‌شود.", ""
            credit = gateway.credit()
        finally:
            gateway.close()
        if credit is None:
            mend = f"نشانی، کلید و دسترسی شبکه درگاه را بررسی کنید ({channel}.base_url، {channel}.password)."
            return "error", f"«{driver}» پاسخ نداد.", mend
        return "ok", f"«{driver}» پاسخ داد؛ اعتبار {credit:,} ریال.".replace(",", "٬"), ""

    def _intake(self, database: Database) -> tuple[Status, str, str]:
        with database.transaction(read_only=True) as connection:
            as_of = connection.execute(text("SELECT max(as_of) FROM feed_state")).scalar_one()
            stale_days = settings.read(connection).integer("feed.stale_days")
        if as_of is None:
            return "warning", "هنوز اطلاعاتی دریافت نشده است.", "vesal-server intake PATH"
        age = (self._context.clock.today() - as_of).days
        detail = f"آخرین اطلاعات از {jalali.numeric(as_of)} است ({age} روز پیش)."
        if age > stale_days:
            return "error", detail, "علت نرسیدن اطلاعات را از سامانه بانکی بپرسید."
        return "ok", detail, ""

    def _scheduler(self, database: Database) -> tuple[Status, str, str]:
        leader = lease.leader(database)
        if leader is None:
            return "warning", "هیچ سروری زمان‌بند را اجرا نمی‌کند.", "vesal-server serve را اجرا کنید."
        with database.transaction(read_only=True) as connection:
            latest = connection.execute(
                text(
                    "SELECT job FROM job_run WHERE finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1"
                )
            ).scalar_one_or_none()
        last = f"، آخرین کار انجام‌شده «{latest}»" if latest else ""
        return "ok", f"روی {leader.split(':')[0]} اجرا می‌شود{last}.", ""

    def _alerts(self, database: Database) -> tuple[Status, str, str]:
        with database.transaction(read_only=True) as connection:
            titles = list(
                connection.execute(
                    text("SELECT title FROM alert WHERE resolved_at IS NULL ORDER BY last_at DESC")
                ).scalars()
            )
        if not titles:
            return "ok", "هشدار بازی نیست.", ""
        return "warning", f"{len(titles)} هشدار باز؛ تازه‌ترین: {titles[0]}", "صفحه اصلی را ببینید."


def _certificate_age(path: Path) -> tuple[Status, str, str]:
    ends = x509.load_pem_x509_certificates(path.read_bytes())[0].not_valid_after_utc
    left = (ends - datetime.now(UTC)).days
    detail = f"تا {jalali.numeric(ends.astimezone(TEHRAN).date())} معتبر است ({left} روز)."
    if left < 0:
        return "error", detail, "گواهی تازه بگیرید."
    if left < _CERTIFICATE_DAYS:
        return "warning", detail, "گواهی را پیش از پایان تازه کنید."
    return "ok", detail, ""
