"""Messages whose sending came to no known end: the gateway is asked before anything else is done."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from vesal_server.dispatch import queries
from vesal_server.dispatch.desk import Desk
from vesal_server.dispatch.queries import Claimed, Settlement
from vesal_server.dispatch.session import lock_number
from vesal_server.gateways.base import Found, Knowledge
from vesal_server.kit.clock import steady

#: Messages that one question names, at most.
QUESTION = 100


def ask(desk: Desk) -> int:
    """Ask the gateway about one batch of messages in doubt; how many were taken up."""
    features, options = desk.gateway.features, desk.options
    dead = _dead_owners(desk)
    foreign_s = desk.quiet_s + (0 if features.dedup else options.timeout_s)
    stranded = queries.strand(
        desk.session, channel=desk.channel, gateway=features.name, foreign_s=foreign_s, now=desk.clock.now()
    )
    desk.tally["unknown"] += stranded
    held = queries.take_doubts(
        desk.session,
        channel=desk.channel,
        gateway=features.name,
        owner=desk.owner,
        dead=dead,
        dedup=features.dedup,
        foreign_s=foreign_s,
        # Long enough that, should this worker die now, the next one may believe what it is told.
        hold_s=options.lease_s + desk.quiet_s,
        size=min(features.batch, QUESTION),
    )
    unknown = stranded
    for _, group in groupby(sorted(held, key=lambda one: one.day), key=lambda one: one.day):
        unknown += _resolve(desk, list(group), set(dead))
    if unknown:
        desk.signs.trouble(desk.channel, "unknown", "")
    return len(held)


def _resolve(desk: Desk, held: Sequence[Claimed], dead: set[str]) -> int:
    features = desk.gateway.features
    if features.lookup is None:
        found = [Found(Knowledge.NEVER_SEEN) if features.dedup else None for _ in held]
    else:
        messages = [one.message for one in held]
        earliest = min(one.first_try_at for one in held)
        found = list(desk.gateway.look_up(messages, earliest, steady() + desk.options.lease_s))
    now = desk.clock.now()
    settled = [_after_question(desk, one, known, dead, now) for one, known in zip(held, found, strict=True)]
    desk.write(settled, now)
    return sum(1 for one in settled if one.status == "unknown")


def _after_question(
    desk: Desk, one: Claimed, found: Found | None, dead: set[str], now: datetime
) -> Settlement:
    """The one table that says what the gateway's knowledge does to a message in doubt."""
    features = desk.gateway.features
    if found is not None and found.knowledge is Knowledge.HAS_IT:
        return Settlement(one, "sent", gateway_id=found.gateway_id, next_at=desk.first_report(now))
    if found is None:
        return Settlement(one, "unknown", code="cannot_ask", text="درگاه درباره این پیام پاسخ نمی‌دهد.")
    if found.knowledge is Knowledge.ANOTHER:
        return Settlement(one, "unknown", code="another", text="درگاه با این شناسه پیام دیگری دارد.")
    if features.lookup is not None and desk.options.too_late(one.first_try_at, features.lookup, now):
        return Settlement(
            one, "unknown", code="too_late", text="مهلت پرسش از درگاه درباره این پیام گذشته است."
        )
    if found.knowledge is Knowledge.NO_ANSWER:
        # Still in doubt; it is asked about again after the quiet time.
        return Settlement(one, "sending", code="no_answer")
    if not one.believable:
        # A dead session's last bytes may reach the gateway only now: ask again after the quiet time.
        return Settlement(one, "sending", code="never_seen")
    if one.sender is not None and not features.dedup and one.sender not in dead:
        return Settlement(one, "unknown", code="owner_alive", text="فرستنده پیشین این پیام هنوز زنده است.")
    return Settlement(one, "planned", code="never_seen", next_at=now)


def _dead_owners(desk: Desk) -> list[str]:
    """Owners of messages in doubt whose session's lock is gone."""
    holders = queries.owners(desk.session, desk.channel) - {desk.owner}
    if not holders:
        return []
    living = queries.living(desk.session)
    return sorted(owner for owner in holders if lock_number(owner) not in living)
