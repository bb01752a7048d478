"""`vesal letter render CONTENT.json -o FILE.pdf`: letters without a window, and without Qt.

Exit status as `vesal-server`: 0 done, 2 wrong usage, 3 input refused (nothing is written), 1 anything unexpected.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NoReturn, TextIO

from vesal_client.letters.render import Renderer
from vesal_shared.digits import persian_digits
from vesal_shared.letter_content import decode_many
from vesal_shared.problems import Refusal

DONE, UNEXPECTED, USAGE, REFUSED = 0, 1, 2, 3


def main(arguments: Sequence[str], *, stdout: TextIO | None = None, stderr: TextIO | None = None) -> int:
    """Run `vesal letter …` with what follows `letter`, and return the exit status."""
    out, err = stdout or sys.stdout, stderr or sys.stderr
    parser = _parser()
    try:
        chosen = parser.parse_args(list(arguments))
    except SystemExit as ended:
        return DONE if not ended.code else USAGE
    try:
        count = _render(chosen.content, chosen.output, _progress(err))
    except _WrongUsage as error:
        print(error, file=err)
        return USAGE
    except Refusal as refusal:
        print(refusal.sentence, file=err)
        return REFUSED
    if chosen.json:
        print(json.dumps({"letters": count, "file": str(chosen.output)}, ensure_ascii=False), file=out)
    else:
        print(f"{persian_digits(count)} نامه در «{chosen.output}» نوشته شد.", file=err)
    return DONE


_TROUBLES: Final[tuple[tuple[type[OSError], str], ...]] = (
    (FileNotFoundError, "چنین فایل یا پوشه‌ای نیست."),
    (IsADirectoryError, "این نام یک پوشه است."),
    (NotADirectoryError, "در این مسیر پوشه‌ای نیست."),
    (PermissionError, "اجازه آن نیست."),
)


class _WrongUsage(Exception):
    """A file that can't be read or written, as a Persian sentence."""


class _Parser(argparse.ArgumentParser):
    """Tells what is wrong in Persian."""

    def error(self, message: str) -> NoReturn:  # noqa: ARG002 - argparse's words are English
        """End with the usage and status 2."""
        print(f"دستور درست نیست. {self.format_usage().strip()}", file=sys.stderr)
        raise SystemExit(USAGE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="vesal letter", description="نامه‌ها بدون پنجره.")
    commands = parser.add_subparsers(dest="command", required=True)
    render = commands.add_parser("render", help="محتوای نامه‌ها را به PDF تبدیل می‌کند")
    render.add_argument("content", type=Path, metavar="CONTENT.json", help="محتوای یک نامه یا فهرستی از آن‌ها")
    render.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.pdf", help="فایل خروجی")
    render.add_argument("--json", action="store_true", help="نتیجه برای برنامه‌ها")
    return parser


def _render(source: Path, target: Path, progress: Callable[[int, int], None]) -> int:
    """Write the letters beside the target first and move them there at last: the file is whole or not there."""
    try:
        data = source.read_bytes()
    except OSError as error:
        raise _WrongUsage(f"«{source}» خوانده نشد: {_why(error)}") from error
    contents = decode_many(_unwrapped(data))
    renderer = Renderer()
    try:
        handle, name = tempfile.mkstemp(prefix=".vesal-", suffix=".pdf", dir=target.parent)
    except OSError as error:
        raise _WrongUsage(f"«{target}» نوشته نشد: {_why(error)}") from error
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            if len(contents) == 1:
                out.write(renderer.letter(contents[0]))
            else:
                total = len(contents)
                renderer.many(contents, out, progress=lambda count: progress(count, total))
        made.chmod(0o644)
        made.replace(target)
    except OSError as error:
        raise _WrongUsage(f"«{target}» نوشته نشد: {_why(error)}") from error
    finally:
        made.unlink(missing_ok=True)
    return len(contents)


def _why(error: OSError) -> str:
    """Say in Persian what the system says in English."""
    for kind, words in _TROUBLES:
        if isinstance(error, kind):
            return words
    return "سیستم اجازه نداد یا جا نیست."


def _unwrapped(data: bytes) -> bytes:
    """Return the frozen contents alone, where the file is an answer of the service with contents in it."""
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except ValueError:
        return data
    if isinstance(found, dict) and isinstance(found.get("items"), list):
        found = found["items"]
    if isinstance(found, list):
        return json.dumps([_content_of(item) for item in found]).encode("utf-8")
    return json.dumps(_content_of(found)).encode("utf-8")


def _content_of(item: object) -> object:
    return item["content"] if isinstance(item, dict) and "content" in item else item


def _progress(err: TextIO) -> Callable[[int, int], None]:
    """Return what tells the count on a terminal, and nothing elsewhere."""
    if not err.isatty():
        return lambda _count, _total: None

    def tell(count: int, total: int) -> None:
        if count % 20 == 0 or count == total:
            end = "\n" if count == total else "\r"
            print(f"{persian_digits(count)} از {persian_digits(total)} نامه", end=end, file=err, flush=True)

    return tell
