"""A draft made elsewhere (by a repair, from a recipe) becomes the one in hand, widgets included."""

# ruff: noqa: PLC0415 — AppTest runs a function's source alone, its imports included

import pytest
from streamlit.testing.v1 import AppTest


def _screen() -> None:
    """The parameters, and buttons that adopt a draft whole, or only what changed in it."""
    from dataclasses import replace

    import streamlit as st

    from components import session
    from components.create import parameters
    from studio.drawing.model import Layer
    from studio.request.draft import Picture
    from tests.support.make import area, draft, photo

    whole = draft(area(Layer.STATIC), model_name="kling-v1-5", mode="pro", prompt="wind", cfg_scale=0.25)
    st.button("whole", on_click=session.current().adopt, args=(whole,))
    shorter = replace(whole, parameters=replace(whole.parameters, prompt="w"))
    st.button("prompt only", on_click=session.current().adopt, args=(shorter, whole))
    tailed = replace(whole, tail=Picture(source=photo()))
    st.button("tail only", on_click=session.current().adopt, args=(tailed, whole))
    chosen, _ = parameters.show()
    current = session.current()
    strokes = current.drawing and len(current.drawing.strokes)
    st.text(f"{chosen.model_name} {chosen.mode} {chosen.cfg_scale} {chosen.prompt}")
    st.text(f"{sorted(current.pictures)} {current.canvas_revision} {strokes}")


def _texts(app: AppTest) -> list[str]:
    assert not app.exception
    return [text.value for text in app.text]


def _press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def test_a_whole_draft_fills_the_widgets_the_pictures_and_the_canvas() -> None:
    """Nothing of the one before stays."""
    app = _press(AppTest.from_function(_screen, default_timeout=30).run(), "whole")
    assert _texts(app) == ["kling-v1-5 pro 0.25 wind", "['picture'] 1 1"]
    assert app.text_input(key="external_task_id").value


def test_what_did_not_change_is_left_alone() -> None:
    """A repair of the prompt keeps the canvas as it is mounted, undo history included."""
    app = AppTest.from_function(_screen, default_timeout=30).run()
    kept = app.text_input(key="external_task_id").value
    _press(app, "prompt only")
    assert _texts(app) == ["kling-v1 std 0.5 w", "[] 0 None"]
    _press(app, "tail only")
    assert _texts(app) == ["kling-v1 std 0.5 w", "['tail'] 0 None"]
    assert app.text_input(key="external_task_id").value == kept


def _cut_short() -> None:
    """A browser is recognised in a run that a newer run cuts short, and then in that newer run."""
    import contextlib

    import streamlit as st

    from components import session
    from components.create import parameters
    from components.frame import draft_autosave
    from components.runtime import services
    from studio.drawing.model import Layer
    from tests.support.make import area, draft

    class CutShortError(BaseException):
        """As Streamlit ends a run at any touch of its state."""

    touch, touches = session.current, iter((False, True))

    def touch_once() -> session.Session:
        if next(touches):
            raise CutShortError
        return touch()

    browser = "b" * 32
    services().drafts.keep(browser, draft(area(Layer.STATIC), prompt="wind"))
    if "begun" not in st.session_state:
        st.session_state["begun"] = True
        session.current = touch_once
        with contextlib.suppress(CutShortError):
            draft_autosave.become(browser)
        session.current = touch
    if session.current().owner != browser:
        draft_autosave.become(browser)
    chosen, _ = parameters.show()
    current = session.current()
    st.text(f"{chosen.prompt} {sorted(current.pictures)} {current.drawing and len(current.drawing.strokes)}")
    st.text(current.owner == browser)


@pytest.mark.usefixtures("app")
def test_a_run_cut_short_while_a_browser_is_recognised_loses_no_draft() -> None:
    """The next run begins the recognition again; otherwise the empty page would be kept instead."""
    app = AppTest.from_function(_cut_short, default_timeout=30).run()
    assert _texts(app) == ["wind ['picture'] 1", "True"]


def _half_delivered() -> None:
    """A draft was taken in hand, and its run ended before the widgets had it."""
    import streamlit as st

    from components import session
    from components.create import parameters
    from tests.support.make import draft

    if "begun" not in st.session_state:
        st.session_state["begun"] = True
        session.current().adopt(draft(prompt="wind"), was=None)
        st.stop()
    chosen, _ = parameters.show()
    st.text(chosen.prompt)


def test_what_a_cut_short_run_did_not_bring_to_the_widgets_comes_with_the_next() -> None:
    """A draft is adopted whole or not at all."""
    app = AppTest.from_function(_half_delivered, default_timeout=30).run().run()
    assert _texts(app) == ["wind"]
