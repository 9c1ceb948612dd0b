"""The preview of the directions before anything is paid; it follows the drawing by itself."""

from contextlib import nullcontext
from time import monotonic

import streamlit as st

from components import layer_colours, session, video_player
from components.foreign_text import markdown
from components.problem_box import show_problem
from components.runtime import settings
from kling import Finding, Severity
from motion import Method
from studio.pictures.source_image import SourceImage
from studio.preview.personal_turns import TURNS
from studio.preview.render import MethodReason, NoPreviewProblem, render_preview
from studio.preview.still import overlay_jpeg
from studio.request.carriers import preview_sentence
from studio.request.compose import Composed
from studio.request.decode import LONGER_SIDE_PX
from studio.request.draft import Draft

DIRECTIONS = ("image", "static_mask", "dynamic_masks", "image_tail")
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
    place, progress = st.container(), _Progress()
    try:
        turn = TURNS.turn(session.current().owner, settings().previews_per_person, progress.wait)
        preview = render_preview(composed.request, composed.layers, layer_colours.RGB, progress, turn)
    except NoPreviewProblem as problem:
        show_problem(problem)
        return
    still = source.display_jpeg(LONGER_SIDE_PX, LONGER_SIDE_PX) if comparing else None
    with place:
        video_player.show_video(
            "preview", preview.mp4, source.size_px, "Preview of the directions", still=still
        )
    with progress.place or nullcontext():
        st.caption("This shows the directions that you give, not what Kling will paint.")
    if sentence := preview_sentence(composed.carrier):
        st.caption(markdown(sentence))
    for reason in preview.cut_outs:
        st.caption(_cut_out_words(reason))


def _cut_out_words(reason: MethodReason) -> str:
    how = "does not move" if reason.method is Method.STILL else "is shown as a cut-out"
    return f"{layer_colours.dot(reason.layer)} {how}. {reason.why}"


class _Progress:
    """Progress of the preview, shown after a second; a newer stroke ends work that is no longer wanted.

    It takes the place of the words below the video: with a place of its own all below it would jump.
    """

    def __init__(self) -> None:
        self.place: st.delta_generator.DeltaGenerator | None = None
        self._since = monotonic()
        self._shown_percent: int | None = None

    def __call__(self, share: float) -> None:
        # Reading the session lets Streamlit end a run that another one overtakes.
        session.current()
        if monotonic() - self._since > SHOWN_AFTER_S:
            self.place = self.place or st.empty()
            percent = int(share * 100)
            if percent != self._shown_percent:  # each is a message to the browser
                self._shown_percent = percent
                self.place.progress(percent, "Making the preview …")

    def wait(self) -> None:
        """Wait for a turn: this person's other tabs have as many as one may have."""
        session.current()
        most = settings().previews_per_person
        if monotonic() - self._since > SHOWN_AFTER_S:
            self.place = self.place or st.empty()
            said = f"Your other tabs are making previews, and one person may have {most} at a time."
            self.place.caption(markdown(f"{said} This one follows."))
