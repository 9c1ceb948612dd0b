"""The parts of what was sent: the picture with the drawing on it, and all parameters."""

import json
from typing import Any

import streamlit as st

from components.compare.sent_pictures import drawing_jpeg, picture_jpeg
from components.runtime import services
from studio.errors import StudioError
from studio.files.artifact import ArtifactKind, pictures_in
from studio.journal.entry import Entry

_HIDDEN = "callback_url"
"""Its token would let anybody wake the task."""


def show(entry: Entry) -> None:
    """Show it, as far as it is kept."""
    draft = services().sent.draft(entry)
    drawing, picture = drawing_jpeg(entry.entry_id, draft), picture_jpeg(draft) or _thumbnail(entry)
    request = _request(entry.entry_id)
    st.subheader("What was sent", anchor=False)
    if shown := drawing or picture:
        st.image(shown, alt="The picture that was sent, with its drawing", width="content")
        if drawing:
            st.caption("What stays still, what moves, and where it goes.")
    if negative := request.get("negative_prompt"):
        st.caption("Not wanted:")
        st.text(negative)
    if request:
        with st.expander("All parameters as they were sent", icon=":material/data_object:"):
            st.json(request, expanded=1)
    elif not shown:
        st.caption("It was made elsewhere: what was sent is not known here.")


def _thumbnail(entry: Entry) -> bytes | None:
    return services().tasks.thumbnails(entry.owner, [entry.entry_id]).get(entry.entry_id)


def _request(entry_id: str) -> dict[str, Any]:
    """The kept request without its pictures; empty where it is not kept, or not readable."""
    artifacts = services().artifacts
    kept = next((one for one in artifacts.files_of(entry_id) if one.kind is ArtifactKind.REQUEST), None)
    try:
        body: dict[str, Any] = json.loads(artifacts.read(kept)) if kept else {}
    except (StudioError, ValueError):
        return {}
    for _kind, _index, holder, field in list(pictures_in(body)):
        holder.pop(field)
    body.pop(_HIDDEN, None)
    return body
