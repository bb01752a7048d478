"""Stands in for a gateway that can't be set up: its channel stops with an alert, and the others go on."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from vesal_server.gateways.base import Answer, Features, Found, Knowledge, Message, Outcome, Report


class Unusable:
    """Takes nothing and knows nothing, until the settings are mended."""

    def __init__(self, name: str, reason: str) -> None:
        """`name` is the driver that was meant, `reason` a sentence for the alert."""
        # It says nothing of repeats or questions that would let a message in doubt be judged.
        self.features = Features(name=name, dedup=False, lookup=timedelta(days=36500), batch=1)
        self._reason = reason

    def send(self, messages: Sequence[Message], by: float) -> list[Answer]:
        """Stop the channel."""
        del by
        return [Answer(Outcome.STOP, code="settings", text=self._reason)] * len(messages)

    def look_up(self, messages: Sequence[Message], sent_at: datetime, by: float) -> list[Found]:
        """Nothing can be asked now."""
        del sent_at, by
        return [Found(Knowledge.NO_ANSWER) for _ in messages]

    def reports(self, gateway_ids: Sequence[str]) -> list[Report]:
        """Nothing can be asked now."""
        del gateway_ids
        return []

    def credit(self) -> int | None:
        """Nothing can be asked now."""
        return None

    def close(self) -> None:
        """Nothing is held open."""
