"""Tasks that were put aside, and those whose slot is another's for good; queues that stand still."""

import sqlalchemy as sa
from alembic import op

revision = "7"
down_revision = "6"


def upgrade() -> None:
    """Add both to each task, of which none was put aside before; no queue is stopped yet."""
    op.add_column("entries", sa.Column("put_aside_at", sa.DateTime(timezone=True)))
    op.add_column(
        "entries", sa.Column("slot_given_back", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "queue_stops",
        sa.Column("service", sa.String(500), primary_key=True),
        sa.Column("key_fingerprint", sa.String(64), primary_key=True),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
    )
