"""Runs `vesal-server` inside the test's process, on the test's database and folder."""

import io
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from unittest import mock

from vesal_server.cli.main import main
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database


@dataclass(frozen=True)
class Ended:
    """How a command ended: its status, and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The JSON on stdout."""
        return json.loads(self.out)


class Command:
    """`vesal-server` for one database and one data folder."""

    def __init__(self, database: Database, config: Config) -> None:
        self.environment = {
            "VESAL_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "VESAL_DATA_DIR": str(config.data_dir),
        }

    def __call__(
        self, *words: object, stdin: str = "", environment: Mapping[str, str] | None = None
    ) -> Ended:
        """Run one command."""
        out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
        plain = {key: value for key, value in os.environ.items() if not key.startswith("VESAL_")}
        given = {**plain, **self.environment, **(environment or {})}
        with (
            mock.patch.dict(os.environ, given, clear=True),
            mock.patch.object(sys, "stdout", out),
            mock.patch.object(sys, "stderr", err),
            mock.patch.object(sys, "stdin", io.StringIO(stdin)),
        ):
            status = main([str(word) for word in words])
        out.flush()
        raw = out.buffer.getvalue()
        return Ended(status, raw.decode("utf-8"), err.getvalue())
