"""A kept video on its card, played by its address: shown by its path it would be in memory, whole."""

from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from components import page_paths
from components.runtime import services
from studio.journal.entry import Entry

_COMMUNITY_CLOUD = ".streamlit.app"


def show(entry: Entry, video: Path) -> None:
    """Show the player.

    Args:
        entry: its task.
        video: the file, shown by its path where it has no address.
    """
    root = address_root(st.context.url)
    source = video if root is None else root + services().videos.path(entry.entry_id)
    st.video(source, alt=entry.prompt or "The finished video", loop=True)


def address_root(page_url: str | None) -> str | None:
    """The address below which the app's own routes are, without a slash at its end, from the Tasks page's.

    None without a browser, and on Community Cloud, of which nobody knows whether it lets such routes through.
    """
    if page_url is None or (urlsplit(page_url).hostname or "").endswith(_COMMUNITY_CLOUD):
        return None
    return page_url.removesuffix("/").removesuffix(f"/{page_paths.TASKS.stem}")
