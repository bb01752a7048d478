"""Exit statuses, and the options that every command takes."""

import argparse
from pathlib import Path

DONE = 0
UNEXPECTED = 1
WRONG_USAGE = 2
REFUSED = 3


def common_options() -> argparse.ArgumentParser:
    """The options of every command, as a parent of its parser and of those of its actions."""
    common = argparse.ArgumentParser(add_help=False)
    # SUPPRESS lets an option stand before the command as well as after it.
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="نتیجه به شکل JSON")
    common.add_argument(
        "--config", type=Path, default=argparse.SUPPRESS, metavar="FILE", help="پرونده تنظیمات vesal.toml"
    )
    common.add_argument(
        "--data-dir", default=argparse.SUPPRESS, metavar="FOLDER", help="پوشه داده (VESAL_DATA_DIR)"
    )
    common.add_argument(
        "--database-url", default=argparse.SUPPRESS, metavar="URL", help="پایگاه داده (VESAL_DATABASE_URL)"
    )
    return common
