"""A small bank for the tests of the intake."""

from collections.abc import Iterator

import pytest

from tests.server.intake.world import World, world
from vesal_server.kit.db import Database


@pytest.fixture
def bank(worker_database: Database) -> Iterator[World]:
    """Branches 6140, 6145 and 6150 (closed, its work at 6140), loan types 307 and 308, deposit type 11."""
    with world(worker_database) as made:
        yield made
