"""What every operation is handed: the process's few objects, built once in `app.py`."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from vesal_server.kit.clock import Clock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.memory import Memory
from vesal_server.kit.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Services:
    """The objects behind the API. `slow` is the small pool for hashes of passwords, exports and uploads."""

    config: Config
    database: Database
    clock: Clock
    secrets: Secrets
    memory: Memory
    slow: ThreadPoolExecutor
