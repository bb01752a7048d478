"""Alembic's entry: runs on the connection, and in the transaction, that the caller hands over."""

from alembic import context

from vesal_server.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
