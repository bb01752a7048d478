"""Kavenegar's REST service for text messages.

Source: gateways.md, «Kavenegar (SMS)». The key is part of the URL, so no URL of this module is ever logged.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from vesal_server.gateways.base import (
    Answer,
    Delivery,
    Features,
    Found,
    GatewaySettings,
    Knowledge,
    Message,
    Outcome,
    Report,
)
from vesal_server.gateways.http import HttpAnswer, HttpClient, NoAnswer, NotSent
from vesal_server.kit.clock import steady

DEFAULT_URL = "https://api.kavenegar.com/v1"
LONGEST = 900

_TEMPORARY = {402, 409, 451}
_FINAL = {411, 413, 420, 422}
_STOPS = {401, 403, 407, 412, 416, 418, 426, 427, 429, 501}
_OURS = {400, 404, 405, 406, 414, 417, 419, 424, 431, 432, 607}

_NEVER_SEEN = 100
_DELIVERY = {
    1: Delivery.UNDER_WAY,
    2: Delivery.UNDER_WAY,
    4: Delivery.UNDER_WAY,
    5: Delivery.UNDER_WAY,
    6: Delivery.UNDELIVERED,
    10: Delivery.DELIVERED,
    11: Delivery.UNDELIVERED,
    13: Delivery.UNDELIVERED,
    14: Delivery.UNDELIVERED,
    100: Delivery.LOST_TRACK,
}


class Kavenegar:
    """Sends in arrays of 200; a repeated local id is not sent again, its first record comes back."""

    def __init__(self, settings: GatewaySettings) -> None:
        self.features = Features(
            name="kavenegar",
            dedup=True,
            lookup=timedelta(hours=12),
            batch=200,
            longest=LONGEST,
            reports=timedelta(hours=48),
            report_batch=500,
            connections=settings.connections,
        )
        self._sender = settings.number
        self._timeout_s = settings.timeout_s
        self._http = HttpClient(
            _base_url(settings), timeout_s=settings.timeout_s, allow_private=settings.allow_private
        )

    def send(self, messages: Sequence[Message], by: float) -> list[Answer]:
        """One `sms/sendarray`."""
        form = {
            "receptor": [message.to for message in messages],
            "sender": [self._sender] * len(messages),
            "message": [message.text for message in messages],
            "type": [1] * len(messages),
            "localmessageids": [message.reference for message in messages],
        }
        try:
            answer = self._call(
                "sms/sendarray",
                {name: json.dumps(value, ensure_ascii=False) for name, value in form.items()},
                by,
            )
        except NotSent as error:
            return [Answer(Outcome.TEMPORARY, code="connect", text=str(error))] * len(messages)
        except NoAnswer as error:
            return [Answer(Outcome.DOUBT, code="no_answer", text=str(error))] * len(messages)
        content = _parse(answer)
        if content is None and 400 <= answer.status < 500:
            # The HTTP status is the service's own: a refusal, whatever became of its body.
            content = (answer.status, "", None)
        if content is None:
            return [Answer(Outcome.DOUBT, code=str(answer.status), text="unreadable")] * len(messages)
        status, text, entries = content
        if status == 200:
            return _accepted(messages, entries)
        outcome = _outcome(status)
        if outcome is Outcome.FINAL and len(messages) > 1:
            # One bad number may refuse the whole array: dispatch halves it down to that one.
            outcome = Outcome.NARROW
        refusal = Answer(outcome, code=str(status), text=text, retry_after=answer.retry_after)
        return [refusal] * len(messages)

    def look_up(self, messages: Sequence[Message], sent_at: datetime, by: float) -> list[Found]:
        """Ask by local id; several at once where the service answers for each, else one by one."""
        del sent_at
        by_reference = self._statuses([message.reference for message in messages], by)
        if by_reference is None:
            # It answers nothing now: asking one by one would only take the longer.
            return [Found(Knowledge.NO_ANSWER) for _ in messages]
        found = []
        for message in messages:
            known = by_reference.get(message.reference)
            if known is None and len(messages) > 1 and steady() < by:
                known = (self._statuses([message.reference], by) or {}).get(message.reference)
            found.append(known or Found(Knowledge.NO_ANSWER))
        return found

    def reports(self, gateway_ids: Sequence[str]) -> list[Report]:
        """`sms/status` for at most 500 ids."""
        content = self._ask("sms/status", {"messageid": ",".join(gateway_ids)}, self._soon())
        made = []
        for entry in content or []:
            delivery, gateway_id = _DELIVERY.get(_number(entry.get("status"))), _id(entry)
            if delivery is not None and gateway_id is not None:
                made.append(
                    Report(
                        gateway_id,
                        delivery,
                        code=str(entry.get("status")),
                        text=str(entry.get("statustext") or "")[:200],
                    )
                )
        return made

    def credit(self) -> int | None:
        """`account/info`: the remaining credit in rial."""
        try:
            content = _parse(self._call("account/info", {}, self._soon()))
        except (NotSent, NoAnswer):
            return None
        if content is None or content[0] != 200:
            return None
        entries: Any = content[2]
        entry = entries[0] if isinstance(entries, list) and entries else entries
        left = _number(entry.get("remaincredit")) if isinstance(entry, dict) else -1
        return left if left >= 0 else None

    def close(self) -> None:
        """Close the resting connections."""
        self._http.close()

    def _soon(self) -> float:
        return steady() + self._timeout_s

    def _statuses(self, references: Sequence[int], by: float) -> dict[int, Found] | None:
        content = self._ask("sms/statuslocalmessageid", {"localid": ",".join(map(str, references))}, by)
        if content is None:
            return None
        if len(references) == 1 and len(content) == 1:
            # An answer to a single question need not repeat the id.
            content = [{**content[0], "localid": references[0]}]
        known = {}
        for entry in content:
            status = _number(entry.get("status"))
            if status == _NEVER_SEEN:
                known[_number(entry.get("localid"))] = Found(Knowledge.NEVER_SEEN)
            elif status in _DELIVERY and (gateway_id := _id(entry)) is not None:
                known[_number(entry.get("localid"))] = Found(Knowledge.HAS_IT, gateway_id)
        return known

    def _ask(self, method: str, form: dict[str, str], by: float) -> list[dict[str, Any]] | None:
        """The entries of a question's answer, or None where there was no good one."""
        try:
            content = _parse(self._call(method, form, by))
        except (NotSent, NoAnswer):
            return None
        if content is None or content[0] != 200 or not isinstance(content[2], list):
            return None
        return [entry for entry in content[2] if isinstance(entry, dict)]

    def _call(self, method: str, form: dict[str, str], by: float) -> HttpAnswer:
        return self._http.call(
            "POST",
            f"{method}.json",
            by=by,
            body=urlencode(form).encode("ascii"),
            headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        )


def _base_url(settings: GatewaySettings) -> str:
    base = (settings.base_url or DEFAULT_URL).rstrip("/")
    key = quote(settings.password, safe="")
    if "{API-KEY}" in base:
        return base.replace("{API-KEY}", key)
    # A bare host is the service's root, under which its first version lies.
    if "/" not in base.split("://", 1)[-1]:
        base += "/v1"
    return f"{base}/{key}"


def _parse(answer: HttpAnswer) -> tuple[int, str, Any] | None:
    """(status, message, entries) of an answer, or None where it isn't one."""
    try:
        content = json.loads(answer.body)
        returned = content["return"]
        return int(returned["status"]), str(returned.get("message") or "")[:200], content.get("entries")
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def _outcome(status: int) -> Outcome:
    if status in _STOPS:
        return Outcome.STOP
    if status in _TEMPORARY:
        return Outcome.TEMPORARY
    if status in _FINAL:
        return Outcome.FINAL
    if status in _OURS:
        return Outcome.OUR_FAULT
    # A 5xx may come after the messages were taken, and an unknown status may mean anything: ask first.
    return Outcome.DOUBT


def _accepted(messages: Sequence[Message], entries: Any) -> list[Answer]:
    """Entries carry no local id: they are matched by order and receptor."""
    if not isinstance(entries, list) or len(entries) != len(messages):
        return [Answer(Outcome.DOUBT, code="entries", text="entries don't match")] * len(messages)
    answers = []
    for message, entry in zip(messages, entries, strict=True):
        fits = isinstance(entry, dict) and _same_number(str(entry.get("receptor") or ""), message.to)
        gateway_id = _id(entry) if fits else None
        if gateway_id is not None:
            answers.append(Answer(Outcome.ACCEPTED, gateway_id=gateway_id))
        else:
            answers.append(Answer(Outcome.DOUBT, code="entry", text="entry doesn't match"))
    return answers


def _same_number(one: str, other: str) -> bool:
    """Whether two spellings name one mobile: the last ten digits decide (0912…, 98912…, +98912…)."""
    return one[-10:] == other[-10:]


def _id(entry: dict[str, Any]) -> str | None:
    """The service's number for a message; nothing else that stands there is one."""
    number = _number(entry.get("messageid"))
    return str(number) if 0 < number < 2**63 else None


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return -1
