"""The link of a video that could not be fetched, for its owner; and which videos an owner brought by hand."""

import sqlalchemy as sa
from alembic import op

revision = "5"
down_revision = "4"


def upgrade() -> None:
    """Add the link, and the mark of what came by hand: nothing that was kept before did."""
    op.add_column("entries", sa.Column("result_url", sa.Text()))
    op.add_column("artifacts", sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))
