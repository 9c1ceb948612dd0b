"""The simulated service without HTTP: creates in, tasks out."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from simulator.contract.create_request import CreateRequest, PictureUrl
from simulator.contract.fetch import Fetch
from simulator.contract.outgoing import Post
from simulator.contract.read_create import parse, read_create
from simulator.contract.refusals import Refusal
from simulator.engine.folder import StateFolder, state_folder
from simulator.engine.pipeline import Executors, RenderPipeline
from simulator.engine.request_log import RequestLog
from simulator.engine.scene import Render
from simulator.engine.task_store import TaskStore
from simulator.engine.tasks import Failed, SimulatedTask, TaskOutcome
from simulator.faults.behaviour import Behaviour
from simulator.faults.callbacks import CallbackSender
from simulator.faults.faults import Faults
from simulator.settings import SimulatorSettings

Clock = Callable[[], float]  # Unix seconds


class SimulatedService:
    """Takes creates, has them worked on, and knows every task.

    Attributes:
        settings: as at its start.
        behaviour: when tasks go on; may be changed at any time.
        faults: what is to go wrong.
        log: what was asked.
        folder: where everything is kept.
        tasks: all that are kept.
        callbacks: sends what callback URLs are to hear.
        pipeline: makes the videos.
    """

    def __init__(
        self,
        settings: SimulatorSettings,
        *,
        folder: StateFolder,
        executors: Executors,
        render: Render,
        fetch: Fetch,
        post: Post,
        clock: Clock,
    ) -> None:
        self.settings = settings
        self.behaviour = Behaviour(settings)
        self.faults = Faults()
        self.log = RequestLog()
        self.folder = folder
        self.tasks = TaskStore(folder, max_parallel=settings.max_parallel, max_kept=settings.max_kept_tasks)
        self.callbacks = CallbackSender(
            tasks=self.tasks,
            faults=self.faults,
            log=self.log,
            post=post,
            calling=executors.calling,
            clock=clock,
        )
        self.pipeline = RenderPipeline(
            folder=folder, executors=executors, render=render, fetch=fetch, clock=clock, report=self._settle
        )
        self._clock = clock

    def now_s(self) -> float:
        """The time that every status follows from, in Unix seconds."""
        return self._clock()

    def create(
        self, raw: bytes, *, base_url: str, task_id: str | None = None, fails_with: str | None = None
    ) -> SimulatedTask:
        """Check a create's body, keep it, add the task and start the work.

        Args:
            raw: the JSON.
            base_url: where the caller reaches us, without a slash at its end.
            task_id: of the new task; a number as the real ones have when None.
            fails_with: let the task fail with these words instead of working on it.

        Raises:
            Refusal: the documented answer to a request that is not in order.
        """
        request = read_create(parse(raw))
        task = self._new_task(request, task_id, base_url)
        self._keep(task, raw)
        if fails_with is not None:
            self._settle(task, Failed(at_s=self.now_s(), message=fails_with))
        else:
            self.pipeline.start(task, by_url=any(isinstance(one, PictureUrl) for one in request.pictures))
        return task

    def resume(self) -> None:
        """Start the work that an earlier process left, and remove the files that nothing needs."""
        tasks = self.tasks.all()
        unmade = [task for task in tasks if task.outcome is None]
        self.folder.remove_all_but(
            {self.folder.task(task.task_id) for task in tasks}
            | {self.folder.video(task.video_id) for task in tasks}
            | {self.folder.create_body(task.task_id) for task in unmade}
        )
        for task in unmade:
            self.pipeline.start(task)

    def reset(self) -> None:
        """Forget every task, callback, fault, setting and logged request since the start."""
        self.tasks.clear()
        self.callbacks.clear()
        self.behaviour.reset()
        self.faults.clear()
        self.log.clear()

    def _new_task(self, request: CreateRequest, task_id: str | None, base_url: str) -> SimulatedTask:
        now_s = self.now_s()
        return SimulatedTask(
            task_id=task_id or self.tasks.new_id(now_s),
            external_task_id=request.external_task_id,
            created_at_s=now_s,
            pace=self.behaviour.pace(request.external_task_id),
            video_id=str(uuid.uuid4()),
            base_url=base_url,
            callback_url=request.callback_url,
        )

    def _keep(self, task: SimulatedTask, raw: bytes) -> None:
        # The body first: a start that finds the task finds its body too.
        path = self.folder.create_body(task.task_id)
        path.write_bytes(raw)
        try:
            self.tasks.add(task)
        except (Refusal, OSError):
            path.unlink()
            raise

    def _settle(self, task: SimulatedTask, outcome: TaskOutcome) -> None:
        if not self.tasks.record_outcome(task.task_id, outcome):
            self.folder.video(task.video_id).unlink(missing_ok=True)
        self.folder.create_body(task.task_id).unlink(missing_ok=True)


@contextmanager
def open_service(
    settings: SimulatorSettings,
    *,
    render: Render,
    fetch: Fetch,
    post: Post,
    clock: Clock,
    make_executors: Callable[[], Executors],
) -> Iterator[SimulatedService]:
    """A working service; its threads are gone afterwards, and its folder too unless the settings name one.

    Raises:
        FolderInUse: another process has the folder.
    """
    with state_folder(settings.state_dir) as folder:
        executors = make_executors()
        try:
            service = SimulatedService(
                settings,
                folder=folder,
                executors=executors,
                render=render,
                fetch=fetch,
                post=post,
                clock=clock,
            )
            service.resume()
            yield service
        finally:
            executors.close()
