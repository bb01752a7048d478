"""A setting's value as typed text becomes its real type, or is refused with what was expected."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from vesal_server.settings.registry import Kind, Setting
from vesal_shared import problems
from vesal_shared.letter_content import MAX_LOGO
from vesal_shared.problems import Refusal

_TRUE = {"true", "1", "yes", "on", "بله"}
_FALSE = {"false", "0", "no", "off", "خیر"}
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


_IMAGES = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}


def parse(setting: Setting, typed: str) -> Any:
    """The value that `typed` means; None for none. Raises Refusal `bad_setting`."""
    text = typed.strip()
    if text:
        return _PARSERS[setting.kind](setting, text)
    if not setting.optional:
        raise _refused(setting, typed, "این تنظیم خالی نمی‌شود.")
    return _EMPTY.get(setting.kind)


def show(setting: Setting, value: Any) -> str:
    """A value as `settings list` prints it and `parse` takes it back; of an image only what and how large it is."""
    if value is None:
        return ""
    if setting.kind == "image" and value:
        data = base64.b64decode(value)
        return f"{_image_kind(data)} {len(data)} bytes"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    return str(value)


def _integer(setting: Setting, text: str) -> int:
    plain = text.strip().translate(_DIGITS).replace(",", "").replace("٬", "")
    lowest = setting.lowest if setting.lowest is not None else -(10**18)
    highest = setting.highest if setting.highest is not None else 10**18
    if not re.fullmatch(r"-?\d{1,19}", plain) or not lowest <= int(plain) <= highest:
        raise _refused(setting, text, f"عددی بین {lowest} و {highest}.")
    return int(plain)


def _flag(setting: Setting, text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise _refused(setting, text, "true یا false.")


def _time(setting: Setting, text: str) -> str:
    match = _TIME.fullmatch(text.translate(_DIGITS))
    if match is None:
        raise _refused(setting, text, "ساعت به شکل ۰۸:۳۰.")
    return f"{int(match[1]):02}:{match[2]}"


def _url(setting: Setting, text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https", "smpp", "smtp", "smtps", "sip"} and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        usable = False
    if not usable:
        raise _refused(setting, text, "نشانی کامل، مانند https://host:port")
    return text.rstrip("/")


def _text(_setting: Setting, text: str) -> str:
    return text


def _image(setting: Setting, text: str) -> str:
    """An image file in base64, as letters carry it."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not _image_kind(data) or len(text) > MAX_LOGO:
        shown = text if len(text) < 100 else f"{text[:20]}…"
        raise _refused(setting, shown, f"تصویر PNG یا JPEG تا {MAX_LOGO * 3 // 4 // 1000} کیلوبایت.")
    return text


def _image_kind(data: bytes) -> str:
    return next((kind for mark, kind in _IMAGES.items() if data.startswith(mark)), "")


def _choice(setting: Setting, text: str) -> str:
    if text not in setting.choices:
        raise _refused(setting, text, f"یکی از این‌ها: {'، '.join(setting.choices)}")
    return text


def _choices(setting: Setting, text: str) -> list[str]:
    chosen = {part.strip() for part in text.split(",") if part.strip()}
    if not chosen <= set(setting.choices):
        raise _refused(setting, text, f"از این‌ها، با ویرگول جدا: {', '.join(setting.choices)}")
    return sorted(chosen, key=setting.choices.index)


def _integers(setting: Setting, text: str) -> list[int]:
    numbers = [_integer(setting, part) for part in text.split(",")]
    if numbers != sorted(set(numbers)):
        raise _refused(setting, text, "عددها باید از کوچک به بزرگ باشند.")
    return numbers


def _refused(setting: Setting, typed: str, expected: str) -> Refusal:
    shown = "•••" if setting.secret else typed
    return Refusal(
        problems.BAD_SETTING,
        params={"label": setting.label, "value": shown, "expected": expected},
        field=setting.key,
    )


#: What an emptied setting of a kind holds; None for the others.
_EMPTY: Final[dict[Kind, Any]] = {"text": "", "url": "", "choices": [], "image": ""}

_PARSERS: Final[dict[Kind, Callable[[Setting, str], Any]]] = {
    "text": _text,
    "secret": _text,
    "url": _url,
    "integer": _integer,
    "flag": _flag,
    "time": _time,
    "choice": _choice,
    "choices": _choices,
    "integers": _integers,
    "image": _image,
}
