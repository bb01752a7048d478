"""The SQL of users and groups."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from vesal_server.tables.access import access_group, app_user, group_gives, group_page, user_group
from vesal_server.tables.catalogs import branch, province


def any_group(connection: Connection) -> bool:
    """Whether there is any access group."""
    return connection.execute(select(access_group.c.id).limit(1)).first() is not None


def any_user(connection: Connection) -> bool:
    """Whether there is any user."""
    return connection.execute(select(app_user.c.id).limit(1)).first() is not None


def add_group(connection: Connection, title: str, scope: str, pages: Sequence[str]) -> int:
    """Add a group with its pages; its number."""
    group_id = int(
        connection.execute(
            insert(access_group).values(title=title, scope=scope).returning(access_group.c.id)
        ).scalar_one()
    )
    if pages:
        connection.execute(insert(group_page), [{"group_id": group_id, "page": page} for page in pages])
    return group_id


def add_gives(connection: Connection, group_id: int, gives: Sequence[int]) -> None:
    """Say which groups the members of a group may give."""
    if gives:
        connection.execute(insert(group_gives), [{"group_id": group_id, "gives_id": one} for one in gives])


def groups_by_key(connection: Connection) -> dict[str, int]:
    """The groups by their folded title (ZWNJ and space are one)."""
    rows = connection.execute(
        select(access_group.c.id, func.vesal_search_key(access_group.c.title).label("key"))
    )
    return {row.key: row.id for row in rows}


def branch_exists(connection: Connection, code: str) -> bool:
    """Whether there is such a branch."""
    return connection.execute(select(branch.c.code).where(branch.c.code == code)).first() is not None


def province_exists(connection: Connection, code: str) -> bool:
    """Whether there is such a province."""
    return connection.execute(select(province.c.code).where(province.c.code == code)).first() is not None


def add_user(connection: Connection, values: dict[str, Any], groups: Sequence[int]) -> int | None:
    """Add a user with their groups; None where the name is taken."""
    made = insert(app_user).values(**values).on_conflict_do_nothing(index_elements=[app_user.c.username_key])
    user_id = connection.execute(made.returning(app_user.c.id)).scalar_one_or_none()
    if user_id is not None:
        connection.execute(insert(user_group), [{"user_id": user_id, "group_id": one} for one in groups])
    return user_id


def user_by_key(connection: Connection, username_key: str) -> Row[Any] | None:
    """A user by the folded name."""
    return connection.execute(select(app_user).where(app_user.c.username_key == username_key)).one_or_none()


def user_by_id(connection: Connection, user_id: int) -> Row[Any]:
    """A user that is known to exist."""
    return connection.execute(select(app_user).where(app_user.c.id == user_id)).one()


def set_password(
    connection: Connection, user_id: int, password_hash: str, at: datetime, *, must_change: bool
) -> None:
    """Store another password."""
    connection.execute(
        update(app_user)
        .where(app_user.c.id == user_id)
        .values(
            password_hash=password_hash,
            password_changed_at=at,
            must_change_password=must_change,
            version=app_user.c.version + 1,
        )
    )


def set_active(connection: Connection, user_id: int, *, active: bool) -> None:
    """Switch a user on or off."""
    connection.execute(
        update(app_user).where(app_user.c.id == user_id).values(active=active, version=app_user.c.version + 1)
    )
