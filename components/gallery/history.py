"""A task's times step by step, its price, its ids and its files."""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

import streamlit as st

from components.foreign_text import markdown
from components.runtime import services
from studio.files.artifact import Artifact, ArtifactKind
from studio.journal.entry import Entry
from studio.tasks.error_messages import duration
from studio.tasks.history import Step, price_words, steps
from studio.tasks.task_view import TaskView

_KINDS = {
    ArtifactKind.INPUT: "Picture",
    ArtifactKind.TAIL: "Last frame",
    ArtifactKind.STATIC_MASK: "Mask of what stays",
    ArtifactKind.DYNAMIC_MASK: "Mask of what moves",
    ArtifactKind.RECIPE: "Recipe",
    ArtifactKind.REQUEST: "Request",
    ArtifactKind.POSTER: "Poster",
    ArtifactKind.VIDEO: "Video",
}


def show(view: TaskView) -> None:
    """Show all of it."""
    st.subheader("Step by step", anchor=False)
    _timeline(steps(view))
    st.markdown(f":material/payments: {price_words(view.entry)}")
    if view.entry.message:
        st.caption("In the service's words, or about them:")
        st.text(view.entry.message)
    _ids(view.entry)
    _files(services().artifacts.files_of(view.entry.entry_id))


def _timeline(happened: tuple[Step, ...]) -> None:
    zone = _zone()
    st.caption(f"{happened[0].at.astimezone(zone):%d %B %Y, %Z}")
    before: datetime | None = None
    lines = []
    for step in happened:
        gap_s = (step.at - before).total_seconds() if before else 0.0
        later = f" :gray[+ {duration(gap_s)}]" if gap_s >= 1 else ""
        lines.append(f"**{step.at.astimezone(zone):%H:%M:%S}** {step.words}{later}")
        before = step.at
    st.markdown("  \n".join(lines))


def _zone() -> tzinfo:
    """The browser's time zone; UTC where it is not known."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (KeyError, ValueError):
        return ZoneInfo("UTC")


def _ids(entry: Entry) -> None:
    if entry.external_task_id and entry.task_id:
        st.caption(f"External task id: {markdown(entry.external_task_id)}")


def _files(files: tuple[Artifact, ...]) -> None:
    if not files:
        return
    with st.expander(f"Files ({len(files)})", icon=":material/folder:"):
        for file in files:
            gone = ", removed" if file.removed_at else ""
            st.caption(f"{_KINDS[file.kind]} · {file.size_bytes / 1000:.3g} kB{gone}")
