"""`vesal-server serve`: the HTTP API, the sending, and the timetable where this server leads; until it is told to stop."""

import argparse
import signal
import threading
from dataclasses import replace

from vesal_server.cli.frame import Context, Subparsers, stop
from vesal_server.kit.logs import set_up as set_up_logs
from vesal_server.serving import ServingError, load_tls

#: How often it is looked whether HTTP is still served.
_WATCH_S = 1.0


def register(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("serve")
    parser.add_argument("--host", metavar="H", help="نشانی (پیش‌فرض 127.0.0.1)")
    parser.add_argument("--port", metavar="P", help="درگاه (پیش‌فرض 8400؛ 0: هر درگاه آزاد)")
    parser.add_argument("--workers", metavar="N", help="شمار پردازه‌های HTTP (پیش‌فرض ۱)")
    parser.add_argument("--tls-cert", metavar="F", help="گواهی TLS به شکل PEM")
    parser.add_argument("--tls-key", metavar="F", help="کلید TLS به شکل PEM")
    parser.set_defaults(run=run)


def run(context: Context, _arguments: argparse.Namespace) -> None:
    """Serve until SIGTERM, SIGINT or SIGBREAK; a batch or request under way is finished first."""
    from vesal_server.host import Host

    stopped = threading.Event()
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stopped.set())
    set_up_logs()
    context.database(pool_size=1).close()
    config = replace(context.config, database_url=None)
    try:
        tls = load_tls(config.tls_cert, config.tls_key, config.data_dir)
        host = Host(config, context.database_url(), context.secrets(), context.clock, tls=tls)
        host.start()
    except ServingError as error:
        stop(str(error))
    context.answer({"url": host.url})
    context.show(host.url)
    context.stdout.flush()
    context.say(f"وصال روی {host.url} آماده است. برای پایان Ctrl+C بزنید.")
    try:
        while not stopped.wait(_WATCH_S):
            if not host.running:
                stop("سرویس HTTP از کار افتاد.")
    finally:
        host.stop()
    context.say("وصال متوقف شد.")
