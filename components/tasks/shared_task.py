"""The page of a shared link: one task, read-only."""

import streamlit as st

from components import page_paths
from components.foreign_text import markdown
from components.problem_box import show_problem
from components.runtime import services
from studio.errors import StudioError
from studio.journal.entry import State
from studio.tasks.shared_task import SharedTask


def show() -> None:
    """Show the task of the link's token; for any other token "not found", and nothing else."""
    try:
        task = services().shared_task(st.query_params[page_paths.SHARE])
    except StudioError as problem:
        show_problem(problem)
        return
    if task is None:
        st.info("Not found. The link was withdrawn, or is not complete.", icon=":material/link_off:")
        return
    _picture(task)
    _facts(task)


def _picture(task: SharedTask) -> None:
    if task.video is not None:
        st.video(task.video, alt=task.prompt or "The shared video", loop=True, width=720)
    elif task.picture is not None:
        st.image(task.picture, alt="The picture that the video is made from", width=720)
    if task.state not in (State.KEPT, State.FAILED):
        st.info("The video is not finished yet. Load this page again later.", icon=":material/schedule:")
    elif task.video is None:
        st.info("There is no video of this task any more.", icon=":material/movie_off:")


def _facts(task: SharedTask) -> None:
    if task.is_simulated:
        st.badge("simulation", icon=":material/science:", color="orange")
    st.text(task.prompt or "No prompt")
    if task.negative_prompt:
        st.text(f"Not wanted: {task.negative_prompt}")
    cfg_scale = None if task.cfg_scale is None else f"cfg scale {task.cfg_scale:g}"
    duration = f"{task.duration} s" if task.duration else None
    st.caption(
        markdown(" · ".join(part for part in (task.model_name, task.mode, duration, cfg_scale) if part))
    )
