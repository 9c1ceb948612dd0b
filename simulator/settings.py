"""Everything about the simulator that can be set at its start, in one frozen record."""

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from simulator.engine.pace import ProgressionKind


@dataclass(frozen=True, kw_only=True)
class SimulatorSettings:
    """How the simulator behaves. Progression, seed and faults can be changed while it runs (`/_control`).

    Attributes:
        progression: when a task goes on: "at_once", after "polls", after "seconds", or "realistic" (2 to 5
            minutes); never before its video is rendered.
        polls: with "polls", the query that says `succeed`, at least 1.
        submitted_s: with "seconds", seconds a task stays `submitted`, at least 0.
        processing_s: with "seconds", seconds it then stays `processing`, at least 0.
        seed: makes the realistic times the same in every run; None for others each time.
        state_dir: where tasks and videos are kept over a restart, used by one process at a time; a temporary
            folder, gone at the end, when None.
        api_key: the one accepted bearer key; None accepts every key that is not empty.
        max_parallel: tasks from `submitted` to their end at one time, at least 1; one more is answered 1303.
        max_kept_tasks: tasks (with their videos) that are remembered, at least `max_parallel`; the oldest
            finished ones are forgotten first.
        max_body_bytes: largest body of a create, in bytes; a longer one is answered 413.
        renders: videos rendered at one time, 1..16; each takes 100 to 400 MB.
        render_max_px: longest side of a rendered video in pixels, at least 16; a picture is never enlarged.
        fps: frames per second of the videos, 1..60.
        allow_loopback: whether image URLs and callbacks may lead to this machine. Other private addresses
            are never reached.
        control: whether `/_control` answers other machines too.
    """

    progression: ProgressionKind = "seconds"
    polls: int = 3
    submitted_s: float = 2.0
    processing_s: float = 8.0
    seed: int | None = None
    state_dir: Path | None = None
    api_key: str | None = None
    max_parallel: int = 10
    max_kept_tasks: int = 100
    max_body_bytes: int = 64 * 1024 * 1024
    renders: int = 1
    render_max_px: int = 1280
    fps: int = 24
    allow_loopback: bool = False
    control: bool = False

    def __post_init__(self) -> None:
        """Refuse a setting outside its range with a ValueError that names it."""
        ranges = {
            "progression": self.progression in get_args(ProgressionKind),
            "polls": self.polls >= 1,
            "submitted_s": 0 <= self.submitted_s < float("inf"),
            "processing_s": 0 <= self.processing_s < float("inf"),
            "api_key": self.api_key is None or bool(self.api_key.strip()),
            "max_parallel": self.max_parallel >= 1,
            "max_kept_tasks": self.max_kept_tasks >= self.max_parallel,
            "max_body_bytes": self.max_body_bytes >= 1,
            "renders": 1 <= self.renders <= 16,
            "render_max_px": self.render_max_px >= 16,
            "fps": 1 <= self.fps <= 60,
        }
        wrong = [name for name, in_range in ranges.items() if not in_range]
        if wrong:
            raise ValueError(f"Out of range: {', '.join(wrong)}.")
