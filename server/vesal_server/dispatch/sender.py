"""The dispatch of a running server: sends all day, and takes up changed settings without a restart."""

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from vesal_server.dispatch import service
from vesal_server.kit.clock import Clock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets, SecretsError
from vesal_server.settings import service as settings
from vesal_shared.problems import Refusal

_LOG = logging.getLogger("vesal.dispatch")
#: How often it is looked whether gateways or windows were set up anew.
_LOOK_S = 5.0


class Sender:
    """Runs the workers of this server in threads, until it is stopped."""

    def __init__(self, database: Database, config: Config, secrets: Secrets, clock: Clock) -> None:
        self._database = database
        self._config = config
        self._secrets = secrets
        self._clock = clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)

    def start(self) -> None:
        """Begin to send what is due."""
        self._thread.start()

    def stop(self) -> None:
        """Claim nothing more; returns once every batch under way is settled."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._send_under_one_set_up()
            except (Refusal, SecretsError) as refused:
                _LOG.warning("sending rests: %s", refused)
                self._stop.wait(_LOOK_S)
            except SQLAlchemyError as error:
                _LOG.warning("sending rests, the database failed: %s", type(error).__name__)
                self._stop.wait(_LOOK_S)
            except Exception:  # noqa: BLE001 - a bug must not end the sending for good
                _LOG.exception("sending failed")
                self._stop.wait(_LOOK_S)

    def _send_under_one_set_up(self) -> None:
        """Send until the settings change or the server stops."""
        before = self._stamp()
        with service.opened(self._database, self._config, self._secrets, self._clock) as dispatch:
            done = threading.Event()
            watcher = threading.Thread(target=self._watch, args=(before, done), name="sender-settings")
            watcher.start()
            try:
                dispatch.run(done)
            finally:
                done.set()
                watcher.join()

    def _watch(self, before: object, done: threading.Event) -> None:
        """Set `done` when the server stops or the settings are no longer what they were."""
        while not done.is_set():
            if self._stop.wait(_LOOK_S):
                break
            try:
                if self._stamp() != before:
                    break
            except (Refusal, SQLAlchemyError):
                # Without a database nothing changes that could be read.
                continue
        done.set()

    def _stamp(self) -> object:
        with self._database.transaction(read_only=True) as connection:
            return settings.stamp(connection)
