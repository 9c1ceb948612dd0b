"""A person's kept videos: the room they take, pins, and removal."""

import streamlit as st

from components.foreign_text import markdown
from studio.errors import StudioError
from studio.files.artifact_store import ArtifactStore
from studio.files.retention import KeptVideo, removal_candidates

TITLE_CHARS = 60


def show(artifacts: ArtifactStore, owner: str) -> None:
    """Show the panel, once something is kept; it opens by itself when there is more than planned."""
    videos = artifacts.videos(owner)
    if not videos:
        return
    used = artifacts.used_bytes()
    offered = removal_candidates(videos, used, artifacts.cap_bytes)
    label = f"Kept videos: {_size(used)} of {_size(artifacts.cap_bytes)}"
    with st.expander(label, icon=":material/inventory_2:", expanded=bool(offered), key="kept-videos"):
        yours = _size(sum(video.size_bytes for video in videos))
        st.caption(f"All files of everybody's tasks count. Your videos: {yours}.")
        if used > artifacts.cap_bytes:
            st.info(_advice(len(offered)), icon=":material/info:")
        with st.container(height=300 if len(videos) > 6 else "content", border=False):
            for video in videos:
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
        st.button(
            "Unpin" if video.pinned else "Pin",
            icon=":material/keep_off:" if video.pinned else ":material/keep:",
            help="A pinned video is never offered for removal.",
            key=f"pin-{video.entry_id}",
            on_click=_pin,
            args=(artifacts, owner, video),
        )
        with st.popover("Remove", icon=":material/delete:", disabled=video.pinned):
            st.write("The video is removed from this app for good; its task stays in the list.")
            st.button(
                "Remove for good",
                type="primary",
                key=f"remove-{video.entry_id}",
                on_click=_remove,
                args=(artifacts, owner, video),
            )


def _pin(artifacts: ArtifactStore, owner: str, video: KeptVideo) -> None:
    try:
        artifacts.pin(owner, video.entry_id, pinned=not video.pinned)
    except StudioError as problem:
        st.toast(markdown(str(problem)), icon=":material/warning:")


def _remove(artifacts: ArtifactStore, owner: str, video: KeptVideo) -> None:
    try:
        artifacts.remove(owner, video.entry_id)
    except StudioError as problem:
        st.toast(markdown(str(problem)), icon=":material/warning:")


def _title(video: KeptVideo) -> str:
    return video.title if len(video.title) <= TITLE_CHARS else f"{video.title[:TITLE_CHARS].rstrip()} …"


def _size(size_bytes: int) -> str:
    in_gb = size_bytes >= 1_000_000_000
    return f"{size_bytes / 1e9:.3g} GB" if in_gb else f"{size_bytes / 1e6:.3g} MB"
