"""Log-in, log-out, pauses, limits, and the change of a password, over HTTP."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.server.api.world import World
from tests.worlds import CHEAP, PASSWORD, add_branch, add_user
from vesal_server.access import users
from vesal_server.audit.service import SYSTEM
from vesal_shared.pages import BRANCH_MANAGERS

NEW_PASSWORD = "رمز تازه و بلند"


@pytest.fixture
def user(world: World, request: pytest.FixtureRequest) -> str:
    """A user of this test's own, of branch 6140."""
    name = f"u{abs(hash(request.node.name)) % 10**9}"
    with world.database.transaction() as connection:
        add_user(connection, name, BRANCH_MANAGERS, at=world.clock.now(), branch_code="6140")
    return name


@pytest.fixture(autouse=True)
def later(world: World) -> Iterator[None]:
    """A day passes after each test, so that no pause of one reaches another."""
    yield
    world.clock.move(timedelta(days=1))
    world.tokens.clear()


def me(world: World, token: str) -> Any:
    return world.client.get("/api/v1/session", headers={"Authorization": f"Bearer {token}"})


def test_log_in_says_who_and_what(world: World, user: str) -> None:
    answer = world.log_in(user)
    assert answer.status_code == 201
    body = answer.json()
    assert body["user"]["username"] == user
    assert body["user"]["branch_code"] == "6140"
    assert body["user"]["province_code"] == "96"
    pages = {page["code"]: page["scope"] for page in body["pages"]}
    assert pages["overdue_cases"] == "branch"
    assert pages["home"] == "branch"
    assert "data_reception" not in pages
    assert body["must_change_password"] is False
    assert me(world, body["token"]).json()["user"] == body["user"]


def test_a_username_is_folded(world: World, user: str) -> None:
    assert world.log_in(f"  {user.upper()} ").status_code == 201


def test_wrong_password_and_unknown_user_answer_alike(world: World, user: str) -> None:
    wrong, unknown = world.log_in(user, "نادرست است"), world.log_in("nobody-here", "نادرست است")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    assert wrong.json()["code"] == "wrong_credentials"


def test_the_token_is_random_and_not_stored(world: World, user: str) -> None:
    tokens = {world.log_in(user).json()["token"] for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) >= 43 for token in tokens)
    with world.database.transaction(read_only=True) as connection:
        stored = set(connection.execute(text("SELECT token_hash FROM session")).scalars())
    assert {hashlib.sha256(token.encode()).digest() for token in tokens} <= {bytes(one) for one in stored}


def test_a_log_out_ends_the_session_at_once_and_no_other(world: World, user: str) -> None:
    first, second = world.log_in(user).json()["token"], world.log_in(user).json()["token"]
    answer = world.client.delete("/api/v1/session", headers={"Authorization": f"Bearer {first}"})
    assert answer.status_code == 204
    assert me(world, first).json()["code"] == "session_ended"
    assert me(world, second).status_code == 200


def test_a_session_ends_when_idle_and_at_its_limit(world: World, user: str) -> None:
    idle = world.log_in(user).json()["token"]
    world.clock.move(timedelta(minutes=29))
    assert me(world, idle).status_code == 200
    world.clock.move(timedelta(minutes=30))
    assert me(world, idle).status_code == 401
    busy = world.log_in(user).json()["token"]
    for _ in range(12 * 60 // 20):
        assert me(world, busy).status_code == 200
        world.clock.move(timedelta(minutes=20))
    assert me(world, busy).status_code == 401


def test_disabling_a_user_ends_their_sessions(world: World, user: str) -> None:
    token = world.log_in(user).json()["token"]
    with world.database.transaction() as connection:
        users.disable(connection, SYSTEM, world.clock.now(), _id(world, user))
    assert me(world, token).status_code == 401
    assert world.log_in(user).json()["code"] == "user_inactive"
    # Who doesn't know the password isn't told that the user is there.
    assert world.log_in(user, "نادرست است").json()["code"] == "wrong_credentials"


def test_a_changed_password_ends_every_session_and_gives_a_fresh_one(world: World, user: str) -> None:
    here, there = world.log_in(user).json()["token"], world.log_in(user).json()["token"]
    answer = change(world, here, PASSWORD, NEW_PASSWORD)
    assert answer.status_code == 200
    assert me(world, here).status_code == 401
    assert me(world, there).status_code == 401
    assert me(world, answer.json()["token"]).status_code == 200
    assert world.log_in(user, PASSWORD).status_code == 401
    assert world.log_in(user, NEW_PASSWORD).status_code == 201


@pytest.mark.parametrize(
    ("new", "field", "code"),
    [
        ("کوتاه", "new", "password_too_short"),
        ("1234567890", "new", "password_common"),
        ("ک" * 129, "new", "password_too_long"),
        (PASSWORD, "new", "password_same"),
        ("بانک نمونه", "new", "password_like_name"),
    ],
)
def test_a_bad_new_password_is_refused_beside_its_field(
    world: World, user: str, new: str, field: str, code: str
) -> None:
    token = world.log_in(user).json()["token"]
    answer = change(world, token, PASSWORD, new)
    assert answer.status_code == 422
    assert (field, code) in {(error["field"], error["code"]) for error in answer.json()["errors"]}
    assert me(world, token).status_code == 200


def test_the_current_password_is_asked(world: World, user: str) -> None:
    token = world.log_in(user).json()["token"]
    answer = change(world, token, "نادرست است", NEW_PASSWORD)
    assert answer.json()["errors"][0]["field"] == "current"
    assert world.log_in(user).status_code == 201


def test_a_password_that_must_be_changed_shuts_all_else(world: World, user: str) -> None:
    with world.database.transaction() as connection:
        users.set_password(
            connection, SYSTEM, world.clock.now(), CHEAP, user, "رمز موقت یک‌بار", must_change=True
        )
    body = world.log_in(user, "رمز موقت یک‌بار").json()
    assert body["must_change_password"] is True
    shut = world.client.get("/api/v1/home", headers={"Authorization": f"Bearer {body['token']}"})
    assert (shut.status_code, shut.json()["code"]) == (403, "must_change_password")
    fresh = change(world, body["token"], "رمز موقت یک‌بار", NEW_PASSWORD).json()["token"]
    opened = world.client.get("/api/v1/home", headers={"Authorization": f"Bearer {fresh}"})
    assert opened.status_code == 200


def test_failures_pause_longer_and_longer_and_a_success_forgets_them(world: World, user: str) -> None:
    waits = []
    for _ in range(8):
        answer = world.log_in(user, "نادرست است")
        if answer.status_code == 429:
            waits.append(answer.json()["retry_after"])
            assert answer.headers["retry-after"] == str(waits[-1])
            # The right password doesn't help before the pause is over.
            assert world.log_in(user).status_code == 429
            world.clock.move(timedelta(seconds=waits[-1]))
            world.log_in(user, "نادرست است")
    assert waits
    assert waits == sorted(set(waits))
    world.clock.move(timedelta(minutes=15))
    assert world.log_in(user).status_code == 201
    assert world.log_in(user, "نادرست است").status_code == 401


def test_log_ins_are_recorded_with_their_result(world: World, user: str) -> None:
    world.log_in(user, "نادرست است")
    world.log_in(user)
    with world.database.transaction(read_only=True) as connection:
        rows = connection.execute(
            text("SELECT result, machine FROM login_attempt WHERE username = :name ORDER BY id"),
            {"name": user},
        ).all()
    assert [tuple(row) for row in rows] == [("bad_password", "test"), ("ok", "test")]


def test_a_branch_lets_in_its_own_networks_only(world: World) -> None:
    at = world.clock.now()
    with world.database.transaction() as connection:
        add_branch(connection, "7001", "96", ip="10.20.30.0/24")
        add_user(connection, "outside", BRANCH_MANAGERS, at=at, branch_code="7001")
    assert world.log_in("outside").json()["code"] == "address_not_allowed"
    with world.database.transaction() as connection:
        connection.execute(text("UPDATE branch SET ip = '' WHERE code = '7001'"))
    token = world.log_in("outside").json()["token"]
    with world.database.transaction() as connection:
        connection.execute(text("UPDATE branch SET ip = '10.20.30.0/24' WHERE code = '7001'"))
    # Checked after the log-in too.
    assert me(world, token).json()["code"] == "address_not_allowed"


def test_no_answer_is_kept_by_anybody(world: World, user: str) -> None:
    for password in (PASSWORD, "نادرست است"):
        assert world.log_in(user, password).headers["cache-control"] == "no-store"


def change(world: World, token: str, current: str, new: str) -> Any:
    return world.client.put(
        "/api/v1/session/password",
        json={"current": current, "new": new},
        headers={"Authorization": f"Bearer {token}"},
    )


def _id(world: World, username: str) -> int:
    with world.database.transaction(read_only=True) as connection:
        query = text("SELECT id FROM app_user WHERE username = :name")
        return int(connection.execute(query, {"name": username}).scalar_one())
