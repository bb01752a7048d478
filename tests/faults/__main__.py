"""`python3 dev.py faults [NAME…]`."""

import sys

from tests.measure import run_named

if __name__ == "__main__":
    sys.exit(run_named("tests.faults", sys.argv[1:]))
