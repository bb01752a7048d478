"""How benches and faults say what they found: a JSON line a case as it ends, and a table of all at the end."""

import importlib
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Report:
    """The cases of one bench or fault; `held` of every case decides the exit status."""

    name: str
    cases: list[dict[str, object]] = field(default_factory=list)

    def add(self, case: str, *, held: bool, must: str, **figures: object) -> None:
        """Tell one case: what must hold, whether it did, and its figures (ratios, counts, seconds)."""
        rounded = {
            key: round(value, 3) if isinstance(value, float) else value for key, value in figures.items()
        }
        row: dict[str, object] = {"name": self.name, "case": case, "held": held, "must": must, **rounded}
        self.cases.append(row)
        print(json.dumps(row, ensure_ascii=False), flush=True)

    def end(self) -> int:
        """Print the table; 0 if everything held, else 1."""
        print()
        for row in self.cases:
            figures = "  ".join(
                f"{key}={value}" for key, value in row.items() if key not in {"name", "case", "held", "must"}
            )
            print(
                f"{'ok  ' if row['held'] else 'SHORT'} {self.name:<14} {row['case']:<28} {figures}   [{row['must']}]"
            )
        return 0 if all(row["held"] for row in self.cases) else 1


def seconds(work: Callable[[], object]) -> float:
    """How long one run of `work` takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def alternate(ours: Callable[[], object], floor: Callable[[], object], runs: int = 5) -> tuple[float, float]:
    """Median seconds of both, run by turns, so that a noisy machine is noisy for both."""
    pairs = [(seconds(ours), seconds(floor)) for _ in range(runs)]
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs)


def run_named(package: str, arguments: Sequence[str]) -> int:
    """Run the modules of a package that are named (`two-planners` names two_planners), or all; worst status.

    A bench or fault is a module whose `main` takes the rest of the command line; the others help them.
    """
    folder = Path(str(importlib.import_module(package).__file__)).parent
    takes_arguments = re.compile(r"^def main\(\w+:", re.MULTILINE)
    known = sorted(
        path.stem for path in folder.glob("*.py") if takes_arguments.search(path.read_text(encoding="utf-8"))
    )
    names = [word.replace("-", "_") for word in arguments if not word.startswith("-")]
    options = [word for word in arguments if word.startswith("-")]
    for name in names:
        if name not in known:
            print(f"{name}: known are {', '.join(known)}", file=sys.stderr)
            return 2
    worst = 0
    for name in names or known:
        status = importlib.import_module(f"{package}.{name}").main(options)
        worst = max(worst, int(status or 0))
    return worst
