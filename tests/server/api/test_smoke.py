"""Every GET of the API answers for whoever may ask."""

import pytest

from tests.server.api.world import USERS, World


@pytest.mark.parametrize("username", USERS)
def test_everybody_opens_home(world: World, username: str) -> None:
    answer = world.get(username, "/home")
    assert answer.status_code == 200, answer.text
    assert answer.json()["feed_as_of"] == "2026-11-24"
