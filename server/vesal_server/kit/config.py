"""How this process is set up: the command line over `VESAL_…` over `vesal.toml`."""

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import platformdirs


class ConfigError(Exception):
    """A setting of the process that can't be used; carries a Persian sentence."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one process; those of the bank (gateways, windows …) are in the database instead."""

    #: PostgreSQL's URL, or None for an embedded PostgreSQL in `data_dir`.
    database_url: str | None = None
    #: Where the embedded database, the secrets' key, the outbox and the anchor of the audit are.
    data_dir: Path = Path()
    host: str = "127.0.0.1"
    #: 0 takes any free port.
    port: int = 8400
    workers: int = 1
    #: Requests that one process works on at once; also the size of its connection pool.
    threads: int = 16
    tls_cert: Path | None = None
    tls_key: Path | None = None
    #: Networks of proxies whose X-Forwarded-For is believed, separated by commas.
    trusted_proxies: str = ""
    #: The system user that an embedded PostgreSQL drops to where the command runs as root.
    postgres_user: str = ""
    statement_timeout_s: int = 60
    lock_timeout_s: int = 10
    #: How long a request waits for a free connection before it is answered with 503.
    pool_timeout_s: int = 5

    @property
    def secrets_key_file(self) -> Path:
        """The key under which secrets in the database are encrypted; it lies outside the database."""
        return self.data_dir / "secrets.key"

    @property
    def outbox_file(self) -> Path:
        """What the built-in `outbox` gateway writes."""
        return self.data_dir / "outbox.jsonl"

    @property
    def anchor_file(self) -> Path:
        """Head and count of the audit chain, kept outside the database."""
        return self.data_dir / "audit-anchor.jsonl"


def load(
    arguments: Mapping[str, object],
    environment: Mapping[str, str] | None = None,
    config_file: Path | None = None,
) -> Config:
    """Put the settings together from their three sources.

    `arguments` maps setting names to what the command line gave; None counts as not given. Raises
    ConfigError for an unreadable file, an unknown key in it, or a value of the wrong kind.
    """
    environment = os.environ if environment is None else environment
    if config_file is None and environment.get("VESAL_CONFIG"):
        config_file = Path(environment["VESAL_CONFIG"])
    stored = _read_file(config_file) if config_file is not None else {}
    values: dict[str, object] = {}
    for field in fields(Config):
        given = arguments.get(field.name)
        if given is None:
            given = environment.get(f"VESAL_{field.name.upper()}") or stored.get(field.name)
        if given is not None and given != "":
            values[field.name] = _as_kind(field.name, given)
    values.setdefault("data_dir", default_data_dir())
    return Config(**values)  # type: ignore[arg-type]


def default_data_dir() -> Path:
    """The platform's own place for a service's data, or a user's where the process isn't the system's."""
    if sys.platform == "linux" and os.geteuid() == 0:
        return Path("/var/lib/vesal")
    if sys.platform == "win32":
        return platformdirs.site_data_path("Vesal", appauthor=False)
    return platformdirs.user_data_path("vesal")


_PATHS = {"data_dir", "tls_cert", "tls_key"}
_NUMBERS = {
    "port": (0, 65535),
    "workers": (1, 64),
    "threads": (1, 256),
    "statement_timeout_s": (1, 86400),
    "lock_timeout_s": (1, 3600),
    "pool_timeout_s": (1, 600),
}


def _as_kind(name: str, value: object) -> object:
    if name in _PATHS:
        return Path(str(value)).expanduser().absolute()
    if name in _NUMBERS:
        lowest, highest = _NUMBERS[name]
        try:
            number = int(str(value))
        except ValueError:
            number = lowest - 1
        if not lowest <= number <= highest:
            raise ConfigError(f"مقدار تنظیم «{name}» باید عددی بین {lowest} و {highest} باشد.")
        return number
    return str(value)


def _read_file(path: Path) -> dict[str, object]:
    try:
        stored = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"پرونده تنظیمات «{path}» خوانده نشد.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"پرونده تنظیمات «{path}» TOML درستی نیست: {error}") from error
    unknown = sorted(stored.keys() - {field.name for field in fields(Config)})
    if unknown:
        raise ConfigError(f"تنظیم ناشناخته در «{path}»: {'، '.join(unknown)}")
    return stored
