"""One task: its picture or video, where it stands, and what to do with it."""

from datetime import datetime
from functools import partial
from typing import Literal

import streamlit as st

from components import draft_keeper
from components.runtime import services
from studio.recipe import EXTENSION
from studio.tasks import TaskState, TrackedTask

Colour = Literal["gray", "orange", "blue", "violet", "green", "red"]
_BADGES: dict[TaskState, tuple[str, str, Colour]] = {
    TaskState.SENDING: ("sending", ":material/upload:", "gray"),
    TaskState.UNCLEAR: ("unclear", ":material/help:", "orange"),
    TaskState.SUBMITTED: ("submitted", ":material/schedule:", "blue"),
    TaskState.PROCESSING: ("processing", ":material/autorenew:", "violet"),
    TaskState.SUCCEED: ("succeed", ":material/check_circle:", "green"),
    TaskState.FAILED: ("failed", ":material/error:", "red"),
}


def show(task: TrackedTask, now: datetime) -> None:
    """The card: what is known of the task, its files, and the way to start again from it."""
    with st.container(border=True, horizontal=True):
        with st.container(width=480):
            _picture(task)
        with st.container():
            _facts(task, now)
            _outcome(task)
            _again(task)


def _picture(task: TrackedTask) -> None:
    if task.video_path is not None:
        st.video(task.video_path, alt=task.prompt or "The finished video", loop=True)
    elif task.thumbnail:
        st.image(task.thumbnail, alt="The picture that was sent", width="stretch")
    else:
        st.caption("Its picture is not known here.")


def _facts(task: TrackedTask, now: datetime) -> None:
    label, icon, colour = _BADGES[task.state]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(label, icon=icon, color=colour)
        if task.far_end.simulated:
            st.badge("simulation", icon=":material/science:", color="orange")
        st.caption(_time(task, now), width="stretch")
    st.markdown(task.prompt or "*No prompt*") if task.model_name else st.caption("Made elsewhere.")
    chosen = (task.model_name, task.mode, f"{task.duration} s" if task.duration else None)
    st.caption(" · ".join(part for part in chosen if part))
    st.code(task.task_id or task.external_task_id, language=None)


def _time(task: TrackedTask, now: datetime) -> str:
    minutes, seconds = divmod(round(max(task.elapsed_s(now), 0)), 60)
    passed = f"{minutes}:{seconds:02d}"
    return f"took {passed}" if task.ended_at else f"{passed} so far, {task.far_end.typical_time}"


def _outcome(task: TrackedTask) -> None:
    if task.video_path is not None:
        st.download_button(
            "Download MP4",
            task.video_path.read_bytes,  # read when it is asked for, not at every refresh
            file_name=f"motion-{task.task_id}.mp4",
            mime="video/mp4",
            icon=":material/download:",
            key=f"download-{task.key}",
            on_click="ignore",
        )
    elif task.state is TaskState.FAILED:
        st.error(f"The service gave up: {task.message or 'it gave no reason'}.", icon=":material/error:")
    elif task.state is TaskState.SUCCEED:
        st.info(task.message or "Finished; fetching the video …", icon=":material/downloading:")
    elif task.message:
        st.warning(task.message, icon=":material/warning:")


def _again(task: TrackedTask) -> None:
    """What was sent, to change and send as another task, or as a file; only where it is known."""
    sent = services().sent
    if not sent.has(task.owner, task.key):
        return
    with st.container(horizontal=True):
        st.button(
            "Edit a copy",
            icon=":material/content_copy:",
            key=f"copy-{task.key}",
            on_click=draft_keeper.edit_copy,
            args=(task,),
        )
        st.download_button(
            "Recipe",
            partial(sent.recipe, task),
            file_name=f"motion-{task.task_id or 'task'}.{EXTENSION}",
            mime="application/zip",
            icon=":material/receipt_long:",
            key=f"recipe-{task.key}",
            on_click="ignore",
        )
