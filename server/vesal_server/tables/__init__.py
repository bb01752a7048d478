"""SQLAlchemy tables, one file a term; importing this package gives `metadata` with all of them."""

from vesal_server.tables import (  # noqa: F401
    access,
    catalogs,
    feeds,
    followups,
    loans,
    notifications,
    system,
    workflows,
)
from vesal_server.tables.base import metadata

__all__ = ["metadata"]
