"""The Compare page: two to four kept videos in step, and what differs between their parameters."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from components import page_paths, session
from components.compare import compared_task
from components.compare.compared_task import GONE, Compared, ComparedTask
from components.compare.sent_pictures import drawing_jpeg, picture_jpeg
from components.foreign_text import markdown
from components.runtime import services
from components.video_addresses import address_root
from studio.films.differences import LEAST_COMPARED, MOST_COMPARED, Difference, differences

_HERE = Path(__file__).parent / "compare_player"
_player = st.components.v2.component(
    "motion_studio_compare",
    html=_HERE.with_suffix(".html").read_text("utf-8"),
    css=_HERE.with_suffix(".css").read_text("utf-8"),
    js=_HERE.with_suffix(".js").read_text("utf-8"),
)
UNKNOWN = "A task in this address is not yours, or was never there."
WITHOUT_VIDEO = "A task in this address has no kept video."
TOO_FEW = (
    f"Choose {LEAST_COMPARED} to {MOST_COMPARED} finished videos on the Tasks page to see them side by side."
)
LENGTHS = "Lengths differ: the longest sets the loop, the others hold their last frame."
RATES = "Frame rates differ: a step is one frame of the fastest."
SAME = "Their parameters are the same."


def show() -> None:
    """Show the videos that the address names, or the way back to choose some."""
    ids = compared_task.entry_ids(st.query_params.get(page_paths.COMPARED, ""))
    with st.spinner("Opening the videos …"):
        compared = compared_task.find(session.current().owner, ids)
    _say_what_is_missing(compared)
    if len(compared.tasks) < LEAST_COMPARED:
        st.info(TOO_FEW, icon=":material/compare:")
    else:
        _videos(compared)
    st.page_link(page_paths.TASKS, label="Choose videos", icon=":material/movie:")


def _say_what_is_missing(compared: Compared) -> None:
    if compared.unknown:
        st.warning(UNKNOWN, icon=":material/help:")
    if compared.without_video:
        st.warning(WITHOUT_VIDEO, icon=":material/movie_off:")


def _videos(compared: Compared) -> None:
    root = address_root(st.context.url, page_paths.COMPARE)
    found = differences([(task.entry, task.draft) for task in compared.tasks])
    if root is None:
        _apart(compared, found)
    else:
        _in_step(compared, found, root)
    if not found:
        st.caption(SAME)
    if _about(compared.playable):
        st.caption(_about(compared.playable))


def _in_step(compared: Compared, found: Sequence[Difference], root: str) -> None:
    fps = max((task.info.fps for task in compared.playable if task.info), default=0.0)
    data = {
        "tiles": [_tile(task, root) for task in compared.tasks],
        "fps": fps or 24.0,
        "letters": [task.letter for task in compared.tasks],
        "differences": [[difference.name, *difference.values] for difference in found],
    }
    _player(key="compare", data=data, width="stretch", height="content")


def _apart(compared: Compared, found: Sequence[Difference]) -> None:
    """Show them without the common clock, where the app's own addresses do not reach the browser."""
    for column, task in zip(st.columns(len(compared.tasks)), compared.tasks, strict=True):
        with column:
            st.text(task.title)
            if task.path and task.info:
                st.video(task.path, alt=task.title, loop=True, muted=True)
            else:
                st.caption(GONE)
    if found:
        st.table([_row(difference, compared.tasks) for difference in found], hide_index=True)


def _tile(task: ComparedTask, root: str) -> dict[str, Any]:
    return {
        "id": task.entry.entry_id,
        "title": task.title,
        "video": root + services().videos.path(task.entry.entry_id),
        "picture": _text(picture_jpeg(task.draft)),
        "drawing": _text(drawing_jpeg(task.entry.entry_id, task.draft)),
        "width": task.info.width if task.info else 16,
        "height": task.info.height if task.info else 9,
        "problem": None if task.info else GONE,
    }


def _text(jpeg: bytes | None) -> str | None:
    return base64.b64encode(jpeg).decode("ascii") if jpeg else None


def _about(tasks: tuple[ComparedTask, ...]) -> str:
    infos = [task.info for task in tasks if task.info]
    longest_frame_s = max((1 / info.fps for info in infos if info.fps), default=0.0)
    lengths_s = [info.duration_s for info in infos]
    differ = lengths_s and max(lengths_s) - min(lengths_s) > longest_frame_s
    rates = {round(info.fps, 2) for info in infos}
    return " ".join([LENGTHS] * bool(differ) + [RATES] * (len(rates) > 1))


def _row(difference: Difference, tasks: Sequence[ComparedTask]) -> dict[str, str]:
    shown = (markdown(value) for value in difference.values)
    return {"": difference.name} | dict(zip((task.letter for task in tasks), shown, strict=True))
