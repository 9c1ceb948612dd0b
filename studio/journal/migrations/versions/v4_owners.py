"""The database knows the hash of a browser's id: the id itself lets in whoever reads it."""

import hashlib
import re

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Put the hash in the id's place."""
    connection = op.get_bind()
    swap = sa.text("UPDATE entries SET owner = :hashed WHERE owner = :owner")
    for owner in connection.execute(sa.text("SELECT DISTINCT owner FROM entries")).scalars().all():
        if re.fullmatch(r"[A-Za-z0-9_-]{32}", owner):
            hashed = "browser:" + hashlib.sha256(owner.encode()).hexdigest()
            connection.execute(swap, {"owner": owner, "hashed": hashed})
