"""The gateways by name, and how each is set up from the settings of its channel."""

from pathlib import Path
from typing import Protocol

from vesal_server.gateways.base import Gateway, GatewaySettings
from vesal_server.gateways.kavenegar import LONGEST, Kavenegar
from vesal_server.gateways.outbox import Outbox
from vesal_server.kit.clock import Clock


class Stored(Protocol):
    """The bank's settings, as far as a gateway needs them."""

    def text(self, key: str) -> str:
        """A text; empty where there is none."""
        ...

    def integer(self, key: str) -> int:
        """A number."""
        ...

    def flag(self, key: str) -> bool:
        """A yes or no."""
        ...


def settings_of(stored: Stored, channel: str, password: str) -> GatewaySettings:
    """What the settings of a channel say of its gateway."""
    return GatewaySettings(
        base_url=stored.text(f"{channel}.base_url"),
        number=stored.text(f"{channel}.number"),
        username=stored.text(f"{channel}.username"),
        password=password,
        timeout_s=stored.integer("dispatch.timeout_s"),
        allow_private=stored.flag("gateways.allow_private"),
    )


def make(driver: str, settings: GatewaySettings, *, outbox: Path, clock: Clock) -> Gateway:
    """The gateway of that name; the settings' registry takes no other name."""
    if driver == "kavenegar":
        return Kavenegar(settings)
    if driver == "outbox":
        return Outbox(outbox, clock)
    raise LookupError(driver)


def longest_text(driver: str) -> int | None:
    """Characters that a driver's gateway takes in one message; None: no limit of its own."""
    return LONGEST if driver == "kavenegar" else None
