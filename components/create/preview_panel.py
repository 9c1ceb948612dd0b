"""The preview of the directions before anything is paid; it follows the drawing by itself."""

from time import monotonic

import streamlit as st

from components import layer_colours, session, video_player
from components.foreign_text import markdown
from components.problem_box import show_problem
from components.runtime import settings
from kling import Finding, Severity
from motion import Method
from studio.pictures.source_image import SourceImage
from studio.preview.jobs import QUEUE, PreviewJob
from studio.preview.render import MethodReason, NoPreviewProblem, Preview, preview_key, render_preview
from studio.preview.still import overlay_jpeg
from studio.request.carriers import preview_sentence
from studio.request.compose import Composed
from studio.request.decode import LONGER_SIDE_PX
from studio.request.draft import Draft

DIRECTIONS = ("image", "static_mask", "dynamic_masks", "image_tail")
PATIENCE_S = 0.3
"""For which a run waits for a preview that is being made; most are made within it."""
ASK_AGAIN_MS = 500
"""After which a page asks again for one that is in line."""
SHOWN_AFTER_S = 1.0


@st.fragment
def show(draft: Draft, composed: Composed, findings: tuple[Finding, ...]) -> None:
    """Show the looping video of a finished drawing; of an unfinished one, a still with what is there."""
    if draft.picture is None:
        return
    with st.container(border=True):
        with st.container(horizontal=True):
            wanted = st.toggle("Preview", value=True, key="preview", persist_state="session")
            comparing = wanted and st.toggle("Compare with the still", key="compare", persist_state="session")
        if not wanted:
            return
        if draft.picture.source is None:
            st.caption("A picture given by its address is seen by the service only. Upload it for a preview.")
        elif any(_blocks_preview(finding) for finding in findings):
            _unfinished(draft.picture.source, composed)
        else:
            _moving(draft.picture.source, composed, comparing=comparing)


def _blocks_preview(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and finding.field.split("[")[0] in DIRECTIONS


def _unfinished(source: SourceImage, composed: Composed) -> None:
    # The same elements in the same order as of a finished drawing: the player stays where it is.
    shown = overlay_jpeg(composed.request, composed.layers, layer_colours.RGB, max_side_px=LONGER_SIDE_PX)
    with st.container():
        video_player.show_picture("preview", shown, source.size_px, "What is directed so far")
    st.caption("What you directed so far. It moves here as soon as nothing in the drawing is wrong.")


def _moving(source: SourceImage, composed: Composed, *, comparing: bool) -> None:
    job = _find_job(composed)
    try:
        preview = job.wait(PATIENCE_S) if job else None
    except NoPreviewProblem as problem:
        show_problem(problem)
        return
    still = source.display_jpeg(LONGER_SIDE_PX, LONGER_SIDE_PX) if comparing else None
    video_player.show_video(
        "preview",
        preview.mp4 if preview else None,
        source.size_px,
        "Preview of the directions",
        still=still,
        ask_again_ms=ASK_AGAIN_MS if job is None or job.is_in_line else 0,
    )
    _say_what_it_shows(job, preview)
    if sentence := preview_sentence(composed.carrier):
        st.caption(markdown(sentence))
    for reason in _cut_outs(preview):
        st.caption(_cut_out_words(reason))


def _find_job(composed: Composed) -> PreviewJob | None:
    """The job of these directions; None while this person's other tabs wait for as many as one may."""
    current, wanted = session.current(), (composed.request, composed.layers, layer_colours.RGB)
    key, job = preview_key(*wanted), current.preview_job
    if job is not None and job.key == key and not job.is_given_up:
        return job
    if job is not None:
        job.give_up()
    most = settings().previews_per_person
    current.preview_job = QUEUE.begin(
        current.owner, most, key, lambda progress: render_preview(*wanted, progress)
    )
    return current.preview_job


def _say_what_it_shows(job: PreviewJob | None, preview: Preview | None) -> None:
    """Say it, or in its place how far the preview is: in a place of its own, all below would jump."""
    if preview is None and job is None:
        most = settings().previews_per_person
        said = f"Your other tabs are making previews, and one person may have {most} at a time."
        st.caption(markdown(f"{said} This one follows."))
    elif preview is None and job is not None and monotonic() - job.began_s > SHOWN_AFTER_S:
        percent = int(job.share * 100)
        st.progress(percent, "Making the preview …")
    else:
        st.caption("This shows the directions that you give, not what Kling will paint.")


def _cut_outs(preview: Preview | None) -> tuple[MethodReason, ...]:
    """Of the preview; until it is there, of the one before, which is still to be seen."""
    current = session.current()
    if preview is not None:
        current.cut_outs = preview.cut_outs
    return current.cut_outs


def _cut_out_words(reason: MethodReason) -> str:
    how = "does not move" if reason.method is Method.STILL else "is shown as a cut-out"
    return f"{layer_colours.dot(reason.layer)} {how}. {reason.why}"
