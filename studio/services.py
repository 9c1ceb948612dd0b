"""The composition root: everything that a process shares, made from its settings."""

from __future__ import annotations

import logging
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from studio.errors import StudioError
from studio.files.artifact_store import ArtifactStore
from studio.files.storage import Storage
from studio.files.video_download import download_video
from studio.files.video_urls import VideoUrls
from studio.files.video_zip import VideoZips
from studio.films.workshop import Workshop
from studio.journal.database import Database, set_to_wal
from studio.journal.deployment import DeploymentValues, Heartbeats
from studio.journal.entry import Entry
from studio.journal.journal import Journal
from studio.journal.ledger import Ledger
from studio.journal.schema import upgrade
from studio.journal.share_links import ShareLinks
from studio.journal.unseen import UnseenEnds
from studio.process.log_redaction import REDACTION, install
from studio.recipes.draft_store import DraftStore
from studio.recipes.sent_drafts import SentDrafts, dump_sent_draft
from studio.service.catalogue import Catalogue
from studio.service.endpoint import ServiceEndpoint
from studio.service.kept_catalogue import KeptCatalogue
from studio.service.keyring import Keyring
from studio.service.model_evidence import ModelKnowledge
from studio.settings import OPEN_DEPLOYMENT, Settings
from studio.tasks.callback_urls import CallbackUrls
from studio.tasks.gallery import Gallery
from studio.tasks.recovery import Recovery, settle_interrupted
from studio.tasks.runner import TaskRunner
from studio.tasks.shared_task import SharedTask, read_shared_task
from studio.tasks.steps import Steps
from studio.tasks.takeover import Takeover
from studio.tasks.task_service import TaskService

if TYPE_CHECKING:
    from simulator.embedded import RunningSimulator

log = logging.getLogger(__name__)

ONLY_PROCESS = "local"
"""The name of a process on SQLite: the next one under it goes on with its workflows at once."""

COPIES = "copies"
"""The folder for copies of an object store's files, and for what is on its way there."""


_OTHER_FOLDER = "Stop the other app that runs in this folder, or set STUDIO_DATA_DIR to another one."


def start_simulator(settings: Settings) -> RunningSimulator:
    """The embedded simulator, in the time that the settings give it."""
    from simulator.embedded import SimulatorDidNotStart, start  # noqa: PLC0415 — only a process without a key loads it
    from simulator.settings import SimulatorSettings  # noqa: PLC0415

    task_s = settings.simulator_task_s
    state_dir = settings.data_dir / "simulator"  # a restarted app still finds its simulated tasks
    chosen = SimulatorSettings(submitted_s=task_s * 0.2, processing_s=task_s * 0.8, state_dir=state_dir)
    try:
        return start(chosen)
    except SimulatorDidNotStart as error:
        raise StudioError("The simulator did not start.", str(error), _OTHER_FOLDER) from error


@dataclass(kw_only=True)
class ServiceEndpoints:
    """The services that this process can talk to; the simulator is started when it is first needed, once."""

    settings: Settings
    start_simulator: Callable[[Settings], RunningSimulator] = start_simulator
    _simulator: RunningSimulator | None = None
    _starting: threading.Lock = field(default_factory=threading.Lock)

    def of(self, session_key: str | None) -> ServiceEndpoint:
        """CometAPI with the session's or the deployment's key, otherwise the simulator."""
        key = self.settings.key_of(session_key)
        if key:
            return ServiceEndpoint(base_url=self.settings.base_url, api_key=key, simulated=False)
        return self.simulator()

    def simulator(self) -> ServiceEndpoint:
        """The simulator, running."""
        # One a process: a deployment with a key never pays for it.
        with self._starting:
            if self._simulator is None:
                self._simulator = self.start_simulator(self.settings)
        return ServiceEndpoint(
            base_url=self._simulator.base_url, api_key=self._simulator.api_key, simulated=True
        )

    def are_shared(self, endpoint: ServiceEndpoint) -> bool:
        """Whether people share its key, as they do the simulator's and the deployment's."""
        return endpoint.simulated or endpoint.api_key == self.settings.api_key

    def cap_usd(self, endpoint: ServiceEndpoint) -> Decimal | None:
        """The cap on one person's spending there in a day; a key of one's own has none."""
        is_deployments = not endpoint.simulated and self.are_shared(endpoint)
        return self.settings.spending_cap_usd if is_deployments else None

    def close(self) -> None:
        """Stop the simulator, if it was started; may be called again."""
        with self._starting:
            if self._simulator is not None:
                self._simulator.stop()


@dataclass(frozen=True, kw_only=True)
class Services:
    """All that the sessions of a process share; close() ends it."""

    settings: Settings
    endpoints: ServiceEndpoints
    keyring: Keyring
    tasks: TaskService
    gallery: Gallery
    models: ModelKnowledge
    artifacts: ArtifactStore
    shares: ShareLinks
    ledger: Ledger
    unseen: UnseenEnds
    callbacks: CallbackUrls
    videos: VideoUrls
    zips: VideoZips
    # autosaved drafts, and the drafts that were sent
    drafts: DraftStore
    sent: SentDrafts
    # files in the making of kept videos
    films: Workshop
    # where tasks are, for the warning about a disk that may vanish
    database_url: str = field(repr=False)
    _closing: ExitStack = field(repr=False)

    def endpoint(self, session_key: str | None = None) -> ServiceEndpoint:
        """The service that a session with this key, or without one, talks to."""
        return self.endpoints.of(session_key)

    def shared_task(self, token: str) -> SharedTask | None:
        """The task that the link of this token shows; None for one that was withdrawn or never was.

        Raises:
            StorageProblem: a kept file of it cannot be read.
        """
        return read_shared_task(self.shares, self.artifacts, token)

    def close(self) -> None:
        """End everything; tasks go on with the next start. May be called again."""
        self._closing.close()


def build(
    settings: Settings, simulator: Callable[[Settings], RunningSimulator] = start_simulator
) -> Services:
    """Build and start all that a process shares, with its tasks going on.

    Raises:
        StudioError: a setting, the database or the storage cannot be used.
    """
    install()
    if settings.is_open:
        log.warning(OPEN_DEPLOYMENT)
    # Without a key of its own too: a session may bring one, and the address must do for it.
    ServiceEndpoint(
        base_url=settings.base_url, api_key=settings.api_key or "none", simulated=False
    ).connect().close()
    with ExitStack() as closing:
        return _built(settings, ServiceEndpoints(settings=settings, start_simulator=simulator), closing)


def _built(settings: Settings, endpoints: ServiceEndpoints, closing: ExitStack) -> Services:
    store = _open_database(_database_url(settings), closing)
    closing.callback(endpoints.close)
    values = DeploymentValues(store)
    secret = bytes.fromhex(values.get_or_make("secret", lambda: secrets.token_hex(32)))
    keyring, journal = Keyring(secret), Journal(store)
    closing.callback(keyring.close)
    callbacks = CallbackUrls(secret=secret, public_url=settings.public_url)
    is_closing = threading.Event()
    artifacts = _artifact_store(settings, store, is_closing)
    steps = Steps(
        journal=journal,
        keys=keyring,
        keep_video=partial(_keep_video, artifacts, keyring),
        callback_address=callbacks.address,
    )
    _register_own_keys(settings, endpoints, keyring, journal)
    runner = _start_runner(settings, store, steps, keyring, closing)
    recovery = _start_recovery(store, journal, keyring, runner, closing)
    films = Workshop(settings.data_dir / "films")
    closing.callback(films.close)
    drafts = DraftStore(_beside_videos(settings, "drafts"))
    closing.callback(drafts.close)
    closing.callback(is_closing.set)
    tasks = TaskService(
        journal=journal,
        keyring=keyring,
        artifacts=artifacts,
        runner=runner,
        recovery=recovery,
        is_shared=endpoints.are_shared,
        dump_recipe=dump_sent_draft,
        cap_usd=endpoints.cap_usd,
        most_open=settings.tasks_per_person,
        slots=settings.parallel_tasks,
    )
    return Services(
        settings=settings,
        endpoints=endpoints,
        keyring=keyring,
        tasks=tasks,
        gallery=Gallery(journal=journal, artifacts=artifacts, slots=settings.parallel_tasks),
        models=ModelKnowledge(journal.queries, _catalogue(values, settings)),
        artifacts=artifacts,
        shares=ShareLinks(store),
        ledger=Ledger(store),
        unseen=UnseenEnds(store),
        callbacks=callbacks,
        videos=VideoUrls(secret=secret, artifacts=artifacts),
        zips=VideoZips(secret=secret, artifacts=artifacts, queries=journal.queries),
        films=films,
        drafts=drafts,
        sent=SentDrafts(artifacts, earlier=_beside_videos(settings, "recipes")),
        database_url=_database_url(settings),
        _closing=closing.pop_all(),
    )


def _open_database(database_url: str, closing: ExitStack) -> Database:
    store = Database(database_url)
    closing.callback(store.close)
    upgrade(store)
    return store


def _catalogue(values: DeploymentValues, settings: Settings) -> Catalogue:
    """The public list of models, beginning with the one that the last process kept."""
    kept = KeptCatalogue(values, settings.base_url)
    return Catalogue(earlier=kept.load(), keep=kept.keep)


def _artifact_store(settings: Settings, store: Database, is_closing: threading.Event) -> ArtifactStore:
    """The kept files; a download that is under way breaks off when the process closes."""
    return ArtifactStore(
        store,
        settings.storage_url or str(settings.data_dir / "files"),
        cap_bytes=settings.storage_cap_mb * 1_000_000,
        cache_dir=settings.data_dir / COPIES,
        download=partial(
            download_video, is_over=is_closing.is_set, allowed=settings.result_addresses_allowed
        ),
    )


def _keep_video(artifacts: ArtifactStore, keyring: Keyring, entry: Entry, url: str, base_url: str) -> None:
    """Fetch an entry's video with the key of its task, which its service's own address may want."""
    client = keyring.connect(entry)
    artifacts.keep_video(entry, url, base_url, auth=client.auth if client else None)


def _start_runner(
    settings: Settings, store: Database, steps: Steps, keyring: Keyring, closing: ExitStack
) -> TaskRunner:
    runner = TaskRunner(
        _workflows_url(store, _database_url(settings)),
        executor_id=ONLY_PROCESS if store.is_sqlite else f"{socket.gethostname()}-{secrets.token_hex(4)}",
        parallel_tasks=settings.parallel_tasks,
        run_next_step=steps.run_next_step,
        is_shared=_has_deployments_key(settings, keyring),
    )
    if store.is_sqlite:
        settle_interrupted(steps.journal)
    closing.callback(runner.close)
    runner.start()
    return runner


def _start_recovery(
    store: Database, journal: Journal, keyring: Keyring, runner: TaskRunner, closing: ExitStack
) -> Recovery:
    takeover = None if store.is_sqlite else Takeover(runner, Heartbeats(store))
    recovery = Recovery(journal=journal, keys=keyring, runner=runner, takeover=takeover)
    closing.callback(recovery.close)
    recovery.start()
    return recovery


def _beside_videos(settings: Settings, name: str) -> Storage:
    """A folder of that name: in STORAGE_URL, where every machine finds it, or in the data folder."""
    if settings.storage_url is None:
        return Storage(str(settings.data_dir / name))
    return Storage(f"{settings.storage_url.rstrip('/')}/{name}", settings.data_dir / COPIES)


def _register_own_keys(
    settings: Settings, endpoints: ServiceEndpoints, keyring: Keyring, journal: Journal
) -> None:
    """Put the deployment's key on the keyring, and the simulator's where tasks of it are unfinished."""
    if settings.api_key:
        REDACTION.conceal(settings.api_key)
        keyring.remember(endpoints.of(None), for_good=True)
    if any(entry.is_simulated for entry in journal.queries.unfinished()):
        keyring.remember(endpoints.simulator(), for_good=True)


def _has_deployments_key(settings: Settings, keyring: Keyring) -> Callable[[Entry], bool]:
    fingerprint = keyring.fingerprint(settings.api_key) if settings.api_key else None
    return lambda entry: not entry.is_simulated and entry.key_fingerprint == fingerprint


def _database_url(settings: Settings) -> str:
    """Where the journal is: DATABASE_URL, or a file in the data folder."""
    return settings.database_url or f"sqlite:///{(settings.data_dir / 'studio.db').absolute()}"


def _workflows_url(store: Database, database_url: str) -> str:
    """DBOS's tables: in a schema of their own beside ours; on SQLite in a file of their own."""
    if not store.is_sqlite:
        return database_url
    url = f"{database_url.removesuffix('.db')}-workflows.db"
    set_to_wal(url)
    return url
