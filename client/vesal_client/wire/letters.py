"""چاپ نامه‌ها over HTTP: the queue, the contents to draw, what was printed and served."""

from collections.abc import Sequence
from pathlib import Path

from vesal_client.wire.http import Http
from vesal_shared.messages.letters import (
    Letter,
    LetterContents,
    LetterIds,
    MarkResults,
    OutcomeMark,
    OutcomeMarks,
    PrintMark,
    PrintMarks,
    VerificationKeys,
)
from vesal_shared.messages.lists import Attachment, Page

PATH = "/letters"

Parameters = tuple[tuple[str, str], ...]


class Letters:
    """Reads the branch's letters and tells what became of them; blocks, so call it from a query or a command."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def page(self, where: Parameters, page: int, size: int) -> Page[Letter]:
        """A page of the queue; `where` are search, sort and filters as the server names them."""
        return self._http.get(PATH, Page[Letter], [*where, ("page", str(page)), ("size", str(size))])

    def one(self, letter_id: int) -> Letter:
        """One letter as the list shows it."""
        return self._http.get(f"{PATH}/{letter_id}", Letter)

    def contents(self, ids: Sequence[int]) -> LetterContents:
        """The frozen contents in the order asked; what is out of sight is left out."""
        return self._http.post(f"{PATH}/contents", LetterIds(ids=list(ids)), LetterContents)

    def mark_printed(self, marks: Sequence[PrintMark]) -> MarkResults:
        """Tell that letters were printed; a mark that is sent twice counts once."""
        return self._http.post(f"{PATH}/prints", PrintMarks(marks=list(marks)), MarkResults)

    def mark_outcomes(self, marks: Sequence[OutcomeMark]) -> MarkResults:
        """Tell how serving letters ended; a mark that is sent twice counts once."""
        return self._http.post(f"{PATH}/outcomes", OutcomeMarks(marks=list(marks)), MarkResults)

    def add_scan(self, file: Path) -> int:
        """Upload a scan (PDF, PNG, JPEG, at most 10 MB) and return the id that a mark names."""
        return self._http.upload(f"{PATH}/scans", file, Attachment, field="file").id

    def keys(self) -> VerificationKeys:
        """The keys that verify letters, old ones too."""
        return self._http.get(f"{PATH}/keys", VerificationKeys)
