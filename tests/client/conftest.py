"""The client's tests need no display, and share one theme."""

import os
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from vesal_client.look.theme import Theme

if (
    sys.platform.startswith("linux")
    and not os.environ.get("DISPLAY")
    and not os.environ.get("WAYLAND_DISPLAY")
):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """Light, right to left, and still, so that tests don't wait for things to slide."""
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    return Theme(qapp, "light", motion=False)
