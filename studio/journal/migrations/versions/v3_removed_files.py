"""A kept file that a person removed: its row stays and says so."""

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Add the time of removal."""
    op.add_column("artifacts", sa.Column("removed_at", sa.DateTime(timezone=True)))
