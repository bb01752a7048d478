"""The desk where letters are made: content to PDF, kept for the preview; many to files. Made for work threads."""

import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from vesal_client.letters import Renderer
from vesal_client.printing.file_names import letter_file_name
from vesal_shared.letter_content import LetterContent
from vesal_shared.problems import LETTER_FILE_NOT_WRITTEN, Refusal

#: So many PDFs of letters that were looked at are kept: about 30 kB each.
_KEPT = 64

Tell = Callable[[int], None]
Stopped = Callable[[], bool]


class LetterDesk:
    """Draws letters, one at a time whatever thread asks; the application builds one."""

    def __init__(self) -> None:
        """Fonts are read with the first letter, so that the client starts without them."""
        self._lock = threading.Lock()
        self._renderer: Renderer | None = None
        self._kept: OrderedDict[int, bytes] = OrderedDict()

    def pdf(self, letter_id: int, content: LetterContent) -> bytes:
        """Return a letter's PDF; a content never changes, so what was drawn is kept."""
        with self._lock:
            if letter_id in self._kept:
                self._kept.move_to_end(letter_id)
                return self._kept[letter_id]
            made = self._ready().letter(content)
            self._kept[letter_id] = made
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return made

    def kept(self, letter_id: int) -> bytes | None:
        """Return a letter's PDF if it was drawn before."""
        with self._lock:
            return self._kept.get(letter_id)

    def save_each(
        self, contents: Iterable[LetterContent], folder: Path, *, tell: Tell, stopped: Stopped
    ) -> list[Path]:
        """Write a file a letter into a folder, 1405-6140-000123.pdf; a file of that name is replaced.

        Once `stopped` says yes no more are written; what was written stays. Returns the files.
        Raises Refusal (letter_file_not_written).
        """
        written: list[Path] = []
        for content in contents:
            if stopped():
                break
            with self._lock:
                pdf = self._ready().letter(content)
            path = folder / letter_file_name(content.number)
            write_whole(path, [pdf])
            written.append(path)
            tell(len(written))
        return written

    def save_as_one(
        self, contents: Iterable[LetterContent], path: Path, *, tell: Tell, stopped: Stopped
    ) -> int:
        """Write all letters into one file and return how many; 0 and no file if it was stopped before the end.

        Raises Refusal (letter_file_not_written).
        """
        count = 0

        def draw(out: BinaryIO) -> bool:
            nonlocal count
            with self._lock:
                count = self._ready().many(contents, out, progress=tell, cancelled=stopped)
            return count > 0

        write_whole(path, draw)
        return count

    def _ready(self) -> Renderer:
        if self._renderer is None:
            self._renderer = Renderer()
        return self._renderer


def write_whole(path: Path, what: Sequence[bytes] | Callable[[BinaryIO], bool]) -> None:
    """Write a file so that it is whole or not there: beside it first, then moved in its place.

    A function writes by itself and says whether the file shall stand. Raises Refusal (letter_file_not_written),
    also where another program holds the old file open, as Windows has it.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=".vesal-", suffix=path.suffix, dir=path.parent)
        made = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                stands = what(out) if callable(what) else bool([out.write(part) for part in what])
            if stands:
                made.chmod(0o644)
                made.replace(path)
        finally:
            made.unlink(missing_ok=True)
    except OSError as error:
        raise Refusal(LETTER_FILE_NOT_WRITTEN, params={"file": path.name}) from error
