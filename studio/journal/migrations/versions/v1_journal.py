"""The journal: entries with their requests, what is proven of look-ups, and the deployment's own values."""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None

_STATES = (
    "'accepted', 'failed', 'forgotten', 'intent', 'kept', 'needs_person', 'rejected', 'running', 'sending',"
    " 'succeeded', 'unknown'"
)
_WITH_TASK = "'accepted', 'failed', 'kept', 'running', 'succeeded'"
_WITHOUT_TASK = "'intent', 'needs_person', 'rejected', 'sending', 'unknown'"


def upgrade() -> None:
    """Make its tables."""
    _entries()
    op.create_table(
        "requests",
        sa.Column("entry_id", sa.String(32), sa.ForeignKey("entries.entry_id"), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("body", sa.Text),
    )
    op.create_table(
        "proofs",
        sa.Column("far_end", sa.String(500), primary_key=True),
        _time("found_at"),
        _time("missed_at"),
        sa.Column("lag_s", sa.Float, nullable=False),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _entries() -> None:
    op.create_table(
        "entries",
        *_names(),
        *_facts(),
        sa.UniqueConstraint("click_token"),
        sa.UniqueConstraint(
            "far_end", "key_fingerprint", "external_task_id", name="one_entry_per_external_id"
        ),
        *_checks(),
    )
    op.create_index(
        "one_entry_per_task_made_elsewhere",
        "entries",
        ["owner", "far_end", "key_fingerprint", "task_id"],
        unique=True,
        sqlite_where=sa.text("made_elsewhere"),
        postgresql_where=sa.text("made_elsewhere"),
    )
    op.create_index("entries_by_owner", "entries", ["owner", "created_at"])
    op.create_index("entries_by_state", "entries", ["state"])


def _names() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("entry_id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("click_token", sa.String(64)),
        sa.Column("far_end", sa.String(500), nullable=False),
        sa.Column("key_fingerprint", sa.String(64), nullable=False),
        sa.Column("external_task_id", sa.Text),
        sa.Column("task_id", sa.Text),
        sa.Column("state", sa.String(20), nullable=False),
    )


def _facts() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("made_elsewhere", sa.Boolean, nullable=False),
        sa.Column("model_name", sa.Text),
        sa.Column("mode", sa.Text),
        sa.Column("duration", sa.Text),
        sa.Column("prompt", sa.Text),
        sa.Column("price_micro_usd", sa.BigInteger),
        sa.Column("thumbnail", sa.LargeBinary),
        _time("created_at", nullable=False),
        _time("state_since", nullable=False),
        _time("sent_at"),
        _time("accepted_at"),
        _time("ended_at"),
        sa.Column("attempts", sa.Integer, nullable=False),
        _time("not_before"),
        sa.Column("not_founds", sa.Integer, nullable=False),
        _time("last_not_found_at"),
        _time("last_look_at"),
        _time("next_look_at"),
        sa.Column("problem", sa.String(40)),
        sa.Column("message", sa.Text),
    )


def _checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint(f"state IN ({_STATES})", name="state_is_known"),
        sa.CheckConstraint(f"state NOT IN ({_WITH_TASK}) OR task_id IS NOT NULL", name="accepted_has_task"),
        sa.CheckConstraint(f"state NOT IN ({_WITHOUT_TASK}) OR task_id IS NULL", name="task_not_sent_again"),
        sa.CheckConstraint(
            "state NOT IN ('needs_person', 'sending', 'unknown') OR sent_at IS NOT NULL",
            name="sent_has_time",
        ),
        sa.CheckConstraint(
            "state NOT IN ('failed', 'kept', 'rejected', 'succeeded') OR ended_at IS NOT NULL",
            name="ended_has_time",
        ),
        sa.CheckConstraint(
            "made_elsewhere OR (click_token IS NOT NULL AND external_task_id IS NOT NULL)",
            name="ours_has_ids",
        ),
        sa.CheckConstraint("version >= 0 AND attempts >= 0 AND not_founds >= 0", name="counts_are_counts"),
    )


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
