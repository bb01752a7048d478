"""The SQL of log-ins and sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, text, update

from vesal_server.access.pauses import ADDRESS_MEMORY, USER_MEMORY, Failures
from vesal_server.tables.access import app_user, login_attempt, session
from vesal_server.tables.catalogs import branch

_CALLER = text(
    """
    SELECT s.created_at, s.last_seen_at, s.expires_at, s.admin_until,
           u.id, u.username, u.first_name, u.last_name, u.active, u.must_change_password,
           u.branch_code, b.title AS branch_title, coalesce(b.ip, '') AS networks,
           p.code AS province_code, p.title AS province_title,
           (SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'title', g.title, 'scope', g.scope, 'pages', (SELECT coalesce(jsonb_agg(gp.page), '[]')
                       FROM group_page gp WHERE gp.group_id = g.id)
                   ) ORDER BY g.id), '[]')
              FROM user_group ug JOIN access_group g ON g.id = ug.group_id
             WHERE ug.user_id = u.id) AS groups,
           (SELECT value FROM setting WHERE key = 'session.idle_minutes') AS idle_minutes
      FROM session s
      JOIN app_user u ON u.id = s.user_id
      LEFT JOIN branch b ON b.code = u.branch_code
      LEFT JOIN province p ON p.code = coalesce(b.province_code, u.province_code)
     WHERE s.token_hash = :token_hash
    """
)

_FAILURES = text(
    """
    WITH last_ok AS (
        SELECT max(at) AS at FROM login_attempt
         WHERE username = :username AND result = 'ok' AND at > :user_since
    ), mine AS (
        SELECT count(*) AS failures, max(l.at) AS last FROM login_attempt l
         WHERE l.username = :username AND l.result IN ('bad_password', 'unknown_user')
           AND l.at > greatest(:user_since, coalesce((SELECT at FROM last_ok), :user_since))
    ), here AS (
        SELECT count(*) AS failures, max(l.at) AS last FROM login_attempt l
         WHERE l.address = :address AND l.result IN ('bad_password', 'unknown_user') AND l.at > :address_since
    )
    SELECT mine.failures AS by_user, mine.last AS last_by_user,
           here.failures AS by_address, here.last AS last_by_address,
           EXISTS (SELECT FROM login_attempt l
                    WHERE l.username = :username AND l.address = :address AND l.result = 'ok') AS known_here
      FROM mine, here
    """
)


def failures(connection: Connection, username: str, address: str, now: datetime) -> Failures:
    """The failed log-ins that count for a name and an address."""
    row = connection.execute(
        _FAILURES,
        {
            "username": username,
            "address": address,
            "user_since": now - USER_MEMORY,
            "address_since": now - ADDRESS_MEMORY,
        },
    ).one()
    return Failures(row.by_user, row.last_by_user, row.by_address, row.last_by_address, row.known_here)


def account(connection: Connection, username_key: str) -> Row[*tuple[Any, ...]] | None:
    """What a log-in needs to know of a user, None where there is none of that name."""
    query = (
        select(
            app_user.c.id,
            app_user.c.username,
            app_user.c.password_hash,
            app_user.c.active,
            app_user.c.branch_code,
            branch.c.ip.label("networks"),
        )
        .outerjoin(branch, branch.c.code == app_user.c.branch_code)
        .where(app_user.c.username_key == username_key)
    )
    return connection.execute(query).one_or_none()


def add_attempt(
    connection: Connection,
    *,
    at: datetime,
    username: str,
    user_id: int | None,
    address: str,
    machine: str,
    result: str,
) -> None:
    """Record a log-in and how it ended."""
    connection.execute(
        insert(login_attempt).values(
            at=at, username=username, user_id=user_id, address=address, machine=machine, result=result
        )
    )


def start(
    connection: Connection,
    *,
    token_hash: bytes,
    user_id: int,
    at: datetime,
    expires_at: datetime,
    address: str,
    machine: str,
) -> None:
    """Open a session."""
    connection.execute(
        insert(session).values(
            token_hash=token_hash,
            user_id=user_id,
            created_at=at,
            last_seen_at=at,
            expires_at=expires_at,
            address=address,
            machine=machine,
        )
    )


def caller(connection: Connection, token_hash: bytes) -> Row[Any] | None:
    """The session with its user, branch, groups and their pages, in one query."""
    return connection.execute(_CALLER, {"token_hash": token_hash}).one_or_none()


def touch(connection: Connection, token_hash: bytes, at: datetime) -> None:
    """Note that the session was used."""
    connection.execute(update(session).where(session.c.token_hash == token_hash).values(last_seen_at=at))


def end(connection: Connection, token_hash: bytes) -> int:
    """End one session; says how many there were."""
    return connection.execute(delete(session).where(session.c.token_hash == token_hash)).rowcount


def end_all(connection: Connection, user_id: int) -> int:
    """End every session of a user."""
    return connection.execute(delete(session).where(session.c.user_id == user_id)).rowcount


def clean(connection: Connection, now: datetime, idle_before: datetime, attempts_before: datetime) -> int:
    """Delete sessions that ran out and log-ins older than the report needs; says how many sessions."""
    connection.execute(delete(login_attempt).where(login_attempt.c.at < attempts_before))
    over = delete(session).where((session.c.expires_at <= now) | (session.c.last_seen_at <= idle_before))
    return connection.execute(over).rowcount
