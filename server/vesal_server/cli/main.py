"""`vesal-server`: finds the command, runs it, and turns what happens into a sentence and an exit status.

Each command is a module of this package with `register(subparsers)`; it declares its parser there and sets
`run` to a function of (Context, arguments). Modules are imported only when their command is asked for.
"""

import argparse
import importlib
import os
import re
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

from vesal_server.cli.options import DONE, REFUSED, UNEXPECTED, WRONG_USAGE, common_options

#: Command, its module in this package, and its line in the help.
COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("init", "init", "ساخت یا به‌روزرسانی پایگاه داده"),
    ("serve", "serve", "سرویس HTTP و زمان‌بند"),
    ("catalog", "catalog", "ورود و خروج اطلاعات پایه"),
    ("user", "user", "کاربران"),
    ("intake", "intake", "دریافت اطلاعات"),
    ("workflow", "workflow", "ورود و خروج گردش‌های کار"),
    ("plan", "plan", "برنامه‌ریزی اطلاع‌رسانی یک روز"),
    ("dispatch", "dispatch", "ارسال آنچه موعدش رسیده است"),
    ("settings", "settings", "تنظیمات سامانه"),
    ("doctor", "doctor", "بررسی سلامت سامانه"),
    ("demo-data", "demo_data", "ساخت اطلاعات نمونه"),
)


#: What argparse says, and how that is said here; it has no other language of its own.
_USAGE: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.*)", r"این‌ها لازم است: \1"),
    (r"unrecognized arguments: (.*)", r"ناشناخته: \1"),
    (
        r"argument (.*?): invalid choice: (.*) \(choose from (.*)\)",
        r"«\2» برای \1 پذیرفته نیست. یکی از این‌ها: \3",
    ),
    (r"argument (.*?): expected (?:one|at least one) argument", r"\1 مقدار می‌خواهد"),
    (r"argument (.*?): not allowed with argument (.*)", r"\1 با \2 نمی‌آید"),
    (r"argument (.*?): invalid \S+ value: (.*)", r"«\2» برای \1 پذیرفته نیست"),
    (r"argument (.*?): ignored explicit argument (.*)", r"\1 مقدار نمی‌گیرد: \2"),
    (r"one of the arguments (.*) is required", r"یکی از این‌ها لازم است: \1"),
    (r"ambiguous option: (.*) could match (.*)", r"\1 روشن نیست: \2"),
    (r"argument (.*?): (.*)", r"\1: \2"),
)


class _Parser(argparse.ArgumentParser):
    """Says in Persian what is wrong with the usage, on stderr, and ends with status 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        for said, persian in _USAGE:
            if re.fullmatch(said, message, re.DOTALL):
                message = re.sub(said, persian, message, flags=re.DOTALL)
                break
        sys.stderr.write(f"کاربرد نادرست: {message}\n")
        raise SystemExit(WRONG_USAGE)

    def add_subparsers(self, **kwargs: Any) -> Any:
        """The actions of a command take the common options too, behind their name."""
        kwargs.setdefault("parser_class", _ActionParser)
        return super().add_subparsers(**kwargs)


class _ActionParser(_Parser):
    """An action of a command (`catalog import`)."""

    def __init__(self, *, parents: Sequence[argparse.ArgumentParser] = (), **kwargs: Any) -> None:
        super().__init__(parents=list(parents) or [common_options()], **kwargs)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    _utf8()
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        parsed = _parser(given).parse_args(given)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else WRONG_USAGE
    return _run(parsed)


def _run(parsed: argparse.Namespace) -> int:
    # Only here, so that help and wrong usage are answered at once.
    from sqlalchemy.exc import DBAPIError

    from vesal_server.cli.frame import CommandFailed, Context, UsageError
    from vesal_server.kit.config import ConfigError, load
    from vesal_server.kit.db import unavailable
    from vesal_server.kit.embedded import EmbeddedError
    from vesal_server.kit.secrets import SecretsError
    from vesal_shared import problems
    from vesal_shared.problems import Refusal

    try:
        config = load(vars(parsed), config_file=parsed.config)
        with Context(config, as_json=parsed.json) as context:
            return parsed.run(context, parsed) or DONE
    except (UsageError, ConfigError) as error:
        return _end(WRONG_USAGE, str(error))
    except Refusal as refusal:
        for wrong in refusal.errors:
            print(f"{wrong.field}: {wrong.title}", file=sys.stderr)
        # A server that can't be reached has refused nobody's input.
        away = refusal.problem in {problems.BUSY, problems.UNAVAILABLE}
        return _end(UNEXPECTED if away else REFUSED, refusal.sentence)
    except (CommandFailed, EmbeddedError, SecretsError) as error:
        return _end(UNEXPECTED, str(error))
    except DBAPIError as error:
        if unavailable(error):
            return _end(UNEXPECTED, problems.UNAVAILABLE.title)
        return _bug()
    except BrokenPipeError:
        # Whoever read our output has gone; python would say so again while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNEXPECTED
    except KeyboardInterrupt:
        return _end(UNEXPECTED, "متوقف شد.")
    except Exception:  # noqa: BLE001 - the outermost place: a bug is told as one, with its trace
        return _bug()


def _end(status: int, sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return status


def _bug() -> int:
    traceback.print_exc()
    return _end(UNEXPECTED, "خطایی پیش‌بینی‌نشده رخ داد.")


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser, with the arguments of the wanted command only: the others are names with a line of help."""
    common = common_options()
    # Options of its own, since defaults are kept on the options themselves.
    parser = _Parser(prog="vesal-server", description="سرویس وصال", parents=[common_options()])
    parser.set_defaults(json=False, config=None)
    commands = parser.add_subparsers(title="فرمان‌ها", metavar="COMMAND", required=True, parser_class=_Parser)
    wanted = _wanted(given)
    for name, module, line in COMMANDS:
        if name == wanted:
            found = importlib.import_module(f"vesal_server.cli.{module}")
            found.register(_Common(commands, common, line))
        else:
            commands.add_parser(name, help=line)
    return parser


class _Common:
    """Gives each command the common options and its line of help."""

    def __init__(self, commands: Any, common: argparse.ArgumentParser, line: str) -> None:
        self._commands = commands
        self._common = common
        self._line = line

    def add_parser(self, name: str, **kwargs: Any) -> argparse.ArgumentParser:
        """Declare the command."""
        kwargs.setdefault("help", self._line)
        kwargs.setdefault("description", self._line)
        made: argparse.ArgumentParser = self._commands.add_parser(name, parents=[self._common], **kwargs)
        return made


def _wanted(given: Sequence[str]) -> str | None:
    names = {name for name, _, _ in COMMANDS}
    return next((word for word in given if word in names), None)


def _utf8() -> None:
    """A pipe on Windows is cp1256 by default, which has neither ی nor ۱ nor ٬."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="strict" if stream is sys.stdin else "backslashreplace")
