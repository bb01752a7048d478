"""Log-in and what follows: tokens of 256 random bits, kept as hashes, ended at once."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from vesal_server import audit
from vesal_server.access import passwords, pauses
from vesal_server.access.passwords import Hasher
from vesal_server.access.queries import sessions as queries
from vesal_server.access.queries import users as user_queries
from vesal_server.access.users import check_password, username_key
from vesal_server.kit import networks
from vesal_server.kit.db import Connection
from vesal_server.scope import Caller
from vesal_server.settings import read as read_settings
from vesal_server.settings.registry import BY_KEY
from vesal_shared import problems
from vesal_shared.messages.session import (
    CurrentSession,
    PageGrant,
    PasswordChange,
    SessionUser,
    StartedSession,
)
from vesal_shared.pages import PAGES, SCOPES, Scope
from vesal_shared.problems import Refusal

#: A session's last use is written down at most this often, so that reading a list writes nothing.
_TOUCH_EVERY = timedelta(seconds=60)
#: Log-ins are kept this long for the report.
_KEEP_ATTEMPTS = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody who wants to log in: what they typed, and whence."""

    username: str
    password: str
    address: str
    machine: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the database knows of an attempt before the password is checked (outside any transaction)."""

    attempt: Attempt
    user_id: int | None
    username: str
    password_hash: str | None
    active: bool
    networks: str
    paused_s: int


@dataclass(frozen=True, slots=True)
class Session:
    """A session that holds, as one request found it."""

    caller: Caller
    token_hash: bytes
    row: Any
    #: It is time to note that it was used.
    stale: bool


def candidate(connection: Connection, now: datetime, attempt: Attempt) -> Candidate:
    """The first half of a log-in: whom it is about, and whether they must wait."""
    key = username_key(attempt.username)[:100]
    row = queries.account(connection, key)
    failures = queries.failures(connection, key, attempt.address, now)
    return Candidate(
        attempt=replace(attempt, username=key, password="", machine=attempt.machine[:100]),
        user_id=row.id if row else None,
        username=row.username if row else key,
        password_hash=row.password_hash if row else None,
        active=bool(row and row.active),
        networks=(row.networks or "") if row else "",
        paused_s=pauses.seconds_left(failures, now),
    )


def log_in(
    connection: Connection, now: datetime, found: Candidate, *, matches: bool
) -> StartedSession | Refusal:
    """The second half: records the attempt, and opens a session where all is well.

    A refusal is returned, not raised, so that the record of the attempt is kept.
    """
    attempt = found.attempt
    # Judged again: of many tries at once only the first few got past the first half.
    failures = queries.failures(connection, attempt.username, attempt.address, now)
    left = max(found.paused_s, pauses.seconds_left(failures, now))
    result, refusal = _judge(found, matches=matches, left=left)
    queries.add_attempt(
        connection,
        at=now,
        username=attempt.username,
        user_id=found.user_id,
        address=attempt.address,
        machine=attempt.machine,
        result=result,
    )
    if refusal is not None or found.user_id is None:
        return refusal or Refusal(problems.WRONG_CREDENTIALS)
    return _open(connection, now, found.user_id, attempt.address, attempt.machine)


def look_up(connection: Connection, now: datetime, token: str, address: str) -> Session:
    """The caller behind a token. Raises Refusal where it is unknown, over, or comes from a wrong address."""
    token_hash = _hash(token)
    row = queries.caller(connection, token_hash)
    if row is None or not row.active:
        raise Refusal(problems.SESSION_ENDED)
    idle = timedelta(minutes=row.idle_minutes or BY_KEY["session.idle_minutes"].default)
    if now >= row.expires_at or now - row.last_seen_at >= idle:
        raise Refusal(problems.SESSION_ENDED)
    if not networks.allowed(row.networks, address):
        raise Refusal(problems.ADDRESS_NOT_ALLOWED)
    return Session(_caller(row), token_hash, row, stale=now - row.last_seen_at >= _TOUCH_EVERY)


def touch(connection: Connection, now: datetime, session: Session) -> None:
    """Note that a session was used."""
    queries.touch(connection, session.token_hash, now)


def current(connection: Connection, session: Session) -> CurrentSession:
    """What the caller may do, for the client to build its menu from."""
    return CurrentSession(**_body(connection, session.caller, session.row))


def log_out(connection: Connection, session: Session) -> None:
    """End the session; its token is dead from this transaction on."""
    queries.end(connection, session.token_hash)


def own_user(connection: Connection, session: Session) -> Any:
    """The caller's stored user, for the check of the current password outside the transaction."""
    return user_queries.user_by_id(connection, session.caller.user_id)


def change_password(
    connection: Connection,
    now: datetime,
    session: Session,
    change: PasswordChange,
    new_hash: str,
    *,
    current_matches: bool,
) -> StartedSession:
    """The caller's own new password: ends every session of theirs and opens a fresh one in place of this."""
    caller = session.caller
    if not current_matches:
        raise Refusal(problems.WRONG_PASSWORD, field="current")
    if change.new == change.current:
        raise Refusal(problems.PASSWORD_SAME, field="new")
    check_password(connection, change.new, caller.username, caller.first_name, caller.last_name, field="new")
    user_queries.set_password(connection, caller.user_id, new_hash, now, must_change=False)
    queries.end_all(connection, caller.user_id)
    audit.record(
        connection,
        audit.Actor.of(caller),
        now,
        "password",
        "user",
        str(caller.user_id),
        branch_code=caller.branch_code,
    )
    return _open(connection, now, caller.user_id, "", "")


def clean(connection: Connection, now: datetime) -> int:
    """Delete sessions that are over and log-ins that no report needs; for the timetable."""
    idle = timedelta(minutes=read_settings(connection).integer("session.idle_minutes"))
    return queries.clean(connection, now, now - idle, now - _KEEP_ATTEMPTS)


def verify(hasher: Hasher, found: Candidate, password: str) -> bool:
    """Whether the password is right; costs the same for an unknown user. Holds no connection meanwhile."""
    return hasher.verify(found.password_hash, password[: passwords.LONGEST + 1])


def _judge(found: Candidate, *, matches: bool, left: int) -> tuple[str, Refusal | None]:
    if left:
        return "paused", Refusal(problems.LOGIN_PAUSED, params={"seconds": left}, retry_after=left)
    if found.user_id is None:
        return "unknown_user", Refusal(problems.WRONG_CREDENTIALS)
    if not matches:
        return "bad_password", Refusal(problems.WRONG_CREDENTIALS)
    if not found.active:
        return "inactive", Refusal(problems.USER_INACTIVE)
    if not networks.allowed(found.networks, found.attempt.address):
        return "address_not_allowed", Refusal(problems.ADDRESS_NOT_ALLOWED)
    return "ok", None


def _open(connection: Connection, now: datetime, user_id: int, address: str, machine: str) -> StartedSession:
    token = secrets.token_urlsafe(32)
    settings = read_settings(connection)
    expires = now + timedelta(hours=settings.integer("session.absolute_hours"))
    queries.start(
        connection,
        token_hash=_hash(token),
        user_id=user_id,
        at=now,
        expires_at=expires,
        address=address,
        machine=machine,
    )
    row = queries.caller(connection, _hash(token))
    return StartedSession(token=token, **_body(connection, _caller(row), row))


def _body(connection: Connection, caller: Caller, row: Any) -> dict[str, Any]:
    settings = read_settings(connection)
    return {
        "user": SessionUser(
            id=caller.user_id,
            username=caller.username,
            first_name=caller.first_name,
            last_name=caller.last_name,
            branch_code=caller.branch_code,
            branch_title=row.branch_title,
            province_code=caller.province_code,
            province_title=row.province_title,
            groups=list(caller.groups),
        ),
        "pages": [
            PageGrant(code=page.code, scope=scope)
            for page in PAGES
            if (scope := caller.scope_on(page.code)) is not None
        ],
        "widest_scope": caller.widest,
        "must_change_password": caller.must_change_password,
        "expires_at": row.expires_at,
        "idle_seconds": settings.integer("session.idle_minutes") * 60,
        "bank_name": settings.text("bank.name"),
        "admin_until": row.admin_until,
    }


def _caller(row: Any) -> Caller:
    grants: dict[str, Scope] = {}
    for scope in SCOPES:
        for group in row.groups:
            if group["scope"] == scope:
                for page in group["pages"]:
                    grants.setdefault(page, scope)
    return Caller(
        user_id=row.id,
        username=row.username,
        first_name=row.first_name,
        last_name=row.last_name,
        branch_code=row.branch_code,
        province_code=row.province_code,
        grants=grants,
        groups=tuple(group["title"] for group in row.groups),
        must_change_password=row.must_change_password,
    )


def _hash(token: str) -> bytes:
    # The token is random in full, so a fast hash hides it as well as a slow one.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
