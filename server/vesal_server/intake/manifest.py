"""manifest.json: the date of a feed and the figures by which it is known to be whole."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from vesal_server.intake.read_folder import DATA_FILES
from vesal_shared import jalali, problems
from vesal_shared.problems import Refusal


@dataclass(frozen=True, slots=True)
class Control:
    """What one file must be: its data records, and the sha256 of its bytes in lower-case hex digits."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The control figures of a feed; the amount is in rial."""

    as_of: date
    files: Mapping[str, Control]
    overdue_amount: int

    @property
    def rows(self) -> int:
        """Data records of the three files together, as the bank counted them."""
        return sum(control.rows for control in self.files.values())


def decode(content: bytes) -> Mapping[str, Any]:
    """The manifest as JSON; refuses what is none, and another format than the first."""
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _bad("JSON درستی نیست.") from error
    if not isinstance(document, dict):
        raise _bad("باید یک شیء JSON باشد.")
    return document


def read_as_of(document: Mapping[str, Any]) -> date:
    """The date of the feed."""
    value = document.get("as_of")
    if not isinstance(value, str):
        raise _bad("تاریخ اطلاعات (as_of) را ندارد.")
    try:
        return jalali.parse(value)
    except jalali.BadDate as error:
        raise _bad(f"تاریخ اطلاعات (as_of) «{value[:40]}» تاریخ درستی نیست.") from error


def read_control(document: Mapping[str, Any], as_of: date) -> Manifest:
    """The control figures; refuses a manifest that lacks one."""
    if _whole(document.get("format")) != 1:
        raise _bad("شماره قالب (format) باید ۱ باشد.")
    files = document.get("files")
    if not isinstance(files, dict):
        raise _bad("ارقام کنترلی فایل‌ها (files) را ندارد.")
    controls = {name: _control(name, files.get(name)) for name in DATA_FILES}
    amount = _whole(document.get("overdue_amount"))
    if amount is None:
        raise _bad("جمع مبلغ معوقه (overdue_amount) را ندارد یا عدد صحیح نیست.")
    return Manifest(as_of, controls, amount)


def _control(name: str, figures: object) -> Control:
    if not isinstance(figures, dict):
        raise _bad(f"ارقام کنترلی {name} را ندارد.")
    rows, sha256 = _whole(figures.get("rows")), figures.get("sha256")
    if rows is None:
        raise _bad(f"تعداد ردیف‌های {name} (rows) را ندارد یا عدد صحیح نیست.")
    if not isinstance(sha256, str):
        raise _bad(f"چکیده {name} (sha256) را ندارد.")
    return Control(rows, sha256.strip().lower())


def _whole(value: object) -> int | None:
    """A whole number, also one that some systems write with a fraction of zeros."""
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal) and value.is_finite() and abs(value) < Decimal(10) ** 30:
        return int(value) if value == value.to_integral_value() else None
    return value if isinstance(value, int) else None


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _bad(why: str) -> Refusal:
    return Refusal(problems.FEED_MANIFEST_BAD, params={"why": why})
