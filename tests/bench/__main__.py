"""`python3 dev.py bench [NAME…]`."""

import sys

from tests.measure import run_named

if __name__ == "__main__":
    sys.exit(run_named("tests.bench", sys.argv[1:]))
