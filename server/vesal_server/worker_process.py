"""One HTTP process of several: takes its settings from stdin's first line and ends when stdin does."""

import json
import signal
import sys

from vesal_server.app import build
from vesal_server.host import http_database
from vesal_server.kit.clock import SystemClock
from vesal_server.kit.config import load
from vesal_server.kit.logs import set_up as set_up_logs
from vesal_server.kit.secrets import Secrets
from vesal_server.serving import HttpServer, Listener, Tls


def main() -> int:
    """Serve until the parent process closes our stdin, or dies."""
    for ignored in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    set_up_logs()
    handed = json.loads(sys.stdin.readline())
    config = load(handed["config"], environment={})
    secrets = Secrets.load(config.secrets_key_file)
    tls = Tls(*map(type(config.data_dir), handed["tls"])) if handed["tls"] else None
    with http_database(config, handed["url"]) as database:
        server = HttpServer(
            build(config, database, secrets, SystemClock()), Listener.inherited(handed["descriptor"]), tls
        )
        server.start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
