"""The charge of a task in the service's own words, and an index of the ends that are not seen yet."""

import sqlalchemy as sa
from alembic import op

revision = "10"
down_revision = "9"


def upgrade() -> None:
    """Add them; nothing is known of what was charged before."""
    op.add_column("entries", sa.Column("charged", sa.Text()))
    op.create_index("entries_by_end", "entries", ["owner", "state", "seen_at"])
