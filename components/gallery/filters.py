"""Which tasks the gallery shows. The choices stay for the session, over pages and back."""

from datetime import date

import streamlit as st

from components import session
from components.gallery import address
from components.runtime import services
from studio.journal.gallery import SEARCH_CHARS, GalleryFilter, SentWith, Shows

PAGE = "gallery-page"
_SHOWS = "gallery-shows"
_LABELS = {
    Shows.ALL: "All",
    Shows.UNDER_WAY: "Under way",
    Shows.DONE: "Done",
    Shows.FAILED: "Failed",
    Shows.NEEDS_YOU: "Needs you",
    Shows.PUT_ASIDE: "Put aside",
}
_WAYS = {SentWith.BRUSH: "Motion brush", SentWith.FRAME: "Last frame", SentWith.NEITHER: "Words alone"}


def page_number() -> int:
    """The page of the gallery that is asked for, from 1."""
    return session.get(PAGE) or 1


def show() -> GalleryFilter:
    """Show the choices; their values."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Search",
            type="search",
            placeholder="Prompt, name or id",
            max_chars=SEARCH_CHARS,
            label_visibility="collapsed",
            icon=":material/search:",
            key="gallery-search",
            on_change=_first_page,
            persist_state="session",
        )
        with st.popover("Filter", icon=":material/tune:"):
            models, ways, is_starred, days = _more()
    return GalleryFilter(
        shows=_state(),
        text=text or "",
        models=models,
        sent_with=ways,
        is_starred=is_starred,
        first_day=days[0] if days else None,
        last_day=days[-1] if len(days) > 1 else None,
        batch_id=_batch(),
    )


def _state() -> Shows:
    shows = st.pills(
        "Show",
        list(Shows),
        default=Shows.ALL,
        required=True,
        format_func=_LABELS.__getitem__,
        label_visibility="collapsed",
        key=_SHOWS,
        on_change=_first_page,
        persist_state="session",
    )
    return Shows(shows or Shows.ALL)


def _more() -> tuple[tuple[str, ...], tuple[SentWith, ...], bool, tuple[date, ...]]:
    models = st.multiselect(
        "Model",
        services().gallery.models(session.current().owner),
        key="gallery-models",
        on_change=_first_page,
        persist_state="session",
    )
    ways = st.pills(
        "Sent by",
        list(SentWith),
        selection_mode="multi",
        format_func=_WAYS.__getitem__,
        key="gallery-ways",
        on_change=_first_page,
        persist_state="session",
    )
    is_starred = st.toggle(
        "Starred alone", key="gallery-starred", on_change=_first_page, persist_state="session"
    )
    days = st.date_input(
        "From and to (UTC)", [], key="gallery-days", on_change=_first_page, persist_state="session"
    )
    return tuple(models), tuple(ways), is_starred, days


def _batch() -> str | None:
    """The batch in the address, with the way back to all."""
    batch_id = address.batch()
    if batch_id:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Only what was sent together.", width="content")
            st.button("Show all", icon=":material/close:", type="tertiary", on_click=address.open_all)
    return batch_id


def _first_page() -> None:
    session.put(PAGE, 1)
