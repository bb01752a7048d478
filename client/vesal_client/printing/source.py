"""What printing asks the server for; the wire answers it, tests answer it from memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from vesal_shared.letter_content import LetterContent, from_plain
from vesal_shared.messages.letters import (
    LetterContents,
    MarkResults,
    OutcomeMark,
    PrintMark,
    VerificationKeys,
)

#: So many contents or marks travel at once: an answer of some 200 kB, well under the server's limit.
CHUNK = 50


class LetterSource(Protocol):
    """The branch's letters as the server has them; every call runs outside the GUI thread."""

    def contents(self, ids: Sequence[int]) -> LetterContents:
        """The frozen contents in the order asked; what is out of sight is left out."""
        ...

    def mark_printed(self, marks: Sequence[PrintMark]) -> MarkResults:
        """Tell that letters were printed; a mark that is sent twice counts once."""
        ...

    def mark_outcomes(self, marks: Sequence[OutcomeMark]) -> MarkResults:
        """Tell how serving letters ended."""
        ...

    def add_scan(self, file: Path) -> int:
        """Upload a scan of how a letter was served; returns the id that a mark names."""
        ...

    def keys(self) -> VerificationKeys:
        """The keys that verify letters."""
        ...


def contents_of(source: LetterSource, ids: Sequence[int]) -> Iterator[tuple[int, LetterContent]]:
    """Yield letters' ids and contents in order, fetched a few at a time while the first are drawn.

    Raises Refusal where a content can't be read, and whatever the wire raises.
    """
    for start in range(0, len(ids), CHUNK):
        for item in source.contents(ids[start : start + CHUNK]).items:
            yield item.id, from_plain(item.content)
