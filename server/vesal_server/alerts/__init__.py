"""What somebody must know: raised once while it lasts, counted up, and resolved when it is mended."""

from vesal_server.alerts.service import raise_alert, resolve

__all__ = ["raise_alert", "resolve"]
