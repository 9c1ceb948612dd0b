"""A word on a disk that may vanish with the machine, wherever kept things are shown."""

import tempfile
from pathlib import Path

import streamlit as st

from components.foreign_text import markdown
from components.runtime import services
from studio.files.retention import vanishing_disk_warning


def show() -> None:
    """Say which files lie there and how to keep them; nothing on a disk that stays."""
    shared = services()
    words = vanishing_disk_warning(
        shared.database_url, shared.artifacts.storage_url, Path(tempfile.gettempdir())
    )
    if words is not None:
        st.caption(f":material/warning: {markdown(words)}")
