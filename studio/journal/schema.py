"""The tables of the journal and of what is kept, and how an earlier database is brought up to them.

The database itself refuses what must not be: a second entry for one click or one external id, a state
without its evidence, a task id on anything that could be sent again. `migrations/` holds each version.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from studio.journal.database import Database, StoreProblem
from studio.journal.entry import WITH_TASK, WITHOUT_TASK, State
from studio.owners import owner_on_record

_UPGRADE_LOCK = 0x4D6F74696F6E  # any number that nothing else locks: "Motion"


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; SQLite itself knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Raises ValueError for a naive one."""
        if value is not None and value.tzinfo is None:
            raise ValueError("A naive datetime has no place in the database.")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """SQLite's naive values are UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text of any length from outside, without what a database refuses: NUL and half surrogates."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """A refused character becomes a question mark: a row must never fail for its words."""
        return None if value is None else value.replace("\0", "?").encode("utf-8", "replace").decode()


class Owner(TypeDecorator[str]):
    """An owner, whose own id is never written down; what is read back names the same owner."""

    impl = String(200)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Its hash, where the id itself would let anybody in."""
        return None if value is None else owner_on_record(value)


def _one_of(states: frozenset[State] | type[State]) -> str:
    return ", ".join(sorted(f"'{state.value}'" for state in states))


metadata = MetaData()

entries = Table(
    "entries",
    metadata,
    Column("entry_id", String(32), primary_key=True),
    Column("owner", Owner, nullable=False),
    Column("click_token", String(64), unique=True),
    Column("far_end", String(500), nullable=False, key="service"),
    Column("key_fingerprint", String(64), nullable=False),
    Column("external_task_id", Words),
    Column("task_id", Words),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("made_elsewhere", Boolean, nullable=False),
    Column("model_name", Words),
    Column("mode", Words),
    Column("duration", Words),
    Column("prompt", Words),
    Column("price_micro_usd", BigInteger),
    Column("thumbnail", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False),
    Column("state_since", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("accepted_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("not_before", UtcDateTime, key="retry_at"),
    Column("not_founds", Integer, nullable=False),
    Column("last_not_found_at", UtcDateTime),
    Column("last_look_at", UtcDateTime),
    Column("next_look_at", UtcDateTime),
    Column("problem", String(40), key="create_error"),
    Column("message", Words),
    Column("result_url", Words),
    # creates without a clear end
    Column("unclear_ends", Integer, nullable=False, server_default="0"),
    Column("put_aside_at", UtcDateTime),
    Column("slot_given_back", Boolean, nullable=False, server_default=false()),
    Column("name", Words),
    Column("is_starred", Boolean, nullable=False, server_default=false()),
    Column("batch_id", String(32)),
    Column("continues_entry_id", String(32)),
    # when its owner first saw it finished
    Column("seen_at", UtcDateTime),
    # JSON: the amount that the service says it has charged, by its own unit; NULL: it has not said
    Column("charged", Text),
    UniqueConstraint("service", "key_fingerprint", "external_task_id", name="one_entry_per_external_id"),
    CheckConstraint(f"state IN ({_one_of(State)})", name="state_is_known"),
    CheckConstraint(f"state NOT IN ({_one_of(WITH_TASK)}) OR task_id IS NOT NULL", name="accepted_has_task"),
    CheckConstraint(f"state NOT IN ({_one_of(WITHOUT_TASK)}) OR task_id IS NULL", name="task_not_sent_again"),
    CheckConstraint(
        "state NOT IN ('sending', 'unknown', 'needs_person') OR sent_at IS NOT NULL", name="sent_has_time"
    ),
    CheckConstraint(
        "state NOT IN ('succeeded', 'failed', 'kept', 'rejected') OR ended_at IS NOT NULL",
        name="ended_has_time",
    ),
    CheckConstraint(
        "made_elsewhere OR (click_token IS NOT NULL AND external_task_id IS NOT NULL)", name="ours_has_ids"
    ),
    CheckConstraint("version >= 0 AND attempts >= 0 AND not_founds >= 0", name="counts_are_counts"),
    Index(
        "one_entry_per_task_made_elsewhere",
        *("owner", "service", "key_fingerprint", "task_id"),
        unique=True,
        sqlite_where=text("made_elsewhere"),
        postgresql_where=text("made_elsewhere"),
    ),
    Index("entries_by_owner", "owner", "created_at"),
    Index("entries_by_state", "state"),
    Index("entries_by_end", "owner", "state", "seen_at"),
    # all that the gallery counts and orders by: a row's picture lies before these columns on the disk
    Index(
        "entries_in_gallery",
        *("owner", "created_at", "entry_id", "state", "state_since", "put_aside_at", "sent_at"),
    ),
    Index("entries_by_batch", "batch_id"),
    Index("entries_by_continued", "continues_entry_id"),
)

requests = Table(
    "requests",
    metadata,
    Column("entry_id", ForeignKey("entries.entry_id"), primary_key=True),
    Column("sha256", String(64), nullable=False),
    # the JSON that is sent, without the key; NULL once nothing can be sent any more
    Column("body", Text),
)

proofs = Table(
    "proofs",
    metadata,
    Column("far_end", String(500), primary_key=True, key="service"),
    Column("found_at", UtcDateTime),
    Column("missed_at", UtcDateTime),
    Column("lag_s", Float, nullable=False),
)

queue_stops = Table(
    "queue_stops",
    metadata,
    Column("service", String(500), primary_key=True),
    Column("key_fingerprint", String(64), primary_key=True),
    # a kind of error
    Column("reason", String(40), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("next_try_at", UtcDateTime, nullable=False),
)

meta = Table(
    "meta",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)

artifacts = Table(
    "artifacts",
    metadata,
    Column("entry_id", ForeignKey("entries.entry_id"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("index", Integer, primary_key=True),
    Column("path", String(500), nullable=False, unique=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # when a person removed the file, or wanted a vanished one anew; NULL: it is there
    Column("removed_at", UtcDateTime),
    # a video that its owner uploaded, since it could not be fetched
    Column("by_hand", Boolean, nullable=False, default=False, server_default=false()),
    CheckConstraint("size_bytes > 0", name="artifact_is_not_empty"),
    CheckConstraint("length(sha256) = 64", name="artifact_has_hash"),
)

shares = Table(
    "shares",
    metadata,
    Column("entry_id", ForeignKey("entries.entry_id"), primary_key=True),
    # the link itself is known only to those who have it
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
)


def upgrade(store: Database, to: str = "head") -> None:
    """Bring the database up to this program's version; a new one is made.

    Safe when several processes start at once: one does it, the others wait.

    Raises:
        StoreProblem: the database cannot be reached, or belongs to a newer version of this program.
    """
    try:
        with store.writing() as connection:
            if not store.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
            command.upgrade(_config(connection=connection), to)
    except DBAPIError as failure:  # no rights, no database, a file that is none: each driver has its own
        raise StoreProblem(
            "The database cannot be used.",
            "It does not answer, is damaged, or does not let this app in; the app's log says which.",
            "Check DATABASE_URL, and that the database is running and may be written to.",
        ) from failure
    except CommandError as failure:
        raise StoreProblem(
            "The database belongs to another version of this app.",
            f"Its schema is not known here ({failure}).",
            "Start the newest version of the app on it.",
        ) from failure


def insert_or_ignore(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Whether the row was new: False when any UNIQUE constraint already has it."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    new = insert(table).values(row).on_conflict_do_nothing().returning(*table.primary_key)
    return connection.execute(new).first() is not None


def _config(**attributes: Any) -> Config:  # noqa: ANN401 — alembic's own bag of attributes
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes.update(attributes)
    return config
