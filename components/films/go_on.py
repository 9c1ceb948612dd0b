"""Go on from a kept video: its last frame, or the one that is looked at, begins a new draft."""

import streamlit as st

from components import layer_colours, page_paths
from components.films import kept_film
from components.films.kept_film import KeptFilm
from components.foreign_text import markdown
from components.frame import draft_autosave
from components.runtime import services
from components.session import Session
from studio.errors import StudioError
from studio.films.go_on import draft_going_on, frame_jpeg, frame_picture
from studio.tasks.task_view import TaskView


def show(session: Session, view: TaskView) -> None:
    """Show the popover on a task with a kept video; nothing is decoded before it is open."""
    if view.kept_video is None:
        return
    name = f"go-on-{view.entry.entry_id}"
    popover = st.popover("Go on from here", icon=":material/start:", key=name, on_change="rerun")
    popover.markdown("A frame of this video becomes the picture of a new draft.")
    if popover.open:
        with popover:
            _frame(session, view, name)


def _frame(session: Session, view: TaskView, name: str) -> None:
    film = kept_film.open_film(view)
    if film is None:
        return
    at_s = _chosen_s(film, name)
    try:
        jpeg = frame_jpeg(film.path, film.sha256, at_s)
    except StudioError as problem:
        st.caption(markdown(str(problem)))
        return
    st.button(
        "Use this frame",
        type=layer_colours.main_button(),
        icon=":material/brush:",
        key=f"{name}-use",
        on_click=_begin,
        args=(session, view, film, at_s),
    )
    st.image(jpeg, alt="The frame to go on from", width=320)


def _chosen_s(film: KeptFilm, name: str) -> float | None:
    """Seconds of the chosen frame; None for the last."""
    step_s = 1 / max(film.info.fps, 1.0)
    last_s = film.info.duration_s - step_s
    if last_s < step_s:
        return None
    at_s = st.slider("Frame, in seconds", 0.0, last_s, last_s, step_s, format="%.2f", key=f"{name}-second")
    return None if at_s > last_s - step_s / 2 else at_s


def _begin(session: Session, view: TaskView, film: KeptFilm, at_s: float | None) -> None:
    """Take the new draft in hand; the one of before is set aside, and `go_along` goes to Create."""
    try:
        frame = frame_picture(film.path, view.entry.title, at_s)
    except StudioError as problem:
        st.toast(markdown(str(problem)), icon=":material/error:")
        return
    before = session.shown is not None and not session.shown.is_blank
    draft_autosave.replace_with(session, draft_going_on(view.entry, services().sent.draft(view.entry), frame))
    session.heading_for, session.heading_with = page_paths.CREATE, {}
    if before:
        st.toast("Your draft of before is kept under Recipe.", icon=":material/undo:")
