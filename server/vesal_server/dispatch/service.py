"""The use cases of dispatch, set up from the bank's settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from vesal_server.dispatch.options import Options
from vesal_server.dispatch.workers import Dispatch, Sent
from vesal_server.gateways import registry
from vesal_server.gateways.unusable import Unusable
from vesal_server.kit.clock import Clock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets, SecretsError
from vesal_server.settings import service as settings
from vesal_shared import problems
from vesal_shared.problems import Refusal

if TYPE_CHECKING:
    from vesal_server.gateways.base import Gateway

CHANNELS = ("sms", "call", "email")


def read_options(stored: settings.Settings) -> Options:
    """Leases, pauses and window from the settings. Raises Refusal where a call could outlast its lease."""
    lease, timeout = stored.integer("dispatch.lease_s"), stored.integer("dispatch.timeout_s")
    if timeout >= lease:
        raise Refusal(problems.LEASE_TOO_SHORT, params={"lease": lease, "timeout": timeout})
    return Options(
        lease_s=lease,
        timeout_s=timeout,
        quiet_s=stored.integer("dispatch.quiet_s"),
        lookup=timedelta(hours=stored.integer("dispatch.lookup_hours")),
        window_start=stored.clock("window.start"),
        window_end=stored.clock("window.end"),
    )


@contextmanager
def opened(database: Database, config: Config, secrets: Secrets, clock: Clock) -> Iterator[Dispatch]:
    """The dispatch of this server with the gateways that the settings name; they are closed at the end."""
    gateways: dict[str, Gateway] = {}
    with database.transaction(read_only=True) as connection:
        stored = settings.read(connection)
        options = read_options(stored)
        for channel in CHANNELS:
            driver = stored.text(f"{channel}.driver")
            try:
                password = settings.read_secret(connection, secrets, f"{channel}.password")
                gateways[channel] = registry.make(
                    driver,
                    registry.settings_of(stored, channel, password),
                    outbox=config.outbox_file,
                    clock=clock,
                )
            except SecretsError:
                gateways[channel] = Unusable(driver, "رمز یا کلید درگاه با کلید اسرار این سرور باز نمی‌شود.")
            except ValueError:
                gateways[channel] = Unusable(driver, "نشانی درگاه درست نیست.")
    try:
        yield Dispatch(database, gateways, options, clock)
    finally:
        for gateway in gateways.values():
            gateway.close()


def send_once(database: Database, config: Config, secrets: Secrets, clock: Clock) -> Sent:
    """Send what is due by the clock, ask about doubts, close days that are over, and stop."""
    with opened(database, config, secrets, clock) as dispatch:
        return dispatch.once()
