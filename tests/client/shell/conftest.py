"""The whole client against the real service, with settings of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.client.pages.conftest import bank
from tests.conftest import Service
from vesal_client.app import Client, build

__all__ = ["bank"]

Start = Callable[[str], Client]


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path) -> Iterator[Start]:
    """Starts clients of a server, and ends them."""
    made: list[Client] = []

    def begin(url: str) -> Client:
        settings = QSettings(str(tmp_path / "client.ini"), QSettings.Format.IniFormat)
        client = build(url, settings=settings, mode="light", motion=False)
        qtbot.addWidget(client.window)
        made.append(client)
        client.window.show()
        qtbot.waitExposed(client.window)
        return client

    yield begin
    for client in made:
        client.close()


@pytest.fixture
def client(start: Start, bank: Service) -> Client:
    """The client at its log-in screen."""
    return start(bank.url)
