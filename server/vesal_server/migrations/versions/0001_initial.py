"""The first schema, as frozen SQL: later migrations start from what it was, not from today's tables."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run every statement of `initial.sql`."""
    frozen = (Path(__file__).parent.parent / "initial.sql").read_text(encoding="utf-8")
    connection = op.get_bind().execution_options(no_parameters=True)
    for statement in frozen.removesuffix(";\n").split(";\n\n"):
        connection.exec_driver_sql(statement)
