"""Writes the initial migration's SQL anew from the tables: for use while nothing is released yet."""

from pathlib import Path

from vesal_server.migrations import ddl

TARGET = Path(__file__).parent / "initial.sql"
#: What stands between two statements of the file.
SEPARATOR = ";\n\n"


def main() -> None:
    """Write `initial.sql` beside this module."""
    TARGET.write_text(SEPARATOR.join(ddl.statements()) + ";\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
