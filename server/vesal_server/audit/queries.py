"""The audit's SQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, null

from vesal_server.tables.system import audit_entry


def add(
    connection: Connection,
    *,
    at: datetime,
    user_id: int | None,
    username: str,
    action: str,
    entity: str,
    entity_id: str,
    branch_code: str | None,
    old: dict[str, Any] | None,
    new: dict[str, Any] | None,
) -> None:
    """Append one unsealed row.

    The leader numbers and seals it once no older transaction can come before it.
    """
    connection.execute(
        insert(audit_entry).values(
            at=at,
            user_id=user_id,
            username=username,
            action=action,
            entity=entity,
            entity_id=entity_id,
            branch_code=branch_code,
            old=old if old is not None else null(),
            new=new if new is not None else null(),
        )
    )
