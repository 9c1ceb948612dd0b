"""A person's name and star for a task, its batch, the task that it continues, and when its end was seen."""

import sqlalchemy as sa
from alembic import op

revision = "8"
down_revision = "7"


def upgrade() -> None:
    """Add them to each task; what has ended before counts as seen, so that nothing old is announced."""
    op.add_column("entries", sa.Column("name", sa.Text()))
    op.add_column("entries", sa.Column("is_starred", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("entries", sa.Column("batch_id", sa.String(32)))
    op.add_column("entries", sa.Column("continues_entry_id", sa.String(32)))
    op.add_column("entries", sa.Column("seen_at", sa.DateTime(timezone=True)))
    op.create_index("entries_by_batch", "entries", ["batch_id"])
    op.create_index("entries_by_continued", "entries", ["continues_entry_id"])
    op.execute("UPDATE entries SET seen_at = state_since WHERE state IN ('kept', 'failed', 'rejected')")
