"""One index of all that the gallery counts by: a row's picture lies before these columns on the disk."""

from alembic import op

revision = "9"
down_revision = "8"


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "entries_in_gallery",
        "entries",
        ["owner", "created_at", "entry_id", "state", "state_since", "put_aside_at", "sent_at"],
    )
