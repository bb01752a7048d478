"""Users and the seeded groups, in the database."""

import pytest
from sqlalchemy import Connection, text

from tests.conftest import NOW
from tests.worlds import CHEAP, add_bank
from vesal_server.access import users
from vesal_server.access.seeds import seed_admin, seed_groups
from vesal_server.access.users import NewUser
from vesal_server.audit.service import SYSTEM
from vesal_shared.pages import GRANTABLE, PAGE, SEEDED_GROUPS
from vesal_shared.problems import Refusal

GOOD = "رمز بسیار خوب"


def create(connection: Connection, **values: object) -> int:
    fields: dict[str, object] = {"username": "niloofar", "password": GOOD, "groups": ["مدیران شعب"]} | values
    return users.create(connection, SYSTEM, NOW, CHEAP, NewUser(**fields))  # type: ignore[arg-type]


def test_the_seeded_groups_are_those_of_the_specification(connection: Connection) -> None:
    query = text(
        "SELECT g.title, g.scope, (SELECT array_agg(page) FROM group_page p WHERE p.group_id = g.id) AS pages,"
        " (SELECT array_agg(o.title ORDER BY o.id) FROM group_gives v JOIN access_group o ON o.id = v.gives_id"
        " WHERE v.group_id = g.id) AS gives FROM access_group g ORDER BY g.id"
    )
    rows = connection.execute(query).all()
    assert [row.title for row in rows] == [group.title for group in SEEDED_GROUPS]
    for row, group in zip(rows, SEEDED_GROUPS, strict=True):
        assert row.scope == group.scope
        assert set(row.pages) == set(group.pages)
        assert tuple(row.gives or ()) == group.gives
    assert set(rows[0].pages) == set(GRANTABLE)
    assert not {"home", "change_password"} & set(GRANTABLE)
    assert all(PAGE[page].label for page in GRANTABLE)


def test_seeding_again_adds_nothing(connection: Connection) -> None:
    assert seed_groups(connection, NOW) == 0
    assert seed_admin(connection, NOW, CHEAP) is None


def test_an_admin_that_is_made_must_change_the_password(connection: Connection) -> None:
    connection.execute(text("DELETE FROM app_user"))
    made = seed_admin(connection, NOW, CHEAP)
    assert made is not None
    row = connection.execute(text("SELECT must_change_password, password_hash FROM app_user")).one()
    assert row.must_change_password
    assert CHEAP.verify(row.password_hash, made)


@pytest.mark.parametrize("title", ["ادمین استان ها", "ادمین استان‌ها", "ادمين استانها"])
def test_a_group_is_found_however_its_title_is_spelt(connection: Connection, title: str) -> None:
    user_id = create(connection, groups=[title])
    query = text(
        "SELECT g.title FROM user_group u JOIN access_group g ON g.id = u.group_id WHERE u.user_id = :id"
    )
    assert connection.execute(query, {"id": user_id}).scalar_one() == "ادمین استان‌ها"


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"username": "a"}, "username", "username_bad"),
        ({"username": "with space"}, "username", "username_bad"),
        ({"groups": ["نیست"]}, "groups", "unknown_group"),
        ({"groups": []}, "groups", "no_group"),
        ({"branch_code": "0000"}, "branch_code", "unknown_branch"),
        ({"province_code": "00"}, "province_code", "unknown_province"),
        ({"password": "کوتاه"}, "password", "password_too_short"),
        ({"username": "a-long-username", "password": "a-long-username"}, "password", "password_like_name"),
    ],
)
def test_a_bad_user_is_refused_beside_the_field(
    connection: Connection, values: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        create(connection, **values)
    assert (field, code) in {(error.field, error.problem.code) for error in refused.value.errors}
    assert users.username_key("niloofar") not in set(
        connection.execute(text("SELECT username_key FROM app_user")).scalars()
    )


def test_a_username_is_taken_whatever_its_case(connection: Connection) -> None:
    create(connection)
    with pytest.raises(Refusal, match="username_taken"):
        create(connection, username="NILOOFAR")


def test_a_user_is_audited_without_the_password(connection: Connection) -> None:
    add_bank(connection)
    user_id = create(connection, branch_code="6140", first_name="نيلوفر")
    row = connection.execute(
        text(
            "SELECT username, action, branch_code, new FROM audit_entry WHERE entity = 'user' AND entity_id = :id"
        ),
        {"id": str(user_id)},
    ).one()
    assert (row.username, row.action, row.branch_code) == ("vesal-server", "create", "6140")
    assert row.new["first_name"] == "نیلوفر"
    assert GOOD not in str(row.new)


def test_an_unknown_user_has_no_password_to_set(connection: Connection) -> None:
    with pytest.raises(Refusal, match="unknown_user"):
        users.set_password(connection, SYSTEM, NOW, CHEAP, "nobody", GOOD, must_change=False)
