"""The calls of the pages: submit, follow, list, and the choices of a person. Everything is read by owner."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO
from uuid import uuid4

from kling import ImageToVideoRequest, KlingClient, KlingError, NotFound, Task, price_usd
from kling.task_ids import new_external_task_id
from studio.errors import StudioError
from studio.files.artifact import artifact_row
from studio.files.artifact_store import Artifact, ArtifactStore
from studio.files.storage import StorageProblem
from studio.files.video_by_hand import no_video_wanted
from studio.journal.entry import Entry, NewTask, State, utc_now
from studio.journal.journal import Journal
from studio.journal.queries import JournalProblem
from studio.journal.spending_cap import Allowance, day_start
from studio.request.draft import Draft
from studio.service.endpoint import ServiceEndpoint
from studio.service.keyring import Keyring
from studio.tasks.error_messages import lookup_problem, refusal
from studio.tasks.task_view import Choice, open_choices
from studio.tasks.variants import as_batch, numbered

if TYPE_CHECKING:
    from studio.tasks.recovery import Recovery
    from studio.tasks.runner import TaskRunner

log = logging.getLogger(__name__)

SUBMIT_WAIT_S = 5.0
"""Seconds that a click waits for the outcome of its create, which goes on without it."""
IN_LINE_WAIT_S = 2.0
"""Seconds that it waits for the create to begin: behind other tasks that may take minutes."""
LOOK_EVERY_S = 0.05
REFUSALS_SHOWN_FOR = timedelta(days=1)
TRIES = 5
THUMBNAIL_PX = (480, 360)
"""The largest (width, height) of the picture on a card."""


@dataclass(frozen=True, kw_only=True)
class TaskService:
    """Thread-safe. Its calls wait for the database, and `submit` and `follow` for the service."""

    journal: Journal
    keyring: Keyring
    artifacts: ArtifactStore
    runner: TaskRunner
    recovery: Recovery
    # whether people share the key of this endpoint: the deployment's, or the simulator's
    is_shared: Callable[[ServiceEndpoint], bool]
    # a draft → the bytes of its recipe, which are kept before it is sent
    dump_recipe: Callable[[Draft], bytes]
    # what one person may spend a day with the deployment's key
    cap_usd: Callable[[ServiceEndpoint], Decimal | None] = lambda _: None
    # how many unfinished tasks one person may have; None: any number
    most_open: int | None = None
    # how many tasks of one key may be at the service at a time
    slots: int = 3
    now: Callable[[], datetime] = utc_now

    def submit(
        self,
        owner: str,
        endpoint: ServiceEndpoint,
        request: ImageToVideoRequest,
        click_token: str,
        draft: Draft | None = None,
    ) -> Entry:
        """Write down what is to be sent, once for each click token, and have it sent.

        All that the task's recipe is made from is kept before. Answers when the create is settled, or after a
        few seconds as it stands then.

        Args:
            owner: who sends it.
            endpoint: where to.
            request: as it was shown.
            click_token: made when the form is drawn, so that reruns and double clicks are one task.
            draft: what the request was composed from, for its recipe and its thumbnail.

        Raises:
            SubmitProblem: the service made no task; nothing was paid.
            SpendingCapReached: it would go over what this person may spend today; nothing is sent.
            TooManyTasks: this person has too many unfinished ones; nothing is sent.
            JournalProblem: the external task id is another person's.
            SpentExternalId: it is that of another request of theirs; nothing is sent.
            KeyProblem: the key cannot be used.
        """
        self.register_key(endpoint)
        new_task = self._new_task(owner, endpoint, request, draft, click_token)
        entry = self._create_entry(new_task, draft, self.cap_usd(endpoint))
        self.runner.start_workflow(entry)
        entry = self._wait_for_outcome(entry)
        if entry.state is State.REJECTED:
            raise refusal(entry, request)
        return entry

    def submit_batch(
        self,
        owner: str,
        endpoint: ServiceEndpoint,
        variants: Sequence[tuple[ImageToVideoRequest, Draft]],
        click_token: str,
    ) -> tuple[Entry, ...]:
        """Write down several tasks, all or none, and have each sent; answers before they are.

        Args:
            owner: who sends them.
            endpoint: where to.
            variants: each request as it was shown, and the draft that it was composed from.
            click_token: made when the choice is drawn: a second click, or a second tab with the same draft,
                answers the same tasks.

        Raises:
            SpendingCapReached, TooManyTasks, JournalProblem, SpentExternalId, KeyProblem: as `submit`, of all
                of them together; nothing is sent.
        """
        self.register_key(endpoint)
        external_task_id = variants[0][0].external_task_id or new_external_task_id()
        sent = tuple(numbered(variants, external_task_id))
        new_tasks = as_batch([self._new_task(owner, endpoint, *one, click_token) for one in sent])
        drafts = [draft for _, draft in sent]
        entries = self._create_with_files(new_tasks, drafts, self.cap_usd(endpoint))
        for entry in entries:
            self.runner.start_workflow(entry)
        return entries

    def follow(self, owner: str, endpoint: ServiceEndpoint, task_id: str) -> Entry:
        """Take up a task that was made elsewhere.

        With a key that people share, a task that another person made here is as unknown as any other.

        Raises:
            LookupProblem: the service does not know it, or cannot be asked.
            TooManyTasks: it is unfinished, and this person has too many of those.
        """
        self.register_key(endpoint)
        fingerprint = self.keyring.fingerprint(endpoint.api_key)
        task = self._look_up(owner, endpoint, fingerprint, task_id)
        entry = self.journal.adopt(owner, endpoint.journal_name, fingerprint, task, self.most_open)
        self.runner.start_workflow(entry)
        return entry

    def find(self, owner: str, entry_id: str) -> Entry | None:
        """The task, if it is this owner's; None for another's as for one that never was."""
        try:
            return self.journal.queries.entry_of(owner, entry_id)
        except JournalProblem:
            return None

    def thumbnails(self, owner: str, entry_ids: Collection[str]) -> dict[str, bytes]:
        """JPEGs of the pictures that this owner's tasks were made from, by entry id, where there is one."""
        return self.journal.queries.thumbnails(owner, entry_ids)

    def has_tasks(self, owner: str) -> bool:
        """Whether this owner has any task that is not forgotten."""
        return self.journal.queries.has_tasks(owner)

    def is_sent(self, owner: str, external_task_id: str) -> bool:
        """Whether this owner has a task with that external id, which is spent then."""
        return self.journal.queries.is_sent(owner, external_task_id)

    def allowance(self, owner: str, endpoint: ServiceEndpoint) -> Allowance | None:
        """This person's cap and spending there today; None where nothing is capped."""
        cap_usd = self.cap_usd(endpoint)
        if cap_usd is None:
            return None
        fingerprint = self.keyring.fingerprint(endpoint.api_key)
        spent_usd = self.journal.queries.spent_usd(owner, day_start(self.now()), fingerprint)
        return Allowance(cap_usd=cap_usd, spent_usd=spent_usd)

    def look_again(self, owner: str, entry_id: str) -> Entry:
        """Look at it now."""
        return self._decide(owner, entry_id, self.journal.look_again)

    def send_again(self, owner: str, entry_id: str) -> Entry:
        """Send it again: its owner has looked at the service, and no such task is there.

        The entry as it stands when this is no choice (any more): a late second click sends nothing.
        """
        return self._decide(owner, entry_id, self._send_again_if_asked)

    def forget(self, owner: str, entry_id: str) -> Entry:
        """Dismiss it for its owner.

        The entry as it stands when it has gone on since its owner saw it: a late click loses no paid task.
        """
        return self._decide(owner, entry_id, self._forget_if_asked)

    def put_aside(self, owner: str, entry_id: str) -> Entry:
        """Do not wait for it: its slot goes to the next, and it comes back by itself when it ends.

        The entry as it stands when it has ended since its owner saw it.
        """
        return self._decide(owner, entry_id, self._put_aside_if_open)

    def take_back(self, owner: str, entry_id: str) -> Entry:
        """Wait for it after all."""
        return self._decide(owner, entry_id, self.journal.take_back)

    def try_now(self, owner: str, entry_id: str) -> Entry:
        """Have its queue tried now, which an account's problem stopped and its owner has seen to."""
        return self._decide(owner, entry_id, self.journal.try_now)

    def get_again(self, owner: str, entry_id: str) -> Entry:
        """Fetch a kept video anew whose file has vanished, with a fresh link.

        The entry as it stands when the file is there, or was removed by its owner.

        Raises:
            StorageProblem: the storage cannot say whether the file is there.
        """
        return self._decide(owner, entry_id, self._fetch_again_if_missing)

    def bring_video(self, owner: str, entry_id: str, file: BinaryIO) -> Entry:
        """Keep a file that its owner fetched by hand as the video of a task that waits for one.

        Raises:
            JournalProblem: this owner has no such task.
            UnusableVideo: the task waits for none, or the file is no video that can be kept.
            StorageProblem: it is not kept.
        """
        entry = self.journal.queries.entry_of(owner, entry_id)
        if entry.state is not State.SUCCEEDED:
            raise no_video_wanted()
        self.artifacts.keep_video_by_hand(entry, file)
        return self._decide(owner, entry_id, self.journal.mark_kept)

    def wake(self, entry_id: str) -> None:
        """Run the next step of a task now: the service has called, or its owner has decided."""
        if not self.runner.wake(entry_id):
            self.runner.start_workflow(self.journal.queries.entry(entry_id))

    def register_key(self, endpoint: ServiceEndpoint) -> KlingClient:
        """Register a session's key and resume the tasks that wait for it.

        A key of one's own is at hand for as long as the session holds what is answered here.

        Raises:
            KeyProblem: the key cannot be used.
        """
        is_new = not self.keyring.holds(endpoint)
        client = self.keyring.remember(endpoint, for_good=self.is_shared(endpoint))
        if is_new:
            self.recovery.run_now()
        return client

    def _new_task(
        self,
        owner: str,
        endpoint: ServiceEndpoint,
        request: ImageToVideoRequest,
        draft: Draft | None,
        click_token: str,
    ) -> NewTask:
        return NewTask(
            owner=owner,
            click_token=click_token,
            service=endpoint.journal_name,
            key_fingerprint=self.keyring.fingerprint(endpoint.api_key),
            external_task_id=request.external_task_id or new_external_task_id(),
            request=request,
            price_usd=_price_usd(endpoint, request),
            thumbnail=_thumbnail(draft),
            continues_entry_id=self._continued(owner, draft),
        )

    def _continued(self, owner: str, draft: Draft | None) -> str | None:
        """The owner's task that the draft's picture goes on from; an id of another's is ignored."""
        name = draft.picture.continues_entry_id if draft and draft.picture else None
        return name if name and self.find(owner, name) else None

    def _create_entry(self, new_task: NewTask, draft: Draft | None, cap_usd: Decimal | None) -> Entry:
        """The entry; a refused one's external id is spent, so that what follows it gets another."""
        entry = self._create_with_files([new_task], [draft], cap_usd)[0]
        if entry.state not in (State.REJECTED, State.FORGOTTEN):
            return entry
        # made of the click's own token, so that a double click is one task here too
        token = hashlib.sha256(f"{new_task.click_token}\n{entry.entry_id}".encode()).hexdigest()
        anew = replace(
            new_task, click_token=token, external_task_id=new_external_task_id(), entry_id=uuid4().hex
        )
        return self._create_with_files([anew], [draft], cap_usd)[0]

    def _create_with_files(
        self, new_tasks: Sequence[NewTask], drafts: Sequence[Draft | None], cap_usd: Decimal | None
    ) -> tuple[Entry, ...]:
        """The entries, written together with their files: a crash leaves all of it, or nothing."""
        files = list(chain.from_iterable(map(self._write_files, new_tasks, drafts)))
        try:
            rows = [artifact_row(file) for file in files]
            entries = self.journal.create_entries(new_tasks, cap_usd, rows, self.most_open)
        except StudioError:
            self.artifacts.discard(files)
            raise
        if [entry.entry_id for entry in entries] != [new.entry_id for new in new_tasks]:
            self.artifacts.discard(files)
        return entries

    def _write_files(self, new_task: NewTask, draft: Draft | None) -> tuple[Artifact, ...]:
        """Write the files that the task is made from; a storage that fails is logged and stops no task."""
        if self.journal.queries.is_clicked(new_task.click_token):
            return ()
        try:
            recipe = self.dump_recipe(draft) if draft else None
            return self.artifacts.write_sent(new_task.entry_id, new_task.request, recipe)
        except StorageProblem:
            log.exception("What task %s was made from could not be kept", new_task.entry_id)
            return ()

    def _wait_for_outcome(self, entry: Entry) -> Entry:
        began_s = time.monotonic()
        while time.monotonic() - began_s < _patience_s(entry):
            time.sleep(LOOK_EVERY_S)
            entry = self.journal.queries.entry(entry.entry_id)
        return entry

    def _look_up(self, owner: str, endpoint: ServiceEndpoint, fingerprint: str, task_id: str) -> Task:
        try:
            self._check_not_anothers(owner, endpoint, fingerprint, task_id)
            with endpoint.connect() as client:
                task = client.get(task_id)
            self._check_not_anothers(owner, endpoint, fingerprint, task.task_id)
        except KlingError as failure:
            raise lookup_problem(failure, task_id) from failure
        return task

    def _check_not_anothers(
        self, owner: str, endpoint: ServiceEndpoint, fingerprint: str, task_id: str
    ) -> None:
        if self.is_shared(endpoint) and self.journal.queries.is_anothers(
            owner, endpoint.journal_name, fingerprint, task_id
        ):
            raise NotFound("task not found", http_status=404)

    def _choices(self, entry: Entry) -> frozenset[Choice]:
        return open_choices(entry, self.journal.queries.proof(entry.service), self.now())

    def _send_again_if_asked(self, entry: Entry) -> Entry | None:
        return self.journal.send_again(entry) if Choice.SEND_AGAIN in self._choices(entry) else None

    def _forget_if_asked(self, entry: Entry) -> Entry | None:
        may_go = self._choices(entry) & {Choice.FORGET, Choice.LEAVE_QUEUE}
        return self.journal.forget(entry) if may_go else None

    def _put_aside_if_open(self, entry: Entry) -> Entry | None:
        return self.journal.put_aside(entry) if Choice.PUT_ASIDE in self._choices(entry) else None

    def _fetch_again_if_missing(self, entry: Entry) -> Entry | None:
        return (
            self.journal.mark_file_missing(entry) if self.artifacts.has_lost_video(entry.entry_id) else None
        )

    def _decide(self, owner: str, entry_id: str, decide: Callable[[Entry], Entry | None]) -> Entry:
        """The entry after a person's decision; when a step came in between, decided on what it left.

        Raises:
            JournalProblem: this owner has no such task.
        """
        for _ in range(TRIES):
            entry = self.journal.queries.entry_of(owner, entry_id)
            decided = decide(entry)
            if decided is not None:
                self.wake(entry_id)
                return decided
        return entry


def _patience_s(entry: Entry) -> float:
    """Seconds after the click for which it is worth waiting for more than this."""
    if entry.state is State.SENDING:
        return SUBMIT_WAIT_S
    is_first_try = entry.state is State.INTENT and entry.create_error is None
    return IN_LINE_WAIT_S if is_first_try else 0.0


def _thumbnail(draft: Draft | None) -> bytes | None:
    source = draft.picture.source if draft and draft.picture else None
    return source.display_jpeg(*THUMBNAIL_PX) if source else None


def _price_usd(endpoint: ServiceEndpoint, request: ImageToVideoRequest) -> Decimal | None:
    """The list price; the simulator's videos are free."""
    if endpoint.simulated:
        return Decimal(0)
    return price_usd(request.model_name, request.mode, request.duration)
