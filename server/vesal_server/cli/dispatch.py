"""`vesal-server dispatch --once`: sends what is due, asks about what is in doubt, and stops."""

import argparse
from dataclasses import asdict

from vesal_server.cli.frame import Context, Subparsers, UsageError, instant_argument
from vesal_server.dispatch import service


def register(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("dispatch")
    parser.add_argument("--once", action="store_true", help="ارسال آنچه موعدش رسیده است و پایان")
    parser.add_argument(
        "--at", type=instant_argument, metavar="INSTANT", help="زمانی که اکنون شمرده می‌شود (ISO 8601)"
    )
    parser.set_defaults(run=run)


def run(context: Context, arguments: argparse.Namespace) -> None:
    """Send once and tell the counts."""
    if not arguments.once:
        raise UsageError("ارسال پیوسته کار «serve» است؛ برای یک بار ارسال «--once» بنویسید.")
    with context.at(arguments.at) as clock:
        done = service.send_once(context.database(), context.config, context.secrets(), clock)
    context.answer(asdict(done))
    context.show(
        f"ارسال شد: {done.sent}، ناموفق: {done.failed}، در انتظار تلاش دوباره: {done.retry}، "
        f"نامشخص: {done.unknown}، مهلت گذشته: {done.expired}"
    )
