"""A fragment for what speaks by itself, as the canvas does at its mount.

Streamlit ends a run for a newer message, and with it a click whose callback was not called yet. A fragment's
message waits for the run that goes on. Then the whole page runs, not the fragment alone: the browser sends
what happens in one moment as one message, and a click may have come with it.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import ParamSpec

import streamlit as st

_Given = ParamSpec("_Given")


def page_fragment(show: Callable[_Given, None]) -> Callable[_Given, None]:
    """Show something as such a fragment; for a decorator."""

    @st.fragment
    @wraps(show)
    def run(page_run: Iterator[bool], *args: _Given.args, **kwargs: _Given.kwargs) -> None:
        if not next(page_run, False):  # the fragment's own run
            st.rerun()
        show(*args, **kwargs)

    @wraps(show)
    def shown(*args: _Given.args, **kwargs: _Given.kwargs) -> None:
        run(iter([True]), *args, **kwargs)

    return shown
