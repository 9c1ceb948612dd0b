"""The first-time tour, above the canvas: three steps on a sample photograph, each done by hand or for one."""

import streamlit as st

from components import layer_colours, session
from components.canvas import layer_list, toolbar
from components.runtime import services
from studio.drawing.model import Drawing
from studio.guide.tour import LESSONS, SAMPLE, TourStep, is_done, with_step_drawn
from studio.pictures.samples import load_sample
from studio.request.draft import Picture


def show(drawing: Drawing | None) -> None:
    """Show the offer to a newcomer, or the current step; nothing once it has ended.

    Args:
        drawing: the one on the canvas now.
    """
    current = session.current()
    if current.tour is TourStep.SEND and current.reviewing:
        current.tour = TourStep.ENDED
    if (
        current.tour is TourStep.OFFERED
        and not current.pictures
        and (current.drawing is None or current.drawing.is_empty)
    ):
        _offer()
    elif current.tour in LESSONS and _is_on_its_photograph():
        _step(current.tour, drawing)
    else:
        st.empty()  # the tour's place: what was in it goes at once, and all that is below keeps its own


def _offer() -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown("**New here?** Direct a sample photograph in three steps.", width="stretch")
        st.button("Show me on a sample", icon=":material/school:", on_click=_start)
        st.button("No, thank you", type="tertiary", on_click=_go_to, args=(TourStep.ENDED,))


def _step(step: TourStep, drawing: Drawing | None) -> None:
    lesson, done = LESSONS[step], is_done(step, drawing)
    tick = ":green[:material/check_circle:] " if done else ""
    with st.container(border=True, gap="small"):
        st.markdown(f"{tick}**{step.value} of {len(LESSONS)} · {lesson.title}**")
        st.markdown(f"{lesson.words} {_cost() if step is TourStep.SEND else ''}")
        with st.container(horizontal=True, vertical_alignment="center"):
            if lesson.layer is not None and not done:
                st.button("Do it for me", icon=":material/auto_fix_high:", on_click=_do_step, args=(step,))
            _step_buttons(step, done=done)


def _step_buttons(step: TourStep, *, done: bool) -> None:
    if step is TourStep.SEND:
        st.button("Back", on_click=_go_to, args=(TourStep.MOVES,))
        st.button("Close the tour", type="tertiary", on_click=_go_to, args=(TourStep.ENDED,))
        return
    if step is not TourStep.STAYS:
        st.button("Back", on_click=_go_to, args=(TourStep(step.value - 1),))
    st.button(
        "Next",
        type=layer_colours.main_button() if done else "secondary",
        on_click=_go_to,
        args=(TourStep(step.value + 1),),
    )
    st.button("Skip the tour", type="tertiary", on_click=_go_to, args=(TourStep.ENDED,))


def _cost() -> str:
    simulated = services().endpoint(session.current().api_key).simulated
    return "The simulator costs nothing." if simulated else "With a key, sending is paid."


def _is_on_its_photograph() -> bool:
    picture = session.current().pictures.get("picture")
    return picture is not None and picture.source is load_sample(SAMPLE)


def _start() -> None:
    current = session.current()
    current.take_picture("picture", Picture(source=load_sample(SAMPLE)))
    _go(current, TourStep.STAYS)


def _go_to(step: TourStep) -> None:
    _go(session.current(), step)


def _go(current: session.Session, step: TourStep) -> None:
    """Go to another step, with its layer and the brush chosen."""
    current.tour = step
    layer = LESSONS[step].layer if step in LESSONS else None
    if layer is not None:
        layer_list.choose(current, layer)
        session.put(toolbar.TOOL, toolbar.BRUSH)


def _do_step(step: TourStep) -> None:
    session.redraw(with_step_drawn(step, session.current().drawing, load_sample(SAMPLE).size_px))
