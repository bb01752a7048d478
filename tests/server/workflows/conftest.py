"""A bank with the catalogues that workflows name."""

import pytest
from sqlalchemy import Connection

from tests.worlds import add_bank


@pytest.fixture
def bank(connection: Connection) -> Connection:
    """A connection to a bank with branches 6140, 6141, 3101, 3102 and loan types 307, 308, 401."""
    add_bank(connection)
    return connection
