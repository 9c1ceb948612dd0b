"""A link to one task for others to see: made, shown once, withdrawn."""

import streamlit as st

from components import page_paths, session
from components.foreign_text import markdown
from components.runtime import services
from studio.errors import StudioError
from studio.journal.entry import Entry

_WHAT = "A link shows the video, its prompt and its parameters to whoever has it, until you withdraw it."


def show(entry: Entry) -> None:
    """Show the popover on a card; the database is asked only while it is open."""
    popover = st.popover("Share", icon=":material/share:", key=f"share-{entry.entry_id}", on_change="rerun")
    popover.markdown(_WHAT)  # in its first moment, before the run that knows it open, it is not blank
    if popover.open:
        with popover:
            _link(entry)


def _link(entry: Entry) -> None:
    shares = services().shares
    token = session.current().share_tokens.get(entry.entry_id)
    is_shared = shares.is_shared(session.current().owner, entry.entry_id)
    if token is not None and shares.find_shared(token) is not None:
        st.code(_address(token), language=None, wrap_lines=True)
        st.caption("Copy it now: the app keeps only its hash, and cannot show it again later.")
    elif is_shared:
        st.markdown("This task has a link, which was shown when it was made. A new one ends it.")
    with st.container(horizontal=True):
        st.button(
            "Make a new link" if is_shared else "Make a link",
            icon=":material/add_link:",
            key=f"make-link-{entry.entry_id}",
            on_click=_make,
            args=(entry.entry_id,),
        )
        if is_shared:
            st.button(
                "Withdraw the link",
                icon=":material/link_off:",
                key=f"withdraw-link-{entry.entry_id}",
                on_click=_withdraw,
                args=(entry.entry_id,),
            )


def _make(entry_id: str) -> None:
    current = session.current()
    try:
        current.share_tokens[entry_id] = services().shares.make(current.owner, entry_id)
    except StudioError as problem:
        st.toast(markdown(str(problem)), icon=":material/error:")


def _withdraw(entry_id: str) -> None:
    current = session.current()
    current.share_tokens.pop(entry_id, None)
    services().shares.withdraw(current.owner, entry_id)


def _address(token: str) -> str:
    """Address of a link under the public address, or else the one at which this browser has the page."""
    base = services().settings.public_url or (st.context.url or "").rsplit("/", 1)[0]
    return f"{base}/?{page_paths.SHARE}={token}"
