"""Runs tasks durably: DBOS runs the steps, waits between them, and goes on after a crash.

The only input of a workflow is the entry's id: the journal knows the rest, so a workflow may be started again
whenever none runs an entry. Queues cap how many tasks of one key are at the service at a time.

    tasks           shared by all processes: entries of the deployment's own key
    tasks-<me>      entries whose key, or whose simulator, only this process has
    follow-<me>     what takes no slot at the service: fetching, and tasks made elsewhere; no cap
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID, WorkflowStatus
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from studio.journal.database import Database
from studio.journal.entry import Entry, State
from studio.tasks.schedule import NEXT_STEP, NextStep, Step, holds_slot

log = logging.getLogger(__name__)

APPLICATION_VERSION = "1"
"""Pinned: under a version of its own a new release would not take up the tasks of the one before. Raised only
when a workflow's own steps change."""
QUEUE_PERIOD_S = 0.2
"""Seconds between looks at a queue: a click waits for half of it."""
MESSAGE_PERIOD_S = 1.0
"""Seconds between looks, on SQLite, for a message to a task that waits; a stop waits for one of them too."""
AFTER_FAULT_S = 30.0
"""The pause after a step that failed in an unforeseen way."""
FAULTS_IN_A_ROW = 20
"""After so many a task gives its slot back."""
LIVE = ["ENQUEUED", "PENDING", "DELAYED"]
OVER = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
REMEMBERED_FOR = timedelta(hours=1)
WITH_A_SLOT = frozenset({Step.SEND, Step.RESOLVE, Step.LOOK})
"""Steps of a task that is, or may be, at work at the service."""
WITHOUT_A_SLOT = frozenset(step for step in Step if NextStep(step=step).goes_on) - {Step.SEND}
"""Steps that may be run without one: all that go on, but sending."""
SHARED = "tasks"

Workflow = Callable[[str], Coroutine[Any, Any, None]]


@dataclass(frozen=True, kw_only=True)
class RunningWorkflow:
    """A workflow that has not ended: the entry that it runs, and the process that has it, if any."""

    workflow_id: str
    entry_id: str
    executor_id: str | None


class TaskRunner:
    """DBOS, of which there is one a process. Its calls wait for the database: never from an event loop."""

    def __init__(
        self,
        database_url: str,
        *,
        executor_id: str,
        parallel_tasks: int,
        run_next_step: Callable[..., NextStep],
        is_shared: Callable[[Entry], bool],
    ) -> None:
        """Nothing runs yet.

        Args:
            database_url: where DBOS keeps its own tables.
            executor_id: names this process; one that starts again under its name takes up its tasks at once.
            parallel_tasks: how many tasks of one key may be at the service at a time, at least 1.
            run_next_step: does what is due for an entry (`Steps.run_next_step`).
            is_shared: whether every process has the entry's key.
        """
        self.executor_id = executor_id
        self._database_url = database_url
        self._parallel_tasks = parallel_tasks
        self._run_next_step = run_next_step
        self._is_shared = is_shared
        self._has_run = False
        self._faults: Counter[str] = Counter()
        self._own_queue, self._follow_queue = f"{SHARED}-{executor_id}", f"follow-{executor_id}"

    def start(self) -> None:
        """Launch DBOS, which goes on with what this process left."""
        self._put_running_first()
        DBOS(config=self._config())
        self._hold_slot = DBOS.workflow(name="keep_place", max_recovery_attempts=None)(self._slot_workflow())
        self._follow_to_end = DBOS.workflow(name="carry_on", max_recovery_attempts=None)(
            self._follow_workflow()
        )
        DBOS.listen_queues([SHARED, self._own_queue, self._follow_queue])
        DBOS.launch()
        for name in (SHARED, self._own_queue):
            DBOS.register_queue(
                name,
                partition_concurrency=self._parallel_tasks,
                polling_interval_sec=QUEUE_PERIOD_S,
                on_conflict="always_update",
            )
        DBOS.register_queue(
            self._follow_queue, polling_interval_sec=QUEUE_PERIOD_S, on_conflict="always_update"
        )

    def close(self) -> None:
        """Stop; what was going on is taken up by the next start, or by another process."""
        # A queue that is just handing over a workflow needs the loop that runs it a little longer.
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=1 if self._has_run else 0)

    def start_workflow(self, entry: Entry) -> None:
        """Start a workflow for the entry, unless one runs it already."""
        known = DBOS.list_workflows(
            workflow_id_prefix=f"{entry.entry_id}.", load_input=False, load_output=False
        )
        if any(found.status in LIVE for found in known):
            return
        # The same number in every process: two that start it at once start one.
        number = 1 + max((int(found.workflow_id.split(".")[1]) for found in known), default=-1)
        with SetWorkflowID(f"{entry.entry_id}.{number}"):
            self._enqueue(entry)

    def wake(self, entry_id: str) -> bool:
        """Have the entry's next step come now instead of later; False when no workflow runs it."""
        running = [workflow for workflow in self.running_workflows() if workflow.entry_id == entry_id]
        for workflow in running:
            DBOS.send(workflow.workflow_id, "now")
        return bool(running)

    def running_workflows(self) -> tuple[RunningWorkflow, ...]:
        """All workflows that have not ended, of every process."""
        found = DBOS.list_workflows(status=LIVE, load_input=False, load_output=False)
        return tuple(
            RunningWorkflow(
                workflow_id=status.workflow_id,
                entry_id=status.workflow_id.partition(".")[0],
                executor_id=_executor_of(status),
            )
            for status in found
        )

    def queue_successors(self, workflows: Collection[RunningWorkflow], entries: Collection[Entry]) -> None:
        """Queue anew what a process that is gone followed at the service with the shared key.

        Before its workflows are cancelled: what waits in line would take their slots in between. Two that do
        it at once queue the same.
        """
        at_service = {
            one.entry_id: one for one in entries if one.state is not State.INTENT and self._is_shared(one)
        }
        for workflow in workflows:
            if entry := at_service.get(workflow.entry_id):
                number = 1 + int(workflow.workflow_id.split(".")[1])
                with SetWorkflowID(f"{entry.entry_id}.{number}"):
                    self._enqueue(entry)

    def cancel(self, workflows: Collection[RunningWorkflow]) -> None:
        """End workflows of a process that is gone: their slots are free, and nothing runs their entries."""
        if workflows:
            DBOS.cancel_workflows([workflow.workflow_id for workflow in workflows])

    def tidy(self) -> None:
        """Remove what DBOS remembers of workflows that ended a while ago."""
        before = datetime.now(UTC) - REMEMBERED_FOR
        ended = DBOS.list_workflows(
            status=OVER, completed_before=before.isoformat(), load_input=False, load_output=False
        )
        if ended:
            DBOS.delete_workflows([status.workflow_id for status in ended])

    def _enqueue(self, entry: Entry) -> None:
        self._has_run = True
        now = datetime.now(UTC)
        takes_slot = NEXT_STEP[entry.state] in WITH_A_SLOT and holds_slot(entry, now)
        if entry.made_elsewhere or not (takes_slot or entry.state is State.INTENT):
            DBOS.enqueue_workflow(self._follow_queue, self._follow_to_end, entry.entry_id)
            return
        queue = SHARED if self._is_shared(entry) else self._own_queue
        with SetEnqueueOptions(queue_partition_key=entry.key_fingerprint, priority=_rank(entry, now)):
            DBOS.enqueue_workflow(queue, self._hold_slot, entry.entry_id)

    def _put_running_first(self) -> None:
        """Let what had a slot when the last process ended precede what was still queued.

        On SQLite DBOS's times have whole seconds, so that tasks of one second would be taken up in any order:
        one was sent then, and one at the service no longer followed. Elsewhere recovery queues them anew.
        """
        store = Database(self._database_url)
        if store.is_sqlite:
            with suppress(OperationalError), store.writing() as connection:  # before the very first start
                connection.execute(text("UPDATE workflow_status SET priority = 1 WHERE status = 'PENDING'"))
        store.close()

    def _slot_workflow(self) -> Workflow:
        async def keep_place(entry_id: str) -> None:
            """Run a task from the queue to the service's last word, in one of the key's slots.

            One that has to go to the end of its queue is queued anew by the recovery.
            """
            next_step = await self._run_steps(entry_id, has_slot=True)
            if next_step.step in WITHOUT_A_SLOT:
                with SetWorkflowID(f"{DBOS.workflow_id}.fetch"):
                    await DBOS.enqueue_workflow_async(self._follow_queue, self._follow_to_end, entry_id)

        return keep_place

    def _follow_workflow(self) -> Workflow:
        async def carry_on(entry_id: str) -> None:
            """Run a task to its end, or until it is to be sent again: the recovery queues it then."""
            await self._run_steps(entry_id, has_slot=False)

        return carry_on

    async def _run_steps(self, entry_id: str, *, has_slot: bool) -> NextStep:
        """Run step after step as long as they may be run with, or without, a slot; the first that may not.

        A wait ends by its time or by a message, and outlives the process.
        """
        while True:
            # an earlier version's outcome of a step has no third part
            name, wait_s, *rest = await DBOS.run_step_async(
                {"name": "take"}, self._run_step, entry_id, has_slot
            )
            next_step = NextStep(step=Step(name), wait_s=wait_s, holds_slot=all(rest))
            if next_step.step not in (WITH_A_SLOT if has_slot else WITHOUT_A_SLOT):
                return next_step
            if has_slot and not next_step.holds_slot:
                return next_step
            await DBOS.recv_async(timeout_seconds=next_step.wait_s)

    async def _run_step(self, entry_id: str, has_slot: bool) -> tuple[str, float, bool]:  # noqa: FBT001 — DBOS passes a step's arguments on by position
        self._has_run = True
        try:
            next_step = await asyncio.to_thread(self._run_next_step, entry_id, may_send=has_slot)
        except Exception:  # a fault of one step, or of the database, must not end a paid task
            log.exception("A step of task %s failed", entry_id)
            self._faults[entry_id] += 1
            return Step.LOOK.value, AFTER_FAULT_S, self._faults[entry_id] < FAULTS_IN_A_ROW
        self._faults.pop(entry_id, None)
        return next_step.step.value, next_step.wait_s, next_step.holds_slot

    def _config(self) -> DBOSConfig:
        return {
            "name": "motion-studio",
            "system_database_url": self._database_url,
            "application_version": APPLICATION_VERSION,
            "executor_id": self.executor_id,
            "notification_listener_polling_interval_sec": MESSAGE_PERIOD_S,
            "log_level": "ERROR",  # its warnings tell of every wait that a stop cuts short
        }


def _rank(entry: Entry, now: datetime) -> int:
    """Its place in its queue, the lowest first: what is at the service, then by the second of the submit.

    So a task has the place that its card tells, whenever it was queued; one that lets others try is last.
    """
    if entry.state is not State.INTENT:
        return 1
    return int((entry.created_at if holds_slot(entry, now) else now).timestamp())


def _executor_of(status: WorkflowStatus) -> str | None:
    """The process that has it; what stands in the shared queue belongs to none until one takes it."""
    if status.queue_name != SHARED:
        return (status.queue_name or "").partition("-")[2] or status.executor_id
    return status.executor_id if status.status == "PENDING" else None
