"""`vesal`: the client's command line."""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from vesal_shared.pages import PAGE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, or else the client; returns the exit status."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["letter"]:
        # Letters are drawn without Qt, so it isn't loaded.
        from vesal_client.letters.cli import main as letter

        return letter(words[1:])
    if words[:1] == ["grab"]:
        return _grab(words[1:])
    options = _client_parser().parse_args(words)
    from vesal_client import app

    return app.run(options.server, options.page)


def _client_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="vesal",
        description="The desktop client of Vesal.",
        epilog="Other commands: vesal grab --help, vesal letter render --help",
    )
    parser.add_argument("--server", default="", metavar="URL", help="the service's address")
    parser.add_argument(
        "--page", default="", choices=["", *PAGE], metavar="CODE", help="the page to open first"
    )
    return parser


def _grab(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="vesal grab", description="Take a picture of a page, without a window."
    )
    parser.add_argument("--server", required=True, metavar="URL")
    parser.add_argument("--username", required=True)
    parser.add_argument(
        "--password-stdin", action="store_true", required=True, help="read the password from stdin"
    )
    parser.add_argument("--page", required=True, choices=list(PAGE), metavar="CODE")
    parser.add_argument(
        "--show", action="append", default=[], metavar="NAME=VALUE", help="what the page shall show"
    )
    parser.add_argument("--size", default="1280x720", type=_size, metavar="WxH", help="in logical pixels")
    parser.add_argument("--scale", default=1.0, type=_scale, help="1 to 4")
    parser.add_argument("--theme", default="light", choices=["light", "dark"])
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE.png")
    options = parser.parse_args(words)
    password = sys.stdin.readline().rstrip("\r\n")
    # Both must be set before Qt is loaded.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(options.scale)
    from vesal_client import grab

    status, reason = grab.run(
        grab.Wanted(
            options.server,
            options.username,
            password,
            options.page,
            options.size,
            options.theme,
            options.output,
            dict(pair.partition("=")[::2] for pair in options.show),
        )
    )
    if reason:
        print(reason, file=sys.stderr)
    return status


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{3,4})x(\d{3,4})", text)
    if found is None:
        raise argparse.ArgumentTypeError("a size is like 1280x720")
    return int(found[1]), int(found[2])


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 1 <= scale <= 4:
        raise argparse.ArgumentTypeError("a scale is a number from 1 to 4")
    return scale


if __name__ == "__main__":
    sys.exit(main())
