"""What a person may decide about a task: leave the line, and what to make of an unclear create."""

from collections.abc import Callable

import streamlit as st

from components import session
from components.runtime import services
from studio.errors import StudioError
from studio.journal.entry import Entry, State
from studio.tasks.task_service import HELD_UP

MAY_BE_PAID = (
    "This may have been charged. Look for the id `{id}` among your tasks at CometAPI, or quote it to its "
    "support. Send it again only when no such task is there."
)


def show(entry: Entry) -> None:
    """The choices that this task leaves; none while everything goes its way."""
    tasks = services().tasks
    if entry.state is State.INTENT:
        _button("Leave the line", ":material/close:", entry, tasks.forget)
    elif tasks.asks_person(entry):
        st.markdown(MAY_BE_PAID.format(id=entry.external_task_id))
        with st.container(horizontal=True):
            _button("Look again", ":material/search:", entry, tasks.look_again)
            _button("I checked, send again", ":material/send:", entry, tasks.send_again)
            _button("Forget it", ":material/delete:", entry, tasks.forget)
    elif entry.state is State.UNKNOWN:
        st.caption(
            "No clear answer came to the request: it may have been charged. It is looked for by its id, and "
            "not sent again before it is clear that there is no such task."
        )
        _button("Look again", ":material/search:", entry, tasks.look_again)
    elif entry.message and entry.state in HELD_UP:
        _button("Forget it", ":material/delete:", entry, tasks.forget)


def offer_again(entry: Entry) -> None:
    """For a video that was kept and has vanished: the service may still have it."""
    _button("Get it again", ":material/cloud_download:", entry, services().tasks.get_again)


def _button(label: str, icon: str, entry: Entry, decide: Callable[[str, str], Entry]) -> None:
    st.button(
        label, icon=icon, key=f"{label}-{entry.entry_id}", on_click=_decide, args=(decide, entry.entry_id)
    )


def _decide(decide: Callable[[str, str], Entry], entry_id: str) -> None:
    try:
        decide(session.current().owner, entry_id)
    except StudioError as problem:
        st.toast(str(problem), icon=":material/error:")
