"""How many creates of an entry had no clear end: its task may exist, whatever a later one is answered."""

import sqlalchemy as sa
from alembic import op

revision = "6"
down_revision = "5"


def upgrade() -> None:
    """Add the count: what is looked for had one such end, and what was looked for and is queued again."""
    op.add_column("entries", sa.Column("unclear_ends", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE entries SET unclear_ends = 1 WHERE state IN ('unknown', 'needs_person')"
        " OR (state = 'intent' AND attempts > 0 AND problem IS NULL)"
    )
