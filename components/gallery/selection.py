"""Several tasks of this page at once: star, put aside, take back, download, remove, compare."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import streamlit as st

from components import page_paths, session
from components.foreign_text import markdown
from components.gallery import short_card
from components.runtime import services
from components.video_addresses import address_root
from studio.errors import StudioError
from studio.files.artifact import Artifact
from studio.files.video_zip import MOST_BYTES
from studio.films.differences import LEAST_COMPARED, MOST_COMPARED
from studio.tasks.task_view import Choice, TaskView

_ALL = "pick-all"


def show(views: Sequence[TaskView]) -> None:
    """Show the bar above the grid: select all on this page, and what is to be done with the selected."""
    if not views:
        return
    chosen = [view for view in views if session.get(short_card.pick_key(view.entry.entry_id))]
    with st.container(horizontal=True, vertical_alignment="center", key="selection"):
        session.put(_ALL, len(chosen) == len(views))
        st.checkbox(
            f"{len(chosen)} selected" if chosen else "Select all on this page",
            key=_ALL,
            on_change=_select_all,
            args=([view.entry.entry_id for view in views],),
            width="content",
        )
        if chosen:
            _actions(chosen)


def _actions(chosen: Sequence[TaskView]) -> None:
    tasks = services().tasks
    is_starred = all(view.entry.is_starred for view in chosen)
    _button(
        "Unstar" if is_starred else "Star",
        ":material/star:",
        chosen,
        partial(services().gallery.star, is_starred=not is_starred),
    )
    for choice, label, icon, act in (
        (Choice.PUT_ASIDE, "Put aside", ":material/archive:", tasks.put_aside),
        (Choice.TAKE_BACK, "Take back", ":material/unarchive:", tasks.take_back),
    ):
        if able := [view for view in chosen if choice in view.choices]:
            _button(label, icon, able, act)
    if kept := _kept(chosen):
        _compare(kept)
        _download(kept)
        _remove(kept)


class _KeptTask(NamedTuple):
    view: TaskView
    video: Artifact


def _kept(views: Sequence[TaskView]) -> list[_KeptTask]:
    """Those with a video that is there."""
    return [_KeptTask(view, video) for view in views if (video := view.kept_video)]


def _button(label: str, icon: str, views: Sequence[TaskView], act: Callable[[str, str], object]) -> None:
    st.button(
        label,
        icon=icon,
        key=f"many-{label}",
        on_click=_for_each,
        args=(act, [view.entry.entry_id for view in views]),
    )


def _compare(kept: Sequence[_KeptTask]) -> None:
    if LEAST_COMPARED <= len(kept) <= MOST_COMPARED:
        st.button(
            "Compare",
            icon=":material/compare:",
            on_click=_go_to_comparison,
            args=([one.view.entry.entry_id for one in kept],),
        )


def _go_to_comparison(entry_ids: Sequence[str]) -> None:
    current = session.current()
    current.heading_for = page_paths.COMPARE
    current.heading_with = {page_paths.COMPARED: ",".join(entry_ids)}


def _download(kept: Sequence[_KeptTask]) -> None:
    """Show the link to all their videos as one file, with its size."""
    size = sum(one.video.size_bytes for one in kept)
    root = address_root(st.context.url, page_paths.TASKS)
    if root is None:
        return  # each has its own button on its page
    st.link_button(
        f"Download {size / 1e6:.3g} MB",
        root + services().zips.path([one.view.entry.entry_id for one in kept]),
        icon=":material/download:",
        disabled=size > MOST_BYTES,
        help=f"One zip with {len(kept)} MP4; at most {MOST_BYTES / 1e6:.0f} MB at once.",
    )


def _remove(kept: Sequence[_KeptTask]) -> None:
    going = [one for one in kept if not one.video.pinned]
    with st.popover("Remove videos", icon=":material/delete:", key="many-remove"):
        count = f"{len(going)} video{'' if len(going) == 1 else 's'}"
        st.markdown(f"**{count}** will be removed from this app for good.")
        pinned = f" {len(kept) - len(going)} pinned stay too." if len(going) < len(kept) else ""
        st.caption(f"The tasks stay, with their pictures, parameters and recipes.{pinned}")
        if going:
            _button(
                "Remove for good",
                ":material/delete:",
                [one.view for one in going],
                services().artifacts.remove,
            )


def _for_each(act: Callable[[str, str], object], entry_ids: Sequence[str]) -> None:
    """Do it to each; one that cannot be done is said, and stops no other."""
    owner = session.current().owner
    for entry_id in entry_ids:
        try:
            act(owner, entry_id)
        except StudioError as problem:
            st.toast(markdown(str(problem)), icon=":material/warning:")


def _select_all(entry_ids: Sequence[str]) -> None:
    for entry_id in entry_ids:
        session.put(short_card.pick_key(entry_id), session.get(_ALL))
