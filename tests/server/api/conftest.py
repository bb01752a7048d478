"""A served bank, filled once a module; tests that change it take their own letters and users."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.server.api.world import World, fill, served
from vesal_server.kit.clock import FixedClock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets

if TYPE_CHECKING:
    from pathlib import Path

#: Tuesday 1405/09/03 at 08:30 in Tehran.
MORNING = datetime(2026, 11, 24, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(
    module_database: Database, secrets: Secrets, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The service over this module's own database."""
    folder: Path = tmp_path_factory.mktemp("api")
    clock = FixedClock(MORNING)
    fill(module_database, clock, secrets, folder)
    with served(Config(data_dir=folder), module_database, clock, secrets) as made:
        yield made
