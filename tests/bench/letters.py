"""1,000 one-page warnings with their codes: as files, as one file, in flat memory, and with their text in order."""

import io
import sys
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

import msgspec
import psutil

from tests.bench import _letters_peers as peers
from tests.client.letters import samples
from tests.client.letters.readers import READERS, contains, words
from tests.measure import Report, alternate, seconds
from vesal_client.letters import Renderer
from vesal_client.letters.words import clean
from vesal_shared import money
from vesal_shared.letter_content import LetterContent

RUNS = 5
FIRST_NAMES = ("مریم", "زهرا", "علی", "حسین", "فاطمه", "رضا", "سارا", "مهدی", "نرگس", "امیر")
LAST_NAMES = (
    "مثالیان",
    "نمونه‌پور",
    "فرضی‌نژاد",
    "آزمونی",
    "الگوزاده",
    "شاهدی",
    "پیش‌نمونه",
    "یادآور",
    "نگارنده",
)


def main(arguments: Sequence[str] = ()) -> int:
    """Run the bench; `--small` for the test suite."""
    small = "--small" in arguments
    report = Report("letters")
    if small:
        run(report, letters=12, sample=8, runs=1, slow_peer=False)
    else:
        run(report, letters=1000, sample=200, runs=RUNS)
    return report.end()


def warnings(count: int, first: int = 0) -> list[LetterContent]:
    """So many borrower's first warnings from the `first` on, each with its own person, figures and seal."""
    base = samples.first_warning()
    found = []
    for index in range(first, first + count):
        amount = 12_000_000 + index * 7_913_000
        owed = msgspec.structs.replace(
            base.debt,
            loan_no=f"8329-307-{1400000 + index * 37}-{index % 9}",
            overdue_installments=2 + index % 9,
            overdue_amount=amount,
            overdue_days=60 + index % 200,
            amount_in_words=money.rial_in_words(amount),
        )
        person = msgspec.structs.replace(
            base.addressee,
            name=f"{FIRST_NAMES[index % 10]} {LAST_NAMES[index % 9]}",
            address=f"تهران، محله نمونه، کوچه {index % 40 + 1}، پلاک {index % 130 + 1}، طبقه دوم",
        )
        opening = f"{samples.borrower(owed, base.date)} {samples.SUMMARY}"
        content = msgspec.structs.replace(
            base,
            number=f"1405/6140/{index + 1:06}",
            debt=owed,
            addressee=person,
            paragraphs=(opening, *base.paragraphs[1:]),
        )
        found.append(samples.sealed(content))
    return found


def run(report: Report, *, letters: int, sample: int, runs: int, slow_peer: bool = True) -> None:
    """Measure against bare reportlab and Typst by turns, WeasyPrint once; then memory and text."""
    contents = warnings(letters)
    few = contents[:sample]
    renderer = Renderer()
    drawn = [peers.record(content) for content in few]

    def one_file(which: Sequence[LetterContent]) -> int:
        out = io.BytesIO()
        renderer.many(which, out)
        return len(out.getvalue())

    def ours_as_files() -> int:
        return sum(len(renderer.letter(content)) for content in few)

    _as_files(report, ours_as_files, drawn, sample, runs)
    _as_one(report, one_file, few, drawn, runs)
    if slow_peer:
        _slow_peer(report, few)
    taken = seconds(lambda: one_file(contents))
    report.add("all in one file", held=True, must="time alone", letters=letters, per_second=letters / taken)
    _memory(report, renderer, contents)
    _text(report, renderer, few)


def _as_files(
    report: Report, ours_as_files: Callable[[], int], drawn: list[peers.Drawn], sample: int, runs: int
) -> None:
    ours_as_files()
    peers.reportlab_files(drawn)
    ours, floor = alternate(ours_as_files, lambda: peers.reportlab_files(drawn), runs)
    report.add(
        "as files",
        held=ours <= 1.5 * floor,
        must="≤ 1.5 × bare reportlab",
        ratio=ours / floor,
        per_second=sample / ours,
        reportlab_per_second=sample / floor,
        bytes_each=ours_as_files() // sample,
    )


def _as_one(
    report: Report,
    one_file: Callable[[Sequence[LetterContent]], int],
    few: list[LetterContent],
    drawn: list[peers.Drawn],
    runs: int,
) -> None:
    times: dict[str, list[float]] = {"ours": [], "typst": [], "reportlab": []}
    for turn in range(runs):
        # Letters that neither has seen: Typst keeps what it set, and would only copy it.
        fresh = warnings(len(few), first=(turn + 1) * len(few))
        by_typst = peers.typst_one(fresh)
        times["ours"].append(seconds(partial(one_file, fresh)))
        times["typst"].append(seconds(by_typst))
        times["reportlab"].append(seconds(lambda: peers.reportlab_one(drawn)))
    ours, typst, reportlab = (len(few) / median(times[name]) for name in ("ours", "typst", "reportlab"))
    report.add(
        "as one file",
        held=ours >= 0.8 * typst,
        must="≥ 0.8 × Typst's rate",
        ratio=ours / typst,
        per_second=ours,
        typst_per_second=typst,
        reportlab_per_second=reportlab,
    )


def _slow_peer(report: Report, few: Sequence[LetterContent]) -> None:
    some = few[: len(few) // 10]
    try:
        rate = len(some) / seconds(peers.weasyprint_one(some))
    except (ImportError, OSError):
        rate = None
    report.add("WeasyPrint, one file", held=True, must="a peer's rate alone", per_second=rate)


class _Nowhere(io.BytesIO):
    """Takes what is written and keeps nothing."""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return len(data)


def _memory(report: Report, renderer: Renderer, contents: Sequence[LetterContent]) -> None:
    """Write the letters once, then four times as many in one file; the process must not grow with them."""
    process = psutil.Process()
    renderer.many(contents, _Nowhere())
    before = process.memory_info().rss
    renderer.many((content for _ in range(4) for content in contents), _Nowhere())
    grown = (process.memory_info().rss - before) / 2**20
    report.add(
        "memory",
        held=grown <= 20,
        must="flat: ≤ 20 MB more for 4 times the letters",
        grown_mb=grown,
        mb=process.memory_info().rss / 2**20,
    )


def _text(report: Report, renderer: Renderer, contents: Sequence[LetterContent]) -> None:
    """Take the text out with each reader: every text of the flow is there, its words in their order."""
    for name, reader in READERS.items():
        wrong = 0
        for content in contents[:20]:
            found = words(reader(renderer.letter(content)))
            wanted = [
                f"{content.addressee.gender_title} {content.addressee.name}",
                f"نشانی: {content.addressee.address}",
                *content.paragraphs,
                content.debt.loan_no,
                money.show(content.debt.overdue_amount),
            ]
            wrong += sum(not contains(found, clean(text).split()) for text in wanted)
        report.add(f"text by {name}", held=wrong == 0, must="all words in order", missing=wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
