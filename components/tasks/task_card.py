"""One task: its picture or video, where it stands, and what to do with it."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

import streamlit as st

from components import session
from components.films import chain_menu, export_menu, go_on
from components.foreign_text import markdown
from components.frame import draft_autosave
from components.runtime import services
from components.tasks import kept_video, share_button, task_actions, video_by_hand
from kling import ErrorKind
from studio.checks.model_checks import use_model
from studio.checks.picture_repairs import make_lighter
from studio.errors import StudioError
from studio.files.retention import by_hand_notice, removal_notice, retention_notice
from studio.files.storage import NotThere
from studio.journal.entry import Entry, State
from studio.recipes.recipe_file import EXTENSION
from studio.service.endpoint import typical_time
from studio.tasks.error_messages import (
    NO_REASON,
    duration,
    held_in_line,
    refused_task,
    size_hint,
    stopped_queue,
)
from studio.tasks.task_view import TaskView

Colour = Literal["gray", "orange", "blue", "violet", "green", "red"]
_BADGES: dict[State, tuple[str, str, Colour]] = {
    State.INTENT: ("in line", ":material/hourglass_empty:", "gray"),
    State.SENDING: ("sending", ":material/upload:", "gray"),
    State.UNKNOWN: ("unclear", ":material/help:", "orange"),
    State.NEEDS_PERSON: ("needs you", ":material/help:", "orange"),
    State.ACCEPTED: ("submitted", ":material/schedule:", "blue"),
    State.RUNNING: ("processing", ":material/autorenew:", "violet"),
    State.SUCCEEDED: ("saving", ":material/downloading:", "green"),
    State.KEPT: ("succeed", ":material/check_circle:", "green"),
    State.FAILED: ("failed", ":material/error:", "red"),
    State.REJECTED: ("refused", ":material/block:", "red"),
}

LONGEST_WAIT = "It is sent within {} at the latest, even if no task before it ever ends; mostly far sooner."
CHANGE_IT = "Edit a copy, change what it names, and send that."


def find_video(view: TaskView) -> Path | StudioError | None:
    """The kept file on this machine, or why it is not there; None when none is to be there."""
    if view.kept_video is None:
        return None
    try:
        return services().artifacts.fetch_local_path(view.kept_video)
    except StudioError as problem:
        return problem


def show(view: TaskView, now: datetime, *, video: Path | StudioError | None, thumbnail: bytes | None) -> None:
    """Show the card: facts of the task, its files, and the ways to start again from it.

    Args:
        view: the task.
        now: aware.
        video: as `find_video` found it.
        thumbnail: JPEG, shown while there is no video.
    """
    if isinstance(video, StudioError):
        _video_problem(view.entry, video, now)
    path = video if isinstance(video, Path) else None
    has_recipe = view.recipe is not None or services().sent.has_from_before(view.entry)
    with st.container(border=True, horizontal=True):
        with st.container(width=480):
            _picture(view.entry, path, thumbnail)
        with st.container():
            _facts(view.entry, now)
            _outcome(view, path, now, has_recipe=has_recipe)
            task_actions.show(view)
            _again(view, has_recipe=has_recipe)


def _video_problem(entry: Entry, problem: StudioError, now: datetime) -> None:
    left = _left_on_service(entry, now)
    st.warning(
        markdown(f"{problem.what} {problem.why} {problem.next_step} {left}"), icon=":material/warning:"
    )
    if isinstance(problem, NotThere) and not entry.is_simulated:
        task_actions.offer_again(entry)


def _picture(entry: Entry, video: Path | None, thumbnail: bytes | None) -> None:
    if video is not None:
        kept_video.show(entry, video)
    elif thumbnail:
        st.image(thumbnail, alt="The picture that was sent", width="stretch")
    else:
        st.caption("Its picture is not known here.")


def _facts(entry: Entry, now: datetime) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        show_badge(entry)
        if entry.is_simulated:
            st.badge("simulation", icon=":material/science:", color="orange")
        st.caption(time_words(entry, now), width="stretch")
    # Not Markdown: a person finds the prompt again as it was sent, with its stars and dollars.
    st.caption("Made elsewhere.") if entry.made_elsewhere else st.text(entry.prompt or "No prompt")
    chosen = (entry.model_name, entry.mode, f"{entry.duration} s" if entry.duration else None)
    st.caption(markdown(" · ".join(part for part in chosen if part)))
    st.code(entry.lookup_id, language=None)


def show_badge(entry: Entry) -> None:
    """Show where a task stands."""
    label, icon, colour = _BADGES[entry.state]
    st.badge(label, icon=icon, color=colour)


def time_words(entry: Entry, now: datetime, *, is_short: bool = False) -> str:
    """How long it took, or has been so far, and what is usual unless that is to be left out."""
    minutes, seconds = divmod(round(max(entry.elapsed_s(now), 0)), 60)
    passed = f"{minutes}:{seconds:02d}"
    if entry.ended_at:
        return f"took {passed}"
    if is_short or entry.state in (State.UNKNOWN, State.NEEDS_PERSON):
        return f"{passed} so far"  # nobody knows whether there is anything to wait for
    return f"{passed} so far, {typical_time(entry.is_simulated)}"


def _outcome(view: TaskView, video: Path | None, now: datetime, *, has_recipe: bool) -> None:
    entry = view.entry
    if entry.state is State.KEPT:
        _kept(view, video)
    elif entry.state is State.FAILED:
        reason = (entry.message or NO_REASON).rstrip(".")
        change_it = CHANGE_IT if has_recipe and entry.message else ""
        st.error(markdown(f"The service gave up: {reason}. {change_it}".strip()), icon=":material/error:")
    elif entry.state is State.REJECTED:
        st.error(markdown(str(refused_task(entry))), icon=":material/block:")
    elif entry.state is State.SUCCEEDED:
        _saving(entry, now)
    elif entry.state is State.INTENT:
        _queued(view, now)
    elif entry.message:
        st.warning(markdown(entry.message), icon=":material/warning:")


def _kept(view: TaskView, video: Path | None) -> None:
    if video is not None:
        st.download_button(
            "Download MP4",
            video.read_bytes,  # read when it is asked for, not at every refresh
            file_name=f"motion-{view.entry.task_id}.mp4",
            mime="video/mp4",
            icon=":material/download:",
            key=f"download-{view.entry.entry_id}",
            on_click="ignore",
        )
    if view.video is not None and view.video.removed_at is not None:
        st.caption(removal_notice(view.video.removed_at))
    elif view.video is not None and view.video.by_hand:
        st.caption(by_hand_notice(view.video.created_at))
    if view.entry.message:
        st.caption(markdown(view.entry.message))


def _saving(entry: Entry, now: datetime) -> None:
    if entry.message is None:
        st.info("Finished; saving the video …", icon=":material/downloading:")
        return
    st.warning(_left_on_service(entry, now) or "Not kept here yet.", icon=":material/warning:")
    st.text(entry.message)  # not Markdown: it quotes servers
    video_by_hand.show(entry, now)


def _left_on_service(entry: Entry, now: datetime) -> str:
    """Days for which the service keeps it; nothing is promised for the simulator."""
    return retention_notice(entry.ended_at, now) if entry.ended_at and not entry.is_simulated else ""


def _queued(view: TaskView, now: datetime) -> None:
    """Show its position, and the reason that keeps it there or the longest that it can wait."""
    entry, position = view.entry, view.queue_position
    notes = [f"Position {position} in line." if position else "", "Nothing has been charged yet."]
    if entry.retry_at and entry.retry_at > now:
        notes.append(f"Next try in {round((entry.retry_at - now).total_seconds())} s.")
    held = stopped_queue(view.stop, now) if view.stop else held_in_line(entry)
    if held:
        st.warning(markdown(" ".join([held, *notes])), icon=":material/hourglass_empty:")
        return
    if view.longest_wait_s:
        notes.append(LONGEST_WAIT.format(duration(view.longest_wait_s, round_up=True)))
    st.info(" ".join(notes).strip(), icon=":material/hourglass_empty:")


def _model_instead(entry: Entry) -> str | None:
    """The model to use in place of one that is not served; None for any other end."""
    if entry.create_error is not ErrorKind.MODEL_NOT_SERVED or entry.model_name is None:
        return None
    models = services().models.table(services().endpoint(session.current().api_key))
    other = models.life_of(entry.model_name).replacement or models.default_model
    return other if other != entry.model_name else None


def _again(view: TaskView, *, has_recipe: bool) -> None:
    """Show the ways to go on: edit a copy, take the recipe, share a link."""
    entry, sent = view.entry, services().sent
    with st.container(horizontal=True):
        if has_recipe:
            if other := _model_instead(entry):
                st.button(
                    f"Use {markdown(other)} instead",
                    icon=":material/build:",
                    key=f"instead-{entry.entry_id}",
                    on_click=draft_autosave.edit_copy,
                    args=(entry, partial(use_model, model_name=other)),
                )
            if size_hint(entry.message):
                st.button(
                    "Edit a lighter copy",
                    icon=":material/build:",
                    help="Its pictures as JPEGs of at most 1920 pixels; what is drawn goes along.",
                    key=f"lighter-{entry.entry_id}",
                    on_click=draft_autosave.edit_copy,
                    args=(entry, make_lighter),
                )
            st.button(
                "Edit a copy",
                icon=":material/content_copy:",
                key=f"copy-{entry.entry_id}",
                on_click=draft_autosave.edit_copy,
                args=(entry,),
            )
            st.download_button(
                "Recipe",
                partial(sent.recipe, entry),
                file_name=f"motion-{entry.task_id or 'task'}.{EXTENSION}",
                mime="application/zip",
                icon=":material/receipt_long:",
                key=f"recipe-{entry.entry_id}",
                on_click="ignore",
            )
        if entry.state is State.KEPT:
            share_button.show(entry)
        go_on.show(session.current(), view)
        export_menu.show(view)
        chain_menu.show(session.current(), view)
