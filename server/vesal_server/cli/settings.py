"""`vesal-server settings`: the system's settings by name."""

import argparse
import base64
import sys
from pathlib import Path

from vesal_server import settings
from vesal_server.audit.service import SYSTEM
from vesal_server.cli.frame import Context, Subparsers, common_options
from vesal_server.settings.registry import BY_KEY
from vesal_server.settings.service import listed


def register(commands: Subparsers) -> None:
    """Declare the command and its two sub-commands."""
    common = common_options()
    parser = commands.add_parser("settings")
    actions = parser.add_subparsers(title="کارها", metavar="ACTION", required=True)
    shown = actions.add_parser("list", help="همه تنظیمات", parents=[common])
    shown.set_defaults(run=run_list)
    change = actions.add_parser("set", help="تغییر یک تنظیم", parents=[common])
    change.add_argument("key", metavar="KEY", help="نام تنظیم")
    change.add_argument(
        "value",
        metavar="VALUE",
        nargs="?",
        help="مقدار، برای تصویر نام فایل؛ مقدار محرمانه از ورودی استاندارد خوانده می‌شود",
    )
    change.set_defaults(run=run_set)


def run_list(context: Context, _arguments: argparse.Namespace) -> None:
    """Every setting with its value; of a secret only whether it is set."""
    with context.database().transaction(read_only=True) as connection:
        rows = listed(connection)
    context.answer(rows)
    for row in rows:
        secret = "•••" if row["set"] else ""
        context.show(f"{row['key']} = {secret if row['secret'] else row['value']}")


def run_set(context: Context, arguments: argparse.Namespace) -> None:
    """Change one setting; a secret comes from stdin, where no list of processes shows it."""
    setting = BY_KEY.get(arguments.key)
    typed = arguments.value
    if typed is None:
        typed = sys.stdin.readline().rstrip("\r\n")
    elif setting is not None and setting.secret:
        context.say("هشدار: مقدار محرمانه را از ورودی استاندارد بدهید، نه در خط فرمان.")
    elif setting is not None and setting.kind == "image" and Path(typed).is_file():
        typed = base64.b64encode(Path(typed).read_bytes()).decode("ascii")
    with context.database().transaction() as connection:
        settings.change(connection, SYSTEM, context.clock.now(), context.secrets(), arguments.key, typed)
    context.answer({"key": arguments.key, "set": True})
    context.say("ذخیره شد.")
