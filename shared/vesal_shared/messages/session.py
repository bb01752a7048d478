"""Log-in, the caller's rights, and the state of the service."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

Scope = Literal["bank", "province", "branch", "own"]


class NewSession(msgspec.Struct, frozen=True, kw_only=True):
    """Who logs in; `machine` is the workstation's name, for the log-in report."""

    username: Annotated[str, msgspec.Meta(max_length=200)]
    password: Annotated[str, msgspec.Meta(max_length=1000)]
    machine: Annotated[str, msgspec.Meta(max_length=200)] = ""


class PageGrant(msgspec.Struct, frozen=True, kw_only=True):
    """A page that the caller may open, with the widest scope that their groups give on it."""

    code: str
    scope: Scope


class SessionUser(msgspec.Struct, frozen=True, kw_only=True):
    """The caller; branch and province are null for who has none (a province follows from the branch)."""

    id: int
    username: str
    first_name: str
    last_name: str
    branch_code: str | None
    branch_title: str | None
    province_code: str | None
    province_title: str | None
    groups: list[str]


class CurrentSession(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller may do now.

    `pages` come in the order of the menu. While `must_change_password` holds, every operation but the change
    of the password, this one and the log-out answers with the problem `must_change_password`.
    """

    user: SessionUser
    pages: list[PageGrant]
    widest_scope: Scope | None
    must_change_password: bool
    expires_at: dt.datetime
    idle_seconds: int
    bank_name: str
    admin_until: dt.datetime | None = None


class StartedSession(CurrentSession, frozen=True, kw_only=True):
    """The answer to a log-in: the token goes into `Authorization: Bearer …` and is never shown again."""

    token: str


class PasswordChange(msgspec.Struct, frozen=True, kw_only=True):
    """The caller's own password: the one that holds, and the new one."""

    current: Annotated[str, msgspec.Meta(max_length=1000)]
    new: Annotated[str, msgspec.Meta(max_length=1000)]


class ServiceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What the status line and the menu show; asked now and then, so it costs next to nothing.

    `counts` are the open things by page code (requests to decide, letters to print), `alerts` the open alerts
    that the caller may see. `data_version` rises whenever a feed changes what lists show.
    """

    now: dt.datetime
    version: str
    feed_as_of: dt.date | None
    feed_taken_at: dt.datetime | None
    data_version: int
    counts: dict[str, int]
    alerts: int


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The service is alive."""

    status: Literal["ok"]


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """Whether database and schema are fit to serve; `revision` is the schema's."""

    status: Literal["ready"]
    revision: str
