"""Autosave of the draft in hand; bringing it back, and putting another in its place."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from components import page_paths, session, widget_values
from components.runtime import services
from kling.task_ids import new_external_task_id
from studio.journal.entry import Entry
from studio.request.draft import Draft, kept_draft_wins
from studio.request.external_ids import with_unspent_id, without_external_id
from studio.request.model_options import fitted_parameters


def keep(draft: Draft) -> None:
    """Hand the draft over to be kept on disk, when it has changed; costs next to nothing otherwise."""
    current = session.current()
    if draft == current.shown or (current.shown is None and draft.is_blank):
        return  # an empty page must not wipe out the draft that the browser is about to name
    services().drafts.keep(current.owner, draft)
    current.shown = draft


def become(owner: str) -> None:
    """Give this session to that owner: its tasks come back, and its draft, if no picture was chosen yet.

    Otherwise that draft is set aside. To be called before any widget of the page is drawn.
    """
    current = session.current()
    if services().tasks.is_sent(owner, current.brought.text(widget_values.EXTERNAL_TASK_ID)):
        current.brought.replace_text(widget_values.EXTERNAL_TASK_ID, new_external_task_id())
    kept = services().drafts.load(owner)
    if kept is not None:
        kept = widget_values.with_typed(_unspent(kept, owner))
        if kept_draft_wins(kept, current.shown):
            replace_with(current, kept)
        else:
            current.set_aside, current.shown = kept, None  # so that what is in hand is kept
    # Last: a newer run may cut this one short, and must then begin again. Known already, the browser's kept
    # draft would be overwritten by the empty page instead.
    current.owner = owner


def replace_with(current: session.Session, draft: Draft) -> None:
    """Take another draft in hand and set aside the one that was; before the widgets are drawn."""
    current.replace_with(replace(draft, parameters=fitted_parameters(draft.parameters)))


def bring_back() -> None:
    """Swap the draft in hand and the one that was set aside; for a callback."""
    current = session.current()
    if current.set_aside is not None:
        replace_with(current, current.set_aside)


def edit_copy(entry: Entry, change: Callable[[Draft], Draft] = lambda draft: draft) -> None:
    """Start again from a sent draft, as a task of its own; for a callback. `go_along` goes there.

    Args:
        entry: whose draft is taken.
        change: what is different in the copy.
    """
    current = session.current()
    draft = services().sent.draft(entry)
    if draft is None:
        st.toast("What was sent can no longer be read here.", icon=":material/error:")
    else:
        replace_with(current, without_external_id(change(draft)))
        current.heading_for, current.heading_with = page_paths.CREATE, {}


def go_along() -> None:
    """Go to the page that waits, until it is there: a newer message may take the way back.

    A list that refreshes itself may end its run before it comes to the button that was pressed, so the way
    is not taken at the button.
    """
    waiting = session.current().heading_for
    if waiting is not None:
        st.switch_page(waiting, query_params=session.current().heading_with or None)


def _unspent(draft: Draft, owner: str) -> Draft:
    is_sent = services().tasks.is_sent(owner, draft.parameters.external_task_id)
    return with_unspent_id(draft, is_sent=is_sent)
