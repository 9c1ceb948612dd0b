"""A kept video on its card, played by its address: shown by its path it would be in memory, whole."""

from pathlib import Path

import streamlit as st

from components import page_paths
from components.runtime import services
from studio.journal.entry import Entry


def show(entry: Entry, video: Path) -> None:
    """Show the player.

    Args:
        entry: its task.
        video: the file, shown by its path where a page without a browser has no address.
    """
    page = st.context.url
    root = page and page.removesuffix("/").removesuffix(f"/{page_paths.TASKS.stem}")
    source = root + services().videos.path(entry.entry_id) if root else video
    st.video(source, alt=entry.prompt or "The finished video", loop=True)
