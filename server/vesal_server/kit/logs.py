"""What a running server logs: to stderr, one line an event, never a customer's data."""

import logging
import sys


def set_up(level: int = logging.INFO) -> None:
    """Log our own events, and warnings of the libraries, to stderr with the instant in UTC."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("vesal").setLevel(level)
    # It reports each dropped or late run by itself; ours says what matters.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
