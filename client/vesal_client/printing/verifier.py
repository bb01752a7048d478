"""Tells a true letter from a forged one, offline once the server's keys are here."""

import base64
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from vesal_client.kit.table.feed import Ask
from vesal_client.look.theme import Theme
from vesal_client.printing.dialogs import VerifySheet
from vesal_shared import letter_seal
from vesal_shared.letter_seal import SealFacts
from vesal_shared.messages.letters import VerificationKeys


class Verifier(QObject):
    """Fetches the keys once, then asks for codes and judges them here."""

    failed = Signal(object)
    """The keys could not be had: the exception."""

    def __init__(self, theme: Theme, page: QWidget, ask: Ask, keys: Callable[[], VerificationKeys]) -> None:
        super().__init__(page)
        self._theme = theme
        self._page = page
        self._ask = ask
        self._fetch = keys
        self._keys: VerificationKeys | None = None
        self._waiting = False

    def ask(self) -> None:
        """Ask for a code over the page's window."""
        if self._keys is not None:
            VerifySheet(self._theme, self._page.window(), self.judge)
        elif not self._waiting:
            self._waiting = True
            self._ask(self._fetch, self._came, self._did_not_come)

    def judge(self, text: str) -> SealFacts:
        """What a letter with this code says. Raises Refusal for what is no true seal."""
        known = () if self._keys is None else self._keys.keys
        keys = {key.key_id: letter_seal.public_key(base64.b64decode(key.public_key)) for key in known}
        return letter_seal.verify(keys, text).facts

    def _came(self, keys: VerificationKeys) -> None:
        self._waiting = False
        self._keys = keys
        self.ask()

    def _did_not_come(self, problem: Exception) -> None:
        self._waiting = False
        self.failed.emit(problem)
