"""The Tasks page's address names one task, or a batch; each is read by owner.

Set by callbacks: a link to the page that is shown leaves its address as it is, so the next run would go back.
"""

import streamlit as st

from components import page_paths


def task() -> str | None:
    """The id of the task that is shown alone."""
    return st.query_params.get(page_paths.TASK)


def batch() -> str | None:
    """The id of the batch that alone is in the gallery."""
    return st.query_params.get(page_paths.BATCH)


def open_task(entry_id: str) -> None:
    """Show one task alone; for a callback."""
    st.query_params.from_dict({page_paths.TASK: entry_id})


def open_batch(batch_id: str) -> None:
    """Show one batch in the gallery; for a callback."""
    st.query_params.from_dict({page_paths.BATCH: batch_id})


def open_all() -> None:
    """Show the gallery; for a callback."""
    st.query_params.clear()
