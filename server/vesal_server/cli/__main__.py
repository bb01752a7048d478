"""`python -m vesal_server.cli` is `vesal-server`."""

import sys

from vesal_server.cli.main import main

sys.exit(main())
