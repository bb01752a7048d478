"""The theme that the kit's parts are painted with in tests."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from vesal_client.look.theme import Theme


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """Light, right to left, and still, so that tests don't wait for things to slide."""
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    return Theme(qapp, "light", motion=False)
