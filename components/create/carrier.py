"""The way in which the drawing reaches the model: said in one line, changeable, with its sentences."""

from dataclasses import replace

import streamlit as st

from components import session
from components.create.parameters import CARRIER, WORDS, Slots
from components.foreign_text import markdown
from kling.rules import MAX_PROMPT_CHARS
from studio.request.carriers import carrier_sentence, draft_carriers, why_not
from studio.request.draft import Carrier, Draft
from studio.request.words import motion_words, whole_prompt

CHOICE, SENTENCES = "carrier-choice", "motion-words"
AUTOMATIC = "automatic"
_LABELS = {
    AUTOMATIC: "The best way that the model takes",
    Carrier.BRUSH: "Motion brush: masks and paths",
    Carrier.FRAME: "Last frame, and words",
    Carrier.WORDS: "Words only",
    Carrier.NONE: "Not at all",
}


def show(draft: Draft, slots: Slots) -> Draft:
    """Show how the drawing is sent and its sentences at their places.

    Returns:
        The draft with the carrier and the sentences that were chosen.
    """
    current = session.current()
    directed = replace(
        draft,
        parameters=replace(draft.parameters, carrier=current.carrier, motion_words=current.motion_words),
    )
    if said := carrier_sentence(directed):
        with slots.reserved(CARRIER):
            _show_choice(said, directed)
        with slots.reserved(WORDS):
            _show_words(directed)
    return directed


def _show_choice(said: str, draft: Draft) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text(said, width="stretch")  # a typed model's name is no Markdown
        with st.popover("Change", type="tertiary", key="carrier-menu"):
            _choose(draft)


def _choose(draft: Draft) -> None:
    chosen = draft.parameters.carrier
    taken = draft_carriers(draft)
    options = [AUTOMATIC, *(carrier for carrier in Carrier if carrier in taken or carrier is chosen)]
    _put(CHOICE, chosen or AUTOMATIC)
    st.radio(
        "How the drawing is sent",
        options,
        format_func=lambda option: _LABELS[option],
        key=CHOICE,
        on_change=_take_choice,
    )
    for carrier in Carrier:
        if carrier not in taken:
            st.caption(f"{_LABELS[carrier]}: not now, because {markdown(why_not(draft, carrier))}.")


def _show_words(draft: Draft) -> None:
    """Show the sentences that stand after the prompt, to be edited; nothing where none are sent."""
    words = motion_words(draft)
    if not (words.text or words.is_edited or words.left_out):
        return
    _put(SENTENCES, words.text)
    st.text_area(
        "Your own sentences for the drawing" if words.is_edited else "Sentences from your drawing",
        key=SENTENCES,
        height=100,
        on_change=_take_words,
        help="They are sent after your prompt. What you change here stays when the drawing changes.",
    )
    st.caption(f"{len(whole_prompt(draft))} of {MAX_PROMPT_CHARS} characters with your prompt")
    if words.left_out:
        st.warning(f"No room for what is said of {markdown(', '.join(words.left_out))}: shorten your prompt.")
    if words.is_edited:
        st.button(
            "Write them from the drawing again",
            icon=":material/refresh:",
            type="tertiary",
            on_click=_write_words_again,
        )


def _put(widget: str, value: str) -> None:
    """Set a widget's value only where it differs: setting it drops what is being typed."""
    if session.get(widget) != value:
        session.put(widget, value)


def _take_choice() -> None:
    chosen = session.get(CHOICE)
    session.current().carrier = None if chosen in {None, AUTOMATIC} else Carrier(chosen)


def _take_words() -> None:
    session.current().motion_words = session.get(SENTENCES)


def _write_words_again() -> None:
    session.current().motion_words = None
