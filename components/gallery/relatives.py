"""The tasks that belong to one: what it continues, what continues it, what was sent together with it."""

from collections.abc import Sequence

import streamlit as st

from components import session
from components.gallery import address, short_card
from components.runtime import services
from components.tasks import task_card
from studio.journal.entry import Entry


def show(entry: Entry) -> None:
    """Show each as a small picture that opens its page; nothing for a task that stands alone."""
    owner = session.current().owner
    short_card.style()
    family = services().gallery.relatives(owner, entry)
    _row("Goes on from", [family.continues] if family.continues else [])
    _row("Goes on in", family.continued_by)
    _row("Sent together", family.batch)
    if family.batch:
        st.button(
            "Show them in the gallery",
            icon=":material/grid_view:",
            type="tertiary",
            on_click=address.open_batch,
            args=(entry.batch_id,),
        )


def _row(title: str, relatives: Sequence[Entry]) -> None:
    if not relatives:
        return
    posters = services().tasks.thumbnails(session.current().owner, [each.entry_id for each in relatives])
    st.caption(title)
    with st.container(horizontal=True):
        for each in relatives:
            with st.container(width=140, key=f"task-card-relative-{each.entry_id}", gap="xsmall"):
                if poster := posters.get(each.entry_id):
                    st.image(poster, alt="", width="stretch")
                short_card.show_link(each, "relative")
                task_card.show_badge(each)
