"""A word on a disk that may vanish with the machine, wherever kept things are shown."""

import tempfile
from pathlib import Path

import streamlit as st

from components.runtime import services
from studio.files.retention import vanishing_disk_warning


def show() -> None:
    """Says what lies there and how to keep it; nothing on a disk that stays."""
    shared = services()
    words = vanishing_disk_warning(
        shared.database_url, shared.artifacts.storage_url, Path(tempfile.gettempdir())
    )
    if words is not None:
        st.caption(f":material/warning: {words}")
