"""`vesal-server catalog`: base information from and to CSV."""

import argparse
import sys
from pathlib import Path

from vesal_server.audit.service import SYSTEM
from vesal_server.catalogs import service
from vesal_server.catalogs.kinds import KINDS
from vesal_server.cli.frame import Context, Subparsers, common_options, existing_file
from vesal_server.planning import events


def register(commands: Subparsers) -> None:
    """Declare the command and its two sub-commands."""
    common = common_options()
    parser = commands.add_parser("catalog")
    actions = parser.add_subparsers(title="کارها", metavar="ACTION", required=True)
    taken = actions.add_parser("import", help="ورود از CSV", parents=[common])
    taken.add_argument("kind", metavar="KIND", choices=sorted(KINDS), help="، ".join(sorted(KINDS)))
    taken.add_argument("file", metavar="FILE.csv", type=existing_file)
    taken.set_defaults(run=run_import)
    given = actions.add_parser("export", help="خروج به CSV", parents=[common])
    given.add_argument("kind", metavar="KIND", choices=sorted(KINDS), help="، ".join(sorted(KINDS)))
    given.add_argument("file", metavar="FILE.csv", nargs="?", type=Path)
    given.set_defaults(run=run_export)


def run_import(context: Context, arguments: argparse.Namespace) -> None:
    """Add and replace rows; all or nothing."""
    content, now = arguments.file.read_bytes(), context.clock.now()
    with context.database().transaction() as connection:
        done = service.take_in(connection, SYSTEM, now, arguments.kind, content)
        suppressed = events.holidays_added(connection, done.new_dates, now=now) if done.new_dates else 0
    for note in done.notes:
        context.say(note)
    context.answer(
        {"kind": arguments.kind, "new": done.new, "changed": done.changed, "unchanged": done.unchanged}
    )
    if suppressed:
        context.say(f"{suppressed} پیام برنامه‌ریزی‌شده به دلیل تعطیلی ارسال نمی‌شود.")
    context.say(f"{done.new} ردیف تازه، {done.changed} تغییر، {done.unchanged} بدون تغییر.")


def run_export(context: Context, arguments: argparse.Namespace) -> None:
    """Write a catalogue to a file, or to stdout."""
    with context.database().transaction(read_only=True) as connection:
        content = service.give_out(connection, arguments.kind)
    if arguments.file is None:
        # Bytes, so that no platform turns the line ends once more.
        sys.stdout.flush()
        sys.stdout.buffer.write(content.encode())
        sys.stdout.buffer.flush()
        return
    arguments.file.write_text(content, encoding="utf-8", newline="")
    context.answer({"kind": arguments.kind, "file": str(arguments.file)})
    context.say(f"نوشته شد: {arguments.file}")
