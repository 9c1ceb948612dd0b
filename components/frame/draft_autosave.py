"""Keeps the draft in hand, brings it back, and puts another in its place."""

from dataclasses import replace

import streamlit as st

from components import page_paths, session
from components.runtime import services
from studio.journal.entry import Entry
from studio.request.draft import Draft, kept_draft_wins
from studio.request.external_ids import with_unspent_id, without_external_id
from studio.request.model_options import fitted_parameters


def keep(draft: Draft) -> None:
    """Hands the draft over to be kept on disk, when it has changed; costs next to nothing otherwise."""
    own = session.current()
    if draft == own.shown or (own.shown is None and draft.is_blank):
        return  # an empty page must not wipe out the draft that the browser is about to name
    services().drafts.keep(own.owner, draft)
    own.shown = draft


def become(owner: str) -> None:
    """Give this session to that owner: its tasks come back, and its draft, if no picture was chosen yet.

    Otherwise that draft is set aside. To be called before any widget of the page is drawn.
    """
    own = session.current()
    kept = services().drafts.load(owner)
    if kept is not None:
        kept = _unspent(kept, owner)
        if kept_draft_wins(kept, own.shown):
            replace_with(own, kept)
        else:
            own.set_aside, own.shown = kept, None  # so that what is in hand is kept
    # Last: a newer run may cut this one short, and must then begin again. Known already, the browser's kept
    # draft would be overwritten by the empty page instead.
    own.owner = owner


def replace_with(own: session.Session, draft: Draft) -> None:
    """Another draft takes the place of the one in hand, which is set aside; before the widgets are drawn."""
    own.replace_with(replace(draft, parameters=fitted_parameters(draft.parameters)))


def bring_back() -> None:
    """The draft that was set aside, and the one in hand in its place; for a callback."""
    own = session.current()
    if own.set_aside is not None:
        replace_with(own, own.set_aside)


def edit_copy(entry: Entry) -> None:
    """Starts again from what was sent, as a task of its own; for a callback. `go_along` goes there."""
    own = session.current()
    draft = services().sent.draft(entry)
    if draft is None:
        st.toast("What was sent can no longer be read here.", icon=":material/error:")
    else:
        replace_with(own, without_external_id(draft))
        own.heading_for = page_paths.CREATE


def go_along() -> None:
    """Goes to the page that waits.

    A list that refreshes itself may end its run before it comes to the button that was pressed, so the way
    is not taken at the button.
    """
    own = session.current()
    waiting, own.heading_for = own.heading_for, None
    if waiting is not None:
        st.switch_page(waiting)


def _unspent(draft: Draft, owner: str) -> Draft:
    is_sent = services().tasks.is_sent(owner, draft.parameters.external_task_id)
    return with_unspent_id(draft, is_sent=is_sent)
