"""For a video that the app could not fetch: its link, for its owner alone, and a place to bring the file."""

from datetime import datetime
from typing import BinaryIO

import streamlit as st

from components import session
from components.foreign_text import markdown
from components.runtime import services
from studio.errors import StudioError
from studio.files.retention import days_left
from studio.journal.entry import Entry

BY_HAND = "You can fetch the file yourself, as long as the service keeps it, and bring it here."


def show(entry: Entry, now: datetime) -> None:
    """Show the link, while it lives, to copy as it is; and the upload."""
    # by our own clock: the service's may say anything
    is_alive = days_left(entry.state_since, now) > 0
    st.caption(BY_HAND)
    if entry.result_url and is_alive:
        # as text: the service may have written anything into it
        st.code(entry.result_url, language=None, wrap_lines=True)
    with st.popover("I have the file", icon=":material/upload:", key=f"by-hand-{entry.entry_id}"):
        file = st.file_uploader("The video, as MP4", type="mp4", key=f"by-hand-file-{entry.entry_id}")
        st.button(
            "Keep it as this task's video",
            key=f"by-hand-keep-{entry.entry_id}",
            disabled=file is None,
            on_click=_keep,
            args=(entry.entry_id, file),
        )


def _keep(entry_id: str, file: BinaryIO) -> None:
    try:
        services().tasks.bring_video(session.current().owner, entry_id, file)
    except StudioError as problem:
        st.toast(markdown(str(problem)), icon=":material/error:")
