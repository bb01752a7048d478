"""`vesal-server demo-data`: a generated bank's catalogues and feeds, the same for the same seed."""

import argparse
from datetime import date
from pathlib import Path

from vesal_server.cli.frame import Context, Subparsers
from vesal_shared import jalali

_MOST_CUSTOMERS, _MOST_DAYS = 5_000_000, 3_660


def register(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("demo-data")
    parser.add_argument("--customers", type=_customers, required=True, metavar="N", help="شمار مشتریان")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="پوشه نتیجه")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="همان عدد، همان اطلاعات (پیش‌فرض ۱)")
    parser.add_argument("--days", type=_days, default=1, metavar="D", help="شمار روزهای فید (پیش‌فرض ۱)")
    parser.add_argument("--as-of", type=_day, metavar="DATE", help="تاریخ آخرین فید (پیش‌فرض امروز)")
    parser.set_defaults(run=run)


def run(context: Context, arguments: argparse.Namespace) -> None:
    """Write the bank and tell what to do with it."""
    from vesal_server.demo_data import service

    bank = service.make(
        arguments.out,
        customers=arguments.customers,
        as_of=arguments.as_of or context.clock.today(),
        days=arguments.days,
        seed=arguments.seed,
    )
    feeds = [{"as_of": feed.day, "path": feed.path} for feed in bank.feeds]
    context.answer({"catalogs": bank.catalogs, "feeds": feeds})
    for kind, path in bank.catalogs.items():
        context.show(f"vesal-server catalog import {kind} {path}")
    for feed in bank.feeds:
        context.show(f"vesal-server intake {feed.path}")


def _customers(given: str) -> int:
    return _within(given, _MOST_CUSTOMERS)


def _days(given: str) -> int:
    return _within(given, _MOST_DAYS)


def _within(given: str, most: int) -> int:
    number = int(given) if given.isdigit() else 0
    if not 1 <= number <= most:
        raise argparse.ArgumentTypeError(f"«{given}» عددی بین 1 و {most} نیست.")
    return number


def _day(given: str) -> date:
    try:
        return jalali.parse(given)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"«{given}» تاریخ درستی نیست.") from error
