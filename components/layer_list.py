"""What is on each layer, and the ways to clear it."""

import streamlit as st

from components import palette, session
from studio.drawing import Drawing, Layer
from studio.layers import LayerSummary, summaries


def show(drawing: Drawing) -> None:
    """A line a layer with its share of the picture and its path, each with its own Clear."""
    found = summaries(drawing)
    for summary in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{palette.dot(summary.layer)} — {_words(summary)}", width="stretch")
            st.button(
                f"Clear {summary.layer.label}",
                key=f"clear-{summary.layer.value}",
                icon=":material/ink_eraser:",
                on_click=_clear,
                args=(summary.layer,),
            )
    if len(found) > 1:
        st.button("Clear all", icon=":material/delete_sweep:", on_click=_clear_all)


def _words(summary: LayerSummary) -> str:
    painted = f"{summary.share:.1%} of the picture" if summary.share else "nothing painted"
    if summary.layer is Layer.STATIC:
        return f"{painted} stays still"
    path = (
        f"path of {summary.path_share_of_width:.0%} of the width"
        if summary.path_share_of_width
        else "no path yet"
    )
    return f"{painted}, {path}"


def _clear(layer: Layer) -> None:
    own = session.current()
    if own.drawing is not None:
        session.redraw(own.drawing.without_layer(layer))


def _clear_all() -> None:
    session.redraw(None)
