"""Reading and changing the bank's settings."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from vesal_server import audit
from vesal_server.audit.service import HIDDEN
from vesal_server.kit.db import Connection
from vesal_server.kit.secrets import Secrets
from vesal_server.settings import queries
from vesal_server.settings.registry import BY_KEY, SETTINGS, Setting
from vesal_server.settings.values import parse, show
from vesal_shared import problems
from vesal_shared.problems import Refusal

#: Messages go out between these at the widest, whatever the settings say.
EARLIEST, LATEST = time(7), time(22)


class Settings:
    """All settings as one transaction saw them; secrets are not among them."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self._stored = stored

    def value(self, key: str) -> Any:
        """The value that holds: the stored one, else the default."""
        return self._stored.get(key, BY_KEY[key].default)

    def text(self, key: str) -> str:
        """A text or a choice; empty where there is none."""
        return str(self.value(key) or "")

    def integer(self, key: str) -> int:
        """A number that can't be empty."""
        return int(self.value(key))

    def number(self, key: str) -> int | None:
        """A number that may be empty."""
        value = self.value(key)
        return None if value is None else int(value)

    def flag(self, key: str) -> bool:
        """A yes or no."""
        return bool(self.value(key))

    def clock(self, key: str) -> time:
        """A time of day in Asia/Tehran."""
        return time.fromisoformat(self.value(key))

    def items(self, key: str) -> list[Any]:
        """A list of numbers or choices."""
        return list(self.value(key) or [])


def read(connection: Connection) -> Settings:
    """All settings, in one query."""
    return Settings(queries.values(connection))


def stamp(connection: Connection) -> object:
    """Something that is equal as long as no setting was changed, secrets included."""
    return queries.stamp(connection)


def read_secret(connection: Connection, secrets: Secrets, key: str) -> str:
    """A secret in clear, for a gateway; empty where none is set. Never log, store or show it."""
    stored = queries.secret(connection, key)
    return secrets.decrypt(stored, key) if stored is not None else ""


def change(
    connection: Connection, actor: audit.Actor, at: datetime, secrets: Secrets, key: str, typed: str
) -> None:
    """Set one setting from typed text; an empty text takes it back to its default or none.

    Raises Refusal for an unknown key, a value that doesn't fit, or a sending window that an enabled
    workflow doesn't fit in.
    """
    setting = BY_KEY.get(key)
    if setting is None:
        raise Refusal(problems.UNKNOWN_SETTING, params={"key": key})
    value = parse(setting, typed)
    if setting.secret:
        had = queries.secret(connection, key) is not None
        sealed = secrets.encrypt(value, key) if value is not None else None
        queries.put_secret(connection, key, sealed, at, actor.user_id)
        old: object = HIDDEN if had else None
        new: object = HIDDEN if sealed is not None else None
        audit.record(connection, actor, at, "change", "setting", key, old={"secret": old}, new={"value": new})
        return
    settings = read(connection)
    before = settings.value(key)
    if value == before:
        return
    if key in {"window.start", "window.end"}:
        _check_window(connection, setting, settings, value)
    queries.put(connection, key, value, at, actor.user_id)
    if setting.kind == "image":
        # The audit says that it is another picture, and does not keep the pictures themselves.
        before, value = show(setting, before), show(setting, value)
    audit.record(connection, actor, at, "change", "setting", key, old={"value": before}, new={"value": value})


def listed(connection: Connection) -> list[dict[str, Any]]:
    """Every setting for `settings list`: key, label, value as text, default.

    Of a secret only whether it is set.
    """
    settings = read(connection)
    held = queries.held_secrets(connection)
    return [
        {
            "key": setting.key,
            "label": setting.label,
            "value": None if setting.secret else show(setting, settings.value(setting.key)),
            "default": None if setting.secret else show(setting, setting.default),
            "secret": setting.secret,
            "set": setting.key in held if setting.secret else settings.value(setting.key) != setting.default,
        }
        for setting in SETTINGS
    ]


def _check_window(connection: Connection, setting: Setting, settings: Settings, value: str) -> None:
    start = time.fromisoformat(value) if setting.key == "window.start" else settings.clock("window.start")
    end = time.fromisoformat(value) if setting.key == "window.end" else settings.clock("window.end")
    if not EARLIEST <= start < end <= LATEST:
        raise Refusal(
            problems.BAD_SETTING,
            params={
                "label": setting.label,
                "value": value,
                "expected": "بازه ارسال باید درون ۰۷:۰۰ تا ۲۲:۰۰ باشد.",
            },
            field=setting.key,
        )
    outside = queries.workflow_outside(connection, start, end)
    if outside is not None:
        raise Refusal(
            problems.WINDOW_EXCLUDES_WORKFLOW,
            params={"title": outside.title, "start": outside.first, "end": outside.last},
            field=setting.key,
        )
