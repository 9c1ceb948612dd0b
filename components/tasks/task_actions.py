"""The decisions on a task that are a person's: leave the line, settle an unclear create, put it aside."""

from collections.abc import Callable

import streamlit as st

from components import session
from components.foreign_text import markdown
from components.runtime import services
from studio.errors import StudioError
from studio.journal.entry import Entry
from studio.tasks.task_view import Choice, TaskView

MAY_BE_PAID = (
    "This may have been charged. Look for the id {id} among your tasks at CometAPI, or quote it to its "
    "support. Send it again only when no such task is there."
)
NOTHING_PAID = "No clear answer came to this. Nothing is paid on the simulator: it can be sent again."
UNCLEAR = (
    "No clear answer came to the request: {charge}. It is looked for by its id, and not sent again before it "
    "is clear that there is no such task."
)
PUT_ASIDE = (
    "The service may finish it all the same: **{charge}**. It is looked at now and then, and comes back by "
    "itself when it ends; you can take it back at any time. Its place goes to the next in line."
)
IS_ASIDE = "Put aside: {charge}. It is looked at now and then, and comes back when it ends."
_BUTTONS: dict[Choice, tuple[str, str]] = {
    Choice.TRY_NOW: ("Try now", ":material/replay:"),
    Choice.LEAVE_QUEUE: ("Leave the line", ":material/close:"),
    Choice.LOOK_AGAIN: ("Look again", ":material/search:"),
    Choice.SEND_AGAIN: ("I checked, send again", ":material/send:"),
    Choice.FORGET: ("Forget it", ":material/delete:"),
    Choice.TAKE_BACK: ("Take it back", ":material/unarchive:"),
}
"""In the order on the card."""


def show(view: TaskView) -> None:
    """Show the choices that this task leaves; none while everything goes its way."""
    entry = view.entry
    if Choice.SEND_AGAIN in view.choices:
        _show_may_be_paid(entry)
    elif Choice.LOOK_AGAIN in view.choices:
        st.caption(UNCLEAR.format(charge=_charge(entry)))
    if Choice.TAKE_BACK in view.choices:
        st.caption(IS_ASIDE.format(charge=_charge(entry)))
    with st.container(horizontal=True):
        for choice, (label, icon) in _BUTTONS.items():
            if choice in view.choices:
                _button(label, icon, entry, _decisions()[choice])
        if Choice.PUT_ASIDE in view.choices:
            _offer_aside(entry)


def _show_may_be_paid(entry: Entry) -> None:
    if entry.is_simulated:
        st.markdown(NOTHING_PAID)
    else:
        st.markdown(MAY_BE_PAID.format(id=markdown(entry.external_task_id or entry.lookup_id)))


def _charge(entry: Entry) -> str:
    return "nothing is paid on the simulator" if entry.is_simulated else "it may be charged"


def _offer_aside(entry: Entry) -> None:
    """Show what it means before it is done."""
    with st.popover("Put aside", icon=":material/archive:", key=f"aside-{entry.entry_id}"):
        st.markdown(PUT_ASIDE.format(charge=_charge(entry)))
        _button("Put it aside", ":material/archive:", entry, services().tasks.put_aside)


def _decisions() -> dict[Choice, Callable[[str, str], Entry]]:
    tasks = services().tasks
    return {
        Choice.LEAVE_QUEUE: tasks.forget,
        Choice.LOOK_AGAIN: tasks.look_again,
        Choice.SEND_AGAIN: tasks.send_again,
        Choice.FORGET: tasks.forget,
        Choice.TAKE_BACK: tasks.take_back,
        Choice.TRY_NOW: tasks.try_now,
    }


def offer_again(entry: Entry) -> None:
    """Offer to fetch a kept video that has vanished: the service may still have it."""
    _button("Get it again", ":material/cloud_download:", entry, services().tasks.get_again)


def _button(label: str, icon: str, entry: Entry, decide: Callable[[str, str], Entry]) -> None:
    st.button(
        label, icon=icon, key=f"{label}-{entry.entry_id}", on_click=_decide, args=(decide, entry.entry_id)
    )


def _decide(decide: Callable[[str, str], Entry], entry_id: str) -> None:
    try:
        decide(session.current().owner, entry_id)
    except StudioError as problem:
        st.toast(markdown(str(problem)), icon=":material/error:")
