"""Log-in, log-out, the caller's rights, the caller's own password."""

from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import JSONBody

from vesal_server.access import sessions
from vesal_server.access.passwords import Hasher
from vesal_server.access.sessions import Attempt, Session
from vesal_server.kit.guard import EVERYONE, PUBLIC, run_in
from vesal_server.kit.page import operation
from vesal_server.kit.services import Services
from vesal_shared.messages.session import (
    CurrentSession,
    NewSession,
    PasswordChange,
    StartedSession,
)
from vesal_shared.problems import Refusal


@operation(
    "post",
    "/session",
    page=PUBLIC,
    summary="Log in",
    errors=(401, 403, 429),
    status=201,
    threaded=False,
)
async def log_in(
    data: JSONBody[NewSession],
    services: NamedDependency[Services],
    hasher: NamedDependency[Hasher],
    address: NamedDependency[str],
) -> StartedSession:
    """Open a session for a user name and a password; the same answer and time for an unknown user."""
    attempt = Attempt(data.username, data.password, address, data.machine)

    def work() -> StartedSession | Refusal:
        with services.database.transaction(read_only=True) as connection:
            found = sessions.candidate(connection, services.clock.now(), attempt)
        # The hash takes its 20 ms without holding a connection.
        matches = sessions.verify(hasher, found, attempt.password)
        with services.database.transaction() as connection:
            return sessions.log_in(connection, services.clock.now(), found, matches=matches)

    outcome = await run_in(services.slow, work)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


@operation(
    "get", "/session", page=EVERYONE, summary="The caller and what they may do", before_password_change=True
)
def current_session(session: NamedDependency[Session], services: NamedDependency[Services]) -> CurrentSession:
    """Who the caller is, and which pages they may open with which scope."""
    with services.database.transaction(read_only=True) as connection:
        return sessions.current(connection, session)


@operation("delete", "/session", page=EVERYONE, summary="Log out", status=204, before_password_change=True)
def log_out(session: NamedDependency[Session], services: NamedDependency[Services]) -> None:
    """End the session; its token is dead at once."""
    with services.database.transaction() as connection:
        sessions.log_out(connection, session)


@operation(
    "put",
    "/session/password",
    page=EVERYONE,
    summary="Change the caller's own password",
    errors=(422,),
    threaded=False,
    before_password_change=True,
)
async def change_password(
    data: JSONBody[PasswordChange],
    session: NamedDependency[Session],
    services: NamedDependency[Services],
    hasher: NamedDependency[Hasher],
) -> StartedSession:
    """Change the password; every session of the user ends, and a fresh one comes back in place of this."""

    def work() -> StartedSession:
        with services.database.transaction(read_only=True) as connection:
            stored = sessions.own_user(connection, session).password_hash
        matches = hasher.verify(stored, data.current)
        new_hash = hasher.hash(data.new)
        with services.database.transaction() as connection:
            return sessions.change_password(
                connection, services.clock.now(), session, data, new_hash, current_matches=matches
            )

    return await run_in(services.slow, work)


HANDLERS: list[BaseRouteHandler] = [log_in, current_session, log_out, change_password]
