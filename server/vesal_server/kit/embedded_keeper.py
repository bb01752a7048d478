"""The process that runs an embedded PostgreSQL: starts it, revives it, stops it with the last command.

Started by `vesal_server.kit.embedded` with the folder that holds `launch.json`; it needs nothing but the
standard library, so that it costs little.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from vesal_server.kit.lock import FileLock

#: A fast stop writes a checkpoint first.
_FAST_STOP_S = 60.0
_IMMEDIATE_STOP_S = 10.0
#: How long orphaned backends of a killed server get to notice, before they are killed.
_ORPHANS_S = 10.0
_WATCH_S = 0.2
#: Commands take the keeper's lock for a moment to see whether there is a keeper.
_KEEPER_S = 5.0
#: A server that dies this often without ever having been ready will not come to life by trying.
_TRIES = 3
_LONGEST_PAUSE_S = 5.0
#: The line of `postmaster.pid` that says how far the server has come.
_STATUS_LINE = 7


@dataclass(frozen=True, slots=True)
class Launch:
    """How the server is run, kept in `launch.json` for the keeper and for commands that join."""

    home: str
    binaries: str
    settings: dict[str, str]
    #: 127.0.0.1 where there are no Unix sockets, else empty.
    host: str
    port: int
    socket_dir: str
    uid: int | None
    gid: int | None


def cluster_processes(cluster: Path) -> list[int]:
    """The processes whose working folder is the cluster, the server and its backends; Linux only.

    A number in `postmaster.pid` may have passed to a stranger; a working folder can't.
    """
    if not sys.platform.startswith("linux"):
        return []
    try:
        wanted = cluster.stat()
    except OSError:
        return []
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                here = Path(f"/proc/{entry.name}/cwd").stat()
                name = Path(f"/proc/{entry.name}/comm").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            # Whoever looks around in the folder with a shell is none of them.
            if (here.st_dev, here.st_ino) == (wanted.st_dev, wanted.st_ino) and name.startswith("postgres"):
                found.append(int(entry.name))
    return found


def postmaster_pid(cluster: Path) -> int | None:
    """The process of the running server of a cluster, or None."""
    try:
        pid = int(
            (cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n", 1)[0]
        )
    except (OSError, ValueError):
        return None
    if sys.platform.startswith("linux"):
        return pid if pid in cluster_processes(cluster) else None
    return pid if _alive(pid) else None


def _is_ready(cluster: Path) -> bool:
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"


class Keeper:
    """Runs one server until nobody uses it."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._home = Path(launch.home)
        self._cluster = self._home / "data"
        self._child: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """Serve until the last command has gone; returns the exit status."""
        own = FileLock(self._home / "keeper.lock")
        if not own.acquire(timeout=_KEEPER_S):
            return 0
        unused = threading.Event()
        use = FileLock(self._home / "use.lock")
        if postmaster_pid(self._cluster) is None:
            self._spawn()
        threading.Thread(target=_wait_for_disuse, args=(use, unused), daemon=True).start()
        failures, was_ready = 0, False
        while not unused.wait(_WATCH_S):
            if self._running():
                was_ready = was_ready or _is_ready(self._cluster)
                failures = 0 if was_ready else failures
                continue
            failures += 1
            if failures >= _TRIES and not was_ready:
                return 1
            # One that once ran is started again for as long as somebody needs it.
            if unused.wait(min(_LONGEST_PAUSE_S, _WATCH_S * (failures - 1))):
                break
            self._spawn()
        self._stop()
        if self._launch.socket_dir:
            shutil.rmtree(self._launch.socket_dir, ignore_errors=True)
        use.release()
        own.release()
        return 0

    def _running(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        # An adopted server takes its number away a moment before it ends.
        return postmaster_pid(self._cluster) is not None or bool(cluster_processes(self._cluster))

    def _spawn(self) -> None:
        """Start the server, once nothing of a killed one is left."""
        _clear_orphans(self._cluster)
        data = str(self._cluster)
        opened: tuple[int, ...] = ()
        dropped: dict[str, object] = {}
        if self._launch.uid is not None:
            fd = os.open(self._cluster, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
            data, opened = f"/proc/self/fd/{fd}", (fd,)
            dropped = {"user": self._launch.uid, "group": self._launch.gid, "extra_groups": []}
        command = [str(Path(self._launch.binaries) / "postgres"), "-D", data]
        for name, value in self._launch.settings.items():
            command += ["-c", f"{name}={value}"]
        self._child = subprocess.Popen(  # type: ignore[call-overload]
            command,
            stdin=subprocess.DEVNULL,
            pass_fds=opened,
            cwd="/" if os.name == "posix" else None,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            **dropped,
        )
        for fd in opened:
            os.close(fd)

    def _stop(self) -> None:
        if sys.platform == "win32":
            pg_ctl = str(Path(self._launch.binaries) / "pg_ctl")
            subprocess.run(
                [pg_ctl, "stop", "-D", str(self._cluster), "-m", "fast", "-w"],
                stdin=subprocess.DEVNULL, check=False,
            )  # fmt: skip
            return
        for how, seconds in ((signal.SIGINT, _FAST_STOP_S), (signal.SIGQUIT, _IMMEDIATE_STOP_S)):
            if not self._running():
                return
            pid = self._child.pid if self._child is not None else postmaster_pid(self._cluster)
            if pid is not None:
                os.kill(pid, how)
            deadline = time.monotonic() + seconds
            pause = threading.Event()
            while self._running():
                if time.monotonic() > deadline:
                    break
                pause.wait(0.01)
        _clear_orphans(self._cluster, seconds=0)


def _wait_for_disuse(use: FileLock, unused: threading.Event) -> None:
    use.acquire()
    unused.set()


def _clear_orphans(cluster: Path, seconds: float = _ORPHANS_S) -> None:
    """Wait until a killed server's backends have gone, and kill what stays; they hold its memory."""
    if sys.platform == "win32":
        return
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while orphans := cluster_processes(cluster):
        if time.monotonic() > deadline:
            for pid in orphans:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        pause.wait(0.05)
    # The number of a killed server may belong to a stranger by now, and PostgreSQL would believe it.
    pid_file = cluster / "postmaster.pid"
    if sys.platform.startswith("linux") and pid_file.exists():
        pid_file.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    if sys.platform == "win32":
        done = subprocess.run(
            ["tasklist", "/FI", f"PID eq {pid}", "/FI", "IMAGENAME eq postgres.exe", "/NH"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", errors="replace",
            check=False,
        )  # fmt: skip
        return str(pid) in done.stdout
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def main() -> int:
    """Run the keeper for the folder named on the command line."""
    home = Path(sys.argv[1])
    launch = Launch(**json.loads((home / "launch.json").read_text(encoding="utf-8")))
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # Who stops the machine stops the commands too; the server goes after the last of them.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return Keeper(launch).run()


if __name__ == "__main__":
    sys.exit(main())
