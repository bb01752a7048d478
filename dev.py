#!/usr/bin/env python3
"""Sets up and runs everything from a clone, with nothing but Python.

Standard library only; everything it makes lies under the clone.
"""

import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "vesal-setup.json"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
REQUIREMENTS = ROOT / "requirements"
#: In the order of their installation: who comes later needs those before.
MEMBERS = ("shared", "resources", "server", "client")
OLDEST = (3, 11)

#: What Qt needs of the system on Linux, and Debian's package that has it.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libcups.so.2": "libcups2",
}
#: Programs that tests compare with, and Debian's package that has them.
PROGRAMS = {"pdftotext": "poppler-utils"}
#: Settings of pip that would lead an installation out of the virtual environment.
MISLEADING = (
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_REQUIRE_VIRTUALENV",
    "PYTHONHOME",
    "PYTHONPATH",
)


def main(arguments: list[str]) -> int:
    """Run one of the commands; returns the exit status."""
    utf8()
    if sys.version_info < OLDEST:
        print("Vesal needs Python 3.11 or newer.", file=sys.stderr)
        return 1
    commands = {
        "setup": lambda _: 0,
        "demo": demo,
        "test": test,
        "bench": lambda rest: run(PYTHON, "-m", "tests.bench", *rest),
        "faults": lambda rest: run(PYTHON, "-m", "tests.faults", *rest),
        "check": check,
    }
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if name == "lock":
        return lock()
    if name not in commands:
        names = "|".join([*commands, "lock"])
        print(f"usage: python3 dev.py {names} [ARGUMENTS…]\n\n{__doc__}", file=sys.stderr)
        return 0 if name in {"-h", "--help"} else 2
    setup()
    return commands[name](rest)


def test(rest: list[str]) -> int:
    """Run pytest without a display, on every core unless the arguments say how."""
    own = any(
        word in {"--pdb", "--trace", "-s"} or word.startswith(("-n", "--numprocesses", "-p")) for word in rest
    )
    spread = [] if own else ["-n", "auto"]
    return run(PYTHON, "-m", "pytest", *spread, *rest, QT_QPA_PLATFORM="offscreen")


def check(rest: list[str]) -> int:
    """Run format, lint, types and import rules, all of them even where one fails."""
    statuses = [
        run(PYTHON, "-m", "ruff", "format", "--check", "."),
        run(PYTHON, "-m", "ruff", "check", "."),
        run(PYTHON, "-m", "mypy", *rest),
        run(
            BIN / "lint-imports", "--no-cache" if os.environ.get("CI") else "--cache-dir=.import_linter_cache"
        ),
    ]
    return max(statuses)


def demo(rest: list[str]) -> int:
    """Show the whole main job on a generated bank."""
    return run(PYTHON, "-m", "vesal_server.cli.demo", "--output", str(ROOT / "demo-output"), *rest)


def run(program: Path, *arguments: str, **environment: str) -> int:
    """Run a program in the clone; returns its exit status."""
    environment = {**os.environ, "PYTHONUTF8": "1", **environment}
    try:
        return subprocess.run([str(program), *arguments], cwd=ROOT, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 130


# Set-up


def setup() -> None:
    """Make the virtual environment and install what is locked, unless that was done."""
    wanted = fingerprint()
    if not (PYTHON.exists() and stamp() == wanted):
        install(wanted)
    if sys.platform.startswith("linux"):
        system_libraries()


def install(wanted: str) -> None:
    """Install the locked packages by their hashes, then the four members in place."""
    if not usable(PYTHON):
        if VENV.exists():
            shutil.rmtree(VENV)
        say("making .venv")
        made = subprocess.run([suitable_python(), "-m", "venv", str(VENV)], check=False)
        if made.returncode != 0:
            raise SystemExit("python3 -m venv failed; on Debian and Ubuntu install the package python3-venv")
    environment = {key: value for key, value in os.environ.items() if key not in MISLEADING}
    pip = [
        str(PYTHON),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--no-input",
        "--no-deps",
    ]
    say("installing the locked packages")
    locked = str(REQUIREMENTS / "development.txt")
    subprocess.run([*pip, "--require-hashes", "-r", locked], check=True, env=environment)
    say("installing the four members in place")
    editable = [word for member in MEMBERS for word in ("-e", str(ROOT / member))]
    subprocess.run([*pip, "--no-build-isolation", *editable], check=True, env=environment)
    STAMP.write_text(json.dumps({"fingerprint": wanted}), encoding="utf-8")


def fingerprint() -> str:
    """What the environment is made from: the lock, the members' descriptions, the Python."""
    digest = hashlib.sha256(f"{suitable_python()} {ROOT}".encode())
    for path in (REQUIREMENTS / "development.txt", *(ROOT / member / "pyproject.toml" for member in MEMBERS)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stamp() -> str | None:
    """The fingerprint of the last set-up that ended well."""
    try:
        return str(json.loads(STAMP.read_text(encoding="utf-8"))["fingerprint"])
    except (OSError, ValueError, KeyError):
        return None


def usable(python: Path) -> bool:
    """Whether the environment's Python runs, is new enough, and has pip."""
    question = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([str(python), "-c", question], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def suitable_python() -> str:
    """The Python that runs this, which is new enough or this file could not be read."""
    return getattr(sys, "_base_executable", sys.executable) or sys.executable


def system_libraries() -> None:
    """Install what Qt needs of the system where that is possible, else name it."""
    missing = [package for library, package in QT_LIBRARIES.items() if not loads(library)]
    missing += [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if sys.platform != "win32" and os.geteuid() != 0:
        command = ["sudo", "-n", *command]
    if shutil.which("apt-get") and shutil.which(command[0]):
        say(f"installing what Qt needs of the system: {' '.join(missing)}")
        prefix = command[: command.index("apt-get")]
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in ([*prefix, "apt-get", "update", "-qq"], command):
            subprocess.run(step, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
        missing = [package for library, package in QT_LIBRARIES.items() if not loads(library)]
    if missing:
        say(f"the client may need these system packages, which could not be installed: {' '.join(missing)}")


def loads(library: str) -> bool:
    """Whether the system's loader finds a library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


# Locking


def lock() -> int:
    """Lock what the members and the development group name, with hashes, for every platform at once."""
    uv = shutil.which("uv", path=f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}")
    if uv is None:
        print("dev.py lock needs uv (pip install uv)", file=sys.stderr)
        return 1
    import tomllib  # not on the old Pythons that `main` turns away

    named = {member: dependencies(member) for member in MEMBERS}
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    everything = sorted({line for lines in named.values() for line in lines} | set(groups["dev"]))
    # Everything at once first, so that server and client agree on every version.
    compile_lock(uv, "development", everything)
    for member in ("server", "client"):
        lines = sorted({*named["shared"], *named["resources"], *named[member]})
        compile_lock(uv, member, lines, "-c", str(REQUIREMENTS / "development.txt"))
    return 0


def dependencies(member: str) -> list[str]:
    """What a member needs from outside the workspace."""
    import tomllib  # as above

    project = tomllib.loads((ROOT / member / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [line for line in project["dependencies"] if not line.startswith("vesal-")]


def compile_lock(uv: str, name: str, lines: list[str], *options: str) -> None:
    """Write requirements/NAME.txt: exact versions and hashes, no address."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in.txt")
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")
        subprocess.run(
            [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes",
             "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header", "--no-config",
             *options, "-o", str(REQUIREMENTS / f"{name}.txt"), str(source)],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(f"dev.py: {line}", file=sys.stderr, flush=True)


def utf8() -> None:
    """Speak UTF-8 when piped, too."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
