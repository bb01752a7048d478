"""File locks that the kernel frees when their holder dies, however it dies."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Pause between two tries for a lock that another process holds, in seconds.
_RETRY_S = 0.02


class FileLock:
    """One process's hold on a lock file, shared with others or exclusive.

    The file stays where it is: deleting it would let two processes hold «the» lock on two files.
    A holder that wants both kinds one after the other releases in between.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock now."""
        return self._fd is not None

    def acquire(self, *, shared: bool = False, timeout: float | None = None) -> bool:
        """Take the lock; wait at most `timeout` seconds (None: as long as it takes; 0: not at all).

        Returns whether it was taken. Raises OSError where the file can't be opened.
        """
        if self._fd is not None:
            raise RuntimeError("the lock is held already")
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            taken = _wait(fd, shared=shared, timeout=timeout)
        except BaseException:
            os.close(fd)
            raise
        if not taken:
            os.close(fd)
            return False
        self._fd = fd
        return True

    def release(self) -> None:
        """Give the lock back; nothing happens where it isn't held."""
        fd, self._fd = self._fd, None
        if fd is not None:
            _unlock(fd)
            os.close(fd)

    @contextmanager
    def hold(self, *, shared: bool = False) -> Iterator[None]:
        """Hold the lock for a block, waiting for it as long as it takes."""
        self.acquire(shared=shared)
        try:
            yield
        finally:
            self.release()


def _wait(fd: int, *, shared: bool, timeout: float | None) -> bool:
    if timeout is None and sys.platform != "win32":
        _lock_blocking(fd, shared=shared)
        return True
    deadline = None if timeout is None else time.monotonic() + timeout
    pause = threading.Event()
    while not _try_lock(fd, shared=shared):
        if deadline is not None and time.monotonic() >= deadline:
            return False
        pause.wait(_RETRY_S)
    return True


if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    # msvcrt.locking knows no shared locks, so the kernel's own function is called.
    _LOCKFILE_FAIL_IMMEDIATELY = 1
    _LOCKFILE_EXCLUSIVE_LOCK = 2
    _ERROR_LOCK_VIOLATION = 33
    _ERROR_IO_PENDING = 997

    class _Overlapped(ctypes.Structure):
        _fields_ = [  # type: ignore[mutable-override]
            ("Internal", ctypes.c_void_p),
            ("InternalHigh", ctypes.c_void_p),
            ("Offset", wintypes.DWORD),
            ("OffsetHigh", wintypes.DWORD),
            ("hEvent", wintypes.HANDLE),
        ]

    def _try_lock(fd: int, *, shared: bool) -> bool:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        flags = _LOCKFILE_FAIL_IMMEDIATELY | (0 if shared else _LOCKFILE_EXCLUSIVE_LOCK)
        handle = wintypes.HANDLE(msvcrt.get_osfhandle(fd))
        if kernel.LockFileEx(handle, flags, 0, 1, 0, ctypes.byref(_Overlapped())):
            return True
        error = ctypes.get_last_error()
        if error in {_ERROR_LOCK_VIOLATION, _ERROR_IO_PENDING}:
            return False
        raise ctypes.WinError(error)

    def _unlock(fd: int) -> None:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        handle = wintypes.HANDLE(msvcrt.get_osfhandle(fd))
        kernel.UnlockFileEx(handle, 0, 1, 0, ctypes.byref(_Overlapped()))
else:
    import fcntl

    def _try_lock(fd: int, *, shared: bool) -> bool:
        try:
            fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _lock_blocking(fd: int, *, shared: bool) -> None:
        fcntl.flock(fd, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)

    def _unlock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_UN)
