"""The rules of docs/architecture.md that a machine can see: who imports whom, where SQL is, where scope begins."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "server" / "vesal_server"
#: Terms whose queries answer callers, and nobody else.
FOR_CALLERS = ("home", "search", "reports", "cases")
#: Parameters that carry the visible rows, or name rows that were found among them.
SEES = re.compile(r"reach|conditions|ids|\w+_ids?|page_rows")
EXCEPTION = re.compile(r"#\s*no scope: \S+")


def modules(*folders: Path) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def shown(path: Path, line: int, what: str) -> str:
    return f"{path.relative_to(ROOT)}:{line}: {what}"


def test_imports_go_downwards_only() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_api_and_service_know_no_sqlalchemy() -> None:
    wrong = [
        shown(path, line, name)
        for path, tree in modules(SERVER)
        if path.name in {"api.py", "service.py"}
        for line, name in imported(tree)
        if name.split(".")[0] in {"sqlalchemy", "psycopg"}
    ]
    assert wrong == []


def test_queries_are_private_to_their_term() -> None:
    wrong = []
    for path, tree in modules(SERVER):
        own = path.relative_to(SERVER).parts[0]
        for line, name in imported(tree):
            parts = name.split(".")
            if parts[0] == "vesal_server" and "queries" in parts[2:] and parts[1] != own:
                wrong.append(shown(path, line, name))
    assert wrong == []


def test_no_query_for_a_caller_starts_outside_the_visible_rows() -> None:
    wrong = []
    for term in FOR_CALLERS:
        for path, tree in modules(SERVER / term):
            if "queries" not in path.relative_to(SERVER).with_suffix("").parts:
                continue
            lines = path.read_text(encoding="utf-8").splitlines()
            for node in tree.body:
                if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                    continue
                names = [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]
                heading = " ".join(lines[node.lineno - 1 : node.body[0].lineno - 1])
                if (
                    "connection" in names
                    and not any(SEES.fullmatch(name) for name in names)
                    and not EXCEPTION.search(heading)
                ):
                    wrong.append(shown(path, node.lineno, node.name))
    assert wrong == []


def test_every_operation_names_the_page_that_grants_it() -> None:
    wrong = []
    for path, tree in modules(SERVER):
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for mark in node.decorator_list:
                name = ast.unparse(mark.func) if isinstance(mark, ast.Call) else ast.unparse(mark)
                if name in {"get", "post", "put", "patch", "delete", "route"}:
                    wrong.append(shown(path, node.lineno, f"{node.name} is no @operation"))
                if name == "operation" and isinstance(mark, ast.Call):
                    pages = [keyword for keyword in mark.keywords if keyword.arg == "page"]
                    if not pages:
                        wrong.append(shown(path, node.lineno, node.name))
    assert wrong == []


def test_time_comes_from_the_clock() -> None:
    # Where a process's own age or another machine's clock is measured, no injected clock can serve.
    allowed = {"kit/clock.py", "cli/checks.py", "scheduler.py"}
    wrong = [
        shown(path, node.lineno, ast.unparse(node))
        for path, tree in modules(SERVER)
        if path.relative_to(SERVER).as_posix() not in allowed
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and re.fullmatch(r"(datetime\.)?(datetime|date)\.(now|today|utcnow)", ast.unparse(node.func))
    ]
    assert wrong == []


def test_nothing_sleeps_or_pumps_events_in_the_product() -> None:
    forbidden = re.compile(r"(time\.sleep|.*\.processEvents)")
    wrong = [
        shown(path, node.lineno, ast.unparse(node))
        for path, tree in modules(SERVER, ROOT / "client" / "vesal_client", ROOT / "shared" / "vesal_shared")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and forbidden.fullmatch(ast.unparse(node.func))
    ]
    assert wrong == []


def test_every_file_is_opened_with_its_encoding() -> None:
    wrong = []
    for path, tree in modules(SERVER, ROOT / "client" / "vesal_client", ROOT / "shared" / "vesal_shared"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func).rsplit(".", 1)[-1]
            named = {keyword.arg for keyword in node.keywords}
            if name in {"read_text", "write_text"} and "encoding" not in named and len(node.args) < 2:
                wrong.append(shown(path, node.lineno, ast.unparse(node)))
            if name in {"run", "Popen"} and "text" in named and "encoding" not in named:
                wrong.append(shown(path, node.lineno, ast.unparse(node)))
    assert wrong == []


@pytest.mark.parametrize("folder", ["server/vesal_server", "client/vesal_client", "shared/vesal_shared"])
def test_files_stay_near_400_lines(folder: str) -> None:
    longest = 475
    wrong = {
        path.relative_to(ROOT).as_posix(): count
        for path in (ROOT / folder).rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > longest
    }
    assert wrong == {}


def test_nothing_committed_carries_a_registry_or_a_machine() -> None:
    forbidden = re.compile(
        r"https?://[^\s\"']*(pypi|pythonhosted|registry\.npmjs|/simple\b)|/wor[k]/(?:main|shared|\.)|\.librar[y]"
    )
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    wrong = []
    for name in done.stdout.decode("utf-8").split("\0"):
        path = ROOT / name
        if not path.is_file() or path.suffix in {".png", ".ttf", ".pdf", ".xlsx", ".zip", ".woff2"}:
            continue
        found = forbidden.search(path.read_text(encoding="utf-8", errors="replace"))
        if found:
            wrong.append(f"{name}: {found.group()}")
    assert wrong == []
