"""A feed as it arrives: a folder or a .zip, read as streams and never unpacked to the disk."""

import hashlib
import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Final

from vesal_shared import problems
from vesal_shared.problems import Refusal

MANIFEST: Final = "manifest.json"
CUSTOMERS: Final = "customers.csv"
FACILITIES: Final = "facilities.csv"
GUARANTORS: Final = "guarantors.csv"
#: The data files, in the order in which they are read and in which set-aside rows are listed.
DATA_FILES: Final = (CUSTOMERS, FACILITIES, GUARANTORS)

#: A manifest is a page of text; what is larger is none.
MAX_MANIFEST_BYTES: Final = 1_000_000
#: No bank's list needs more; it bounds the time that a hostile archive can cost (it never costs memory).
MAX_FILE_BYTES: Final = 16 * 2**30
MAX_ZIP_ENTRIES: Final = 1_000
#: Deflate reaches 1,032; lists of people reach 30. A small file may be as regular as it likes.
MAX_ZIP_RATIO: Final = 200
RATIO_FREE_BYTES: Final = 64 * 2**20
#: A record without an end of line is no list; refusing it keeps memory bounded.
MAX_LINE_BYTES: Final = 4 * 2**20
READ_BYTES: Final = 2**20

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One file of a feed: its name, its size in bytes, and how to open it."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as found: `name` for people, `form` folder or zip, and those of its four files that are there."""

    name: str
    form: str
    files: dict[str, FeedFile] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of the data files together."""
        return sum(self.files[name].size for name in DATA_FILES)

    def check_complete(self) -> None:
        """Refuse a feed that lacks one of its four files."""
        for name in (MANIFEST, *DATA_FILES):
            if name not in self.files:
                raise Refusal(problems.FEED_FILE_MISSING, params={"file": name})

    def manifest(self) -> bytes:
        """The bytes of manifest.json; refuses what is too large to be one."""
        if MANIFEST not in self.files:
            raise Refusal(problems.FEED_FILE_MISSING, params={"file": MANIFEST})
        with readable(MANIFEST), self.files[MANIFEST].open() as stream:
            content = stream.read(MAX_MANIFEST_BYTES + 1)
        if len(content) > MAX_MANIFEST_BYTES:
            raise Refusal(problems.FEED_MANIFEST_BAD, params={"why": "بزرگ‌تر از یک مگابایت است."})
        return content


class Counted(io.RawIOBase):
    """A file's bytes as they are read: hashed, counted, and refused where a line never ends."""

    def __init__(self, stream: IO[bytes], name: str, told: Callable[[int], None]) -> None:
        self._stream = stream
        self._name = name
        self._told = told
        self._hash = hashlib.sha256()
        self._since_line_end = 0
        self.bytes_read = 0

    def readable(self) -> bool:
        """Say that this is a stream to read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` as far as the file goes; returns how many bytes came."""
        with readable(self._name):
            chunk = self._stream.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self._count(chunk)
        return len(chunk)

    def drain(self) -> str:
        """Read what is left, and give the sha256 of the whole in lower-case hex digits."""
        with readable(self._name):
            while chunk := self._stream.read(READ_BYTES):
                self._hash.update(chunk)
                self.bytes_read += len(chunk)
        return self._hash.hexdigest()

    def _count(self, chunk: bytes) -> None:
        self._hash.update(chunk)
        self.bytes_read += len(chunk)
        end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self._since_line_end = len(chunk) - end - 1 if end >= 0 else self._since_line_end + len(chunk)
        if self._since_line_end > MAX_LINE_BYTES:
            raise unreadable(self._name, "یک سطر آن پایان ندارد.")
        self._told(len(chunk))


@contextmanager
def open_feed(path: Path) -> Iterator[Feed]:
    """The feed at `path` for the length of a block; a Refusal says why it can't be read."""
    with readable(path.name):
        is_folder, is_file = path.is_dir(), path.is_file()
    if is_folder:
        yield _folder(path)
    elif is_file:
        with _archive(path) as archive, readable(path.name):
            feed = Feed(path.name, "zip", _entries(archive))
            yield feed
    else:
        raise unreadable(path.name, "چنین پوشه یا فایلی وجود ندارد.")


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Turn what operating system and archive say about broken input into a refusal."""
    try:
        yield
    except zipfile.BadZipFile as error:
        raise unreadable(name, "فایل فشرده ناقص یا خراب است. آن را دوباره بسازید.") from error
    except (zlib.error, EOFError, NotImplementedError) as error:
        raise unreadable(
            name, "فایل فشرده خوانده نمی‌شود. آن را دوباره با روش معمول (deflate) بسازید."
        ) from error
    except OSError as error:
        raise unreadable(name, f"سیستم‌عامل اجازه خواندن نداد ({error.strerror or error}).") from error


def unreadable(name: str, why: str) -> Refusal:
    """The refusal of a file that can't be read, with the Persian reason."""
    return Refusal(problems.FEED_UNREADABLE, params={"file": name, "why": why})


def _folder(path: Path) -> Feed:
    with readable(path.name):
        inside = [path, *sorted(one for one in path.iterdir() if one.is_dir())]
        holders = [one for one in inside if any((one / name).is_file() for name in (MANIFEST, *DATA_FILES))]
        root = _only([str(one) for one in holders], path.name)
        files = {
            name: FeedFile(name, (Path(root) / name).stat().st_size, _opener(Path(root) / name))
            for name in (MANIFEST, *DATA_FILES)
            if (Path(root) / name).is_file()
        }
    return Feed(path.name, "folder", files)


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    with readable(path.name):
        # The central directory is decoded here; a file that is no archive ends here too.
        try:
            archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, UnicodeDecodeError) as error:
            raise unreadable(path.name, "فایل فشرده (zip) درستی نیست.") from error
    with archive:
        yield archive


def _entries(archive: zipfile.ZipFile) -> dict[str, FeedFile]:
    infos = archive.infolist()
    if len(infos) > MAX_ZIP_ENTRIES:
        raise Refusal(problems.FEED_ZIP_SUSPECT, params={"why": "بیش از هزار فایل در خود دارد."})
    found: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for info in infos:
        parts = _safe_parts(info)
        if info.is_dir() or len(parts) > 2 or parts[-1] not in {MANIFEST, *DATA_FILES}:
            continue
        if parts[0] == "__MACOSX":
            continue
        held = found.setdefault(parts[0] if len(parts) == 2 else "", {})
        if parts[-1] in held:
            raise Refusal(
                problems.FEED_ZIP_SUSPECT, params={"why": f"فایل {parts[-1]} را دو بار در خود دارد."}
            )
        held[parts[-1]] = info
    root = _only(list(found), archive.filename or "zip")
    return {
        name: FeedFile(name, info.file_size, _zip_opener(archive, info)) for name, info in found[root].items()
    }


def _safe_parts(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """The entry's path in parts; refuses one that leads out of the archive, a link, a bomb."""
    name = info.orig_filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or ":" in name or "\0" in name:
        raise Refusal(problems.FEED_ZIP_SUSPECT, params={"why": "نشانی فایلی در آن به بیرون از پوشه می‌رود."})
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Refusal(problems.FEED_ZIP_SUSPECT, params={"why": "پیوند (link) در خود دارد."})
    if info.flag_bits & 0x1:
        raise unreadable(info.filename, "فایل فشرده رمز دارد. آن را بدون رمز بسازید.")
    grown = info.file_size > RATIO_FREE_BYTES and info.file_size > MAX_ZIP_RATIO * max(info.compress_size, 1)
    if grown or info.file_size > MAX_FILE_BYTES:
        raise Refusal(problems.FEED_ZIP_SUSPECT, params={"why": "حجم باز شده آن بیش از اندازه است."})
    return parts


def _zip_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _only(holders: list[str], name: str) -> str:
    if not holders:
        raise unreadable(name, f"هیچ‌یک از فایل‌های {MANIFEST} و {'، '.join(DATA_FILES)} در آن نیست.")
    if len(holders) > 1:
        raise unreadable(name, "فایل‌ها در بیش از یک پوشه‌اند؛ همه باید در یک پوشه باشند.")
    return holders[0]
