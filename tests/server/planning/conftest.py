"""Fixtures of planning's tests."""

import pytest
from sqlalchemy import Connection

from tests.server.planning.bank import PlanBank
from vesal_server.kit.secrets import Secrets


@pytest.fixture
def bank(connection: Connection, secrets: Secrets) -> PlanBank:
    """An empty bank whose last feed is of today."""
    return PlanBank(connection, secrets)
