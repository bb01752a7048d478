"""The protocol between dispatch and a gateway: what is handed over, and what may come back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol


class Outcome(Enum):
    """What a gateway said of one message; each leads to one action of dispatch."""

    #: It has the message; nothing may send it again.
    ACCEPTED = "accepted"
    #: It certainly did not take it; it may later.
    TEMPORARY = "temporary"
    #: It will never take it (a bad number); the message has failed.
    FINAL = "final"
    #: It refused the whole call, taking nothing, for what one message of several may have caused.
    NARROW = "narrow"
    #: It takes nothing from us now (credit, key): the channel stops, the message waits.
    STOP = "stop"
    #: It takes nothing at this hour.
    NOT_NOW = "not_now"
    #: Nobody can tell; it has to be asked before anything else is done.
    DOUBT = "doubt"
    #: We asked wrongly: nothing was taken, and trying again would not help before a person has looked.
    OUR_FAULT = "our_fault"


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it leaves: the reference is the only name by which the gateway knows it."""

    reference: int
    channel: str
    to: str
    text: str = ""
    subject: str = ""
    #: For calls: the title of the audio file that is played.
    audio: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one message of a call, in the order in which they were handed over."""

    outcome: Outcome
    gateway_id: str | None = None
    code: str | None = None
    text: str | None = None
    #: Seconds after which a temporary refusal may be tried again, where the gateway said so.
    retry_after: float | None = None


def told(text: str | None, longest: int = 200) -> str | None:
    """What a gateway said, as a database and a screen can bear it: no control characters, and not endless."""
    if text is None:
        return None
    return "".join(sign for sign in text[:longest] if sign.isprintable() or sign == "\u200c")


class Knowledge(Enum):
    """What a gateway knows of a reference that it is asked about."""

    HAS_IT = "has_it"
    NEVER_SEEN = "never_seen"
    #: It holds something else under this reference than what was meant: a person has to look.
    ANOTHER = "another"
    #: It could not be asked now.
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to «what became of this reference?»."""

    knowledge: Knowledge
    gateway_id: str | None = None


class Delivery(Enum):
    """How far an accepted message has come."""

    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    #: The gateway no longer knows.
    LOST_TRACK = "lost_track"


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report for the message that the gateway knows as `gateway_id`."""

    gateway_id: str
    delivery: Delivery
    code: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """What a gateway can do, as its driver declares it."""

    name: str
    #: It refuses a reference that it has seen, so that sending again sends nothing twice.
    dedup: bool
    #: It can be asked what became of a reference, for this long after the send; None: it can't.
    lookup: timedelta | None
    #: Messages a call.
    batch: int
    #: Characters a message; None: no limit of its own.
    longest: int | None = None
    #: Seconds after a call's end before «never seen» may be believed; None: the system's setting.
    quiet_s: float | None = None
    #: It reports deliveries, for this long after the send; None: it doesn't.
    reports: timedelta | None = None
    #: Ids a question about deliveries may name.
    report_batch: int = 100
    #: Calls that may be under way at once.
    connections: int = 1


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """How a driver is pointed at a server; the password or key is shown nowhere."""

    base_url: str = ""
    number: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    timeout_s: float = 20.0
    allow_private: bool = False
    connections: int = 4


class Gateway(Protocol):
    """A way out. Every method may be called from several threads at once and raises nothing foreseeable."""

    features: Features

    def send(self, messages: Sequence[Message], by: float) -> list[Answer]:
        """Hand over at most `features.batch` messages in one call; an answer each, in order.

        Exactly one call, since the caller proves before each that the messages are still its own. It ends
        by the instant `by` of `kit.clock.steady`; who comes to it later, having slept, sends nothing.
        """
        ...

    def look_up(self, messages: Sequence[Message], sent_at: datetime, by: float) -> list[Found]:
        """Ask what became of messages whose sending began at `sent_at` or later; an answer each, in order.

        What was not answered by the instant `by` of `kit.clock.steady` is not answered.
        """
        ...

    def reports(self, gateway_ids: Sequence[str]) -> list[Report]:
        """Ask how far accepted messages have come; ids that it says nothing of are left out."""
        ...

    def credit(self) -> int | None:
        """What is left to spend, in rial; None where it can't be asked or did not answer."""
        ...

    def close(self) -> None:
        """Let go of connections and files."""
        ...
