"""A kept video on its card, played by its address: shown by its path it would be in memory, whole."""

from pathlib import Path

import streamlit as st

from components import page_paths
from components.runtime import services
from components.video_addresses import address_root
from studio.journal.entry import Entry


def show(entry: Entry, video: Path) -> None:
    """Show the player, which begins by itself.

    Args:
        entry: its task.
        video: the file, shown by its path where it has no address.
    """
    root = address_root(st.context.url, page_paths.TASKS)
    source = video if root is None else root + services().videos.path(entry.entry_id)
    # without sound a browser lets it play by itself
    st.video(source, alt=entry.prompt or "The finished video", loop=True, autoplay=True, muted=True)
