"""A picture of all parts with their states, to be held beside the drawn target: python -m tests.client.kit.gallery."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str]) -> int:
    """Write parts-light.png and parts-dark.png into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", default="1")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = options.scale
    from tests.client.kit.gallery_parts import grab

    options.folder.mkdir(parents=True, exist_ok=True)
    grab(options.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
