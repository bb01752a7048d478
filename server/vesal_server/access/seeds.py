"""What an empty system starts with: the access groups, and one administrator."""

from datetime import datetime

from vesal_server import audit
from vesal_server.access import passwords
from vesal_server.access.passwords import Hasher
from vesal_server.access.queries import users as queries
from vesal_server.access.users import NewUser, create
from vesal_server.audit.service import SYSTEM
from vesal_server.kit.db import Connection
from vesal_shared.pages import ADMINS, SEEDED_GROUPS

ADMIN_USERNAME = "admin"


def seed_groups(connection: Connection, at: datetime) -> int:
    """Add the seeded groups to a system without any group; says how many were added."""
    if queries.any_group(connection):
        return 0
    made = {
        group.title: queries.add_group(connection, group.title, group.scope, group.pages)
        for group in SEEDED_GROUPS
    }
    for group in SEEDED_GROUPS:
        queries.add_gives(connection, made[group.title], [made[title] for title in group.gives])
    audit.record(connection, SYSTEM, at, "seed", "access_group", "", new={"groups": list(made)})
    return len(made)


def seed_admin(
    connection: Connection, at: datetime, hasher: Hasher, password: str | None = None
) -> str | None:
    """Add the administrator to a system without any user.

    Returns the password that was made, to be shown once and changed at the first log-in; None where there are
    users already, or where `password` was given (then it need not be changed).
    """
    if queries.any_user(connection):
        return None
    made = None if password else passwords.make()
    new = NewUser(
        ADMIN_USERNAME,
        password or made or "",
        [ADMINS],
        last_name="مدیر سامانه",
        must_change_password=made is not None,
    )
    create(connection, SYSTEM, at, hasher, new)
    return made
