"""One worker of one channel: claim a batch, prove it is still ours, send it, settle it; and ask about doubts."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection

from vesal_server.dispatch import queries
from vesal_server.dispatch.options import Options
from vesal_server.dispatch.queries import Claimed, Settlement
from vesal_server.dispatch.session import lock_number
from vesal_server.gateways.base import Answer, Found, Gateway, Knowledge, Outcome
from vesal_server.kit.clock import Clock, tehran_day


@dataclass(frozen=True, slots=True)
class StopSigns:
    """Whom a worker tells that its channel stopped, and that it goes on: (channel, code, text)."""

    stopped: Callable[[str, str, str], None]
    mended: Callable[[str], None]
    #: A message whose fate a person has to find out, or a call that the gateway found wrong.
    trouble: Callable[[str, str, str], None]


class Worker:
    """Works on its own session; several of them, on several servers, share a channel without a word."""

    def __init__(
        self,
        session: Connection,
        owner: str,
        *,
        channel: str,
        gateway: Gateway,
        options: Options,
        clock: Clock,
        signs: StopSigns,
    ) -> None:
        self._session = session
        self._owner = owner
        self._channel = channel
        self._gateway = gateway
        self._options = options
        self._clock = clock
        self._signs = signs
        self._quiet_s = options.quiet(gateway.features.quiet_s)
        #: How many messages this worker brought to each status.
        self.tally: Counter[str] = Counter()

    def send_due(self) -> int:
        """Claim and send one batch; how many messages were claimed (0: nothing is due, or may leave now)."""
        now = self._clock.now()
        if not self._options.in_window(now):
            return 0
        size = self._gateway.features.batch
        probing = queries.is_stopped(self._session, self._channel)
        if probing:
            if not queries.has_due(self._session, tehran_day(now), self._channel, now):
                return 0
            if not queries.win_probe(self._session, self._channel, now, self._options.probe_s):
                return 0
            size = 1
        held = queries.claim(
            self._session,
            day=tehran_day(now),
            channel=self._channel,
            now=now,
            owner=self._owner,
            gateway=self._gateway.features.name,
            lease_s=self._options.lease_s,
            size=size,
        )
        if held:
            self._send(sorted(held, key=lambda one: one.id), probing=probing)
        return len(held)

    def ask(self) -> int:
        """Ask the gateway about one batch of messages in doubt; how many were taken up."""
        features = self._gateway.features
        dead = self._dead_owners()
        held = queries.take_doubts(
            self._session,
            channel=self._channel,
            owner=self._owner,
            # Where repeats are refused nothing is lost by asking about a dead session's messages at once.
            dead=dead if features.dedup else (),
            foreign_s=self._quiet_s + (0 if features.dedup else self._options.timeout_s),
            lease_s=self._options.lease_s,
            size=min(features.batch, 100),
        )
        for _, group in groupby(sorted(held, key=lambda one: one.day), key=lambda one: one.day):
            self._resolve(list(group), set(dead))
        return len(held)

    def _send(self, held: list[Claimed], *, probing: bool) -> None:
        """Send a batch in one call, or in halves where one bad message refuses the whole call."""
        # The lease is checked again right before each call, on the session whose life is our proof.
        ours = queries.still_ours(self._session, held, owner=self._owner, timeout_s=self._options.timeout_s)
        if not ours:
            return
        longest = self._gateway.features.longest
        fitting = [one for one in ours if longest is None or len(one.message.text) <= longest]
        answers = dict(
            zip(
                (one.id for one in fitting),
                self._gateway.send([one.message for one in fitting]) if fitting else (),
                strict=True,
            )
        )
        too_long = Answer(Outcome.FINAL, code="too_long", text="متن از اندازه مجاز درگاه بلندتر است.")
        narrow = [one for one in fitting if answers[one.id].outcome is Outcome.NARROW]
        plain = [one for one in ours if one not in narrow]
        if plain:
            self._settle(plain, [answers.get(one.id, too_long) for one in plain], probing=probing)
        if len(narrow) == 1:
            final = answers[narrow[0].id]
            self._settle(narrow, [Answer(Outcome.FINAL, code=final.code, text=final.text)], probing=probing)
        elif narrow:
            half = len(narrow) // 2
            self._send(narrow[:half], probing=probing)
            self._send(narrow[half:], probing=probing)

    def _settle(self, held: Sequence[Claimed], answers: Sequence[Answer], *, probing: bool) -> None:
        now = self._clock.now()
        settled = [self._after_answer(one, answer, now) for one, answer in zip(held, answers, strict=True)]
        stop = next((answer for answer in answers if answer.outcome is Outcome.STOP), None)
        if stop is not None:
            # The stop is known before the batch is given back, so that no other worker takes it up.
            self._stop(stop, now)
        elif (
            probing
            and any(answer.outcome is Outcome.ACCEPTED for answer in answers)
            and queries.reopen_channel(self._session, self._channel)
        ):
            self._signs.mended(self._channel)
        fault = next((answer for answer in answers if answer.outcome is Outcome.OUR_FAULT), None)
        if fault is not None:
            self._signs.trouble(self._channel, fault.code or "", fault.text or "")
        self._write(settled, now)

    def _after_answer(self, one: Claimed, answer: Answer, now: datetime) -> Settlement:
        """The one table that says what each outcome does to a message."""
        code, told = answer.code, answer.text
        if answer.outcome is Outcome.ACCEPTED:
            return Settlement(one, "sent", gateway_id=answer.gateway_id, next_at=self._first_report(now))
        if answer.outcome is Outcome.FINAL:
            return Settlement(one, "failed", code=code, text=told)
        if answer.outcome is Outcome.STOP:
            return Settlement(one, "planned", uncounted=True, code=code, text=told)
        if answer.outcome is Outcome.DOUBT:
            return Settlement(one, "sending", code=code, text=told)
        pause = self._options.pause(one.attempts)
        if answer.retry_after is not None:
            pause = max(pause, answer.retry_after)
        if answer.outcome in {Outcome.NOT_NOW, Outcome.OUR_FAULT}:
            pause = max(pause, self._options.longest_pause_s)
        return Settlement(one, "planned", next_at=now + timedelta(seconds=pause), code=code, text=told)

    def _resolve(self, held: list[Claimed], dead: set[str]) -> None:
        now = self._clock.now()
        features = self._gateway.features
        if features.lookup is None:
            found = [Found(Knowledge.NEVER_SEEN) if features.dedup else None for _ in held]
        else:
            messages = [one.message for one in held]
            found = list(self._gateway.look_up(messages, min(one.first_try_at for one in held)))
        settled = [
            self._after_question(one, known, dead, now) for one, known in zip(held, found, strict=True)
        ]
        self._write(settled, now)
        for one in settled:
            if one.status == "unknown":
                self._signs.trouble(self._channel, "unknown", one.text or "")
                break

    def _after_question(self, one: Claimed, found: Found | None, dead: set[str], now: datetime) -> Settlement:
        """What the gateway's knowledge does to a message in doubt."""
        features = self._gateway.features
        if found is not None and found.knowledge is Knowledge.HAS_IT:
            return Settlement(one, "sent", gateway_id=found.gateway_id, next_at=self._first_report(now))
        if found is None:
            return Settlement(one, "unknown", code="cannot_ask", text="درگاه درباره این پیام پاسخ نمی‌دهد.")
        if found.knowledge is Knowledge.ANOTHER:
            return Settlement(one, "unknown", code="another", text="درگاه با این شناسه پیام دیگری دارد.")
        if features.lookup is not None and one.first_try_at + features.lookup < now:
            return Settlement(
                one, "unknown", code="too_late", text="مهلت پرسش از درگاه درباره این پیام گذشته است."
            )
        if found.knowledge is Knowledge.NO_ANSWER:
            # Still in doubt, under our name; it is asked about again after the quiet time.
            return Settlement(one, "sending", code="no_answer")
        foreign = one.was_owner != self._owner
        if foreign and features.dedup and self._quiet_s > 0:
            # Another session's call may end only now: wait the quiet time under our own name, then ask again.
            return Settlement(one, "sending", code="never_seen")
        if foreign and not features.dedup and one.was_owner not in dead:
            return Settlement(
                one, "unknown", code="owner_alive", text="فرستنده پیشین این پیام هنوز زنده است."
            )
        return Settlement(one, "planned", code="never_seen", next_at=now)

    def _write(self, settled: Sequence[Settlement], now: datetime) -> None:
        # What another session took over meanwhile isn't ours to count: it asks the gateway and settles it.
        self.tally.update(
            queries.settle(self._session, settled, owner=self._owner, now=now, quiet_s=self._quiet_s)
        )

    def _stop(self, answer: Answer, now: datetime) -> None:
        fresh = queries.stop_channel(
            self._session,
            self._channel,
            answer.code or "",
            answer.text or "",
            now,
            self._options.probe_s,
        )
        if fresh:
            self._signs.stopped(self._channel, answer.code or "", answer.text or "")

    def _first_report(self, now: datetime) -> datetime | None:
        if self._gateway.features.reports is None:
            return None
        return now + timedelta(seconds=self._options.report_first_s)

    def _dead_owners(self) -> list[str]:
        """Owners of messages in doubt whose session's lock is gone."""
        holders = queries.owners(self._session, self._channel) - {self._owner}
        if not holders:
            return []
        living = queries.living(self._session)
        return sorted(owner for owner in holders if lock_number(owner) not in living)
