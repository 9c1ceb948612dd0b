"""The guide: how to direct motion, in moving pictures."""

import streamlit as st

from components import layer_colours, page_paths, video_player
from components.foreign_text import markdown
from kling.model_lives import model_life
from studio.guide.carrier_examples import CARRIER_EXAMPLES, DRAWN, CarrierExample, render_carrier
from studio.guide.example_drafts import example_size_px, render_example
from studio.guide.examples import EXAMPLES, Example
from studio.guide.service_facts import service_facts
from studio.request.model_options import state_words

CARD_WIDTH_PX = 344
GAP_PX = 16


def show() -> None:
    """Show one drawing sent in three ways, then a card an example, and facts about the service."""
    st.subheader("How to direct motion")
    st.caption(
        "Made here from the directions drawn on them. They show what you ask for, not what Kling will paint."
    )
    st.markdown(
        "**Paint once, direct any model.** The chosen model gets your drawing in the best way that it takes; "
        "one line under the model says which. Here is one drawing, sent in each way:"
    )
    with st.container(horizontal=True, gap="medium"):
        for carrier_example in CARRIER_EXAMPLES:
            _carrier_card(carrier_example)
    st.markdown("**What to paint**")
    with st.container(horizontal=True, gap="medium"):
        for example in EXAMPLES:
            _card(example)
        _facts()
    st.page_link(page_paths.CREATE, label="Direct a picture", icon=":material/brush:")


def _carrier_card(example: CarrierExample) -> None:
    with st.spinner("Making it move …"):
        shown = render_carrier(example, layer_colours.RGB)
    pictures = sum(picture is not None for picture in (shown.mp4, shown.picture))
    with st.container(width=pictures * CARD_WIDTH_PX + (pictures - 1) * GAP_PX, gap="small"):
        with st.container(horizontal=True, gap="small"):
            if shown.mp4:
                alt = f"One drawing by {example.title.lower()}"
                video_player.show_video(
                    example.carrier, shown.mp4, example_size_px(DRAWN), alt, width_px=CARD_WIDTH_PX
                )
            if shown.picture:
                alt = "The last frame as it is sent" if shown.mp4 else "The picture, which stands still"
                st.image(shown.picture, alt=alt, width=CARD_WIDTH_PX)
        state = state_words(model_life(example.model_name))
        st.markdown(
            f"**{example.title}** · {markdown(example.model_name)} ({markdown(state)})  \n{example.words}"
        )
        if not shown.mp4:
            with st.container(border=True):
                st.text(shown.sentences)  # letter for letter


def _card(example: Example) -> None:
    with st.container(width=CARD_WIDTH_PX, gap="small"):
        with st.spinner("Making it move …"):
            mp4 = render_example(example, layer_colours.RGB).mp4
        alt = f"{example.title}: {example.words}"
        video_player.show_video(example.title, mp4, example_size_px(example), alt, width_px=CARD_WIDTH_PX)
        st.markdown(f"**{example.title}**  \n{example.words}")


def _facts() -> None:
    with st.container(width=CARD_WIDTH_PX, border=True):
        st.markdown("**What the service takes**")
        st.markdown("\n".join(f"- {fact}" for fact in service_facts()))
