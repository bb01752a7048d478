"""Messages and who holds them. Every statement is a transaction of its own, on the worker's own session."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from vesal_server.dispatch.queries.running import run
from vesal_server.gateways.base import Message, told


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this session holds: its fencing number proves it, as long as nobody else raised it."""

    day: date
    id: int
    fence: int
    attempts: int
    message: Message
    first_try_at: datetime
    #: Of a message in doubt: the session that may still be sending it; None where that call has ended.
    sender: str | None = None
    #: Of a message in doubt: whether «never seen» may be believed by now.
    believable: bool = False


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a held message becomes; `next_at` says when it may be tried, or asked about, again."""

    claimed: Claimed
    status: str
    gateway_id: str | None = None
    code: str | None = None
    text: str | None = None
    next_at: datetime | None = None
    #: The attempt did not count: the channel, not the message, was refused.
    uncounted: bool = False


# No value enters these statements but through bound parameters.
_RETURNED = (
    "n.day, n.id, n.fence, n.attempts, n.reference, n.channel, n.address, n.text, n.subject, n.first_try_at"
)

_CLAIM = text(
    f"""
    WITH due AS (
        SELECT day, id FROM notification
        WHERE day = :day AND channel = :channel AND status = 'planned' AND due_at <= :now
          AND (next_at IS NULL OR next_at <= :now)
          AND (:probing OR NOT EXISTS (SELECT FROM channel_stop s WHERE s.channel = :channel))
        ORDER BY due_at, id LIMIT :size FOR UPDATE SKIP LOCKED
    )
    UPDATE notification n
    SET status = 'sending', owner = :owner, fence = n.fence + 1, attempts = n.attempts + 1, gateway = :gateway,
        lease_until = clock_timestamp() + make_interval(secs => :lease_s),
        first_try_at = coalesce(n.first_try_at, :now)
    FROM due WHERE n.day = due.day AND n.id = due.id AND n.day = :day
    RETURNING {_RETURNED}
    """
)

# The answer says too whether the channel was stopped since the claim.
_STILL_OURS = text(
    """
    SELECT n.id, EXISTS (SELECT FROM channel_stop s WHERE s.channel = :channel) AS stopped
    FROM unnest(CAST(:ids AS bigint[]), CAST(:fences AS bigint[])) AS held(id, fence)
    JOIN notification n ON n.day = :day AND n.id = held.id AND n.fence = held.fence
    WHERE n.owner = :owner AND n.status = 'sending'
      AND n.lease_until > clock_timestamp() + make_interval(secs => :timeout_s)
    """
)

# Nobody took these over: their lease only grew too short while they waited for their call.
_RENEW = text(
    """
    UPDATE notification n SET lease_until = clock_timestamp() + make_interval(secs => :lease_s)
    FROM unnest(CAST(:ids AS bigint[]), CAST(:fences AS bigint[])) AS held(id, fence)
    WHERE n.day = :day AND n.id = held.id AND n.fence = held.fence AND n.owner = :owner AND n.status = 'sending'
    """
)

# Only the holder knows a message's fence, so the fence alone proves whose word counts. What stays in doubt
# belongs to nobody once its sender itself says so, for then its call has ended; an asker leaves a sender
# that may live in its place.
_SETTLE = text(
    """
    UPDATE notification n
    SET status = s.status, gateway_id = coalesce(s.gateway_id, n.gateway_id), error_code = s.code,
        error_text = s.text, next_at = s.next_at,
        attempts = n.attempts - CASE WHEN s.uncounted THEN 1 ELSE 0 END,
        owner = CASE WHEN s.status = 'sending' THEN nullif(n.owner, :owner) ELSE n.owner END,
        lease_until = CASE WHEN s.status = 'sending'
            THEN clock_timestamp() + make_interval(secs => :quiet_s) ELSE NULL END,
        sent_at = CASE WHEN s.status = 'sent' THEN :now ELSE n.sent_at END,
        settled_at = CASE WHEN s.status IN ('planned', 'sending') THEN NULL ELSE CAST(:now AS timestamptz) END
    FROM unnest(
        CAST(:ids AS bigint[]), CAST(:fences AS bigint[]), CAST(:statuses AS text[]),
        CAST(:gateway_ids AS text[]), CAST(:codes AS text[]), CAST(:texts AS text[]),
        CAST(:next_ats AS timestamptz[]), CAST(:uncounted AS boolean[])
    ) AS s(id, fence, status, gateway_id, code, text, next_at, uncounted)
    WHERE n.day = :day AND n.id = s.id AND n.fence = s.fence AND n.status = 'sending'
    RETURNING n.status
    """
)

# A message in doubt. Where its call has ended (no owner, or this worker itself), it may be asked about once
# the quiet time has passed, which stands in its lease. Where somebody may still be calling, the lease, within
# which every call ends, has to run out, and the quiet time after it. A dead session's are asked about at once
# where repeats are refused; only «never seen» isn't believed before the same time has passed.
_TAKE_DOUBTS = text(
    f"""
    WITH doubtful AS (
        SELECT day, id, owner,
               lease_until + make_interval(secs => CASE WHEN owner IS NULL THEN 0 ELSE :foreign_s END)
                   < clock_timestamp() AS believable,
               owner = ANY(CAST(:dead AS text[])) AS is_dead
        FROM notification
        WHERE status = 'sending' AND channel = :channel AND gateway = :gateway
          AND (CASE WHEN owner IS NULL THEN lease_until
                    WHEN :dedup AND owner = ANY(CAST(:dead AS text[])) THEN '-infinity'
                    ELSE lease_until + make_interval(secs => :foreign_s) END) < clock_timestamp()
        ORDER BY day, id LIMIT :size FOR UPDATE SKIP LOCKED
    )
    UPDATE notification n
    SET fence = n.fence + 1, lease_until = clock_timestamp() + make_interval(secs => :hold_s),
        owner = CASE WHEN :dedup OR d.is_dead OR d.owner = :owner THEN NULL ELSE d.owner END
    FROM doubtful d WHERE n.day = d.day AND n.id = d.id
    RETURNING {_RETURNED}, n.owner AS sender, d.believable
    """
)

_OWNERS = text(
    "SELECT DISTINCT owner FROM notification "
    "WHERE status = 'sending' AND channel = :channel AND owner IS NOT NULL"
)

# A worker's session holds an advisory lock on its own number for as long as it lives.
_LIVING = text(
    """
    SELECT (l.classid::bigint << 32) | l.objid::bigint FROM pg_locks l
    WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    """
)


def claim(
    session: Connection,
    *,
    day: date,
    channel: str,
    now: datetime,
    owner: str,
    gateway: str,
    lease_s: float,
    size: int,
    probing: bool = False,
) -> list[Claimed]:
    """Take at most `size` due messages: `sending`, owner and fence are committed before a byte leaves."""
    rows = run(
        session,
        _CLAIM,
        {
            "day": day,
            "channel": channel,
            "now": now,
            "owner": owner,
            "gateway": gateway,
            "lease_s": lease_s,
            "size": size,
            "probing": probing,
        },
    )
    return [_claimed(row) for row in rows.mappings()]


def still_ours(
    session: Connection, held: Sequence[Claimed], *, channel: str, owner: str, timeout_s: float
) -> tuple[list[Claimed], bool]:
    """Those of one day's held messages that nobody took over and whose lease outlasts a whole call.

    With them, whether the channel is stopped now.
    """
    values = {**_held(held, owner), "channel": channel, "timeout_s": timeout_s}
    rows = run(session, _STILL_OURS, values).all()
    ours = {row.id for row in rows}
    return [one for one in held if one.id in ours], any(row.stopped for row in rows)


def renew(session: Connection, held: Sequence[Claimed], *, owner: str, lease_s: float) -> None:
    """Begin the lease anew for those of one day's messages that this session still holds."""
    run(session, _RENEW, {**_held(held, owner), "lease_s": lease_s})


def _held(held: Sequence[Claimed], owner: str) -> dict[str, Any]:
    return {
        "day": held[0].day,
        "ids": [one.id for one in held],
        "fences": [one.fence for one in held],
        "owner": owner,
    }


def settle(
    session: Connection, settled: Sequence[Settlement], *, owner: str, now: datetime, quiet_s: float
) -> list[str]:
    """Record what became of held messages of one day; the statuses of those that were still held."""
    rows = run(
        session,
        _SETTLE,
        {
            "day": settled[0].claimed.day,
            "ids": [one.claimed.id for one in settled],
            "fences": [one.claimed.fence for one in settled],
            "statuses": [one.status for one in settled],
            "gateway_ids": [one.gateway_id for one in settled],
            "codes": [told(one.code) for one in settled],
            "texts": [told(one.text) for one in settled],
            "next_ats": [one.next_at for one in settled],
            "uncounted": [one.uncounted for one in settled],
            "owner": owner,
            "now": now,
            "quiet_s": quiet_s,
        },
    )
    return [str(row.status) for row in rows]


def take_doubts(
    session: Connection,
    *,
    channel: str,
    gateway: str,
    owner: str,
    dead: Sequence[str],
    dedup: bool,
    foreign_s: float,
    hold_s: float,
    size: int,
) -> list[Claimed]:
    """Hold for `hold_s` messages whose sending came to no known end, to ask about them."""
    rows = run(
        session,
        _TAKE_DOUBTS,
        {
            "channel": channel,
            "gateway": gateway,
            "owner": owner,
            "dead": list(dead),
            "dedup": dedup,
            "foreign_s": foreign_s,
            "hold_s": hold_s,
            "size": size,
        },
    )
    return [
        replace(_claimed(row), sender=row["sender"], believable=bool(row["believable"]))
        for row in rows.mappings()
    ]


def strand(session: Connection, *, channel: str, gateway: str, foreign_s: float, now: datetime) -> int:
    """Give up messages in doubt that lie with a gateway which the channel no longer has; how many.

    Another gateway knows nothing of them, and its «never seen» would send them twice.
    """
    rows = run(
        session,
        text(
            "UPDATE notification SET status = 'unknown', error_code = 'other_gateway', settled_at = :now, "
            "error_text = 'درگاه این پیام دیگر در کار نیست.', lease_until = NULL "
            "WHERE status = 'sending' AND channel = :channel AND gateway <> :gateway "
            "AND lease_until + make_interval(secs => :foreign_s) < clock_timestamp()"
        ),
        {"channel": channel, "gateway": gateway, "foreign_s": foreign_s, "now": now},
    )
    return int(rows.rowcount)


def owners(session: Connection, channel: str) -> set[str]:
    """The sessions that hold messages of a channel."""
    return {str(row.owner) for row in run(session, _OWNERS, {"channel": channel})}


def living(session: Connection) -> set[int]:
    """The numbers of all advisory locks that are held in this database."""
    return {int(row[0]) for row in run(session, _LIVING)}


def doubts_left(session: Connection, channel: str) -> float | None:
    """Seconds until the next message in doubt whose call has ended may be asked about; None: there is none."""
    return run(
        session,
        text(
            "SELECT greatest(0, extract(epoch FROM min(lease_until) - clock_timestamp()))::float "
            "FROM notification WHERE status = 'sending' AND channel = :channel AND owner IS NULL"
        ),
        {"channel": channel},
    ).scalar()


def expire(session: Connection, today: date) -> int:
    """What was planned for a day that is over was not sent and will not be."""
    rows = run(
        session,
        text(
            "UPDATE notification SET status = 'expired', settled_at = clock_timestamp(), next_at = NULL "
            "WHERE status = 'planned' AND day < :today"
        ),
        {"today": today},
    )
    return int(rows.rowcount)


def has_due(session: Connection, day: date, channel: str, now: datetime) -> bool:
    """Whether anything of a channel could be claimed now."""
    return bool(
        run(
            session,
            text(
                "SELECT EXISTS (SELECT 1 FROM notification WHERE day = :day AND channel = :channel "
                "AND status = 'planned' AND due_at <= :now AND (next_at IS NULL OR next_at <= :now))"
            ),
            {"day": day, "channel": channel, "now": now},
        ).scalar()
    )


def _claimed(row: Any) -> Claimed:
    call = row["channel"] == "call"
    return Claimed(
        day=row["day"],
        id=row["id"],
        fence=row["fence"],
        attempts=row["attempts"],
        first_try_at=row["first_try_at"],
        message=Message(
            reference=row["reference"],
            channel=row["channel"],
            to=row["address"],
            text="" if call else row["text"],
            subject=row["subject"],
            audio=row["text"] if call else "",
        ),
    )


def waiting(session: Connection, day: date, channels: Sequence[str]) -> int:
    """Messages of a day that were tried and wait for another try, or whose fate is still to be asked."""
    return int(
        run(
            session,
            text(
                "SELECT count(*) FROM notification WHERE channel = ANY(:channels) AND (status = 'sending' "
                "OR (day = :day AND status = 'planned' AND error_code IS NOT NULL))"
            ),
            {"day": day, "channels": list(channels)},
        ).scalar_one()
    )


def count_unknown(session: Connection, channel: str) -> int:
    """Messages of a channel whose fate a person has to find out."""
    return int(
        run(
            session,
            text("SELECT count(*) FROM notification WHERE status = 'unknown' AND channel = :channel"),
            {"channel": channel},
        ).scalar_one()
    )
