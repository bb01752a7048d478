"""`vesal-server workflow`: workflows of both kinds from and to a YAML or JSON file."""

import argparse
from dataclasses import asdict
from pathlib import Path

from vesal_server.audit.service import SYSTEM
from vesal_server.cli.frame import Context, Subparsers, UsageError, common_options
from vesal_server.planning import service as planning
from vesal_server.workflows import files, service
from vesal_shared.digits import persian_digits


def register(commands: Subparsers) -> None:
    """Declare the command."""
    common = common_options()
    parser = commands.add_parser("workflow")
    actions = parser.add_subparsers(title="کارها", metavar="ACTION", required=True)
    taking = actions.add_parser("import", help="ورود از فایل YAML یا JSON", parents=[common])
    source = taking.add_mutually_exclusive_group(required=True)
    source.add_argument("file", nargs="?", type=Path, metavar="FILE")
    source.add_argument("--ready", action="store_true", help="سه گردش کار آماده، غیرفعال")
    taking.set_defaults(run=run_import)
    giving = actions.add_parser("export", help="خروج به فایل YAML یا JSON", parents=[common])
    giving.add_argument("file", type=Path, metavar="FILE")
    giving.set_defaults(run=run_export)


def run_import(context: Context, arguments: argparse.Namespace) -> None:
    """Take in a file, all of it or nothing, and plan anew what it changed."""
    content = service.ready_made() if arguments.ready else files.read(arguments.file)
    now = context.clock.now()
    secrets = context.secrets()
    with context.database().transaction(statement_timeout_s=0) as connection:
        planning.begin_change(connection)
        saved = service.import_file(connection, content, SYSTEM, now=now)
        replanned = planning.workflows_changed(connection, saved.changed_ids, now=now, secrets=secrets)
    context.answer(
        {
            "added": len(saved.added),
            "changed": len(saved.changed),
            "unchanged": len(saved.unchanged),
            "cancelled": replanned.cancelled,
            "planned": replanned.planned,
            "warnings": [asdict(one) for one in saved.warnings],
        }
    )
    for warned in saved.warnings:
        context.say(f"هشدار: {warned.sentence}")
    counts = [len(saved.added), len(saved.changed), len(saved.unchanged)]
    added, changed, unchanged = (persian_digits(count) for count in counts)
    context.show(f"{added} گردش کار تازه، {changed} تغییریافته، {unchanged} بدون تغییر.")
    if replanned.cancelled:
        context.show(f"{persian_digits(replanned.cancelled)} اطلاع‌رسانی برنامه‌ریزی‌شده لغو شد.")
    if replanned.planned:
        context.show(f"{persian_digits(replanned.planned)} اطلاع‌رسانی از نو برنامه‌ریزی شد.")


def run_export(context: Context, arguments: argparse.Namespace) -> None:
    """Write every workflow to a file that `import` takes."""
    with context.database().transaction(read_only=True) as connection:
        workflows = service.all_stored(connection)
    try:
        files.write(workflows, arguments.file)
    except OSError as error:
        raise UsageError(f"«{arguments.file}» نوشته نشد: {error.strerror}") from error
    context.answer({"exported": len(workflows), "file": arguments.file})
    context.show(f"{persian_digits(len(workflows))} گردش کار در «{arguments.file}» نوشته شد.")
