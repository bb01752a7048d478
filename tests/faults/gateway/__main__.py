"""Run the fake gateway: `python -m tests.faults.gateway --log FILE [--seed N] [--faults JSON]`.

Prints its base URL as the first line of its output and serves until it is ended.
"""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from tests.faults.gateway.faults import Dice, Faults
from tests.faults.gateway.kavenegar import Server
from tests.faults.gateway.ledger import Ledger


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--faults", default="{}")
    arguments = parser.parse_args()
    server = Server(
        arguments.port, Dice(arguments.seed, Faults(**json.loads(arguments.faults))), Ledger(arguments.log)
    )

    def stop(*_: object) -> None:
        server.stopping.set()
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
