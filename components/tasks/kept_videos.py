"""A person's kept videos: the room they take, pins, and removal."""

from collections.abc import Sequence

import streamlit as st

from components.foreign_text import markdown
from studio.errors import StudioError
from studio.files.artifact_store import ArtifactStore
from studio.files.retention import KeptVideo, removal_candidates
from studio.short_text import shortened
from studio.tasks.task_view import TaskView

TITLE_CHARS = 60
MOST_ROWS = 24
_WHERE = "Pin or remove one on its task's page, or several in the gallery."


def show(artifacts: ArtifactStore, owner: str) -> None:
    """Show the panel, once something is kept; it opens by itself when there is more than planned."""
    yours = artifacts.kept_bytes(owner)
    if not yours:
        return
    used = artifacts.used_bytes()
    is_over = used > artifacts.cap_bytes
    label = f"Kept videos: {_size(used)} of {_size(artifacts.cap_bytes)}"
    videos = artifacts.videos(owner) if is_over else ()
    offered = removal_candidates(videos, used, artifacts.cap_bytes)
    with st.expander(label, icon=":material/inventory_2:", expanded=bool(offered), key="kept-videos"):
        st.caption(f"All files of everybody's tasks count. Your videos: {_size(yours)}. {_WHERE}")
        if is_over:
            st.info(_advice(len(offered)), icon=":material/info:")
            _rows(artifacts, owner, videos, offered)


def show_one(artifacts: ArtifactStore, owner: str, view: TaskView) -> None:
    """Show the pin of a task's kept video, and its removal; nothing where none is there."""
    if (video := view.kept_video) is not None:
        _choices(artifacts, owner, view.entry.entry_id, is_pinned=video.pinned)


def _rows(
    artifacts: ArtifactStore, owner: str, videos: Sequence[KeptVideo], offered: Sequence[KeptVideo]
) -> None:
    """Show the oldest, which are those that could go; the others are on their tasks' pages."""
    with st.container(height=300 if len(videos) > 6 else "content", border=False):
        for video in videos[:MOST_ROWS]:
            _row(artifacts, owner, video, is_offered=video in offered)


def _advice(offered: int) -> str:
    if not offered:
        return "There is more than planned, and all your videos are pinned. Unpin what may go."
    return (
        f"There is more than planned, and {offered} of your videos could go. Nothing is removed by itself: "
        "download what you want, then remove it here, or pin what must stay."
    )


def _row(artifacts: ArtifactStore, owner: str, video: KeptVideo, *, is_offered: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"kept-{video.entry_id}"):
        st.text(_title(video), width="stretch")
        st.caption(f"{video.size_bytes / 1e6:.1f} MB · {video.kept_at:%d %b %Y}", width="content")
        if is_offered:
            st.badge("could go", color="orange")
        _choices(artifacts, owner, video.entry_id, is_pinned=video.pinned)


def _choices(artifacts: ArtifactStore, owner: str, entry_id: str, *, is_pinned: bool) -> None:
    st.button(
        "Unpin" if is_pinned else "Pin",
        icon=":material/keep_off:" if is_pinned else ":material/keep:",
        help="A pinned video is never offered for removal.",
        key=f"pin-{entry_id}",
        on_click=_pin,
        args=(artifacts, owner, entry_id, not is_pinned),
    )
    with st.popover("Remove", icon=":material/delete:", disabled=is_pinned):
        st.write("The video is removed from this app for good; its task stays in the list.")
        st.button(
            "Remove for good",
            type="primary",
            key=f"remove-{entry_id}",
            on_click=_remove,
            args=(artifacts, owner, entry_id),
        )


def _pin(artifacts: ArtifactStore, owner: str, entry_id: str, pinned: bool) -> None:  # noqa: FBT001 — a callback's
    try:
        artifacts.pin(owner, entry_id, pinned=pinned)
    except StudioError as problem:
        st.toast(markdown(str(problem)), icon=":material/warning:")


def _remove(artifacts: ArtifactStore, owner: str, entry_id: str) -> None:
    try:
        artifacts.remove(owner, entry_id)
    except StudioError as problem:
        st.toast(markdown(str(problem)), icon=":material/warning:")


def _title(video: KeptVideo) -> str:
    return shortened(video.title, TITLE_CHARS)


def _size(size_bytes: int) -> str:
    in_gb = size_bytes >= 1_000_000_000
    return f"{size_bytes / 1e9:.3g} GB" if in_gb else f"{size_bytes / 1e6:.3g} MB"
