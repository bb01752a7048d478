"""The drop folder: a feed that lies in it is taken once it is complete, then put away.

Complete is what did not change from one look to the next and has its parts: an archive its directory (which is
written last), a folder all four files. What never becomes complete is taken after a while all the same, so that
the report says what is wrong with it. Taken feeds move to `taken/`, refused ones to `refused/`.
"""

import logging
import os
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from vesal_server import settings
from vesal_server.intake import manifest
from vesal_server.intake.read_folder import DATA_FILES, MANIFEST, open_feed
from vesal_server.intake.service import Offer, take
from vesal_server.kit.clock import TEHRAN, Clock
from vesal_server.kit.db import Database
from vesal_shared.messages.data_reception import IntakeResult
from vesal_shared.problems import Refusal

_LOG = logging.getLogger("vesal.intake")
TAKEN: Final = "taken"
REFUSED: Final = "refused"
#: How long something may lie there unfinished before it is judged as it is.
PATIENCE: Final = timedelta(minutes=10)

#: Size and time of change of each file of a feed.
Look = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    look: Look
    since: datetime


class DropFolder:
    """Remembers between two looks how large everything was; one object for as long as the server leads."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._seen: dict[Path, _Seen] = {}
        #: What could not be put away, as it was when it was taken: it isn't taken a second time.
        self._left: dict[Path, Look] = {}

    def look(self) -> list[IntakeResult]:
        """Take what is complete, the oldest date first; nothing where no folder is set."""
        with self._database.transaction(read_only=True) as connection:
            name = settings.read(connection).text("feed.folder")
        folder = Path(name)
        if not name or not folder.is_dir():
            return []
        ready = [path for path in _candidates(folder) if self._is_complete(path)]
        return [self._take(path) for path in sorted(ready, key=lambda path: (_as_of(path), path.name))]

    def _is_complete(self, path: Path) -> bool:
        now, look = self._clock.now(), _look(path)
        before = self._seen.get(path)
        if before is None or before.look != look:
            self._seen[path] = _Seen(look, now)
            return False
        if self._left.get(path) == look:
            return False
        return _has_its_parts(path) or now - before.since >= PATIENCE

    def _take(self, path: Path) -> IntakeResult:
        result = take(self._database, self._clock, Offer(path, via="watch"))
        _LOG.info("%s: %s", path.name, result.status)
        self._put_away(path, REFUSED if result.status == "refused" else TAKEN)
        return result

    def _put_away(self, path: Path, where: str) -> None:
        stamp = self._clock.now().astimezone(TEHRAN).strftime("%Y%m%d-%H%M%S")
        target = path.parent / where
        try:
            target.mkdir(exist_ok=True)
            path.rename(target / f"{stamp}-{path.name}")
        except OSError as error:
            _LOG.warning("%s could not be moved to %s: %s", path.name, where, error.strerror)
            self._left[path] = _look(path)
        self._seen.pop(path, None)


def _candidates(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".")
        and path.name not in {TAKEN, REFUSED}
        and (path.is_dir() or path.suffix.lower() == ".zip")
    ]


def _look(path: Path) -> Look:
    files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
    found = []
    for one in files:
        try:
            state = one.stat()
        except OSError:
            # It went while we looked, so the feed is not complete either.
            continue
        found.append((os.fspath(one.relative_to(path.parent)), state.st_size, state.st_mtime_ns))
    return tuple(found)


def _has_its_parts(path: Path) -> bool:
    if path.is_file():
        return zipfile.is_zipfile(path)
    names = {one.name for one in path.rglob("*") if one.is_file()}
    return {MANIFEST, *DATA_FILES} <= names


def _as_of(path: Path) -> date:
    """The date of a feed, so that several days that lie there are taken in their order; the first for an unreadable one."""
    try:
        with open_feed(path) as feed:
            return manifest.read_as_of(manifest.decode(feed.manifest()))
    except Refusal:
        return date.min
