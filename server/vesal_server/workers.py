"""Several processes that serve HTTP on one listening socket; this one watches over them and serves none itself."""

import json
import logging
import os
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from vesal_server.kit.config import Config
from vesal_server.kit.db import plain_url
from vesal_server.serving import STOP_S, HttpServer, Listener, ServingError, Tls

_LOG = logging.getLogger("vesal.workers")
_WATCH_S = 0.5
_START_S = 60.0


class WorkerProcesses:
    """As many processes as `config.workers`; one that dies is replaced, and all end with this one."""

    def __init__(self, config: Config, url: URL | str, listener: Listener, tls: Tls | None) -> None:
        if os.name != "posix":
            raise ServingError("روی این سیستم‌عامل تنها یک پردازه HTTP ممکن است (workers = 1).")
        self._config = config
        self._database_url = plain_url(url).render_as_string(hide_password=False)
        self._listener = listener
        self._tls = tls
        self._stop = threading.Event()
        self._processes: list[subprocess.Popen[str]] = []
        self._watcher = threading.Thread(target=self._watch, name="workers", daemon=True)
        # Only for its address; it never runs here.
        self._address = HttpServer(None, listener, tls)

    @property
    def url(self) -> str:
        """The address that clients use."""
        return self._address.url

    @property
    def running(self) -> bool:
        """Whether the processes are watched over."""
        return self._watcher.is_alive()

    def start(self) -> None:
        """Start every process; returns once each accepts."""
        self._processes = [self._spawn() for _ in range(self._config.workers)]
        for process in self._processes:
            if process.stdout is None or process.stdout.readline().strip() != "ready":
                self.stop()
                raise ServingError("پردازه HTTP شروع نشد.")
        self._watcher.start()

    def stop(self) -> None:
        """Let every process finish its requests and end."""
        self._stop.set()
        if self._watcher.is_alive():
            self._watcher.join()
        for process in self._processes:
            if process.stdin is not None:
                process.stdin.close()
        for process in self._processes:
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()

    def _spawn(self) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "vesal_server.worker_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            pass_fds=(self._listener.descriptor,),
            # Ctrl+C reaches the whole terminal; the order in which things end is this process's to give.
            start_new_session=True,
        )
        # By stdin, since a command line shows passwords to everybody on the machine.
        settings: dict[str, Any] = {
            "config": {key: str(value) if isinstance(value, Path) else value
                       for key, value in asdict(self._config).items()},
            "url": self._database_url,
            "descriptor": self._listener.descriptor,
            "tls": [str(self._tls.certificate), str(self._tls.key)] if self._tls else None,
        }  # fmt: skip
        if process.stdin is not None:
            process.stdin.write(json.dumps(settings) + "\n")
            process.stdin.flush()
        return process

    def _watch(self) -> None:
        while not self._stop.wait(_WATCH_S):
            for place, process in enumerate(self._processes):
                if process.poll() is not None:
                    _LOG.error("an HTTP process ended with status %s; another one starts", process.returncode)
                    self._processes[place] = self._spawn()
