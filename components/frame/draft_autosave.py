"""Keeps the draft in hand, brings it back, and puts another in its place."""

from dataclasses import replace

import streamlit as st

from components import page_paths, session
from components.runtime import services
from studio.journal.entry import Entry
from studio.request.draft import Draft
from studio.request.model_options import fitted_parameters


def keep(draft: Draft) -> None:
    """Hands the draft over to be kept on disk, when it has changed; costs next to nothing otherwise."""
    own = session.current()
    if draft == own.shown or (own.shown is None and draft.is_blank):
        return  # an empty page must not wipe out the draft that the browser is about to name
    services().drafts.keep(own.owner, draft)
    own.shown = draft


def recognise(owner: str) -> None:
    """The browser says who it is: its tasks come back, and its draft, if no picture was chosen here yet.

    Otherwise its draft is set aside. To be called before any widget of the page is drawn.
    """
    if not services().tasks.entries(session.current().owner):
        become(owner)  # whoever sent something before the browser spoke keeps it in sight


def become(owner: str) -> None:
    """This session is that owner's from now on, as in `recognise`."""
    own = session.current()
    kept = services().drafts.load(owner)
    if kept is not None and (own.shown is None or not (own.shown.picture or own.shown.tail)):
        replace_with(own, _unspent(kept, owner))
    elif kept is not None:
        own.set_aside, own.shown = _unspent(kept, owner), None  # so that what is in hand is kept
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
        replace_with(own, without_id(draft))
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


def without_id(draft: Draft) -> Draft:
    """The draft without its external task id, which names another task already; it will get its own."""
    return replace(draft, parameters=replace(draft.parameters, external_task_id=""))


def _unspent(draft: Draft, owner: str) -> Draft:
    """Without its external task id if that was sent; an id whose sending a crash cut short stays.

    Sent once more, such an id is refused by the service instead of being paid twice.
    """
    spent = draft.parameters.external_task_id
    known = any(entry.external_task_id == spent for entry in services().tasks.entries(owner))
    return without_id(draft) if known else draft
