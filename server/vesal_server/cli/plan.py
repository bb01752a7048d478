"""`vesal-server plan`: plans a day, today or later, and lists every notification of it."""

import argparse
from dataclasses import asdict
from datetime import date
from pathlib import Path

from vesal_server.cli.frame import Context, Subparsers, UsageError
from vesal_server.kit.clock import tehran_day
from vesal_server.planning import export, service
from vesal_server.planning.service import Planned
from vesal_shared import jalali
from vesal_shared.digits import persian_digits

REASON_LABELS = {
    "hold": "توقف پیگیری یا اعتراض",
    "do_not_contact": "عدم تماس",
    "promise": "تعهد پرداخت باز",
    "no_mobile": "بدون تلفن همراه درست",
    "no_email": "بدون نشانی ایمیل",
    "no_address": "بدون نشانی",
    "earlier_letter": "اخطار پیشین",
    "holiday": "تعطیل",
    "daily_cap": "سقف روزانه",
}


def register(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("plan")
    parser.add_argument("--on", type=_day, metavar="DATE", help="روز برنامه (ISO یا شمسی)؛ پیش‌فرض امروز")
    parser.add_argument("--dry-run", action="store_true", help="چیزی ذخیره نمی‌شود")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="همه اطلاع‌رسانی‌های آن روز")
    parser.set_defaults(run=run)


def run(context: Context, arguments: argparse.Namespace) -> None:
    """Plan; a dry run is the same plan, rolled back after it was listed."""
    now = context.clock.now()
    day: date = arguments.on or tehran_day(now)
    database = context.database()
    secrets = context.secrets()
    with database.transaction(statement_timeout_s=0) as connection:
        attempt = connection.begin_nested()
        planned = service.plan(connection, day, now=now, secrets=secrets)
        if arguments.csv is not None:
            try:
                export.write_csv(connection, day, arguments.csv)
            except OSError as error:
                raise UsageError(f"«{arguments.csv}» نوشته نشد: {error.strerror}") from error
        if arguments.dry_run:
            attempt.rollback()
        else:
            attempt.commit()
    context.answer(asdict(planned))
    _tell(context, planned, dry_run=arguments.dry_run)


def _tell(context: Context, planned: Planned, *, dry_run: bool) -> None:
    day = jalali.show(planned.on)
    if planned.as_of is None:
        context.say("هنوز اطلاعاتی دریافت نشده است؛ چیزی برنامه‌ریزی نشد.")
    elif planned.stale:
        context.say(f"آخرین اطلاعات از {jalali.show(planned.as_of)} است؛ برای {day} چیزی برنامه‌ریزی نشد.")
    if dry_run:
        context.say("اجرای آزمایشی: چیزی ذخیره نشد.")
    context.show(
        f"{day}: {_n(planned.new)} تازه، {_n(planned.existing)} پیشین؛ "
        f"{_n(planned.planned)} برنامه‌ریزی‌شده، {_n(planned.cancelled)} لغو شده"
    )
    for reason, rows in planned.suppressed.items():
        context.show(f"  ارسال نمی‌شود، {REASON_LABELS.get(reason, reason)}: {_n(rows)}")


def _n(number: int) -> str:
    return persian_digits(number)


def _day(given: str) -> date:
    try:
        return jalali.parse(given)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"«{given}» تاریخی مانند 1405/09/03 یا 2026-11-24 نیست.") from error
