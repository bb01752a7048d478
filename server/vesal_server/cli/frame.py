"""What every command is handed: settings, clock, database, secrets, and the ways to answer."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn, Protocol, Self, TextIO, TypeVar

from sqlalchemy import URL

from vesal_server import migrations

# Handed on to the commands, which find all they need here.
from vesal_server.cli.options import DONE as DONE  # noqa: PLC0414
from vesal_server.cli.options import REFUSED as REFUSED  # noqa: PLC0414
from vesal_server.cli.options import UNEXPECTED as UNEXPECTED  # noqa: PLC0414
from vesal_server.cli.options import WRONG_USAGE as WRONG_USAGE  # noqa: PLC0414
from vesal_server.cli.options import common_options as common_options  # noqa: PLC0414
from vesal_server.kit.clock import Clock, SystemClock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.embedded import EmbeddedPostgres
from vesal_server.kit.secrets import Secrets
from vesal_shared import problems
from vesal_shared.problems import Refusal

T = TypeVar("T")


class UsageError(Exception):
    """Wrong usage that argparse alone can't see; carries a Persian sentence and ends with status 2."""


class CommandFailed(Exception):
    """The command could not do its work for a foreseeable reason; a Persian sentence, status 1."""


class Subparsers(Protocol):
    """What `add_parser` is called on."""

    def add_parser(self, name: str, **kwargs: Any) -> argparse.ArgumentParser:
        """Declare one command."""
        ...


Run = Callable[["Context", argparse.Namespace], int | None]


@dataclass
class Context:
    """One run of one command."""

    config: Config
    as_json: bool = False
    clock: Clock = field(default_factory=SystemClock)
    stdout: TextIO = field(default_factory=lambda: sys.stdout)
    stderr: TextIO = field(default_factory=lambda: sys.stderr)
    _stack: ExitStack = field(default_factory=ExitStack)
    _url: URL | str | None = None

    def __enter__(self) -> Self:
        """Leave whatever was entered at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the database and leave the embedded server."""
        self._stack.close()

    def enter(self, manager: AbstractContextManager[T]) -> T:
        """Enter a context manager that lasts as long as the command."""
        return self._stack.enter_context(manager)

    def database_url(self) -> URL | str:
        """Where the database is; an embedded server is started for it, or joined, first."""
        if self._url is None:
            self._url = self.config.database_url or self.enter(embedded(self.config)).url()
        return self._url

    def database(self, *, pool_size: int = 8, checked: bool = True) -> Database:
        """The database; commands have no time limit a statement, unlike requests.

        `checked` refuses a database whose schema is not the one that this version needs.
        """
        made = self.enter(
            Database(
                self.database_url(),
                pool_size=pool_size,
                lock_timeout_s=self.config.lock_timeout_s,
                application_name="vesal command",
            )
        )
        if checked:
            check_schema(made)
        return made

    def secrets(self) -> Secrets:
        """The key outside the database."""
        return Secrets.load(self.config.secrets_key_file)

    def say(self, sentence: str) -> None:
        """Tell the person at the terminal something, on stderr."""
        print(sentence, file=self.stderr, flush=True)

    def show(self, line: str = "") -> None:
        """Print a line of the result on stdout; with `--json` only `answer` prints there."""
        if not self.as_json:
            print(line, file=self.stdout)

    def answer(self, result: object) -> None:
        """Print the machine-readable result where `--json` asks for it."""
        if self.as_json:
            json.dump(result, self.stdout, ensure_ascii=False, default=_plain)
            self.stdout.write("\n")
            self.stdout.flush()

    @contextmanager
    def at(self, instant: datetime | None) -> Iterator[Clock]:
        """A clock for `--at`: the given instant counts as now and time runs on from there."""
        from vesal_server.kit.clock import ShiftedClock

        yield self.clock if instant is None else ShiftedClock(instant, self.clock)


def embedded(config: Config) -> EmbeddedPostgres:
    """The embedded server of these settings, not started yet."""
    return EmbeddedPostgres(config.data_dir, system_user=config.postgres_user)


def check_schema(database: Database) -> None:
    """Refuse a database that was never made ready, or by another version."""
    with database.transaction(read_only=True) as connection:
        found = migrations.current(connection)
    if found is None:
        raise Refusal(problems.SCHEMA_MISSING)
    if found != migrations.head():
        raise Refusal(problems.SCHEMA_OTHER)


def instant_argument(given: str) -> datetime:
    """An ISO 8601 instant of the command line; without an offset it is Tehran's."""
    from vesal_server.kit.clock import TEHRAN

    try:
        read = datetime.fromisoformat(given)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"«{given}» زمانی به شکل ISO 8601 نیست.") from error
    return read if read.tzinfo else read.replace(tzinfo=TEHRAN)


def existing_file(given: str) -> Path:
    """A file of the command line that must be there."""
    path = Path(given)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"پرونده «{given}» پیدا نشد.")
    return path


def stop(sentence: str) -> NoReturn:
    """End the command with a sentence and status 1."""
    raise CommandFailed(sentence)


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
