"""Who changed what, and when: append only, written in the change's own transaction, sealed by the leader."""

from vesal_server.audit.service import Actor, record

__all__ = ["Actor", "record"]
