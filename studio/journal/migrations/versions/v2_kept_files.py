"""Kept files and shared links; from here on the database itself refuses KEPT without a video."""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Make the tables and the trigger."""
    op.create_table(
        "artifacts",
        sa.Column("entry_id", sa.String(32), sa.ForeignKey("entries.entry_id"), primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("index", sa.Integer, primary_key=True),
        sa.Column("path", sa.String(500), nullable=False, unique=True),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("pinned", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size_bytes > 0", name="artifact_is_not_empty"),
        sa.CheckConstraint("length(sha256) = 64", name="artifact_has_hash"),
    )
    op.create_table(
        "shares",
        sa.Column("entry_id", sa.String(32), sa.ForeignKey("entries.entry_id"), primary_key=True),
        sa.Column("token_sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


_NO_VIDEO = "NOT EXISTS (SELECT 1 FROM artifacts WHERE entry_id = NEW.entry_id AND kind = 'video')"
_SQLITE = (
    f"""
    CREATE TRIGGER kept_has_video BEFORE UPDATE OF state ON entries
    WHEN NEW.state = 'kept' AND OLD.state <> 'kept' AND {_NO_VIDEO}
    BEGIN SELECT RAISE(ABORT, 'kept_has_video'); END
    """,
)
_POSTGRESQL = (
    f"""
    CREATE FUNCTION refuse_kept_without_video() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {_NO_VIDEO} THEN
            RAISE EXCEPTION 'kept_has_video' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER kept_has_video BEFORE UPDATE OF state ON entries FOR EACH ROW
    WHEN (NEW.state = 'kept' AND OLD.state <> 'kept') EXECUTE FUNCTION refuse_kept_without_video()
    """,
)
