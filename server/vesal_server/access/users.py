"""Creating users, setting passwords, switching users off."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vesal_server import audit
from vesal_server.access import passwords
from vesal_server.access.passwords import Hasher
from vesal_server.access.queries import sessions, users
from vesal_server.kit.db import Connection
from vesal_server.settings import read as read_settings
from vesal_shared import problems
from vesal_shared.problems import FieldError, Refusal
from vesal_shared.text import clean, search_key, sort_key

_USERNAME = re.compile(r"[\w.@\-]{2,50}")


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to create; names as typed, groups by title, branch and province by code."""

    username: str
    password: str
    groups: Sequence[str]
    first_name: str = ""
    last_name: str = ""
    branch_code: str | None = None
    province_code: str | None = None
    must_change_password: bool = True


def username_key(typed: str) -> str:
    """A username as it is compared: folded, in lower case."""
    return clean(typed).casefold()


def create(connection: Connection, actor: audit.Actor, at: datetime, hasher: Hasher, new: NewUser) -> int:
    """Create a user; returns their number. Raises Refusal with an error for each field that is wrong."""
    username = clean(new.username)
    wrong: list[FieldError] = []
    if not _USERNAME.fullmatch(username):
        wrong.append(FieldError("username", problems.USERNAME_BAD))
    known = users.groups_by_key(connection)
    if not new.groups:
        wrong.append(FieldError("groups", problems.NO_GROUP))
    wrong += [
        FieldError("groups", problems.UNKNOWN_GROUP, {"title": title})
        for title in new.groups
        if search_key(title) not in known
    ]
    if new.branch_code is not None and not users.branch_exists(connection, new.branch_code):
        wrong.append(FieldError("branch_code", problems.UNKNOWN_BRANCH, {"code": new.branch_code}))
    if new.province_code is not None and not users.province_exists(connection, new.province_code):
        wrong.append(FieldError("province_code", problems.UNKNOWN_PROVINCE, {"code": new.province_code}))
    if wrong:
        raise Refusal(wrong[0].problem, params=wrong[0].params, errors=wrong)
    first, last = clean(new.first_name), clean(new.last_name)
    check_password(connection, new.password, username, first, last)
    values = {
        "username": username,
        "username_key": username_key(username),
        "password_hash": hasher.hash(new.password),
        "password_changed_at": at,
        "must_change_password": new.must_change_password,
        "first_name": first,
        "last_name": last,
        "name_sort": sort_key(f"{last} {first}"),
        "search": search_key(f"{username} {first} {last} {new.branch_code or ''}"),
        "branch_code": new.branch_code,
        "province_code": new.province_code,
        "created_at": at,
    }
    chosen = sorted({known[search_key(title)] for title in new.groups})
    user_id = users.add_user(connection, values, chosen)
    if user_id is None:
        raise Refusal(problems.USERNAME_TAKEN, params={"username": username}, field="username")
    audit.record(
        connection,
        actor,
        at,
        "create",
        "user",
        str(user_id),
        branch_code=new.branch_code,
        new={
            "username": username,
            "first_name": first,
            "last_name": last,
            "branch_code": new.branch_code,
            "province_code": new.province_code,
            "groups": list(new.groups),
        },
    )
    return user_id


def set_password(
    connection: Connection,
    actor: audit.Actor,
    at: datetime,
    hasher: Hasher,
    username: str,
    password: str,
    *,
    must_change: bool,
) -> None:
    """Give a user another password and end all their sessions."""
    user = users.user_by_key(connection, username_key(username))
    if user is None:
        raise Refusal(problems.UNKNOWN_USER, params={"username": username})
    check_password(connection, password, user.username, user.first_name, user.last_name)
    users.set_password(connection, user.id, hasher.hash(password), at, must_change=must_change)
    sessions.end_all(connection, user.id)
    audit.record(connection, actor, at, "password", "user", str(user.id), branch_code=user.branch_code)


def disable(connection: Connection, actor: audit.Actor, at: datetime, user_id: int) -> None:
    """Switch a user off; their sessions end in the same transaction."""
    users.set_active(connection, user_id, active=False)
    sessions.end_all(connection, user_id)
    audit.record(
        connection, actor, at, "change", "user", str(user_id), old={"active": True}, new={"active": False}
    )


def check_password(connection: Connection, password: str, *names: str, field: str = "password") -> None:
    """Refuse a password that breaks the policy for a user of these names."""
    bank = read_settings(connection).text("bank.name")
    first_last = " ".join(names[1:]) if len(names) > 1 else ""
    passwords.check(password, names=(*names, first_last, bank), field=field)
