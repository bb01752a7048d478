"""One worker of one channel: claim a batch, prove it is still ours, send it, settle it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from vesal_server.dispatch import queries
from vesal_server.dispatch.desk import Desk
from vesal_server.dispatch.doubts import ask
from vesal_server.dispatch.queries import Claimed, Settlement
from vesal_server.gateways.base import Answer, Outcome
from vesal_server.kit.clock import steady, tehran_day

#: After how many calls in a row without an answer a person is told.
TELL_AFTER = 6
#: How often a busy worker looks for messages in doubt, in seconds.
ASK_EVERY_S = 1.0
TOO_LONG = Answer(Outcome.FINAL, code="too_long", text="متن از اندازه مجاز درگاه بلندتر است.")


class Worker:
    """Works on its own session; several of them, on several servers, share a channel without a word."""

    def __init__(self, desk: Desk) -> None:
        """`desk` is this worker's alone, but for its slots and its gateway."""
        self._desk = desk
        self._silent_calls = 0
        self._resting_until = 0.0
        self._asked_at = float("-inf")

    def step(self) -> int:
        """Send one batch, and ask about doubts where that is due; how many messages were taken up."""
        busy = self.send_due()
        if not busy or steady() - self._asked_at >= ASK_EVERY_S:
            busy += self.ask()
        return busy

    def ask(self) -> int:
        """Ask the gateway about one batch of messages in doubt; how many were taken up."""
        self._asked_at = steady()
        return ask(self._desk)

    def send_due(self) -> int:
        """Claim and send one batch; how many messages were claimed (0: nothing is due, or may leave now)."""
        desk, options = self._desk, self._desk.options
        now = desk.clock.now()
        if not options.in_window(now) or steady() < self._resting_until:
            return 0
        held = self._claim(now, probing=False)
        probing = False
        if not held and queries.is_stopped(desk.session, desk.channel):
            probing = queries.has_due(desk.session, tehran_day(now), desk.channel, now) and queries.win_probe(
                desk.session, desk.channel, now, options.probe_s
            )
            held = self._claim(now, probing=True) if probing else []
        if held:
            self._send(sorted(held, key=lambda one: one.id), probing=probing)
        return len(held)

    def _claim(self, now: datetime, *, probing: bool) -> list[Claimed]:
        desk = self._desk
        return queries.claim(
            desk.session,
            day=tehran_day(now),
            channel=desk.channel,
            now=now,
            owner=desk.owner,
            gateway=desk.gateway.features.name,
            lease_s=desk.options.lease_s,
            size=1 if probing else desk.gateway.features.batch,
            probing=probing,
        )

    def _send(self, held: list[Claimed], *, probing: bool) -> None:
        """Send a batch in one call, or in halves where one bad message refuses the whole call."""
        longest = self._desk.gateway.features.longest
        fitting = [one for one in held if longest is None or len(one.message.text) <= longest]
        if len(fitting) < len(held):
            misfits = [one for one in held if one not in fitting]
            self._settle(misfits, [TOO_LONG] * len(misfits), probing=False)
        if not fitting:
            return
        with self._desk.slots:
            ours, answers = self._call(fitting, probing=probing)
        narrow = [one for one, answer in zip(ours, answers, strict=True) if answer.outcome is Outcome.NARROW]
        if len(narrow) == 1:
            # It stands alone now: what refused it was its own.
            answers = [_final(answer) if answer.outcome is Outcome.NARROW else answer for answer in answers]
            narrow = []
        plain = [(one, answer) for one, answer in zip(ours, answers, strict=True) if one not in narrow]
        if plain:
            self._settle([one for one, _ in plain], [answer for _, answer in plain], probing=probing)
        if narrow:
            half = len(narrow) // 2
            self._send(narrow[:half], probing=probing)
            self._send(narrow[half:], probing=probing)

    def _call(self, held: list[Claimed], *, probing: bool) -> tuple[list[Claimed], list[Answer]]:
        """One call with those messages that are still ours right before it; an answer each."""
        desk, timeout_s = self._desk, self._desk.options.timeout_s
        # The call's time runs from before the proof, so that it ends before the lease that was proved.
        by = steady() + timeout_s
        ours, stopped = queries.still_ours(
            desk.session, held, channel=desk.channel, owner=desk.owner, timeout_s=timeout_s
        )
        if len(ours) < len(held):
            queries.renew(desk.session, held, owner=desk.owner, lease_s=desk.options.lease_s)
            by = steady() + timeout_s
            ours, stopped = queries.still_ours(
                desk.session, held, channel=desk.channel, owner=desk.owner, timeout_s=timeout_s
            )
        now = desk.clock.now()
        over = tehran_day(now) != held[0].day or not desk.options.in_window(now)
        if over or desk.ending() or (stopped and not probing):
            # Time went by since the claim: what no byte was sent of is given back as it was.
            if ours:
                desk.write([Settlement(one, "planned", uncounted=True) for one in ours], now)
            return [], []
        answers = desk.gateway.send([one.message for one in ours], by) if ours else []
        self._listen(answers)
        return ours, answers

    def _listen(self, answers: Sequence[Answer]) -> None:
        """Rest ever longer while the gateway says nothing at all, and tell a person in the end."""
        if not answers:
            return
        first = answers[0]
        silent = all(
            answer.outcome is Outcome.DOUBT
            or (answer.outcome is Outcome.TEMPORARY and answer.code == "connect")
            for answer in answers
        )
        self._silent_calls = self._silent_calls + 1 if silent else 0
        self._resting_until = steady() + self._desk.options.silence(self._silent_calls)
        if self._silent_calls == TELL_AFTER:
            self._desk.signs.trouble(self._desk.channel, first.code or "", first.text or "")

    def _settle(self, held: Sequence[Claimed], answers: Sequence[Answer], *, probing: bool) -> None:
        desk = self._desk
        now = desk.clock.now()
        settled = [self._after_answer(one, answer, now) for one, answer in zip(held, answers, strict=True)]
        stop = next((answer for answer in answers if answer.outcome is Outcome.STOP), None)
        if stop is not None:
            # The stop is known before the batch is given back, so that no other worker takes it up.
            self._stop(stop, now)
        elif (
            probing
            and any(answer.outcome is Outcome.ACCEPTED for answer in answers)
            and queries.reopen_channel(desk.session, desk.channel)
        ):
            desk.signs.mended(desk.channel)
        fault = next((answer for answer in answers if answer.outcome is Outcome.OUR_FAULT), None)
        if fault is not None:
            desk.signs.trouble(desk.channel, fault.code or "", fault.text or "")
        desk.write(settled, now)

    def _after_answer(self, one: Claimed, answer: Answer, now: datetime) -> Settlement:
        """The one table that says what each outcome does to a message."""
        options = self._desk.options
        code, told = answer.code, answer.text
        if answer.outcome is Outcome.ACCEPTED:
            return Settlement(one, "sent", gateway_id=answer.gateway_id, next_at=self._desk.first_report(now))
        if answer.outcome is Outcome.FINAL:
            return Settlement(one, "failed", code=code, text=told)
        if answer.outcome is Outcome.STOP:
            return Settlement(one, "planned", uncounted=True, code=code, text=told)
        if answer.outcome is Outcome.DOUBT:
            return Settlement(one, "sending", code=code, text=told)
        pause = options.pause(one.attempts)
        if answer.retry_after is not None:
            pause = max(pause, answer.retry_after)
        if answer.outcome in {Outcome.NOT_NOW, Outcome.OUR_FAULT}:
            pause = max(pause, options.longest_pause_s)
        return Settlement(one, "planned", next_at=now + timedelta(seconds=pause), code=code, text=told)

    def _stop(self, answer: Answer, now: datetime) -> None:
        desk = self._desk
        fresh = queries.stop_channel(
            desk.session, desk.channel, answer.code or "", answer.text or "", now, desk.options.probe_s
        )
        if fresh:
            desk.signs.stopped(desk.channel, answer.code or "", answer.text or "")


def _final(answer: Answer) -> Answer:
    return Answer(Outcome.FINAL, code=answer.code, text=answer.text)
