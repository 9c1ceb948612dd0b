"""One page of a person's tasks as posters, drawn anew when something on it has changed, and only then."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import session
from components.frame import draft_autosave
from components.gallery import filters, selection, short_card
from components.runtime import services
from studio.errors import StudioError
from studio.files.artifact import ArtifactKind
from studio.journal.gallery import GalleryFilter, Shows
from studio.tasks.gallery import GalleryViews
from studio.tasks.task_view import TaskView

REFRESH_S = 1.0
CARD_PX = 240

Looks = tuple[object, ...]
Places = Mapping[str, DeltaGenerator]


def show() -> None:
    """Show the choices and the page; its watch runs only as long as something may still change."""
    draft_autosave.go_along()
    short_card.style()
    wanted = filters.show()
    views = services().gallery.page(session.current().owner, wanted, filters.page_number())
    if not views.tasks:
        _say_nothing_here(views, wanted)
    selection.show(views.tasks)
    places = _grid(views)
    if views.pages > 1:
        st.pagination(views.pages, key=filters.PAGE)
    watch = st.fragment(_watch, run_every=REFRESH_S if views.may_change else None)
    watch(iter([views]), wanted, views.number, _looks(views), places)


def _say_nothing_here(views: GalleryViews, wanted: GalleryFilter) -> None:
    if wanted != GalleryFilter() and any(views.counts.values()):
        st.info("Nothing like this among your tasks.", icon=":material/filter_alt:")
    elif aside := views.counts[Shows.PUT_ASIDE]:
        st.info(f"All that there is you have put aside ({aside}).", icon=":material/archive:")
    else:
        st.info("No tasks yet. What you send on the Create page appears here.", icon=":material/movie:")


def _grid(views: GalleryViews) -> Places:
    """Draw the posters; the places of the times that go on, by entry id."""
    posters = _posters(views.tasks)
    places = {}
    with st.grid(min_column_width=CARD_PX, key="gallery-grid"):
        for view in views.tasks:
            entry_id = view.entry.entry_id
            if (place := short_card.show(view, posters.get(entry_id))) is not None:
                places[entry_id] = place
    return places


def _watch(
    drawn: Iterator[GalleryViews], wanted: GalleryFilter, number: int, looks: Looks, places: Places
) -> None:
    """Write the times that go on, and have the page drawn anew when it looks otherwise."""
    draft_autosave.go_along()
    views = next(drawn, None) or services().gallery.page(session.current().owner, wanted, number)
    if _looks(views) != looks:
        st.rerun()
    now = datetime.now(UTC)
    for view in views.tasks:
        if (place := places.get(view.entry.entry_id)) is not None:
            short_card.show_time(place, view, now)


def _looks(views: GalleryViews) -> Looks:
    return (views.total, tuple(views.counts.items()), *map(short_card.look, views.tasks))


def _posters(tasks: tuple[TaskView, ...]) -> dict[str, bytes]:
    """The pictures of the cards: what was sent, or else the kept video's first frame."""
    owner = session.current().owner
    posters = services().tasks.thumbnails(owner, [view.entry.entry_id for view in tasks])
    without = [view.entry.entry_id for view in tasks if view.entry.entry_id not in posters]
    return posters | (_first_frames(owner, without) if without else {})


def _first_frames(owner: str, entry_ids: list[str]) -> dict[str, bytes]:
    artifacts, found = services().artifacts, {}
    for entry_id, files in artifacts.files_of_many(owner, entry_ids, [ArtifactKind.POSTER]).items():
        try:
            found[entry_id] = artifacts.read(files[0])
        except StudioError:
            continue  # its own page says what is missing
    return found
