"""One running server: HTTP, the sending of what is due, and its bid to lead the timetable."""

import logging

from sqlalchemy import URL

from vesal_server.access.passwords import Hasher
from vesal_server.app import build
from vesal_server.dispatch.sender import Sender
from vesal_server.jobs import jobs
from vesal_server.kit.clock import Clock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.lease import Lease, new_owner
from vesal_server.kit.secrets import Secrets
from vesal_server.scheduler import Timetable
from vesal_server.serving import HttpServer, Listener, Tls
from vesal_server.workers import WorkerProcesses

_LOG = logging.getLogger("vesal.host")
#: Connections beside those of the requests: slow work's threads, and one to spare.
_BESIDE_REQUESTS = 4
#: Connections of the timetable's jobs and of the sender's own questions.
_BACKGROUND = 8


def http_database(config: Config, url: URL | str) -> Database:
    """The pool behind the HTTP API: as many connections as threads, every wait with a limit."""
    return Database(
        url,
        pool_size=config.threads + _BESIDE_REQUESTS,
        pool_timeout_s=config.pool_timeout_s,
        statement_timeout_s=config.statement_timeout_s,
        lock_timeout_s=config.lock_timeout_s,
        application_name="vesal http",
    )


class Host:
    """One server. `start` in this order, `stop` in the other; what is under way is finished."""

    def __init__(
        self,
        config: Config,
        url: URL | str,
        secrets: Secrets,
        clock: Clock,
        *,
        tls: Tls | None = None,
        hasher: Hasher | None = None,
        background: bool = True,
    ) -> None:
        """Bind the address, so that a taken one is said before anything runs.

        Tests give a quicker `hasher`, and no `background` where nothing may happen by itself.
        """
        self._listener = Listener.bind(config.host, config.port)
        self._database = Database(
            url,
            pool_size=_BACKGROUND,
            pool_timeout_s=30,
            lock_timeout_s=30,
            application_name="vesal background",
        )
        self._background: list[Sender | Timetable] = []
        if background:
            lease = Lease(self._database, new_owner())
            self._background = [
                Sender(self._database, config, secrets, clock),
                Timetable(lease, clock, jobs(self._database, config, secrets, clock)),
            ]
        self._http_database = http_database(config, url)
        self._http: HttpServer | WorkerProcesses
        if config.workers > 1:
            self._http = WorkerProcesses(config, url, self._listener, tls)
        else:
            app = build(config, self._http_database, secrets, clock, hasher=hasher)
            self._http = HttpServer(app, self._listener, tls)

    @property
    def url(self) -> str:
        """The address that clients use."""
        return self._http.url

    @property
    def running(self) -> bool:
        """Whether HTTP is still served."""
        return self._http.running

    def start(self) -> None:
        """Serve, send, and bid for leadership."""
        self._http.start()
        for part in self._background:
            part.start()
        _LOG.info("serving at %s", self.url)

    def stop(self) -> None:
        """Accept nothing more, finish what is under way, leave the lease to another server."""
        for part in reversed(self._background):
            part.stop()
        self._http.stop()
        self._http_database.close()
        self._database.close()
        _LOG.info("stopped")
