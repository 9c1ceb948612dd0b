"""The guide: how to direct motion, in moving pictures."""

import streamlit as st

from components import layer_colours, page_paths
from studio.guide.example_drafts import render_example
from studio.guide.examples import EXAMPLES, Example
from studio.guide.service_facts import service_facts

CARD_WIDTH_PX = 344


def show() -> None:
    """Show a card an example, and facts about the service."""
    st.subheader("How to direct motion")
    st.caption(
        "Made here from the directions drawn on them. They show what you ask for, not what Kling will paint."
    )
    st.markdown(
        "**Paint once, direct any model.** The chosen model gets your drawing in the best way that it takes: "
        "by motion brush, as a last frame, or in words. One line under the model says which."
    )
    with st.container(horizontal=True, gap="medium"):
        for example in EXAMPLES:
            _card(example)
        _facts()
    st.page_link(page_paths.CREATE, label="Direct a picture", icon=":material/brush:")


def _card(example: Example) -> None:
    with st.container(width=CARD_WIDTH_PX, gap="small"):
        with st.spinner("Making it move …"):
            mp4 = render_example(example, layer_colours.RGB).mp4
        st.video(mp4, loop=True, autoplay=True, muted=True, alt=f"{example.title}: {example.words}")
        st.markdown(f"**{example.title}**  \n{example.words}")


def _facts() -> None:
    with st.container(width=CARD_WIDTH_PX, border=True):
        st.markdown("**What the service takes**")
        st.markdown("\n".join(f"- {fact}" for fact in service_facts()))
