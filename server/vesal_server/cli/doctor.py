"""`vesal-server doctor`: looks at everything that a running system needs, a line each with how to mend it."""

import argparse
import re

from vesal_server.cli.checks import Checks, Finding
from vesal_server.cli.frame import Context, Subparsers
from vesal_server.cli.options import REFUSED, UNEXPECTED
from vesal_shared.digits import persian_digits

_SIGNS = {"ok": "✓", "warning": "!", "error": "✗"}


def register(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("doctor")
    parser.set_defaults(run=run)


def run(context: Context, _arguments: argparse.Namespace) -> int:
    """Make every check; ends with status 1 where one found an error, 3 where the database is unfit."""
    checks = Checks(context)
    found = checks.run()
    context.answer({"healthy": checks.healthy, "checks": [finding.as_json() for finding in found]})
    for finding in found:
        context.show(line(finding))
    if checks.unfit:
        return REFUSED
    return 0 if checks.healthy else UNEXPECTED


def line(finding: Finding) -> str:
    """A finding as a person reads it."""
    mend = f" ← {finding.mend}" if finding.mend else ""
    # Digits inside guillemets belong to a path or a name.
    parts = re.split("(«[^»]*»)", finding.detail)
    detail = "".join(part if part.startswith("«") else persian_digits(part) for part in parts)
    return f"{_SIGNS[finding.status]} {finding.title}: {detail}{mend}"
