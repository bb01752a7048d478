"""`vesal-server intake PATH`: takes a feed in and says what it changed and what it set aside."""

import argparse
import time
from pathlib import Path
from typing import TextIO

import msgspec

from vesal_server.cli.frame import DONE, REFUSED, Context, Subparsers
from vesal_server.intake.service import Offer, take
from vesal_server.intake.stage import Progress
from vesal_shared import jalali
from vesal_shared.digits import persian_digits
from vesal_shared.messages.data_reception import IntakeResult

#: The bar is drawn anew at most this often, in seconds.
_REDRAW_S = 0.1
_BAR_WIDTH = 24
_STATUS = {"taken": "دریافت شد", "unchanged": "بدون تغییر", "refused": "رد شد"}
_FILES = {"customers": "مشتریان", "facilities": "تسهیلات", "guarantors": "ضامن‌ها"}


def register(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("intake")
    parser.add_argument("path", type=Path, metavar="PATH", help="پوشه یا فایل zip اطلاعات")
    parser.add_argument(
        "--force", action="store_true", help="پذیرش فهرستی که کمتر از نیمه فهرست پیشین است (و نه چیز دیگر)"
    )
    parser.set_defaults(run=run)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Take the feed in; a refused one is an answer with status 3."""
    database = context.database()
    bar = Bar(context.stderr) if context.stderr.isatty() else None
    offer = Offer(arguments.path, force=arguments.force)
    result = take(database, context.clock, offer, told=bar.show if bar else None)
    if bar:
        bar.end()
    answer = msgspec.to_builtins(result)
    context.answer(answer)
    if not context.as_json:
        _print(context, result)
    elif result.reason:
        context.say(result.reason)
    return REFUSED if result.status == "refused" else DONE


def _print(context: Context, result: IntakeResult) -> None:
    as_of = jalali.show(result.as_of) if result.as_of else "—"
    context.show(f"{_STATUS[result.status]} · تاریخ اطلاعات {as_of}")
    if result.status == "refused":
        context.say(result.reason or "")
        return
    for name, label in _FILES.items():
        count = getattr(result, name)
        context.show(
            f"{label}: {_number(count.new)} جدید، {_number(count.changed)} تغییریافته، "
            f"{_number(count.unchanged)} بدون تغییر، {_number(count.rejected)} کنارگذاشته"
        )
    context.show(f"خروج از معوقات: {_number(result.cured)}")
    for row in result.rejected:
        context.show(f"{row.file}:{row.line} {row.code} {row.reason}")
    aside = sum(getattr(result, name).rejected for name in _FILES)
    if aside > len(result.rejected):
        context.show(
            f"… و {_number(aside - len(result.rejected))} ردیف دیگر؛ همه در گزارش دریافت اطلاعات آمده است."
        )


def _number(value: int) -> str:
    return persian_digits(f"{value:,}".replace(",", "٬"))


class Bar:
    """A progress bar on a terminal: part of the bytes, data records, records a second."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._begin = self._drawn = time.monotonic()

    def show(self, progress: Progress) -> None:
        """Draw it, unless it was drawn a moment ago."""
        now = time.monotonic()
        if now - self._drawn < _REDRAW_S and progress.done < progress.total:
            return
        self._drawn = now
        part = progress.done / progress.total if progress.total else 1.0
        full = round(part * _BAR_WIDTH)
        rate = progress.rows / max(now - self._begin, 0.001)
        self._stream.write(
            f"\r{'█' * full}{'░' * (_BAR_WIDTH - full)} {_number(round(part * 100))}٪ · "
            f"{_number(progress.rows)} ردیف · {_number(round(rate))} ردیف در ثانیه\x1b[K"
        )
        self._stream.flush()

    def end(self) -> None:
        """Leave the bar behind."""
        self._stream.write("\r\x1b[K")
        self._stream.flush()
