"""The bank's settings: a typed registry of keys with defaults, and their values in the database."""

from vesal_server.settings.service import Settings, change, read, read_secret

__all__ = ["Settings", "change", "read", "read_secret"]
