"""One task in the grid: its poster, its name, where it stands."""

from datetime import datetime
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import session
from components.foreign_text import markdown
from components.gallery import address
from components.runtime import services
from components.tasks import task_card
from studio.journal.entry import Entry, State
from studio.short_text import shortened
from studio.tasks.error_messages import NO_REASON, refused_task
from studio.tasks.task_view import Choice, TaskView

TITLE_CHARS = 80
REASON_CHARS = 110


_STYLE = Path(__file__).with_name("gallery.css").read_text("utf-8")


def style() -> None:
    """Give posters and cards their shape, once on a page."""
    st.html(f"<style>{_STYLE}</style>")


def pick_key(entry_id: str) -> str:
    """Name of the checkbox that selects a task."""
    return f"pick-{entry_id}"


def look(view: TaskView) -> tuple[object, ...]:
    """All that the card shows but the time that goes on: with the same look, it is the same card."""
    entry = view.entry
    return (
        *(entry.entry_id, entry.state, entry.message, entry.create_error, entry.put_aside_at),
        *(entry.name, entry.is_starred, view.choices, view.queue_position, view.stop is None),
    )


def show(view: TaskView, poster: bytes | None) -> DeltaGenerator | None:
    """Show the card; the place of its time, where that goes on."""
    entry = view.entry
    with st.container(border=True, key=f"task-card-{entry.entry_id}", gap="xsmall"):
        _poster(entry, poster)
        _title_row(entry)
        going_on = _state_row(entry)
        if words := _words(view):
            st.caption(markdown(words))
    return going_on


def _title_row(entry: Entry) -> None:
    """Show the title, which opens the task's page, and the star."""
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall"):
        show_link(entry)
        with st.container(width="content", key=f"task-hand-star-{entry.entry_id}"):
            show_star(entry)


def show_link(entry: Entry, place: str = "open") -> None:
    """Show the title, which opens the task's page.

    Args:
        entry: the task.
        place: on the page; the same task may be linked from several.
    """
    st.button(
        markdown(short_title(entry)),
        icon=":material/play_circle:" if entry.state is State.KEPT else None,
        type="tertiary",
        width="stretch",
        wrap=False,
        key=f"{place}-{entry.entry_id}",
        on_click=address.open_task,
        args=(entry.entry_id,),
    )


def _state_row(entry: Entry) -> DeltaGenerator | None:
    """Show the checkbox and where the task stands; the place of its time, where that goes on."""
    with st.container(
        horizontal=True,
        wrap=False,
        vertical_alignment="center",
        gap="xsmall",
        key=f"task-hand-{entry.entry_id}",
    ):
        st.checkbox(
            f"Select {markdown(short_title(entry))}",
            key=pick_key(entry.entry_id),
            label_visibility="collapsed",
            width="content",
        )
        task_card.show_badge(entry)
        return None if entry.is_settled else st.empty()


def show_time(place: DeltaGenerator, view: TaskView, now: datetime) -> None:
    """Write how long it has been, or its position in line."""
    if view.queue_position:
        place.caption(f"Position {view.queue_position} in line")
    else:
        place.caption(task_card.time_words(view.entry, now, is_short=True))


def short_title(entry: Entry) -> str:
    """The task's title on one line; a foreign text."""
    return shortened(" ".join(entry.title.split()) or "No prompt", TITLE_CHARS)


def _poster(entry: Entry, poster: bytes | None) -> None:
    if poster:
        st.image(poster, alt="", width="stretch")
        return
    with st.container(
        key=f"poster-none-{entry.entry_id}", horizontal_alignment="center", vertical_alignment="center"
    ):
        st.markdown(":material/movie:", width="content")


def _words(view: TaskView) -> str:
    """Words on what went wrong or is in the way, in a line or two; nothing while all goes its way."""
    entry = view.entry
    if Choice.SEND_AGAIN in view.choices:
        return "Needs you: open it to decide."
    if entry.put_aside_at is not None:
        return "Put aside; it comes back when it ends."
    if entry.state is State.FAILED:
        return shortened(f"The service gave up: {entry.message or NO_REASON}", REASON_CHARS)
    if entry.state is State.REJECTED:
        return shortened(str(refused_task(entry)), REASON_CHARS)
    if view.stop is not None:
        return "Its queue stands still."
    return shortened(entry.message or "", REASON_CHARS) if entry.state is not State.KEPT else ""


def show_star(entry: Entry) -> None:
    """Show the star, to be set or taken back."""
    st.button(
        ":material/star:" if not entry.is_starred else ":yellow[:material/star:]",
        help="Take the star back" if entry.is_starred else "Star",
        type="tertiary",
        key=f"star-{entry.entry_id}",
        on_click=_star,
        args=(entry,),
    )


def _star(entry: Entry) -> None:
    services().gallery.star(session.current().owner, entry.entry_id, is_starred=not entry.is_starred)
