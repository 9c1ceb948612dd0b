"""What a shared link shows: one task, read-only."""

from pathlib import Path

import streamlit as st

from components import page_paths
from components.problem_box import show_problem
from components.runtime import services
from studio.errors import StudioError
from studio.files.artifact import ArtifactKind
from studio.files.storage import NotThere
from studio.journal.entry import State
from studio.journal.share_links import MoreParameters, SharedTask, more_parameters


def show() -> None:
    """The task of the link's token; "not found", and nothing else, for any other."""
    try:
        task = services().shares.find_shared(st.query_params[page_paths.SHARE])
        if task is None:
            st.info("Not found. The link was withdrawn, or is not complete.", icon=":material/link_off:")
            return
        _picture(task)
        _facts(task)
    except StudioError as problem:
        show_problem(problem)


def _picture(task: SharedTask) -> None:
    video = _file(task, ArtifactKind.VIDEO)
    poster = _file(task, ArtifactKind.POSTER) or task.thumbnail
    if video is not None:
        st.video(video, alt=task.prompt or "The shared video", loop=True, width=720)
    elif poster is not None:
        st.image(poster, alt="The picture that the video is made from", width=720)
    if task.state not in (State.KEPT, State.FAILED):
        st.info("The video is not finished yet. Load this page again later.", icon=":material/schedule:")
    elif video is None:
        st.info("There is no video of this task any more.", icon=":material/movie_off:")


def _facts(task: SharedTask) -> None:
    if task.is_simulated:
        st.badge("simulation", icon=":material/science:", color="orange")
    request = _file(task, ArtifactKind.REQUEST)
    more = MoreParameters() if request is None else more_parameters(request.read_bytes())
    st.text(task.prompt or "No prompt")
    if more.negative_prompt:
        st.text(f"Not wanted: {more.negative_prompt}")
    cfg_scale = None if more.cfg_scale is None else f"cfg scale {more.cfg_scale:g}"
    duration = f"{task.duration} s" if task.duration else None
    st.caption(" · ".join(part for part in (task.model_name, task.mode, duration, cfg_scale) if part))


def _file(task: SharedTask, kind: ArtifactKind) -> Path | None:
    """None when it was removed, or has vanished: how to get it again is its owner's to know."""
    artifacts = services().artifacts
    kept = next(
        (one for one in artifacts.files_of(task.entry_id) if one.kind is kind and not one.removed_at), None
    )
    try:
        return None if kept is None else artifacts.fetch_local_path(kept)
    except NotThere:
        return None
