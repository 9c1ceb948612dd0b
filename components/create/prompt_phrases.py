"""Chips below the prompt: how the camera moves and at what pace, each added or taken out by one click."""

import streamlit as st

from components import session
from studio.request.prompt_phrases import PHRASES, phrases_in, with_phrase


def show() -> None:
    """Show the chips; those whose words are in the prompt are chosen."""
    with st.popover("Camera and pace", icon=":material/videocam:", type="tertiary"):
        for phrase_group in PHRASES:
            chips = _chips(phrase_group)
            session.put(chips, next(iter(phrases_in(session.get("prompt") or "", phrase_group)), None))
            st.pills(
                phrase_group,
                list(PHRASES[phrase_group]),
                key=chips,
                on_change=_change_prompt,
                args=(phrase_group,),
            )


def _change_prompt(group: str) -> None:
    chosen = session.get(_chips(group))
    session.put("prompt", with_phrase(session.get("prompt") or "", group, [chosen] if chosen else []))


def _chips(group: str) -> str:
    return f"phrases-{group.lower()}"
